/* pdf_reader - see pdf_reader.h. The form is that of libharu's writer: a header line, a line of
 * comment, objects from 1 on, each ending in "endobj", the table, the trailer. */
#include "core/io/pdf_reader.h"

#include <libdeflate.h>
#include <string.h>

#include "core/io/messages.h"
#include "core/io/pdf_parts.h"

enum {
    OBJECTS_MAX = 4096,
    ROW_SIZE = 20, /* of the table of objects */
    OFFSET_DIGITS = 10,
    HEADER_SIZE = 15,             /* "%PDF-1.4", a line of four bytes beyond ASCII */
    CONTENT_SIZE_MAX = 1 << 20,   /* of a page, inflated */
    INFLATED_SIZE_MAX = 16 << 20, /* of all that is looked through */
};

struct reader {
    bytes file;
    size_t table;    /* where the table of objects begins */
    uint32_t count;  /* objects 1..count - 1 */
    size_t *offsets; /* of them; offsets[count] is where they end */
    struct arena *arena;
};

#define ALTERED(WHAT) FAIL(CORRUPT, MESSAGE_PDF_ALTERED, ARG_TEXT("what", WHAT))

static const uint8_t *find(bytes in, const char *text)
{
    return in.size == 0 ? NULL : memmem(in.data, in.size, text, strlen(text));
}

static bool begins(bytes in, const char *text)
{
    size_t size = strlen(text);
    return in.size >= size && memcmp(in.data, text, size) == 0;
}

static bytes from(bytes in, size_t at)
{
    return at >= in.size ? (bytes){NULL, 0} : (bytes){in.data + at, in.size - at};
}

static bytes first(bytes in, size_t size)
{
    return (bytes){in.data, size < in.size ? size : in.size};
}

/* Takes the text from the front. */
static bool take(bytes *in, const char *text)
{
    bool there = begins(*in, text);
    *in = there ? from(*in, strlen(text)) : *in;
    return there;
}

/* Takes a decimal number without leading zeros. */
static bool take_number(bytes *in, size_t *ret)
{
    size_t digits = 0, value = 0;
    while (digits < in->size && in->data[digits] >= '0' && in->data[digits] <= '9') {
        value = value * 10 + (size_t)(in->data[digits] - '0');
        if (++digits > OFFSET_DIGITS) {
            return false;
        }
    }
    bool good = digits > 0 && (digits == 1 || in->data[0] != '0');
    *in = good ? from(*in, digits) : *in;
    *ret = value;
    return good;
}

/* --- the file as a whole ---------------------------------------------------------------------- */

/* Is it meant to be a document of ours? One of these words is enough, so that a changed bit does
 * not make a stranger of it; the name of the first font stands near the beginning. */
static bool is_ours(bytes file)
{
    return begins(file, "%PDF-") &&
           (find(file, "/ANZSAA+") != NULL || find(file, "ETSI.CAdES.detached") != NULL ||
            find(file, "urn:anzheng:log") != NULL);
}

/* "startxref", where the table is, "%%EOF": the last bytes there are, and nowhere else. */
static FALLIBLE read_end(struct reader *reader, bytes *ret_trailer, struct error *err)
{
    bytes file = reader->file;
    const uint8_t *start = find(file, "\nstartxref\n");
    if (start == NULL) {
        ALTERED("end");
    }
    size_t at = (size_t)(start - file.data);
    bytes rest = from(file, at);
    if (!take(&rest, "\nstartxref\n") || !take_number(&rest, &reader->table) ||
        !take(&rest, "\n%%EOF\n") || rest.size > 0 || reader->table >= at) {
        ALTERED("end");
    }
    *ret_trailer = (bytes){file.data + reader->table, at - reader->table};
    return OK;
}

static bool parse_row(const uint8_t *row, const char *kind, size_t *ret)
{
    size_t value = 0;
    for (size_t i = 0; i < OFFSET_DIGITS; i++) {
        if (row[i] < '0' || row[i] > '9') {
            return false;
        }
        value = value * 10 + (size_t)(row[i] - '0');
    }
    *ret = value;
    return memcmp(row + OFFSET_DIGITS, kind, ROW_SIZE - OFFSET_DIGITS) == 0;
}

/* Objects ascend, and each begins where the one before ended. */
static FALLIBLE check_objects(const struct reader *reader, struct error *err)
{
    bytes head = first(reader->file, HEADER_SIZE);
    if (!begins(head, "%PDF-1.4\n%") || reader->offsets[1] != HEADER_SIZE ||
        reader->file.data[HEADER_SIZE - 1] != '\n') {
        ALTERED("header");
    }
    for (uint32_t i = 1; i < reader->count; i++) {
        size_t at = reader->offsets[i], end = reader->offsets[i + 1], number = 0;
        if (end <= at || end > reader->table) {
            ALTERED("objects");
        }
        bytes object = {reader->file.data + at, end - at};
        bytes tail = from(object, object.size < 8 ? 0 : object.size - 8);
        if (!take_number(&object, &number) || number != i || !take(&object, " 0 obj\n") ||
            !begins(tail, "\nendobj\n")) {
            ALTERED("objects");
        }
    }
    return OK;
}

static FALLIBLE read_table(struct reader *reader, bytes table, struct error *err)
{
    size_t count = 0, ignored = 0;
    if (!take(&table, "xref\n0 ") || !take_number(&table, &count) || !take(&table, "\n") ||
        count < 2 || count > OBJECTS_MAX || table.size < count * ROW_SIZE ||
        !parse_row(table.data, " 65535 f\r\n", &ignored) || ignored != 0) {
        ALTERED("table");
    }
    reader->count = (uint32_t)count;
    reader->offsets = ARENA_ARRAY(reader->arena, size_t, count + 1);
    for (size_t i = 1; i < count; i++) {
        if (!parse_row(table.data + i * ROW_SIZE, " 00000 n\r\n", &reader->offsets[i])) {
            ALTERED("table");
        }
    }
    reader->offsets[count] = reader->table;
    bytes trailer = from(table, count * ROW_SIZE);
    if (!begins(trailer, "trailer\n<<\n") || find(trailer, "/Prev") != NULL ||
        find(trailer, "\n/Root 1 0 R\n") == NULL) {
        ALTERED("trailer");
    }
    return check_objects(reader, err);
}

/* The one object whose dictionary has that beginning, behind "N 0 obj". */
static bool find_object(const struct reader *reader, const char *dictionary, bytes *ret)
{
    size_t found = 0;
    for (uint32_t i = 1; i < reader->count; i++) {
        bytes object = {reader->file.data + reader->offsets[i],
                        reader->offsets[i + 1] - reader->offsets[i]};
        const uint8_t *stream = find(object, "\nstream\r\n");
        bytes head = stream == NULL ? object : first(object, (size_t)(stream - object.data) + 1);
        if (find(head, dictionary) != NULL) {
            *ret = object;
            found++;
        }
    }
    return found == 1;
}

/* What stands between "stream" and "endstream". */
static bool stream_of(bytes object, bytes *ret)
{
    static const char open[] = "\nstream\r\n", close[] = "\nendstream\nendobj\n";
    const uint8_t *stream = find(object, open);
    if (stream == NULL || object.size < sizeof close ||
        !begins(from(object, object.size - (sizeof close - 1)), close)) {
        return false;
    }
    size_t at = (size_t)(stream - object.data) + sizeof open - 1;
    size_t end = object.size - (sizeof close - 1);
    *ret = (bytes){object.data + at, end < at ? 0 : end - at};
    return at <= end;
}

/* --- the signature ---------------------------------------------------------------------------- */

static int hex_digit(uint8_t character)
{
    return character >= '0' && character <= '9'   ? character - '0'
           : character >= 'a' && character <= 'f' ? character - 'a' + 10
                                                  : -1;
}

/* The length of the DER value at the front, its header included; 0 when it is none. */
static size_t der_length(bytes der)
{
    if (der.size < 4 || der.data[0] != 0x30) {
        return 0;
    }
    size_t octets = der.data[1] & 0x7f, length = der.data[1];
    if (der.data[1] < 0x80) {
        return length + 2 <= der.size ? length + 2 : 0;
    }
    if (octets == 0 || octets > 3 || octets + 2 > der.size) {
        return 0;
    }
    length = 0;
    for (size_t i = 0; i < octets; i++) {
        length = length << 8 | der.data[2 + i];
    }
    return length + 2 + octets <= der.size ? length + 2 + octets : 0;
}

/* The DER in the digits, and nothing but zeros behind it. */
static bool read_digits(bytes digits, struct arena *arena, bytes *ret)
{
    uint8_t *out = arena_new_raw(arena, digits.size / 2 + 1);
    for (size_t i = 0; i < digits.size / 2; i++) {
        int high = hex_digit(digits.data[2 * i]), low = hex_digit(digits.data[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (uint8_t)(high << 4 | low);
    }
    size_t length = der_length((bytes){out, digits.size / 2});
    for (size_t i = length; i < digits.size / 2; i++) {
        if (out[i] != 0) {
            return false;
        }
    }
    *ret = (bytes){out, length};
    return digits.size % 2 == 0 && length > 0;
}

/* [0 open behind rest_size]; `ret_behind_it` is what stands behind that. */
static bool take_ranges(bytes object, bytes *ret_behind_it, size_t *open, size_t *behind,
                        size_t *rest_size)
{
    const uint8_t *ranges = find(object, "\n/ByteRange [0 ");
    bytes text = ranges == NULL ? (bytes){0} : from(object, (size_t)(ranges - object.data));
    bool good = take(&text, "\n/ByteRange [0 ") && take_number(&text, open) && take(&text, " ") &&
                take_number(&text, behind) && take(&text, " ") && take_number(&text, rest_size) &&
                take(&text, "]");
    *ret_behind_it = text;
    return good;
}

size_t pdf_signature_room(bytes file)
{
    bytes behind_it = {0};
    size_t open = 0, behind = 0, rest_size = 0;
    bool good = take_ranges(file, &behind_it, &open, &behind, &rest_size) && open < behind &&
                behind <= file.size && behind - open > 2;
    return good ? (behind - open - 2) / 2 : 0;
}

/* The ranges are what stands before and behind the digits, from the first byte to the last. */
static FALLIBLE read_signature(const struct reader *reader, struct pdf_reading *reading,
                               struct error *err)
{
    bytes object = {0}, file = reader->file;
    size_t open = 0, behind = 0, rest_size = 0;
    if (!find_object(reader, "/Type /Sig\n", &object)) {
        ALTERED("signature field");
    }
    bytes text = {0};
    bool good = take_ranges(object, &text, &open, &behind, &rest_size);
    while (good && take(&text, " ")) {
    }
    good = good && take(&text, "\n/Contents ") && (size_t)(text.data - file.data) == open &&
           open + 2 < behind && behind < file.size && rest_size == file.size - behind &&
           file.data[open] == '<' && file.data[behind - 1] == '>' &&
           begins(from(file, behind), "\n>>\nendobj\n");
    if (!good) {
        ALTERED("signed ranges");
    }
    bytes digits = {file.data + open + 1, behind - open - 2};
    if (!read_digits(digits, reader->arena, &reading->cms)) {
        ALTERED("signature");
    }
    uint8_t *copy = arena_new_raw(reader->arena, file.size);
    memcpy(copy, file.data, file.size);
    memset(copy + open + 1, '0', digits.size);
    reading->unsigned_sha256 = digest_sha256((bytes){copy, file.size});
    memmove(copy + open, file.data + behind, rest_size);
    reading->signed_bytes = (bytes){copy, open + rest_size};
    reading->pdf_sha256 = digest_sha256(file);
    return OK;
}

/* --- metadata and page ------------------------------------------------------------------------ */

static FALLIBLE read_metadata(const struct reader *reader, struct pdf_reading *reading,
                              struct error *err)
{
    bytes object = {0}, stream = {0};
    str xmp = STR("");
    if (!find_object(reader, "/Type /Metadata\n", &object) || !stream_of(object, &stream) ||
        !str_from_bytes(stream, &xmp) || !pdf_metadata_read(xmp, reader->arena, &reading->facts)) {
        ALTERED("metadata");
    }
    return OK;
}

bool pdf_facts_read(bytes file, struct arena *arena, struct pdf_facts *ret)
{
    const uint8_t *head = find(file, "/Type /Metadata\n");
    bytes object = head != NULL ? from(file, (size_t)(head - file.data)) : (bytes){NULL, 0};
    const uint8_t *end = find(object, "\nendobj\n");
    bytes stream = {0};
    str xmp = STR("");
    return end != NULL &&
           stream_of(first(object, (size_t)(end - object.data) + strlen("\nendobj\n")), &stream) &&
           str_from_bytes(stream, &xmp) && pdf_metadata_read(xmp, arena, ret);
}

/* Do the modules of that code stand in one of the contents? The streams are those of pages: without
 * a type, deflated. */
static bool shows_code(const struct reader *reader, str code)
{
    int width = 0;
    size_t inflated = 0;
    bytes operators = {0};
    bool shown = false;
    if (!pdf_qr_operators(code, reader->arena, &width, &operators)) {
        return false;
    }
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    uint8_t *out = arena_new_raw(reader->arena, CONTENT_SIZE_MAX);
    BUG_UNLESS(decompressor != NULL);
    for (uint32_t i = 1; i < reader->count && !shown && inflated < INFLATED_SIZE_MAX; i++) {
        size_t size = 0;
        bytes stream = {0};
        bytes object = {reader->file.data + reader->offsets[i],
                        reader->offsets[i + 1] - reader->offsets[i]};
        if (find(first(object, 80), "\n/Filter /FlateDecode\n>>\nstream\r\n") == NULL ||
            !stream_of(object, &stream)) {
            continue;
        }
        if (libdeflate_zlib_decompress(decompressor, stream.data, stream.size, out,
                                       CONTENT_SIZE_MAX, &size) == LIBDEFLATE_SUCCESS) {
            shown = memmem(out, size, operators.data, operators.size) != NULL;
            inflated += size;
        } else { /* how far it came it does not say */
            inflated += CONTENT_SIZE_MAX;
        }
    }
    libdeflate_free_decompressor(decompressor);
    return shown;
}

FALLIBLE pdf_read(bytes file, struct arena *arena, struct pdf_reading *ret, struct error *err)
{
    struct reader reader = {.file = file, .arena = arena};
    struct pdf_reading reading = {.shows_code = false};
    bytes table = {0};
    if (!is_ours(file)) {
        FAIL(MALFORMED, MESSAGE_PDF_FOREIGN);
    }
    TRY(read_end(&reader, &table, err));
    TRY(read_table(&reader, table, err));
    TRY(read_signature(&reader, &reading, err));
    TRY(read_metadata(&reader, &reading, err));
    reading.shows_code = reading.facts.code.size > 0 && shows_code(&reader, reading.facts.code);
    *ret = reading;
    return OK;
}
