/* pdf_font - sparse Type0 fonts for libharu (pdf_parts.h).
 *
 * libharu's own CID fonts re-embed whole tables and lose every character beyond U+FFFF, so a font
 * here is a dictionary of our own: the used glyphs only, CID = glyph number, ToUnicode with
 * surrogate pairs. The canvas writes the operators that show text (pdf_canvas.c). */
#include "core/io/pdf_parts.h"

#include <hpdf.h>
#include <hpdf_doc.h>
#include <hpdf_font.h>
#include <hpdf_objects.h>
#include <libdeflate.h>
#include <stdio.h>
#include <string.h>

#include "core/io/messages.h"

enum { DEFAULT_WIDTH = 1000, CAP_HEIGHT = 700, STEM_V = 80, FLAG_SYMBOLIC = 4 };

void pdf_font_init(struct pdf_font *font, const struct font_chain *chain, size_t index, char set,
                   struct arena *arena)
{
    font->font = &chain->fonts[index];
    font->object = NULL;
    subset_init(&font->subset, &font->font->face, arena);
    (void)snprintf(font->name, sizeof font->name, "ANZ%c%cA+%.*s", set, (char)('A' + index),
                   STR_ARGS(font->font->name)); /* names have at most 60 characters */
}

static void free_attribute(HPDF_Dict object)
{
    HPDF_FreeMem(object->mmgr, object->attr);
}

static void *memory_new(HPDF_Doc document, size_t size)
{
    void *memory = HPDF_GetMem(document->mmgr, (HPDF_UINT)size);
    BUG_UNLESS(memory != NULL);
    memset(memory, 0, size);
    return memory;
}

void pdf_font_begin(HPDF_Doc document, struct pdf_font *font)
{
    HPDF_FontAttr attributes = memory_new(document, sizeof *attributes);
    attributes->type = HPDF_FONT_TYPE0_TT;
    attributes->writing_mode = HPDF_WMODE_HORIZONTAL;
    attributes->xref = document->xref;
    HPDF_Dict object = HPDF_Dict_New(document->mmgr);
    BUG_UNLESS(object != NULL);
    object->header.obj_class |= HPDF_OSUBCLASS_FONT;
    object->attr = attributes;
    object->free_fn = free_attribute;
    (void)HPDF_Xref_Add(document->xref, object); /* errors stay in the document */
    font->object = object;
}

static HPDF_STATUS write_filter(HPDF_Dict object, HPDF_Stream stream)
{
    (void)object; /* libharu drops /Filter of streams it did not compress itself */
    return HPDF_Stream_WriteStr(stream, "/Filter /FlateDecode\n");
}

HPDF_Dict pdf_stream_deflated(HPDF_Doc document, bytes deflated)
{
    HPDF_Dict object = HPDF_DictStream_New(document->mmgr, document->xref);
    BUG_UNLESS(object != NULL);
    (void)HPDF_Stream_Write(object->stream, deflated.data, (HPDF_UINT)deflated.size); /* stays */
    object->filter = HPDF_STREAM_FILTER_NONE;
    object->write_fn = write_filter;
    return object;
}

bytes pdf_deflate(struct libdeflate_compressor *compressor, bytes b, struct arena *arena)
{
    size_t most = libdeflate_zlib_compress_bound(compressor, b.size);
    uint8_t *out = arena_new_raw(arena, most);
    size_t size = libdeflate_zlib_compress(compressor, b.data, b.size, out, most);
    BUG_UNLESS(size > 0);
    return (bytes){out, size};
}

FALLIBLE pdf_program_build(struct pdf_font *font, struct libdeflate_compressor *compressor,
                           struct arena *arena, struct pdf_program *ret, struct error *err)
{
    bytes file = {0};
    if (!subset_build(&font->subset, arena, &file)) {
        FAIL(INVALID, MESSAGE_PAGE_CHARACTERS, ARG_INT("most", SUBSET_GLYPHS_MAX - 1));
    }
    *ret = (struct pdf_program){
        .file = pdf_deflate(compressor, file, arena),
        .file_size = file.size,
        .to_unicode = pdf_deflate(compressor, subset_to_unicode(&font->subset, arena), arena),
        .widths = subset_widths(&font->subset, arena),
        .count = font->subset.count,
    };
    return OK;
}

static HPDF_STATUS write_widths(HPDF_Dict object, HPDF_Stream stream)
{
    HPDF_STATUS status = HPDF_Stream_WriteStr(stream, "/W ");
    return status == HPDF_OK ? HPDF_Stream_WriteStr(stream, object->attr) : status;
}

/* Every glyph is used: a bit each, the first the highest (ISO 32000-1, table 124). */
static HPDF_Dict cid_set(HPDF_Doc document, size_t count)
{
    uint8_t bits[SUBSET_GLYPHS_MAX / 8 + 1];
    size_t size = (count + 7) / 8;
    memset(bits, 0xff, sizeof bits);
    if (count % 8 != 0) {
        bits[size - 1] = (uint8_t)(0xff << (8 - count % 8));
    }
    HPDF_Dict object = HPDF_DictStream_New(document->mmgr, document->xref);
    BUG_UNLESS(object != NULL);
    (void)HPDF_Stream_Write(object->stream, bits, (HPDF_UINT)size); /* errors stay */
    object->filter = HPDF_STREAM_FILTER_NONE;
    return object;
}

/* Of the em square, whole ones, as PDF counts glyphs. */
static float thousandths(int units, int em)
{
    int whole = units * 1000 / em;
    return (float)whole;
}

static HPDF_Dict descriptor(HPDF_Doc document, const struct pdf_font *font,
                            const struct pdf_program *program)
{
    const struct truetype *face = &font->font->face;
    int em = face->units_per_em;
    HPDF_Dict object = HPDF_Dict_New(document->mmgr);
    HPDF_Box box = {thousandths(face->box[0], em), thousandths(face->box[1], em),
                    thousandths(face->box[2], em), thousandths(face->box[3], em)};
    (void)HPDF_Xref_Add(document->xref, object); /* here and below: errors stay in the document */
    (void)HPDF_Dict_AddName(object, "Type", "FontDescriptor");
    (void)HPDF_Dict_AddName(object, "FontName", font->name);
    (void)HPDF_Dict_AddNumber(object, "Flags", FLAG_SYMBOLIC);
    (void)HPDF_Dict_Add(object, "FontBBox", HPDF_Box_Array_New(document->mmgr, box));
    (void)HPDF_Dict_AddNumber(object, "ItalicAngle", 0);
    (void)HPDF_Dict_AddNumber(object, "Ascent", face->ascent * 1000 / em);
    (void)HPDF_Dict_AddNumber(object, "Descent", face->descent * 1000 / em);
    (void)HPDF_Dict_AddNumber(object, "CapHeight", CAP_HEIGHT);
    (void)HPDF_Dict_AddNumber(object, "StemV", STEM_V);
    HPDF_Dict file = pdf_stream_deflated(document, program->file);
    (void)HPDF_Dict_AddNumber(file, "Length1", (HPDF_INT32)program->file_size);
    (void)HPDF_Dict_Add(object, "FontFile2", file);
    (void)HPDF_Dict_Add(object, "CIDSet", cid_set(document, program->count));
    return object;
}

void pdf_font_end(HPDF_Doc document, const struct pdf_font *font, const struct pdf_program *program)
{
    HPDF_Dict object = font->object;
    (void)HPDF_Dict_AddName(object, "Type", "Font"); /* here and below: errors stay */
    (void)HPDF_Dict_AddName(object, "Subtype", "Type0");
    (void)HPDF_Dict_AddName(object, "BaseFont", font->name);
    (void)HPDF_Dict_AddName(object, "Encoding", "Identity-H");
    (void)HPDF_Dict_Add(object, "ToUnicode", pdf_stream_deflated(document, program->to_unicode));

    HPDF_Dict system = HPDF_Dict_New(document->mmgr);
    HPDF_Dict cid_font = HPDF_Dict_New(document->mmgr);
    HPDF_Array descendants = HPDF_Array_New(document->mmgr);
    BUG_UNLESS(cid_font != NULL);
    (void)HPDF_Xref_Add(document->xref, cid_font);
    (void)HPDF_Array_Add(descendants, cid_font);
    (void)HPDF_Dict_Add(object, "DescendantFonts", descendants);
    (void)HPDF_Dict_AddName(cid_font, "Type", "Font");
    (void)HPDF_Dict_AddName(cid_font, "Subtype", "CIDFontType2");
    (void)HPDF_Dict_AddName(cid_font, "BaseFont", font->name);
    (void)HPDF_Dict_AddName(cid_font, "CIDToGIDMap", "Identity");
    (void)HPDF_Dict_AddNumber(cid_font, "DW", DEFAULT_WIDTH);
    (void)HPDF_Dict_Add(cid_font, "CIDSystemInfo", system);
    (void)HPDF_Dict_Add(system, "Registry", HPDF_String_New(document->mmgr, "Adobe", NULL));
    (void)HPDF_Dict_Add(system, "Ordering", HPDF_String_New(document->mmgr, "Identity", NULL));
    (void)HPDF_Dict_AddNumber(system, "Supplement", 0);
    (void)HPDF_Dict_Add(cid_font, "FontDescriptor", descriptor(document, font, program));
    char *widths = memory_new(document, program->widths.size + 2);
    memcpy(widths, program->widths.data, program->widths.size);
    widths[program->widths.size] = '\n';
    cid_font->attr = widths;
    cid_font->free_fn = free_attribute;
    cid_font->write_fn = write_widths;
}
