/* pdf_document - the objects around the page that a PDF/A-1b with a signature field needs
 * (pdf_parts.h).
 *
 * source  ISO 19005-1:2005, 6.2.2 (output intent); ISO 32000-1, 12.8 (signatures);
 *         ETSI EN 319 142-1 (PAdES B-B: time in /M, ETSI.CAdES.detached) */
#include "core/io/pdf_parts.h"

#include <hpdf.h>
#include <hpdf_doc.h>
#include <hpdf_objects.h>
#include <stdio.h>
#include <string.h>

enum { BYTE_RANGE_SIZE = 47, WIDGET_FLAGS = 132 /* print, locked */, SIGNATURES_EXIST = 3 };

HPDF_Dict pdf_profile_object(HPDF_Doc document, bytes deflated_icc)
{
    HPDF_Dict profile = pdf_stream_deflated(document, deflated_icc);
    (void)HPDF_Dict_AddNumber(profile, "N", 3); /* errors stay */
    return profile;
}

void pdf_add_profile(HPDF_Doc document, void *profile)
{
    HPDF_Dict intent = HPDF_Dict_New(document->mmgr);
    HPDF_Array intents = HPDF_Array_New(document->mmgr);
    (void)HPDF_Array_Add(intents, intent); /* here and below: errors stay */
    (void)HPDF_Dict_AddName(intent, "Type", "OutputIntent");
    (void)HPDF_Dict_AddName(intent, "S", "GTS_PDFA1");
    (void)HPDF_Dict_Add(intent, "OutputConditionIdentifier",
                        HPDF_String_New(document->mmgr, "sRGB", NULL));
    (void)HPDF_Dict_Add(intent, "Info", HPDF_String_New(document->mmgr, "sRGB", NULL));
    (void)HPDF_Dict_Add(intent, "DestOutputProfile", profile);
    (void)HPDF_Dict_Add(document->catalog, "OutputIntents", intents);
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

static HPDF_Dict signature_value(HPDF_Doc document, const struct page *page, struct pdf_slot *slot)
{
    char time[PDF_TIME_SIZE];
    pdf_time(page->created_us, time);
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
