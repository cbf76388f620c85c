/* pdf_document - what a PDF/A-1b with a signature field has around its page (pdf_parts.h).
 *
 * source  ISO 19005-1:2005, 6.2.2 (output intent), 6.7 (metadata); ISO 32000-1, 12.8 (signatures);
 *         ETSI EN 319 142-1 (PAdES B-B: time in /M, ETSI.CAdES.detached) */
#include "core/io/pdf_parts.h"

#include <hpdf.h>
#include <hpdf_doc.h>
#include <hpdf_objects.h>
#include <stdio.h>
#include <string.h>

#include "core/base/date.h"

enum { BYTE_RANGE_SIZE = 47, WIDGET_FLAGS = 132 /* print, locked */, SIGNATURES_EXIST = 3 };

static const char producer[] = "anzheng";

/* A text string as PDF wants it beyond ASCII: UTF-16BE with a byte order mark. */
static HPDF_Binary utf16(HPDF_Doc document, str text, struct arena *arena)
{
    uint8_t *out = arena_new_raw(arena, 2 + 2 * text.size);
    size_t at = 0;
    out[at++] = 0xfe;
    out[at++] = 0xff;
    while (text.size > 0) {
        uint32_t c = str_next(&text);
        if (c >= 0x10000) {
            uint32_t high = 0xd800 + ((c - 0x10000) >> 10);
            out[at++] = (uint8_t)(high >> 8);
            out[at++] = (uint8_t)high;
            c = 0xdc00 + ((c - 0x10000) & 0x3ff);
        }
        out[at++] = (uint8_t)(c >> 8);
        out[at++] = (uint8_t)c;
    }
    return HPDF_Binary_New(document->mmgr, out, (HPDF_UINT)at);
}

void pdf_add_information(HPDF_Doc document, const struct page *page, struct arena *arena)
{
    (void)HPDF_SetInfoAttr(document, HPDF_INFO_PRODUCER, producer); /* here and below: stay */
    (void)HPDF_Dict_Add(document->info, "Title", utf16(document, page->title, arena));
    (void)HPDF_Dict_Add(
        document->catalog, "Lang",
        HPDF_String_New(document->mmgr, arena_c_string(arena, page->language), NULL));
}

void pdf_add_profile(HPDF_Doc document, bytes deflated_icc)
{
    HPDF_Dict profile = pdf_stream_deflated(document, deflated_icc);
    HPDF_Dict intent = HPDF_Dict_New(document->mmgr);
    HPDF_Array intents = HPDF_Array_New(document->mmgr);
    (void)HPDF_Dict_AddNumber(profile, "N", 3); /* here and below: errors stay */
    (void)HPDF_Array_Add(intents, intent);
    (void)HPDF_Dict_AddName(intent, "Type", "OutputIntent");
    (void)HPDF_Dict_AddName(intent, "S", "GTS_PDFA1");
    (void)HPDF_Dict_Add(intent, "OutputConditionIdentifier",
                        HPDF_String_New(document->mmgr, "sRGB", NULL));
    (void)HPDF_Dict_Add(intent, "Info", HPDF_String_New(document->mmgr, "sRGB", NULL));
    (void)HPDF_Dict_Add(intent, "DestOutputProfile", profile);
    (void)HPDF_Dict_Add(document->catalog, "OutputIntents", intents);
}

/* XML text: the five characters that need it are escaped. */
static str xml(str text, struct arena *arena)
{
    char *out = arena_new(arena, text.size * 6 + 1);
    size_t at = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char *entity = NULL;
        switch (text.data[i]) {
        case '&': entity = "&amp;"; break;
        case '<': entity = "&lt;"; break;
        case '>': entity = "&gt;"; break;
        case '"': entity = "&quot;"; break;
        case '\'': entity = "&apos;"; break;
        default: out[at++] = text.data[i]; break;
        }
        if (entity != NULL) {
            memcpy(out + at, entity, strlen(entity));
            at += strlen(entity);
        }
    }
    return (str){out, at};
}

static str metadata_text(const struct page *page, struct arena *arena)
{
    char created[INSTANT_SIZE];
    instant_format(page->created_us / 1000000 * 1000000, created);
    str title = xml(page->title, arena), number = xml(page->number, arena);
    str identifier = xml(page->identifier, arena);
    str language = xml(page->language, arena);
    str first = identifier.size > 0 ? identifier : number;
    str identifiers = identifier.size > 0
                          ? arena_format(arena, "<rdf:li>%.*s</rdf:li><rdf:li>%.*s</rdf:li>",
                                         STR_ARGS(identifier), STR_ARGS(number))
                          : arena_format(arena, "<rdf:li>%.*s</rdf:li>", STR_ARGS(number));
    return arena_format(
        arena,
        "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
        "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
        " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\""
        " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n"
        "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\n"
        "<dc:format>application/pdf</dc:format>\n"
        "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%.*s</rdf:li></rdf:Alt></dc:title>\n"
        "<dc:language><rdf:Bag><rdf:li>%.*s</rdf:li></rdf:Bag></dc:language>\n"
        "<dc:identifier>%.*s</dc:identifier>\n"
        "<xmp:Identifier><rdf:Bag>%.*s</rdf:Bag></xmp:Identifier>\n"
        "<xmp:CreateDate>%s</xmp:CreateDate><pdf:Producer>%s</pdf:Producer>\n"
        "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>",
        STR_ARGS(title), STR_ARGS(language), STR_ARGS(first), STR_ARGS(identifiers), created,
        producer);
}

void pdf_add_metadata(HPDF_Doc document, const struct page *page, struct arena *arena)
{
    str text = metadata_text(page, arena);
    HPDF_Dict object = HPDF_DictStream_New(document->mmgr, document->xref);
    BUG_UNLESS(object != NULL);
    (void)HPDF_Dict_AddName(object, "Type", "Metadata"); /* here and below: errors stay */
    (void)HPDF_Dict_AddName(object, "Subtype", "XML");
    (void)HPDF_Stream_Write(object->stream, (const HPDF_BYTE *)text.data, (HPDF_UINT)text.size);
    object->filter = HPDF_STREAM_FILTER_NONE; /* PDF/A-1: metadata stay readable */
    (void)HPDF_Dict_Add(document->catalog, "Metadata", object);
}

void pdf_add_identity(HPDF_Doc document, const struct digest *content)
{
    HPDF_Array id = HPDF_Array_New(document->mmgr);
    uint8_t half[16];
    memcpy(half, content->data, sizeof half);
    (void)HPDF_Dict_Add(document->trailer, "ID", id); /* here and below: errors stay */
    (void)HPDF_Array_Add(id, HPDF_Binary_New(document->mmgr, half, sizeof half));
    (void)HPDF_Array_Add(id, HPDF_Binary_New(document->mmgr, half, sizeof half));
}

/* --- the signature field ---------------------------------------------------------------------- */

/* Called while libharu writes the dictionary: room for what is only known afterwards. */
static HPDF_STATUS write_slot(HPDF_Dict object, HPDF_Stream stream)
{
    static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
    struct pdf_slot *slot = object->attr;
    slot->byte_range = HPDF_Stream_Size(stream);
    HPDF_STATUS status = HPDF_Stream_WriteStr(
        stream, "/ByteRange [0 0000000000 0000000000 0000000000]\n/Contents <");
    for (size_t left = 2 * slot->room; status == HPDF_OK && left > 0;) {
        size_t size = left < sizeof zeros - 1 ? left : sizeof zeros - 1;
        status = HPDF_Stream_Write(stream, (const HPDF_BYTE *)zeros, (HPDF_UINT)size);
        left -= size;
    }
    return status == HPDF_OK ? HPDF_Stream_WriteStr(stream, ">\n") : status;
}

/* "D:20260630143000+08'00'" */
static void signing_time(int64_t instant_us, char out[32])
{
    char text[INSTANT_SIZE];
    instant_format(instant_us / 1000000 * 1000000, text);
    (void)snprintf(out, 32, "D:%.4s%.2s%.2s%.2s%.2s%.2s+08'00'", text, text + 5, text + 8,
                   text + 11, text + 14, text + 17); /* 23 characters */
}

static HPDF_Dict signature_value(HPDF_Doc document, const struct page *page, struct pdf_slot *slot)
{
    char time[32];
    signing_time(page->created_us, time);
    HPDF_Dict value = HPDF_Dict_New(document->mmgr);
    BUG_UNLESS(value != NULL);
    (void)HPDF_Xref_Add(document->xref, value); /* here and below: errors stay */
    (void)HPDF_Dict_AddName(value, "Type", "Sig");
    (void)HPDF_Dict_AddName(value, "Filter", "Adobe.PPKLite");
    (void)HPDF_Dict_AddName(value, "SubFilter", "ETSI.CAdES.detached");
    (void)HPDF_Dict_Add(value, "M", HPDF_String_New(document->mmgr, time, NULL));
    value->attr = slot;
    value->write_fn = write_slot;
    return value;
}

void pdf_add_signature_field(HPDF_Doc document, HPDF_Dict drawn, const struct page *page,
                             struct pdf_slot *slot)
{
    HPDF_MMgr pool = document->mmgr;
    HPDF_Box nothing = {0, 0, 0, 0};
    HPDF_Dict look = HPDF_DictStream_New(pool, document->xref);
    BUG_UNLESS(look != NULL);
    (void)HPDF_Dict_AddName(look, "Type", "XObject"); /* here and below: errors stay */
    (void)HPDF_Dict_AddName(look, "Subtype", "Form");
    (void)HPDF_Dict_Add(look, "BBox", HPDF_Box_Array_New(pool, nothing));
    (void)HPDF_Dict_Add(look, "Resources", HPDF_Dict_New(pool));
    look->filter = HPDF_STREAM_FILTER_NONE;

    HPDF_Dict widget = HPDF_Dict_New(pool), looks = HPDF_Dict_New(pool);
    (void)HPDF_Xref_Add(document->xref, widget);
    (void)HPDF_Dict_AddName(widget, "Type", "Annot");
    (void)HPDF_Dict_AddName(widget, "Subtype", "Widget");
    (void)HPDF_Dict_AddName(widget, "FT", "Sig");
    (void)HPDF_Dict_Add(widget, "T", HPDF_String_New(pool, "Signature1", NULL));
    (void)HPDF_Dict_AddNumber(widget, "F", WIDGET_FLAGS);
    (void)HPDF_Dict_Add(widget, "Rect", HPDF_Box_Array_New(pool, nothing));
    (void)HPDF_Dict_Add(widget, "AP", looks);
    (void)HPDF_Dict_Add(looks, "N", look);
    (void)HPDF_Dict_Add(widget, "P", drawn);
    (void)HPDF_Dict_Add(widget, "V", signature_value(document, page, slot));

    HPDF_Array annotations = HPDF_Array_New(pool), fields = HPDF_Array_New(pool);
    HPDF_Dict form = HPDF_Dict_New(pool);
    (void)HPDF_Dict_Add(drawn, "Annots", annotations);
    (void)HPDF_Array_Add(annotations, widget);
    (void)HPDF_Dict_Add(form, "Fields", fields);
    (void)HPDF_Array_Add(fields, widget);
    (void)HPDF_Dict_AddNumber(form, "SigFlags", SIGNATURES_EXIST);
    (void)HPDF_Dict_Add(document->catalog, "AcroForm", form);
}

void pdf_patch_byte_range(uint8_t *data, size_t size, const struct pdf_slot *slot,
                          size_t *ret_contents_at, size_t *ret_contents_size)
{
    size_t open = slot->byte_range + BYTE_RANGE_SIZE + sizeof("\n/Contents ") - 1;
    size_t behind = open + 1 + 2 * slot->room + 1;
    BUG_UNLESS(behind < size && data[open] == '<' && data[behind - 1] == '>');
    char text[BYTE_RANGE_SIZE + 1];
    int length =
        snprintf(text, sizeof text, "/ByteRange [0 %zu %zu %zu]", open, behind, size - behind);
    BUG_UNLESS(length > 0 && length <= BYTE_RANGE_SIZE);
    memset(data + slot->byte_range, ' ', BYTE_RANGE_SIZE);
    memcpy(data + slot->byte_range, text, (size_t)length);
    *ret_contents_at = open + 1;
    *ret_contents_size = 2 * slot->room;
}
