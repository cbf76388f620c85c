/* pdf_metadata - what a document says of itself: XMP, and the information dictionary, which says
 * the same (pdf_parts.h); and the XMP read back (pdf_reader.h).
 *
 * What the standard schemas have no word for - the log entry that a page shows, and the proof of it
 * - is in a schema of our own, which PDF/A wants described in the file itself.
 *
 * source  ISO 19005-1:2005, 6.7 (metadata, 6.7.8 extension schemas); XMP Specification, 2005 */
#include <hpdf.h>
#include <hpdf_doc.h>
#include <hpdf_objects.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/date.h"
#include "core/io/pdf_parts.h"
#include "core/io/pdf_reader.h"

enum { MICROSECONDS = 1000000, ENTITY_SIZE_MAX = 6 };

#define NAMESPACE "urn:anzheng:log:1#"

static const char producer[] = "anzheng";

/* --- the information dictionary --------------------------------------------------------------- */

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

/* "D:20260630143000+08'00'" */
void pdf_time(int64_t instant_us, char out[PDF_TIME_SIZE])
{
    static const uint8_t digits[] = {0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18};
    char text[INSTANT_SIZE]; /* "2026-06-30T14:30:00+08:00" */
    instant_format(instant_us / MICROSECONDS * MICROSECONDS, text);
    memcpy(out, "D:", 2);
    for (size_t i = 0; i < sizeof digits; i++) {
        out[2 + i] = text[digits[i]];
    }
    memcpy(out + 2 + sizeof digits, "+08'00'", sizeof "+08'00'");
}

/* What is the same in every file. libharu made an information dictionary with the document, as one
 * of its first objects; what it would say is each document's own, and all files of a template begin
 * with the same bytes: it becomes the dictionary of marks. */
void pdf_add_language(HPDF_Doc document, const struct page *page, struct arena *arena)
{
    HPDF_Dict marks = document->info;
    HPDF_String language =
        HPDF_String_New(document->mmgr, arena_c_string(arena, page->language), NULL);
    BUG_UNLESS(marks != NULL);
    (void)HPDF_Dict_Add(document->catalog, "Lang", language); /* here and below: errors stay */
    (void)HPDF_Dict_RemoveElement(marks, "Producer");
    /* the text is in reading order and says its language; it has no structure tree */
    (void)HPDF_Dict_Add(marks, "Marked", HPDF_Boolean_New(document->mmgr, HPDF_FALSE));
    (void)HPDF_Dict_Add(document->catalog, "MarkInfo", marks);
}

void pdf_add_information(HPDF_Doc document, const struct page *page, struct arena *arena)
{
    char time[PDF_TIME_SIZE];
    HPDF_MMgr pool = document->mmgr;
    HPDF_Dict information = HPDF_Dict_New(pool);
    BUG_UNLESS(information != NULL);
    pdf_time(page->created_us, time);
    (void)HPDF_Xref_Add(document->xref, information); /* here and below: errors stay */
    document->info = information;                     /* the trailer names it */
    (void)HPDF_Dict_Add(information, "Producer", HPDF_String_New(pool, producer, NULL));
    (void)HPDF_Dict_Add(information, "Title", utf16(document, page->title, arena));
    (void)HPDF_Dict_Add(information, "Subject", utf16(document, page->number, arena));
    (void)HPDF_Dict_Add(information, "CreationDate", HPDF_String_New(pool, time, NULL));
}

/* --- XMP, written ----------------------------------------------------------------------------- */

struct entity {
    char character;
    const char *text;
};

static const struct entity entities[] = {
    {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"},
};

enum { ENTITIES_COUNT = sizeof entities / sizeof *entities };

static const char *entity_of(char character)
{
    for (size_t e = 0; e < ENTITIES_COUNT; e++) {
        if (entities[e].character == character) {
            return entities[e].text;
        }
    }
    return NULL;
}

static bool needs_entities(str text)
{
    bool needs = false;
    for (size_t e = 0; e < ENTITIES_COUNT; e++) {
        needs = needs || memchr(text.data, entities[e].character, text.size) != NULL;
    }
    return needs;
}

/* XML text: the five characters that need it are escaped. Most texts have none of them. */
static str xml(str text, struct arena *arena)
{
    if (text.size == 0 || !needs_entities(text)) {
        return text;
    }
    char *out = arena_new_raw(arena, text.size * ENTITY_SIZE_MAX + 1);
    size_t at = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char *entity = entity_of(text.data[i]);
        if (entity == NULL) {
            out[at++] = text.data[i];
        } else {
            memcpy(out + at, entity, strlen(entity));
            at += strlen(entity);
        }
    }
    return (str){out, at};
}

/* The description of our schema, the same in every file. */
#define PROPERTY(NAME, TYPE, TEXT)                                                                 \
    "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>" NAME                                  \
    "</pdfaProperty:name><pdfaProperty:valueType>" TYPE                                            \
    "</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"             \
    "<pdfaProperty:description>" TEXT "</pdfaProperty:description></rdf:li>\n"

static const char schema[] =
    "<rdf:Description rdf:about=\"\""
    " xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\""
    " xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\""
    " xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n"
    "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">"
    "<pdfaSchema:schema>log entry</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>" NAMESPACE "</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>anz</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>\n" //
    PROPERTY("number", "Text", "certificate")                                    //
    PROPERTY("code", "Text", "QR code")                                          //
    PROPERTY("entry", "Text", "log, number, RFC 6962 leaf hash")                 //
    PROPERTY("proof", "Text", "C2SP tlog-proof")                                 //
    "</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\n"
    "</rdf:Description>\n";

static str element(str name, str text, struct arena *arena)
{
    if (text.size == 0) {
        return STR("");
    }
    str inner = xml(text, arena);
    return ARENA_JOIN(arena, STR("<anz:"), name, STR(">"), inner, STR("</anz:"), name, STR(">\n"));
}

static str entry_text(const struct page *page, const struct pdf_entry *entry, struct arena *arena)
{
    str number = element(STR("number"), page->number, arena);
    str code = element(STR("code"), page_code(page), arena);
    str said = STR(""), proof = STR("");
    if (entry != NULL) {
        str leaf = base64_encode(digest_bytes(&entry->leaf), arena);
        str line = arena_format(arena, "%.*s %" PRIu64 " %.*s", STR_ARGS(entry->origin),
                                entry->event, STR_ARGS(leaf));
        said = element(STR("entry"), line, arena);
        proof = element(STR("proof"), entry->proof, arena);
    }
    return ARENA_JOIN(arena, STR("<rdf:Description rdf:about=\"\" xmlns:anz=\"" NAMESPACE "\">\n"),
                      number, code, said, proof, STR("</rdf:Description>\n"));
}

static str metadata_text(const struct page *page, const struct pdf_entry *entry,
                         struct arena *arena)
{
    char created[INSTANT_SIZE];
    instant_format(page->created_us / MICROSECONDS * MICROSECONDS, created);
    str title = xml(page->title, arena), number = xml(page->number, arena);
    str identifier = xml(page->identifier, arena);
    str language = xml(page->language, arena);
    str first = identifier.size > 0 ? identifier : number;
    str own = entry_text(page, entry, arena);
    return ARENA_JOIN(
        arena,
        STR("<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
            "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"),
        (str){schema, sizeof schema - 1},
        STR("<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
            " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
            " xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\""
            " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n"
            "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\n"
            "<dc:format>application/pdf</dc:format>\n"
            "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">"),
        title,
        STR("</rdf:li></rdf:Alt></dc:title>\n"
            "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">"),
        number,
        STR("</rdf:li></rdf:Alt></dc:description>\n"
            "<dc:language><rdf:Bag><rdf:li>"),
        language, STR("</rdf:li></rdf:Bag></dc:language>\n<dc:identifier>"), first,
        STR("</dc:identifier>\n<xmp:CreateDate>"), str_of(created),
        STR("</xmp:CreateDate><pdf:Producer>"), str_of(producer),
        STR("</pdf:Producer>\n</rdf:Description>\n"), own,
        STR("</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"));
}

void pdf_add_metadata(HPDF_Doc document, const struct page *page, const struct pdf_entry *entry,
                      struct arena *arena)
{
    str text = metadata_text(page, entry, arena);
    HPDF_Dict object = HPDF_DictStream_New(document->mmgr, document->xref);
    BUG_UNLESS(object != NULL);
    (void)HPDF_Dict_AddName(object, "Type", "Metadata"); /* here and below: errors stay */
    (void)HPDF_Dict_AddName(object, "Subtype", "XML");
    (void)HPDF_Stream_Write(object->stream, (const HPDF_BYTE *)text.data, (HPDF_UINT)text.size);
    object->filter = HPDF_STREAM_FILTER_NONE; /* PDF/A-1: metadata stay readable */
    (void)HPDF_Dict_Add(document->catalog, "Metadata", object);
}

/* --- XMP, read -------------------------------------------------------------------------------- */

/* The text with its entities resolved; false when there is another one, or a tag in it. */
static bool plain(str text, struct arena *arena, str *ret)
{
    char *out = arena_new_raw(arena, text.size + 1);
    size_t at = 0;
    while (text.size > 0) {
        size_t used = 1;
        char character = text.data[0];
        if (character == '<' || character == '>') {
            return false;
        }
        if (character == '&') {
            used = 0;
            for (size_t e = 0; e < ENTITIES_COUNT && used == 0; e++) {
                if (str_starts_with(text, str_of(entities[e].text))) {
                    character = entities[e].character;
                    used = strlen(entities[e].text);
                }
            }
            if (used == 0) {
                return false;
            }
        }
        out[at++] = character;
        text = str_from(text, used);
    }
    *ret = (str){out, at};
    return true;
}

static const char *find(str text, str wanted)
{
    return text.size == 0 ? NULL : memmem(text.data, text.size, wanted.data, wanted.size);
}

/* The text of the only element of that name; *ret is empty when there is none. False when the
 * element occurs twice or does not end. */
static bool take(str xmp, const char *name, struct arena *arena, str *ret)
{
    str open = arena_format(arena, "<%s>", name), end = arena_format(arena, "</%s>", name);
    const char *from = find(xmp, open);
    *ret = STR("");
    if (from == NULL) {
        return find(xmp, end) == NULL;
    }
    str rest = str_from(xmp, (size_t)(from - xmp.data) + open.size);
    const char *to = find(rest, end);
    if (to == NULL) {
        return false;
    }
    str behind = str_from(rest, (size_t)(to - rest.data) + end.size);
    return find(behind, open) == NULL && find(behind, end) == NULL &&
           plain(str_first(rest, (size_t)(to - rest.data)), arena, ret);
}

/* "log.example 7 <base64>" */
static bool read_entry(str line, struct arena *arena, struct pdf_facts *facts)
{
    bytes hash = {0};
    str leaf = line;
    facts->origin = str_cut(&leaf, ' ');
    str event = str_cut(&leaf, ' ');
    if (facts->origin.size == 0 || event.size == 0 || event.data[0] == '0' || leaf.data == NULL ||
        !str_to_uint64(event, &facts->event) || facts->event > INT64_MAX ||
        !base64_decode(leaf, arena, &hash) || hash.size != sizeof facts->leaf.data) {
        return false;
    }
    memcpy(facts->leaf.data, hash.data, hash.size);
    return true;
}

bool pdf_metadata_read(str xmp, struct arena *arena, struct pdf_facts *ret)
{
    str created, entry;
    struct pdf_facts facts = {.event = 0};
    bool good = take(xmp, "anz:number", arena, &facts.number) &&
                take(xmp, "anz:code", arena, &facts.code) &&
                take(xmp, "anz:entry", arena, &entry) &&
                take(xmp, "anz:proof", arena, &facts.proof) &&
                take(xmp, "dc:identifier", arena, &facts.identifier) &&
                take(xmp, "xmp:CreateDate", arena, &created) && facts.number.size > 0 &&
                instant_parse(created, &facts.created_us) &&
                (entry.size > 0 ? read_entry(entry, arena, &facts) : facts.proof.size == 0);
    if (good) {
        *ret = facts;
    }
    return good;
}
