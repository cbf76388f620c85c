/* pdf - see pdf.h: the printer, its templates, and how a document is put together.
 *
 * Order of objects in a file: catalogue, static fonts, template content, colour profile; then the
 * document's own objects. So all files of a template begin with the same bytes, but for the numbers
 * of a few objects. These bytes and their digest are made once (struct pdf_shared). */
#include "core/io/pdf.h"

#include <errno.h>
#include <hpdf.h>
#include <hpdf_doc.h>
#include <hpdf_pages.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/file_open.h"
#include "core/io/messages.h"
#include "core/io/pdf_parts.h"

enum {
    DRAWING_VERSION = 4, /* goes up when the same page would give another picture */
    ICC_SIZE_MAX = 1024 * 1024,
    LEVEL_ONCE = 12, /* libdeflate: for what is compressed once a template */
    LEVEL_EACH = 1,  /* and once a document: 3 % larger than at level 6, in a quarter of the time */
    /* Outlines of one document, of 400 to 1 300 bytes each, are stored up to so many bytes: deflate
     * takes 35 us to save 2 KB. More are compressed, and more than so many glyphs, which are rare,
     * at level 12, for they decide whether a document stays below 64 KB. */
    STORED_OUTLINES_MAX = 10 * 1024,
    QUICK_GLYPHS_MAX = 24,
    /* A document that is to be smaller, and what compressing its own more tightly may save. */
    DOCUMENT_SIZE_AIM = 64 * 1024,
    TIGHT_SAVES_MAX = 4 * 1024,
};

/* --- opening ---------------------------------------------------------------------------------- */

static FALLIBLE read_icc(str path, struct arena *arena, bytes *ret, struct error *err)
{
    struct error ignored;
    FILE *file = NULL;
    bool opened = file_open_stream(arena_c_string(arena, path), &file, &ignored).ok;
    uint8_t *data = arena_new_raw(arena, ICC_SIZE_MAX);
    size_t size = opened ? fread(data, 1, ICC_SIZE_MAX, file) : 0;
    if (opened) {
        (void)fclose(file); /* only read */
    }
    if (size < 128 || size == ICC_SIZE_MAX || memcmp(data + 36, "acsp", 4) != 0 ||
        memcmp(data + 16, "RGB ", 4) != 0) { /* ICC.1:2010, 7.2 */
        FAIL(CONFIG, MESSAGE_ICC_UNUSABLE, ARG_STR("path", path));
    }
    *ret = (bytes){data, size};
    return OK;
}

static void digest_number(struct digester *digester, uint64_t number)
{
    uint8_t out[8];
    for (size_t i = 0; i < sizeof out; i++) {
        out[i] = (uint8_t)(number >> (56 - 8 * i));
    }
    digester_update(digester, (bytes){out, sizeof out});
}

/* The fonts count by their names and sizes: hashing 60 MB of outlines would delay every start. */
static struct digest environment_digest(const struct font_chain *chain, bytes icc)
{
    struct digester digester;
    digester_init(&digester);
    digest_number(&digester, DRAWING_VERSION);
    for (size_t i = 0; i < chain->count; i++) {
        const struct font *font = &chain->fonts[i];
        digester_update(&digester, str_bytes(font->name));
        digest_number(&digester, font->map.size);
        digest_number(&digester, font->face.glyph_count);
        digester_update(&digester, font->face.head);
    }
    digester_update(&digester, icc);
    return digester_final(&digester);
}

static FALLIBLE open_parts(struct pdf_printer *printer, const struct pdf_options *options,
                           struct error *err)
{
    const struct font_choice *choices = options->fonts;
    size_t count = options->fonts_count;
    if (choices == NULL) {
        count = font_choices_default(&choices);
    }
    bytes icc = pdf_srgb_profile(&printer->arena);
    if (options->icc_path.size > 0) {
        TRY(read_icc(options->icc_path, &printer->arena, &icc, err));
    }
    TRY(font_chain_open(choices, count, &printer->arena, &printer->chain, err));
    printer->icc = pdf_deflate(printer->once, icc, &printer->arena);
    printer->environment = environment_digest(&printer->chain, icc);
    for (size_t i = 0; i < printer->chain.count; i++) {
        pdf_font_init(&printer->variable[i], &printer->chain, i, 'V', &printer->arena);
    }
    return OK;
}

outcome pdf_open(const struct pdf_options *options, struct pdf_printer **ret, struct error *err)
{
    struct pdf_printer *printer = calloc(1, sizeof *printer);
    MEMORY_UNLESS(printer != NULL);
    arena_init(&printer->arena, 0);
    printer->once = libdeflate_alloc_compressor(LEVEL_ONCE);
    printer->each = libdeflate_alloc_compressor(LEVEL_EACH);
    printer->stored = libdeflate_alloc_compressor(0);
    BUG_UNLESS(printer->once != NULL && printer->each != NULL && printer->stored != NULL);
    printer->signature_size = options->signature_size;
    if (!open_parts(printer, options, err).ok) {
        pdf_close(printer);
        return error_trace(err, HERE);
    }
    *ret = printer;
    return OK;
}

void pdf_reserve(struct pdf_printer *printer, size_t signature_size)
{
    printer->signature_size = signature_size;
}

void pdf_close(struct pdf_printer *printer)
{
    if (printer == NULL) {
        return;
    }
    for (size_t i = 0; i < PDF_TEMPLATES_MAX; i++) {
        pdf_template_free(printer->templates[i]);
    }
    font_chain_close(&printer->chain);
    libdeflate_free_compressor(printer->once);
    libdeflate_free_compressor(printer->each);
    libdeflate_free_compressor(printer->stored);
    arena_release(&printer->arena);
    free(printer);
}

void pdf_template_id(const struct pdf_printer *printer, const struct page *page,
                     struct arena *arena, char ret[PDF_TEMPLATE_ID_SIZE])
{
    struct digester digester;
    digester_init(&digester);
    digester_update(&digester, digest_bytes(&printer->environment));
    digester_update(&digester, page_template_bytes(page, arena));
    struct digest digest = digester_final(&digester);
    char hex[DIGEST_HEX_SIZE];
    digest_hex(&digest, hex);
    memcpy(ret, hex, PDF_TEMPLATE_ID_SIZE - 1);
    ret[PDF_TEMPLATE_ID_SIZE - 1] = '\0';
}

/* --- documents -------------------------------------------------------------------------------- */

/* The objects that all documents of the template share, for the first of them. */
static void *make_shared(const struct pdf_printer *printer, struct pdf_template *template,
                         HPDF_Doc document, void **ret_profile)
{
    for (size_t i = 0; i < printer->chain.count; i++) {
        if (template->fonts[i].object != NULL) {
            pdf_font_end(document, &template->fonts[i], &template->programs[i]);
        }
    }
    HPDF_Dict content = pdf_stream_deflated(document, template->content);
    *ret_profile = pdf_profile_object(document, printer->icc);
    template->shared.count = pdf_objects_count(document) - template->shared.first;
    return content;
}

/* Once their bytes are kept, all but the fonts, which text is shown with, need a number only. Last
 * come content and profile, each followed by its length. */
static void *number_shared(const struct pdf_shared *shared, HPDF_Doc document, void **ret_profile)
{
    void *last[4] = {NULL};
    while (pdf_objects_count(document) < shared->first + shared->count) {
        memmove(last, last + 1, 3 * sizeof *last);
        last[3] = pdf_stand_in(document);
    }
    *ret_profile = last[2];
    return last[0];
}

/* The static objects first; returns the page's /Contents entry for them. */
static void *add_static(const struct pdf_printer *printer, struct pdf_template *template,
                        HPDF_Doc document)
{
    struct pdf_shared *shared = &template->shared;
    void *profile = NULL;
    for (size_t i = 0; i < printer->chain.count; i++) {
        template->fonts[i].object = NULL; /* of the last document */
    }
    bool known = shared->bytes.size > 0;
    shared->first = pdf_objects_count(document);
    pdf_template_begin_fonts(printer, template, document, NULL);
    void *content = known ? number_shared(shared, document, &profile)
                          : make_shared(printer, template, document, &profile);
    pdf_add_profile(document, profile);
    return content;
}

/* Does the document need so many outlines of its own that every kilobyte counts? */
static bool has_many_glyphs(const struct pdf_printer *printer, size_t index)
{
    return printer->variable[index].subset.count > QUICK_GLYPHS_MAX;
}

static struct libdeflate_compressor *outline_compressor(const struct pdf_printer *printer,
                                                        size_t index)
{
    size_t size = 0;
    if (printer->tight || has_many_glyphs(printer, index)) {
        return printer->once;
    }
    for (size_t i = 0; i < printer->chain.count; i++) {
        size += subset_outlines_size(&printer->variable[i].subset);
    }
    return size > STORED_OUTLINES_MAX ? printer->each : printer->stored;
}

static struct libdeflate_compressor *content_compressor(const struct pdf_printer *printer)
{
    bool many = printer->tight;
    for (size_t i = 0; i < printer->chain.count; i++) {
        many = many || has_many_glyphs(printer, i);
    }
    return many ? printer->once : printer->each;
}

/* The sheet that the canvas draws on gets its content; the first one begins with the template's. */
static void end_sheet(const struct pdf_printer *printer, struct pdf_canvas *canvas,
                      void *template_content)
{
    bytes content = pdf_canvas_content(canvas);
    pdf_canvas_end(canvas, pdf_deflate(content_compressor(printer), content, canvas->arena));
    if (template_content != NULL) {
        const HPDF_PageAttr attributes = canvas->page->attr;
        HPDF_Array contents = HPDF_Array_New(canvas->document->mmgr);
        (void)HPDF_Array_Add(contents, template_content); /* errors stay */
        (void)HPDF_Array_Add(contents, attributes->contents);
        (void)HPDF_Dict_Add(canvas->page, "Contents", contents);
    }
}

/* Afterwards the canvas is on the last sheet. */
static FALLIBLE draw_variable(struct pdf_printer *printer, struct pdf_canvas *canvas,
                              const struct page *page, void *template_content, struct error *err)
{
    for (size_t i = 0; i < page->count; i++) {
        if (page->items[i].layer == PAGE_STATIC) {
            continue;
        }
        if (page->items[i].kind == PAGE_SHEET) {
            end_sheet(printer, canvas, template_content);
            template_content = NULL;
            pdf_canvas_turn(canvas, pdf_document_page(canvas->document, page));
            canvas->repeated = NULL; /* the fonts get their names here as they come */
            continue;
        }
        TRY(pdf_canvas_draw(canvas, &page->items[i], err));
    }
    end_sheet(printer, canvas, template_content);
    for (size_t i = 0; i < printer->chain.count; i++) {
        struct pdf_font *font = &printer->variable[i];
        if (font->object != NULL) {
            struct pdf_program program;
            TRY(pdf_program_build(font, outline_compressor(printer, i), canvas->arena, &program,
                                  err));
            pdf_font_end(canvas->document, font, &program);
        }
    }
    return OK;
}

/* Gives the digest of the file's beginning, up to *ret_size. There are as many beginnings as
 * numbers of objects; what there is no room for is counted anew each time. */
static struct digester begin_digest(struct pdf_template *template, bytes file, size_t shared_at,
                                    size_t *ret_size)
{
    bytes head = {file.data, shared_at};
    *ret_size = shared_at + template->shared.bytes.size;
    for (size_t i = 0; i < template->beginnings_count; i++) {
        if (bytes_equal(template->beginnings[i].head, head)) {
            return template->beginnings[i].digester;
        }
    }
    struct digester digester;
    digester_init(&digester);
    digester_update(&digester, (bytes){file.data, *ret_size});
    if (template->beginnings_count < PDF_BEGINNINGS_MAX) {
        template->beginnings[template->beginnings_count++] =
            (struct pdf_beginning){arena_bytes(&template->arena, head), digester};
    }
    return digester;
}

/* The digests before the signature, in one pass: the beginning's is known, then a copy of the state
 * for each of the two ways through Contents. */
static void digest_document(struct pdf_template *template, size_t shared_at,
                            struct pdf_document *document)
{
    const uint8_t *data = document->data;
    size_t at = 0;
    struct digester digester =
        begin_digest(template, (bytes){data, document->size}, shared_at, &at);
    size_t open = document->contents_at > 0 ? document->contents_at - 1 : document->size;
    digester_update(&digester, (bytes){data + at, open - at});
    struct digester around = digester;
    digester_update(&digester, (bytes){data + open, document->size - open});
    struct digest whole = digester_final(&digester);
    memcpy(document->unsigned_sha256, whole.data, PDF_DIGEST_SIZE);
    if (document->contents_at > 0) {
        size_t behind = document->contents_at + document->contents_size + 1;
        document->before = around;
        digester_update(&around, (bytes){data + behind, document->size - behind});
        struct digest ranges = digester_final(&around);
        memcpy(document->signed_sha256, ranges.data, PDF_DIGEST_SIZE);
    }
    memcpy(document->pdf_sha256, document->unsigned_sha256, PDF_DIGEST_SIZE);
}

static str fonts_used(const struct pdf_printer *printer, const struct pdf_template *template,
                      struct arena *arena)
{
    str names = STR("");
    for (size_t i = 0; i < printer->chain.count; i++) {
        if (template->fonts[i].object != NULL || printer->variable[i].object != NULL) {
            names = ARENA_JOIN(arena, names, names.size > 0 ? STR(",") : STR(""),
                               printer->chain.fonts[i].name);
        }
    }
    return names;
}

static FALLIBLE draw(struct pdf_printer *printer, const struct page *page,
                     const struct pdf_entry *entry, struct pdf_template *template,
                     struct pdf_canvas *canvas, struct pdf_document *ret, struct error *err)
{
    HPDF_Doc document = canvas->document;
    struct pdf_slot slot = {.room = printer->signature_size};
    struct digest content = digest_sha256(page_bytes(page, canvas->arena));
    memcpy(ret->page_sha256, content.data, PDF_DIGEST_SIZE);
    pdf_add_language(document, page, canvas->arena);
    void *static_content = add_static(printer, template, document);
    HPDF_Page first = pdf_document_page(document, page);
    pdf_canvas_turn(canvas, first);
    pdf_template_begin_fonts(printer, template, document, first);
    pdf_add_information(document, page, canvas->arena);
    pdf_add_metadata(document, page, entry, canvas->arena);
    pdf_add_identity(document, &content);
    TRY(draw_variable(printer, canvas, page, static_content, err));
    if (slot.room > 0) { /* last: what stands behind Contents is hashed three times */
        pdf_add_signature_field(document, first, page, &slot);
    }
    size_t shared_at = 0;
    TRY(pdf_save(document, template, canvas->arena, ret, &shared_at, err));
    if (slot.room > 0) {
        pdf_patch_byte_range(ret->data, ret->size, &slot, &ret->contents_at, &ret->contents_size);
    }
    digest_document(template, shared_at, ret);
    memcpy(ret->template_id, template->id, PDF_TEMPLATE_ID_SIZE);
    ret->fonts = fonts_used(printer, template, canvas->arena);
    return OK;
}

static FALLIBLE draw_once(struct pdf_printer *printer, const struct page *page, bytes photo,
                          const struct pdf_entry *entry, struct arena *arena,
                          struct pdf_document *ret, struct error *err)
{
    struct pdf_template *template = NULL;
    TRY(pdf_template_find(printer, page, arena, &template, err));
    for (size_t i = 0; i < printer->chain.count; i++) {
        subset_reset(&printer->variable[i].subset);
        printer->variable[i].object = NULL;
    }
    TRY(pdf_check_room(printer, template, page, err));
    __attribute__((cleanup(pdf_document_free))) HPDF_Doc document = pdf_document_new();
    __attribute__((cleanup(pdf_canvas_close))) struct pdf_canvas canvas = {
        .document = document,
        .chain = &printer->chain,
        .fixed = template->fonts,
        .variable = printer->variable,
        .repeated = template->repeated,
        .height_um = page->height_um,
        .photo = photo,
        .arena = arena,
    };
    struct pdf_document drawn = {0};
    TRY(draw(printer, page, entry, template, &canvas, &drawn, err));
    *ret = drawn;
    return OK;
}

/* A rare name that is stored and a large photo may be a little too much together: then once more,
 * more tightly. Others, and those for which that is not enough, keep the bytes they always had. */
outcome pdf_draw(struct pdf_printer *printer, const struct page *page, bytes photo,
                 const struct pdf_entry *entry, struct arena *arena, struct pdf_document *ret,
                 struct error *err)
{
    printer->tight = false;
    TRY(pdf_check_texts(printer, page, PAGE_VARIABLE, err));
    TRY(draw_once(printer, page, photo, entry, arena, ret, err));
    if (ret->size > DOCUMENT_SIZE_AIM && ret->size <= DOCUMENT_SIZE_AIM + TIGHT_SAVES_MAX) {
        struct pdf_document tight;
        printer->tight = true;
        TRY(draw_once(printer, page, photo, entry, arena, &tight, err));
        *ret = tight.size <= DOCUMENT_SIZE_AIM ? tight : *ret;
    }
    return OK;
}

outcome pdf_sign(struct pdf_document *document, bytes cms, struct error *err)
{
    static const char digits[] = "0123456789abcdef";
    if (2 * cms.size > document->contents_size) {
        FAIL(CONFIG, MESSAGE_SIGNATURE_TOO_LARGE, ARG_INT("size", cms.size),
             ARG_INT("room", document->contents_size / 2));
    }
    uint8_t *out = document->data + document->contents_at;
    for (size_t i = 0; i < cms.size; i++) {
        out[2 * i] = (uint8_t)digits[cms.data[i] >> 4];
        out[2 * i + 1] = (uint8_t)digits[cms.data[i] & 0x0f];
    }
    size_t open = document->contents_at - 1;
    struct digester digester = document->before;
    digester_update(&digester, (bytes){document->data + open, document->size - open});
    struct digest whole = digester_final(&digester);
    memcpy(document->pdf_sha256, whole.data, PDF_DIGEST_SIZE);
    return OK;
}
