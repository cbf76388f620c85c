/* pieces - small files of a sample: photos, proofs, the README. */
#pragma once

#include "jobs/sample/output.h"

enum { PHOTOS = 64 };

/* photos/01.jpg ..: many persons share a face. */
FALLIBLE pieces_photos(struct output *output, struct error *err);
/* photos/17.jpg, the one of a person. */
str pieces_photo_name(uint32_t person, struct arena *arena);
/* A PDF of one page that shows `id`. */
str pieces_pdf(str id, struct arena *arena);
str pieces_readme(const struct city *city, struct arena *arena);
