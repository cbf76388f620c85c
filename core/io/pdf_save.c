/* pdf_save - a document as the bytes of its file (pdf_parts.h).
 *
 * libharu writes each object. This file writes what surrounds them - header, cross-reference table,
 * trailer - byte for byte as libharu does. So the objects that all documents of a template share
 * are written for the first document only: its bytes are kept, and in the other documents
 * placeholders occupy their object numbers. */
#include "core/io/pdf_parts.h"

#include <hpdf.h>
#include <hpdf_doc.h>
#include <hpdf_objects.h>
#include <stdio.h>
#include <string.h>

enum {
    ROOM_AT_FIRST = 80 * 1024, /* most documents need no more */
    ENTRY_SIZE = 20,           /* of the table: ISO 32000-1, 7.5.4 */
    NUMBER_SIZE = 12,
};

static void sink_add(struct pdf_sink *sink, const void *data, size_t size)
{
    if (size > sink->room - sink->size) {
        sink->room = 2 * (sink->size + size);
        uint8_t *larger = arena_new_raw(sink->arena, sink->room);
        memcpy(larger, sink->data, sink->size);
        sink->data = larger;
    }
    memcpy(sink->data + sink->size, data, size);
    sink->size += size;
}

static HPDF_STATUS take(HPDF_Stream stream, const HPDF_BYTE *data, HPDF_UINT size)
{
    sink_add(stream->attr, data, size);
    return HPDF_OK;
}

HPDF_Stream pdf_sink_open(struct pdf_sink *sink, size_t room, struct arena *arena,
                          HPDF_Doc document)
{
    *sink = (struct pdf_sink){arena, arena_new_raw(arena, room), 0, room};
    HPDF_Stream stream = HPDF_CallbackWriter_New(document->mmgr, take, sink);
    BUG_UNLESS(stream != NULL);
    return stream;
}

static void put_text(HPDF_Stream stream, const char *text)
{
    (void)HPDF_Stream_WriteStr(stream, text); /* a sink takes everything */
}

static void put_number(HPDF_Stream stream, size_t number)
{
    char out[NUMBER_SIZE];
    size_t at = sizeof out;
    out[--at] = '\0';
    do {
        out[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    put_text(stream, out + at);
}

/* "0000012345 00000 n", the first one without an object. */
static void write_entry(HPDF_XrefEntry entry, char out[ENTRY_SIZE])
{
    size_t left = entry->byte_offset, generation = entry->gen_no;
    memcpy(out, "0000000000 00000 n\r\n", ENTRY_SIZE);
    for (size_t i = 10; i > 0; i--, left /= 10) {
        out[i - 1] = (char)('0' + left % 10);
    }
    for (size_t i = 16; i > 11; i--, generation /= 10) {
        out[i - 1] = (char)('0' + generation % 10);
    }
    out[17] = entry->entry_typ;
}

static void put_object(HPDF_Stream stream, HPDF_XrefEntry entry, size_t number)
{
    entry->byte_offset = HPDF_Stream_Size(stream);
    put_number(stream, number);
    put_text(stream, " 0 obj\n");
    (void)HPDF_Obj_WriteValue(entry->obj, stream, NULL); /* the check below tells */
    put_text(stream, "\nendobj\n");
}

/* The shared objects' bytes, and where each of them lies now. */
static void put_shared(HPDF_Stream stream, HPDF_Xref xref, const struct pdf_shared *shared)
{
    size_t start = HPDF_Stream_Size(stream);
    for (size_t i = 0; i < shared->count; i++) {
        HPDF_Xref_GetEntry(xref, (HPDF_UINT)(shared->first + i))->byte_offset =
            (HPDF_UINT)start + shared->offsets[i];
    }
    (void)HPDF_Stream_Write(stream, shared->bytes.data, (HPDF_UINT)shared->bytes.size); /* taken */
}

static void put_objects(HPDF_Stream stream, HPDF_Xref xref, const struct pdf_shared *shared)
{
    bool known = shared->bytes.size > 0;
    for (size_t i = 1; i < xref->entries->count; i++) {
        if (known && i == shared->first) {
            put_shared(stream, xref, shared);
            i += shared->count - 1;
        } else {
            put_object(stream, HPDF_Xref_GetEntry(xref, (HPDF_UINT)i), i);
        }
    }
}

static void put_table(HPDF_Stream stream, HPDF_Doc document, struct arena *arena)
{
    HPDF_Xref xref = document->xref;
    size_t at = HPDF_Stream_Size(stream), count = xref->entries->count;
    char *rows = arena_new_raw(arena, count * ENTRY_SIZE);
    put_text(stream, "xref\n0 ");
    put_number(stream, count);
    put_text(stream, "\n");
    for (size_t i = 0; i < count; i++) {
        write_entry(HPDF_Xref_GetEntry(xref, (HPDF_UINT)i), rows + i * ENTRY_SIZE);
    }
    (void)HPDF_Stream_Write(stream, (const HPDF_BYTE *)rows,
                            (HPDF_UINT)(count * ENTRY_SIZE)); /* taken */
    HPDF_Dict trailer = document->trailer;
    (void)HPDF_Dict_Add(trailer, "Root", document->catalog); /* here and below: errors stay */
    (void)HPDF_Dict_Add(trailer, "Info", document->info);
    (void)HPDF_Dict_AddNumber(trailer, "Size", (HPDF_INT32)count);
    put_text(stream, "trailer\n");
    (void)HPDF_Dict_Write(trailer, stream, NULL);
    put_text(stream, "\nstartxref\n");
    put_number(stream, at);
    put_text(stream, "\n%%EOF\n");
}

/* After the first document of a template. */
static void keep_shared(HPDF_Xref xref, const uint8_t *data, struct arena *arena,
                        struct pdf_shared *shared)
{
    size_t start = HPDF_Xref_GetEntry(xref, (HPDF_UINT)shared->first)->byte_offset;
    size_t behind = shared->first + shared->count;
    size_t end = HPDF_Xref_GetEntry(xref, (HPDF_UINT)behind)->byte_offset;
    shared->offsets = ARENA_ARRAY(arena, uint32_t, shared->count);
    for (size_t i = 0; i < shared->count; i++) {
        HPDF_XrefEntry entry = HPDF_Xref_GetEntry(xref, (HPDF_UINT)(shared->first + i));
        shared->offsets[i] = (uint32_t)(entry->byte_offset - start);
    }
    shared->bytes = arena_bytes(arena, (bytes){data + start, end - start});
}

void *pdf_stand_in(HPDF_Doc document)
{
    HPDF_Null nothing = HPDF_Null_New(document->mmgr);
    BUG_UNLESS(nothing != NULL);
    (void)HPDF_Xref_Add(document->xref, nothing); /* errors stay */
    return nothing;
}

size_t pdf_objects_count(HPDF_Doc document)
{
    return document->xref->entries->count;
}

FALLIBLE pdf_save(HPDF_Doc document, struct pdf_template *template, struct arena *arena,
                  struct pdf_document *ret, size_t *ret_shared_at, struct error *err)
{
    struct pdf_shared *shared = &template->shared;
    struct pdf_sink sink;
    TRY(pdf_document_check(document, err));
    HPDF_Stream stream = pdf_sink_open(&sink, ROOM_AT_FIRST, arena, document);
    put_text(stream, "%PDF-1.4\n%\267\276\255\252\n");
    put_objects(stream, document->xref, shared);
    put_table(stream, document, arena);
    HPDF_Stream_Free(stream);
    TRY(pdf_document_check(document, err));
    if (shared->bytes.size == 0) {
        keep_shared(document->xref, sink.data, &template->arena, shared);
    }
    ret->data = sink.data;
    ret->size = sink.size;
    *ret_shared_at = HPDF_Xref_GetEntry(document->xref, (HPDF_UINT)shared->first)->byte_offset;
    return OK;
}
