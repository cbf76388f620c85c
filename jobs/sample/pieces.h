/* pieces - small files of a sample: photos, proofs, the README. */
#pragma once

#include "jobs/sample/output.h"

enum { PHOTOS = 64, SCANS = 16, SIGNATURES = 4 };

/* photos/01.jpg ..: many persons share a face. */
FALLIBLE pieces_photos(struct output *output, struct error *err);
/* photos/17.jpg, the one of a person. */
str pieces_photo_name(uint32_t person, struct arena *arena);
/* file/scans/: documents at 100 dpi, signature sheets at 150 dpi, and one of 60 dpi that nobody
 * takes. */
FALLIBLE pieces_scans(struct output *output, struct error *err);
/* scans/03.jpg */
str pieces_scan_name(uint32_t which, struct arena *arena);
/* scans/signature-2.jpg */
str pieces_signature_name(uint32_t which, struct arena *arena);
#define PIECES_COARSE_SCAN "scans/coarse.jpg"
/* A PDF of one page that shows `id`. */
str pieces_pdf(str id, struct arena *arena);
str pieces_readme(const struct city *city, struct arena *arena);
