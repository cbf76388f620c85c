/* pdf_template - the static part of pages, drawn once (pdf_parts.h), and libharu documents. */
#include "core/io/pdf_parts.h"

#include <hpdf.h>
#include <hpdf_doc.h>
#include <hpdf_pages.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/character.h"
#include "core/io/messages.h"

/* libharu's objects come from blocks of this size, freed with the document. Its blocks align to 4
 * bytes only, which this processor takes and libharu was always built for; under the sanitizers
 * each object is an allocation of its own, as in core/base/arena.c, so that overruns are found. */
#if defined(__SANITIZE_ADDRESS__)
#define POOL_IS_SPLIT 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POOL_IS_SPLIT 1
#endif
#endif
#ifndef POOL_IS_SPLIT
#define POOL_IS_SPLIT 0
#endif
enum { POOL_SIZE = POOL_IS_SPLIT ? 0 : 32 * 1024 };

/* --- libharu documents ------------------------------------------------------------------------ */

/* libharu keeps the first error in the document; this is asked before anything leaves. */
static void keep_error(HPDF_STATUS number, HPDF_STATUS detail, void *state)
{
    (void)number; /* HPDF_GetError and HPDF_GetErrorDetail have them */
    (void)detail;
    (void)state;
}

void pdf_document_free(HPDF_Doc *document)
{
    HPDF_Free(*document);
}

outcome pdf_document_check(HPDF_Doc document, struct error *err)
{
    HPDF_STATUS number = HPDF_GetError(document);
    if (number != HPDF_OK) {
        char hex[16];
        (void)snprintf(hex, sizeof hex, "0x%04lX", (unsigned long)number & 0xffffff); /* fits */
        FAIL(RESOURCE, MESSAGE_PDF_FAILED, ARG_TEXT("error", hex),
             ARG_INT("detail", HPDF_GetErrorDetail(document)));
    }
    return OK;
}

HPDF_Page pdf_document_page(HPDF_Doc document, const struct page *page)
{
    HPDF_Page drawn = HPDF_AddPage(document);
    BUG_UNLESS(drawn != NULL);
    (void)HPDF_Page_SetWidth(drawn, (float)((double)page->width_um * 72.0 / 25400.0)); /* stay */
    (void)HPDF_Page_SetHeight(drawn, (float)((double)page->height_um * 72.0 / 25400.0));
    return drawn;
}

HPDF_Doc pdf_document_new(void)
{
    HPDF_Doc document = HPDF_NewEx(keep_error, NULL, NULL, POOL_SIZE, NULL);
    BUG_UNLESS(document != NULL);
    document->pdf_version = HPDF_VER_14;
    return document;
}

/* --- templates -------------------------------------------------------------------------------- */

/* False when there is no room for all. */
static bool add_characters(const struct pdf_printer *printer, struct pdf_template *template,
                           str text)
{
    bool fits = true;
    while (text.size > 0) {
        uint32_t character = character_next(&text);
        int index = font_chain_find(&printer->chain, character);
        if (index != FONT_NONE && subset_add(&template->fonts[index].subset, character) == 0) {
            fits = false;
        }
    }
    return fits;
}

static FALLIBLE too_many_characters(struct error *err)
{
    FAIL(INVALID, MESSAGE_PAGE_CHARACTERS, ARG_INT("most", SUBSET_GLYPHS_MAX - 1));
}

/* All characters of the static items, and those that variable texts often use (the alphabet; what
 * no font has is left to the text that really uses it). */
static FALLIBLE collect_characters(const struct pdf_printer *printer, struct pdf_template *template,
                                   const struct page *page, struct error *err)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct page_item *item = &page->items[i];
        bool shown = item->kind == PAGE_TEXT || item->kind == PAGE_SEAL;
        if (item->layer == PAGE_STATIC && shown) {
            str below = item->text, line = str_cut(&below, '\n');
            if (!add_characters(printer, template, line) ||
                !add_characters(printer, template, below)) {
                return too_many_characters(err);
            }
        }
    }
    (void)add_characters(printer, template, page->alphabet); /* no room: not static */
    return OK;
}

/* The characters that the template has not, in the fonts of the document. */
static bool add_variable(struct pdf_printer *printer, const struct pdf_template *template, str text)
{
    while (text.size > 0) {
        uint32_t character = character_next(&text);
        int index = character == '\n' ? FONT_NONE : font_chain_find(&printer->chain, character);
        if (index != FONT_NONE && subset_find(&template->fonts[index].subset, character) == 0 &&
            subset_add(&printer->variable[index].subset, character) == 0) {
            return false;
        }
    }
    return true;
}

FALLIBLE pdf_check_room(struct pdf_printer *printer, const struct pdf_template *template,
                        const struct page *page, struct error *err)
{
    size_t size = 0;
    bool fits = true;
    for (size_t i = 0; i < page->count; i++) {
        size += page->items[i].layer == PAGE_VARIABLE ? page->items[i].text.size : 0;
    }
    if (size < SUBSET_GLYPHS_MAX) {
        return OK; /* as nearly always: no need to look closer */
    }
    for (size_t i = 0; i < page->count && fits; i++) {
        const struct page_item *item = &page->items[i];
        bool shown = item->kind == PAGE_TEXT || item->kind == PAGE_SEAL;
        fits =
            item->layer != PAGE_VARIABLE || !shown || add_variable(printer, template, item->text);
    }
    for (size_t i = 0; i < printer->chain.count; i++) {
        subset_reset(&printer->variable[i].subset); /* drawing adds them in its own time */
    }
    return fits ? OK : too_many_characters(err);
}

void pdf_template_begin_fonts(const struct pdf_printer *printer, struct pdf_template *template,
                              HPDF_Doc document, HPDF_Page page)
{
    for (size_t i = 0; i < printer->chain.count; i++) {
        struct pdf_font *font = &template->fonts[i];
        if (font->subset.count > 1 && font->object == NULL) {
            pdf_font_begin(document, font);
        }
        if (font->object != NULL && page != NULL) {
            (void)HPDF_Page_GetLocalFontName(page, font->object); /* registers the name */
        }
    }
}

/* Draws the static items with libharu on a page of its own and keeps the content. */
static FALLIBLE template_draw(const struct pdf_printer *printer, struct pdf_template *template,
                              const struct page *page, struct error *err)
{
    __attribute__((cleanup(pdf_document_free))) HPDF_Doc document = pdf_document_new();
    __attribute__((cleanup(pdf_canvas_close))) struct pdf_canvas canvas = {
        .document = document,
        .chain = &printer->chain,
        .fixed = template->fonts,
        .height_um = page->height_um,
        .arena = &template->arena,
    };
    pdf_canvas_turn(&canvas, pdf_document_page(document, page));
    pdf_template_begin_fonts(printer, template, document, canvas.page);
    (void)HPDF_Page_GSave(canvas.page); /* errors stay */
    for (size_t i = 0; i < page->count; i++) {
        if (page->items[i].layer == PAGE_STATIC) {
            TRY(pdf_canvas_draw(&canvas, &page->items[i], err));
        }
    }
    (void)HPDF_Page_GRestore(canvas.page); /* errors stay */
    TRY(pdf_document_check(document, err));
    template->content = pdf_deflate(printer->once, pdf_canvas_content(&canvas), &template->arena);
    template->repeated = pdf_repeated_new(&template->arena);
    return OK;
}

FALLIBLE pdf_check_texts(const struct pdf_printer *printer, const struct page *page,
                         enum page_layer layer, struct error *err)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct page_item *item = &page->items[i];
        if (item->layer == layer && item->kind == PAGE_TEXT) {
            TRY(font_chain_check(&printer->chain, item->text, err));
        }
        if (item->layer == layer && item->kind == PAGE_SEAL) {
            str below = item->text, rim = str_cut(&below, '\n');
            TRY(font_chain_check(&printer->chain, rim, err));
            TRY(font_chain_check(&printer->chain, below, err));
        }
    }
    return OK;
}

static FALLIBLE template_make(const struct pdf_printer *printer, struct pdf_template *template,
                              const struct page *page, struct error *err)
{
    TRY(pdf_check_texts(printer, page, PAGE_STATIC, err));
    for (size_t i = 0; i < printer->chain.count; i++) {
        pdf_font_init(&template->fonts[i], &printer->chain, i, 'S', &template->arena);
    }
    TRY(collect_characters(printer, template, page, err));
    TRY(template_draw(printer, template, page, err));
    for (size_t i = 0; i < printer->chain.count; i++) {
        template->fonts[i].object = NULL;
        if (template->fonts[i].subset.count > 1) {
            TRY(pdf_program_build(&template->fonts[i], printer->once, &template->arena,
                                  &template->programs[i], err));
        }
    }
    return OK;
}

outcome pdf_template_find(struct pdf_printer *printer, const struct page *page, struct arena *arena,
                          struct pdf_template **ret, struct error *err)
{
    bytes key = page_template_bytes(page, arena);
    for (size_t i = 0; i < PDF_TEMPLATES_MAX; i++) {
        if (printer->templates[i] != NULL && bytes_equal(printer->templates[i]->key, key)) {
            *ret = printer->templates[i];
            return OK;
        }
    }
    struct pdf_template *template = calloc(1, sizeof *template);
    MEMORY_UNLESS(template != NULL);
    arena_init(&template->arena, 0);
    template->key = arena_bytes(&template->arena, key);
    pdf_template_id(printer, page, arena, template->id);
    if (!template_make(printer, template, page, err).ok) {
        pdf_template_free(template);
        return error_trace(err, HERE);
    }
    pdf_template_free(printer->templates[printer->templates_next]);
    printer->templates[printer->templates_next] = template;
    printer->templates_next = (printer->templates_next + 1) % PDF_TEMPLATES_MAX;
    *ret = template;
    return OK;
}

void pdf_template_free(struct pdf_template *template)
{
    if (template != NULL) {
        arena_release(&template->arena);
        free(template);
    }
}
