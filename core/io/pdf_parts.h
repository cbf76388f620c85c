/* pdf_parts - what the files of the PDF printer share (pdf.c, pdf_font.c, pdf_canvas.c,
 * pdf_document.c..); nobody else but their tests includes it. libharu's types appear by name only.
 */
#pragma once

#include "core/base/page.h"
#include "core/io/digest.h"
#include "core/io/font.h"
#include "core/io/pdf.h"

struct _HPDF_Doc_Rec;
struct _HPDF_Dict_Rec;
struct _HPDF_Stream_Rec;
struct libdeflate_compressor;

/* --- fonts (pdf_font.c) ----------------------------------------------------------------------- */

enum { PDF_FONT_NAME_SIZE = 80 };

/* A growing subset of one font, and the font object it has in the document being drawn. */
struct pdf_font {
    const struct font *font;
    struct subset subset;
    struct _HPDF_Dict_Rec *object; /* NULL: not used in this document */
    char name[PDF_FONT_NAME_SIZE]; /* with subset tag: "ANZSAA+ARPLUMingCN" */
};

/* A finished subset as a PDF embeds it. */
struct pdf_program {
    bytes file; /* compressed */
    size_t file_size;
    bytes to_unicode; /* compressed */
    str widths;
    size_t count; /* glyphs */
};

/* `set` is 'S' for the static fonts of a template, 'V' for those of one document. */
void pdf_font_init(struct pdf_font *font, const struct font_chain *chain, size_t index, char set,
                   struct arena *arena);
/* Makes the empty font object; text may be shown with it from now on. */
void pdf_font_begin(struct _HPDF_Doc_Rec *document, struct pdf_font *font);
/* Fills it. */
void pdf_font_end(struct _HPDF_Doc_Rec *document, const struct pdf_font *font,
                  const struct pdf_program *program);
/* fails   INVALID MESSAGE_PAGE_CHARACTERS: the parts of composite glyphs have no room */
FALLIBLE pdf_program_build(struct pdf_font *font, struct libdeflate_compressor *compressor,
                           struct arena *arena, struct pdf_program *ret, struct error *err);

/* zlib form; and a stream object holding bytes that are already in it. */
bytes pdf_deflate(struct libdeflate_compressor *compressor, bytes b, struct arena *arena);
struct _HPDF_Dict_Rec *pdf_stream_deflated(struct _HPDF_Doc_Rec *document, bytes deflated);

/* --- drawing (pdf_canvas.c) ------------------------------------------------------------------- */

/* Bytes as they come, one behind the other (pdf_save.c). */
struct pdf_sink {
    struct arena *arena;
    uint8_t *data;
    size_t size, room;
};

/* What texts like this one looked like before (pdf_repeated.c); operators are empty when there was
 * none, and are kept only when the template's fonts have every character. */
struct pdf_repeated;
struct pdf_repeated *pdf_repeated_new(struct arena *arena);
bytes pdf_repeated_find(struct pdf_repeated *repeated, const struct page_item *item);
void pdf_repeated_keep(struct pdf_repeated *repeated, const struct page_item *item,
                       bytes operators);

struct pdf_canvas {
    struct _HPDF_Doc_Rec *document;
    struct _HPDF_Dict_Rec *page;
    struct pdf_sink *content;      /* of the page */
    struct pdf_repeated *repeated; /* NULL: the template's fonts have no names on this page */
    const struct font_chain *chain;
    struct pdf_font *fixed;    /* static fonts, by place in the chain */
    struct pdf_font *variable; /* the document's own; NULL while a template is drawn */
    bool took_variable;        /* since somebody set it to false */
    int32_t height_um;
    bytes photo;
    struct arena *arena;
};

/* Turns to a page, on which nothing was drawn yet. Closed before the document. */
void pdf_canvas_turn(struct pdf_canvas *canvas, struct _HPDF_Dict_Rec *page);
/* fails   INVALID MESSAGE_PHOTO_INVALID, MESSAGE_QR_TOO_LONG */
FALLIBLE pdf_canvas_draw(struct pdf_canvas *canvas, const struct page_item *item,
                         struct error *err);
/* The modules of a QR code of that text as they stand in a content stream; false when it is too
 * long. */
bool pdf_qr_operators(str text, struct arena *arena, int *ret_width, bytes *ret);
/* The canvas's photo, whole and upright in the middle of the item's box (pdf_image.c).
 * fails   INVALID MESSAGE_PHOTO_INVALID, MESSAGE_PHOTO_MISSING */
FALLIBLE pdf_image_draw(struct pdf_canvas *canvas, const struct page_item *item, struct error *err);
/* What was drawn on the page, and its compressed form as the page gets it. */
bytes pdf_canvas_content(const struct pdf_canvas *canvas);
void pdf_canvas_end(struct pdf_canvas *canvas, bytes deflated);
void pdf_canvas_close(struct pdf_canvas *canvas);

/* --- the parts around the page (pdf_document.c) ----------------------------------------------- */

/* Where the signature stands in the saved file. */
struct pdf_slot {
    size_t room;       /* bytes of CMS, 0: no field */
    size_t byte_range; /* offset of "/ByteRange" */
};

/* The profile's object, and what names it: `profile` may stand in for it. */
struct _HPDF_Dict_Rec *pdf_profile_object(struct _HPDF_Doc_Rec *document, bytes deflated_icc);
void pdf_add_profile(struct _HPDF_Doc_Rec *document, void *profile);
void pdf_add_identity(struct _HPDF_Doc_Rec *document, const struct digest *content);
void pdf_add_signature_field(struct _HPDF_Doc_Rec *document, struct _HPDF_Dict_Rec *drawn,
                             const struct page *page, struct pdf_slot *slot);
/* Writes the real ByteRange; gives offset and number of the hex digits of Contents. */
void pdf_patch_byte_range(uint8_t *data, size_t size, const struct pdf_slot *slot,
                          size_t *ret_contents_at, size_t *ret_contents_size);

/* --- what it says of itself (pdf_metadata.c) ----------------------------------------------------
 */

enum { PDF_TIME_SIZE = 32 };

/* A date as PDF writes it, in UTC+8. */
void pdf_time(int64_t instant_us, char out[PDF_TIME_SIZE]);
/* Language and marks, before anything that is the document's own. */
void pdf_add_language(struct _HPDF_Doc_Rec *document, const struct page *page, struct arena *arena);
void pdf_add_information(struct _HPDF_Doc_Rec *document, const struct page *page,
                         struct arena *arena);
/* `entry` may be NULL. */
void pdf_add_metadata(struct _HPDF_Doc_Rec *document, const struct page *page,
                      const struct pdf_entry *entry, struct arena *arena);

/* sRGB (pdf_profile.c). */
bytes pdf_srgb_profile(struct arena *arena);

/* --- printer and templates (pdf.c, pdf_template.c) -------------------------------------------- */

enum { PDF_TEMPLATES_MAX = 16 };

/* The objects that all documents of a template share, as they stand in each file, one behind the
 * other. */
struct pdf_shared {
    size_t first, count; /* numbers of the objects */
    bytes bytes;         /* empty until the first document is saved */
    uint32_t *offsets;   /* of each, in bytes */
};

/* How a file begins, up to the end of what is shared: what stands before that differs only by how
 * many objects a document has. */
struct pdf_beginning {
    bytes head;               /* before the shared objects; empty: not used */
    struct digester digester; /* fed with head and shared objects */
};

enum { PDF_BEGINNINGS_MAX = 4 };

struct pdf_template {
    struct arena arena;
    bytes key; /* page_template_bytes */
    char id[PDF_TEMPLATE_ID_SIZE];
    struct pdf_font fonts[FONT_CHAIN_MAX];
    struct pdf_program programs[FONT_CHAIN_MAX];
    bytes content; /* deflated */
    struct pdf_repeated *repeated;
    struct pdf_shared shared;
    struct pdf_beginning beginnings[PDF_BEGINNINGS_MAX];
    size_t beginnings_count;
};

/* Has some font every character of the texts of a layer? Static ones are looked at once a template.
 * fails   INVALID MESSAGE_GLYPH_MISSING */
FALLIBLE pdf_check_texts(const struct pdf_printer *printer, const struct page *page,
                         enum page_layer layer, struct error *err);
/* Have the document's own fonts room for all characters that the template has not? Asked before
 * drawing, which cannot fail half-way through a text. fails   INVALID MESSAGE_PAGE_CHARACTERS */
FALLIBLE pdf_check_room(struct pdf_printer *printer, const struct pdf_template *template,
                        const struct page *page, struct error *err);
/* Fails like everything that draws; the first page of a template makes it. */
FALLIBLE pdf_template_find(struct pdf_printer *printer, const struct page *page,
                           struct arena *arena, struct pdf_template **ret, struct error *err);
/* Makes the static font objects when they are not there yet and, when there is a page, gives them
 * their names on it: F1, F2.. in the order of the chain, as in the template's content. */
void pdf_template_begin_fonts(const struct pdf_printer *printer, struct pdf_template *template,
                              struct _HPDF_Doc_Rec *document, struct _HPDF_Dict_Rec *page);
void pdf_template_free(struct pdf_template *template);

/* A new libharu document of PDF 1.4, its page, its end, and what libharu says about it.
 * fails   RESOURCE MESSAGE_PDF_FAILED (libharu's first error) */
struct _HPDF_Doc_Rec *pdf_document_new(void);
struct _HPDF_Dict_Rec *pdf_document_page(struct _HPDF_Doc_Rec *document, const struct page *page);
void pdf_document_free(struct _HPDF_Doc_Rec **document);
FALLIBLE pdf_document_check(struct _HPDF_Doc_Rec *document, struct error *err);

/* --- the file (pdf_save.c) -------------------------------------------------------------------- */

/* A libharu stream that ends in a sink, which is emptied. */
struct _HPDF_Stream_Rec *pdf_sink_open(struct pdf_sink *sink, size_t room, struct arena *arena,
                                       struct _HPDF_Doc_Rec *document);

/* The number that the next object gets; and an object that only has a number. */
size_t pdf_objects_count(struct _HPDF_Doc_Rec *document);
void *pdf_stand_in(struct _HPDF_Doc_Rec *document);
/* All bytes, and where the shared ones begin. What is shared is kept when it was not yet, else
 * stand-ins have its numbers.
 * fails   RESOURCE MESSAGE_PDF_FAILED */
FALLIBLE pdf_save(struct _HPDF_Doc_Rec *document, struct pdf_template *template,
                  struct arena *arena, struct pdf_document *ret, size_t *ret_shared_at,
                  struct error *err);

struct pdf_printer {
    struct arena arena;
    struct font_chain chain;
    struct pdf_font variable[FONT_CHAIN_MAX];
    bytes icc;                 /* deflated */
    struct digest environment; /* of fonts, profile, drawing version */
    size_t signature_size;
    struct libdeflate_compressor *once, *each, *stored;
    bool tight; /* what is the document's own is compressed as what is made once a template */
    struct pdf_template *templates[PDF_TEMPLATES_MAX];
    size_t templates_next; /* the oldest makes room */
};
