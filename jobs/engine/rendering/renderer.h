/* renderer - page + photo + signer -> the bytes of a signed PDF. One process, one renderer. */
#pragma once

#include "core/base/page.h"
#include "core/io/pdf.h"

struct signer;      /* core/io/sign.h */
struct timestamper; /* core/io/timestamp.h */
struct renderer;

struct renderer_options {
    const struct font_choice *fonts; /* NULL: the default chain */
    size_t fonts_count;
    str icc_path;          /* empty: the default profile */
    struct signer *signer; /* NULL: documents without a signature field; stays the caller's */
    size_t stamp_room;     /* bytes reserved for a time-stamp; 0: none */
    struct timestamper *timestamper; /* NULL: the room stays empty; stays the caller's */
};

struct rendering {
    bytes pdf; /* in the arena */
    uint8_t page_sha256[PDF_DIGEST_SIZE];
    uint8_t unsigned_sha256[PDF_DIGEST_SIZE];
    uint8_t pdf_sha256[PDF_DIGEST_SIZE];
    str template_id; /* 16 hex digits, in the arena */
    str fonts;       /* "ARPLUMingCN,BabelStoneHan", in the arena */
};

/* fails   as pdf_open */
FALLIBLE renderer_open(const struct renderer_options *options, struct renderer **ret,
                       struct error *err);
void renderer_close(struct renderer *renderer);
/* A renderer without a signer leaves as many bytes for a signature from now on: its unsigned bytes
 * are those of a file that keeps as many. */
void renderer_reserve(struct renderer *renderer, size_t signature_size);

/* Draws and signs. A failure concerns this document alone: the renderer goes on.
 *
 * photo_jpeg  the photo itself, opened; empty when the page has no image. Its SHA-256 must be the
 *             digest of the image item
 * entry       goes into the metadata; may be NULL
 * fails       as pdf_draw and pdf_sign, as signer_cms; INVALID MESSAGE_PHOTO_MISSING when the bytes
 *             are not those the page names */
FALLIBLE renderer_draw(struct renderer *renderer, const struct page *page, bytes photo_jpeg,
                       const struct pdf_entry *entry, struct arena *arena, struct rendering *ret,
                       struct error *err);

/* Draws one page without photo and signature: a specimen or a form, no document. `fonts` and
 * `color_profile` as in the configuration.
 * fails   as renderer_open, renderer_draw */
FALLIBLE renderer_draw_form(const char *fonts, const char *color_profile, const struct page *page,
                            struct arena *arena, bytes *ret_pdf, struct error *err);

/* The template id a page would have: what the planner compares with the one last rendered. */
str renderer_template_id(const struct renderer *renderer, const struct page *page,
                         struct arena *arena);
