/* renderer - see renderer.h. */
#include "jobs/engine/rendering/renderer.h"

#include <stdlib.h>
#include <string.h>

#include "core/io/digest.h"
#include "core/io/messages.h"
#include "core/io/sign.h"
#include "core/io/timestamp.h"
#include "jobs/engine/rendering/fonts.h"

struct renderer {
    struct pdf_printer *printer;
    struct signer *signer;
    struct timestamper *timestamper;
};

static size_t stamp_size(size_t room)
{
    return room == 0 ? 0 : room + SIGNER_STAMP_SIZE;
}

static outcome stamp(void *context, const uint8_t digest[32], struct arena *arena, bytes *ret,
                     struct error *err)
{
    return timestamper_stamp(context, digest, arena, ret, err);
}

outcome renderer_open(const struct renderer_options *options, struct renderer **ret,
                      struct error *err)
{
    struct pdf_printer *printer = NULL;
    const struct pdf_options printing = {
        .fonts = options->fonts,
        .fonts_count = options->fonts_count,
        .icc_path = options->icc_path,
        .signature_size = options->signer == NULL ? 0
                                                  : signer_cms_size_max(options->signer) +
                                                        stamp_size(options->stamp_room),
    };
    TRY(pdf_open(&printing, &printer, err));
    struct renderer *renderer = malloc(sizeof *renderer);
    MEMORY_UNLESS(renderer != NULL);
    *renderer = (struct renderer){
        .printer = printer, .signer = options->signer, .timestamper = options->timestamper};
    *ret = renderer;
    return OK;
}

void renderer_close(struct renderer *renderer)
{
    if (renderer != NULL) {
        pdf_close(renderer->printer);
        free(renderer);
    }
}

void renderer_reserve(struct renderer *renderer, size_t signature_size)
{
    BUG_UNLESS(renderer->signer == NULL);
    pdf_reserve(renderer->printer, signature_size);
}

/* Every image item must name the photo that is there. */
static FALLIBLE check_photo(const struct page *page, bytes photo_jpeg, struct error *err)
{
    for (size_t i = 0; i < page->count; i++) {
        if (page->items[i].kind != PAGE_IMAGE) {
            continue;
        }
        struct digest digest = digest_sha256(photo_jpeg);
        if (memcmp(digest.data, page->items[i].digest, PAGE_DIGEST_SIZE) != 0) {
            FAIL(INVALID, MESSAGE_PHOTO_MISSING);
        }
    }
    return OK;
}

outcome renderer_draw(struct renderer *renderer, const struct page *page, bytes photo_jpeg,
                      const struct pdf_entry *entry, struct arena *arena, struct rendering *ret,
                      struct error *err)
{
    struct pdf_document document;
    TRY(check_photo(page, photo_jpeg, err));
    TRY(pdf_draw(renderer->printer, page, photo_jpeg, entry, arena, &document, err));
    if (renderer->signer != NULL) {
        bytes cms = {NULL, 0};
        const struct signer_stamp stamper = {stamp, renderer->timestamper};
        TRY(signer_cms_stamped(renderer->signer, document.signed_sha256,
                               renderer->timestamper != NULL ? &stamper : NULL, arena, &cms, err));
        TRY(pdf_sign(&document, cms, err));
    }
    ret->pdf = (bytes){document.data, document.size};
    memcpy(ret->page_sha256, document.page_sha256, PDF_DIGEST_SIZE);
    memcpy(ret->unsigned_sha256, document.unsigned_sha256, PDF_DIGEST_SIZE);
    memcpy(ret->pdf_sha256, document.pdf_sha256, PDF_DIGEST_SIZE);
    ret->template_id = arena_str(arena, str_of(document.template_id));
    ret->fonts = document.fonts;
    return OK;
}

outcome renderer_draw_form(const char *fonts, const char *color_profile, const struct page *page,
                           struct arena *arena, bytes *ret_pdf, struct error *err)
{
    struct renderer_options options = {.icc_path = str_of(color_profile)};
    struct renderer *renderer = NULL;
    struct rendering rendering;
    fonts_of_config(str_of(fonts), arena, &options.fonts, &options.fonts_count);
    TRY(renderer_open(&options, &renderer, err));
    outcome drawn = renderer_draw(renderer, page, (bytes){NULL, 0}, NULL, arena, &rendering, err);
    renderer_close(renderer);
    TRY(drawn);
    *ret_pdf = rendering.pdf;
    return OK;
}

str renderer_template_id(const struct renderer *renderer, const struct page *page,
                         struct arena *arena)
{
    char id[PDF_TEMPLATE_ID_SIZE];
    pdf_template_id(renderer->printer, page, arena, id);
    return arena_str(arena, str_of(id));
}
