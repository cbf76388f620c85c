/* pdf - draws a page into a PDF: shaped as PDF/A-1b, byte for byte reproducible, with an empty
 * signature field that is filled afterwards.
 *
 * libharu renders and serialises; fonts are sparse objects of our own (font.h). The static part of
 * a page is drawn once per template and comes first in the file. Dates and ids come from the page.
 *
 * Not thread-safe: a printer belongs to one process and one thread. */
#pragma once

#include "core/base/page.h"
#include "core/io/digest.h"
#include "core/io/font.h"

struct pdf_printer;

struct pdf_options {
    const struct font_choice *fonts; /* NULL: font_choices_default() */
    size_t fonts_count;
    str icc_path;          /* sRGB profile; empty: our own (pdf_profile.c) */
    size_t signature_size; /* room for the CMS in bytes; 0: no signature field */
};

enum { PDF_TEMPLATE_ID_SIZE = 17, PDF_DIGEST_SIZE = 32, PDF_FONTS_SIZE = 512 };

/* The log entry whose state a page shows, as it goes into the metadata. */
struct pdf_entry {
    str origin; /* name of the log */
    uint64_t event;
    struct digest leaf;
    str proof; /* C2SP tlog-proof of the entry, or empty */
};

/* A drawn document. With a signature field, ByteRange is already right and Contents is all zeros
 * until pdf_sign. */
struct pdf_document {
    uint8_t *data; /* in the arena of pdf_draw */
    size_t size;
    size_t contents_at;   /* offset of the hex digits of Contents; 0 without a field */
    size_t contents_size; /* number of hex digits */
    uint8_t unsigned_sha256[PDF_DIGEST_SIZE]; /* of the whole file with Contents all zeros */
    uint8_t signed_sha256[PDF_DIGEST_SIZE];   /* of the two signed ranges: what the CMS signs */
    uint8_t pdf_sha256[PDF_DIGEST_SIZE];      /* of the whole file as it is now */
    uint8_t page_sha256[PDF_DIGEST_SIZE];     /* of page_bytes */
    struct digester before;                   /* fed with what stands before Contents */
    char template_id[PDF_TEMPLATE_ID_SIZE];
    str fonts; /* names of the fonts used, joined by a comma: below PDF_FONTS_SIZE bytes */
};

/* fails   CONFIG MESSAGE_FONT_UNUSABLE, MESSAGE_FONT_NO_FACE, MESSAGE_ICC_UNUSABLE */
FALLIBLE pdf_open(const struct pdf_options *options, struct pdf_printer **ret, struct error *err);
void pdf_close(struct pdf_printer *printer);
/* Another signature_size, of what is drawn from now on. */
void pdf_reserve(struct pdf_printer *printer, size_t signature_size);

/* Draws the page; `photo` is the JPEG its image item names (empty when it has none), `entry` may be
 * NULL. It is not part of page_sha256, but of every other digest.
 * fails   INVALID MESSAGE_GLYPH_MISSING, MESSAGE_PAGE_CHARACTERS, MESSAGE_PHOTO_INVALID,
 * MESSAGE_PHOTO_MISSING, MESSAGE_QR_TOO_LONG; RESOURCE MESSAGE_PDF_FAILED. Nothing is drawn then.
 */
FALLIBLE pdf_draw(struct pdf_printer *printer, const struct page *page, bytes photo,
                  const struct pdf_entry *entry, struct arena *arena, struct pdf_document *ret,
                  struct error *err);

/* Puts a CMS (DER) into the signature field.
 * fails   CONFIG MESSAGE_SIGNATURE_TOO_LARGE */
FALLIBLE pdf_sign(struct pdf_document *document, bytes cms, struct error *err);

/* The id of the page's template: short hex over everything static - its items, its alphabet, the
 * fonts, the profile and the version of the drawing code. Same id, same static picture. */
void pdf_template_id(const struct pdf_printer *printer, const struct page *page,
                     struct arena *arena, char ret[PDF_TEMPLATE_ID_SIZE]);
