/* keys - the keys of records and of index entries; see registry.h.
 *
 * An index key begins with a letter that names the index, because one table holds all indexes.
 * Texts contain no 0x00 and numbers have a fixed size, so keys are unambiguous. */
#include <string.h>

#include "projections/kinds.h"

enum index_letter {
    INDEX_ENTERPRISE = 'e',
    INDEX_PERSON = 'p',
    INDEX_SERIAL = 's',
    INDEX_NAME = 'n',
    INDEX_NATIONAL = 'f',
    INDEX_DOCUMENT = 'd',
    INDEX_END = 'v',
    INDEX_WAVE = 'w',
    INDEX_FILE_RECORD = 'r',
    INDEX_PHONE = 't',
    INDEX_BLOCKED = 'b',
    INDEX_ERASED = 'x',
};

/* The longest name in a key: what follows it must still fit. */
enum { NAME_SIZE_MAX = 300 };

/* memmove, though nothing overlaps: what the compiler makes of a memcpy of a bounded size is made
 * for large ones. */
static void put(struct view_key *key, const void *data, size_t size)
{
    size_t room = VIEW_KEY_MAX - key->size;
    size = size < room ? size : room;
    if (size > 0) {
        memmove(key->data + key->size, data, size);
    }
    key->size += size;
}

static void put_text(struct view_key *key, str text)
{
    put(key, text.data, text.size);
}

static void put_byte(struct view_key *key, unsigned value)
{
    uint8_t byte = (uint8_t)value;
    put(key, &byte, 1);
}

static void put_u32(struct view_key *key, uint32_t value)
{
    uint32_t big_endian = __builtin_bswap32(value);
    put(key, &big_endian, sizeof big_endian);
}

static void put_u64(struct view_key *key, uint64_t value)
{
    uint64_t big_endian = __builtin_bswap64(value);
    put(key, &big_endian, sizeof big_endian);
}

/* A number that may be negative, so that keys sort as numbers do. */
static void put_i32(struct view_key *key, int32_t value)
{
    put_u32(key, (uint32_t)value ^ UINT32_C(0x80000000));
}

void make_key_of_text(struct view_key *ret, str text)
{
    ret->size = 0;
    put_text(ret, text);
}

static struct view_key key_of_text(str text)
{
    struct view_key key;
    make_key_of_text(&key, text);
    return key;
}

/* "<text> 0x00": what records below a text begin with. */
static void make_prefix_of_text(struct view_key *ret, str text)
{
    ret->size = 0;
    put_text(ret, text);
    put_byte(ret, 0);
}

static struct view_key prefix_of_text(str text)
{
    struct view_key key;
    make_prefix_of_text(&key, text);
    return key;
}

/* "<letter> 0x00": what an index begins with. */
static void make_index_of(struct view_key *ret, enum index_letter letter)
{
    ret->size = 0;
    put_byte(ret, letter);
    put_byte(ret, 0);
}

static struct view_key index_of(enum index_letter letter)
{
    struct view_key key;
    make_index_of(&key, letter);
    return key;
}

static void make_index_of_text(struct view_key *ret, enum index_letter letter, str text)
{
    make_index_of(ret, letter);
    put_text(ret, text);
    put_byte(ret, 0);
}

static struct view_key index_of_text(enum index_letter letter, str text)
{
    struct view_key key;
    make_index_of_text(&key, letter, text);
    return key;
}

struct view_key key_certificate(str number)
{
    return key_of_text(number);
}

struct view_key key_person(str person_id)
{
    return key_of_text(person_id);
}

struct view_key key_enterprise(str code)
{
    return key_of_text(code);
}

struct view_key key_clerk(str clerk)
{
    return key_of_text(clerk);
}

void make_key_exam(struct view_key *ret, str person_id, Category__Code category,
                   ExamKind__Code kind, int32_t date)
{
    make_prefix_of_text(ret, person_id); /* prefix_exams_of */
    put_byte(ret, category);
    put_byte(ret, 0);
    put_byte(ret, kind);
    put_byte(ret, 0);
    put_i32(ret, date);
}

struct view_key key_exam(str person_id, Category__Code category, ExamKind__Code kind, int32_t date)
{
    struct view_key key;
    make_key_exam(&key, person_id, category, kind, date);
    return key;
}

void make_key_insurance(struct view_key *ret, str person_id, int32_t month, str enterprise)
{
    make_prefix_of_text(ret, person_id); /* prefix_insurances_of */
    put_i32(ret, month);
    put_byte(ret, 0);
    put_text(ret, enterprise);
}

struct view_key key_insurance(str person_id, int32_t month, str enterprise)
{
    struct view_key key;
    make_key_insurance(&key, person_id, month, enterprise);
    return key;
}

void make_key_national(struct view_key *ret, str person_id, str number)
{
    make_prefix_of_text(ret, number); /* prefix_nationals_of_number */
    put_text(ret, person_id);
}

struct view_key key_national(str person_id, str number)
{
    struct view_key key;
    make_key_national(&key, person_id, number);
    return key;
}

struct view_key key_document(str id)
{
    return key_of_text(id);
}

static void make_prefix_records_of(struct view_key *ret, str enterprise, RecordList__Code list)
{
    make_prefix_of_text(ret, enterprise);
    put_byte(ret, list);
    put_byte(ret, 0);
}

void make_key_record(struct view_key *ret, str enterprise, RecordList__Code list, uint64_t event)
{
    make_prefix_records_of(ret, enterprise, list);
    put_u64(ret, UINT64_MAX - event);
}

struct view_key key_policy(str policy)
{
    return key_of_text(policy);
}

struct view_key key_template(str kind)
{
    return key_of_text(kind);
}

struct view_key key_trust(bytes certificate_sha256)
{
    struct view_key key;
    key.size = 0;
    put(&key, certificate_sha256.data, certificate_sha256.size);
    return key;
}

void make_key_wave(struct view_key *ret, uint64_t wave)
{
    ret->size = 0;
    put_u64(ret, wave);
}

struct view_key key_wave(uint64_t wave)
{
    struct view_key key;
    make_key_wave(&key, wave);
    return key;
}

struct view_key key_file_record(str person_id, str record)
{
    struct view_key key = prefix_file_records_of(person_id);
    put_text(&key, record);
    return key;
}

struct view_key key_visit(str department, str visit)
{
    struct view_key key = prefix_of_text(str_first(department, VIEW_KEY_MAX / 2));
    put_text(&key, visit);
    return key;
}

struct view_key key_application(str application)
{
    return key_of_text(application);
}

struct view_key key_code(str phone_id)
{
    return key_of_text(phone_id);
}

struct view_key key_alias(str alias)
{
    return key_of_text(alias);
}

struct view_key prefix_trails_of(enum view_id view, const struct view_key *key)
{
    struct view_key prefix;
    prefix.size = 0;
    put_text(&prefix, str_of(view_kinds[view].name));
    put_byte(&prefix, 0);
    put(&prefix, key->data, key->size);
    put_byte(&prefix, 0);
    return prefix;
}

struct view_key key_trail(enum view_id view, const struct view_key *key, uint64_t first)
{
    struct view_key trail = prefix_trails_of(view, key);
    put_u64(&trail, first);
    return trail;
}

void make_key_registry(struct view_key *ret)
{
    make_key_of_text(ret, STR("registry"));
}

struct view_key key_registry(void)
{
    struct view_key key;
    make_key_registry(&key);
    return key;
}

struct view_key prefix_exams_of(str person_id)
{
    return prefix_of_text(person_id);
}

struct view_key prefix_insurances_of(str person_id)
{
    return prefix_of_text(person_id);
}

struct view_key prefix_nationals_of_number(str number)
{
    return prefix_of_text(number);
}

struct view_key prefix_file_records_of(str person_id)
{
    return prefix_of_text(person_id);
}

struct view_key prefix_records_of(str enterprise, RecordList__Code list)
{
    struct view_key key;
    make_prefix_records_of(&key, enterprise, list);
    return key;
}

void make_index_certificates_of_enterprise(struct view_key *ret, str code)
{
    make_index_of_text(ret, INDEX_ENTERPRISE, code);
}

struct view_key index_certificates_of_enterprise(str code)
{
    return index_of_text(INDEX_ENTERPRISE, code);
}

void make_index_certificates_of_person(struct view_key *ret, str person_id)
{
    make_index_of_text(ret, INDEX_PERSON, person_id);
}

struct view_key index_certificates_of_person(str person_id)
{
    return index_of_text(INDEX_PERSON, person_id);
}

void make_index_certificates_of_serial(struct view_key *ret, int year, uint32_t serial)
{
    make_index_of(ret, INDEX_SERIAL);
    put_i32(ret, year);
    put_byte(ret, 0);
    put_u32(ret, serial);
    put_byte(ret, 0);
}

struct view_key index_certificates_of_serial(int year, uint32_t serial)
{
    struct view_key key;
    make_index_certificates_of_serial(&key, year, serial);
    return key;
}

void make_index_persons_of_name(struct view_key *ret, str name_key, bool prefix_only)
{
    make_index_of(ret, INDEX_NAME);
    put_text(ret, str_first(name_key, NAME_SIZE_MAX));
    if (!prefix_only) {
        put_byte(ret, 0);
    }
}

struct view_key index_persons_of_name(str name_key, bool prefix_only)
{
    struct view_key key;
    make_index_persons_of_name(&key, name_key, prefix_only);
    return key;
}

struct view_key index_nationals_of_person(str person_id)
{
    return index_of_text(INDEX_NATIONAL, person_id);
}

static void make_index_documents(struct view_key *ret, DocumentStatus__Code status)
{
    make_index_of(ret, INDEX_DOCUMENT);
    put_byte(ret, status);
    put_byte(ret, 0);
}

struct view_key index_documents(DocumentStatus__Code status)
{
    struct view_key key;
    make_index_documents(&key, status);
    return key;
}

void make_index_documents_of_template(struct view_key *ret, DocumentStatus__Code status,
                                      str template_id)
{
    make_index_documents(ret, status);
    put_text(ret, template_id);
    put_byte(ret, 0);
}

struct view_key index_documents_of_template(DocumentStatus__Code status, str template_id)
{
    struct view_key key;
    make_index_documents_of_template(&key, status, template_id);
    return key;
}

struct view_key index_certificates_by_end(void)
{
    return index_of(INDEX_END);
}

void make_index_certificates_of_end(struct view_key *ret, int32_t valid_until)
{
    make_index_of(ret, INDEX_END);
    put_u32(ret, (uint32_t)valid_until);
    put_byte(ret, 0);
}

struct view_key index_persons_of_record(str record)
{
    return index_of_text(INDEX_FILE_RECORD, record);
}

struct view_key index_persons_of_phone(str phone_id)
{
    return index_of_text(INDEX_PHONE, phone_id);
}

struct view_key index_blocked_persons(void)
{
    return index_of(INDEX_BLOCKED);
}

struct view_key index_blocked_person(str person_id)
{
    struct view_key key = index_of(INDEX_BLOCKED);
    put_text(&key, person_id);
    return key;
}

struct view_key index_erased_persons(void)
{
    return index_of(INDEX_ERASED);
}

struct view_key index_open_waves(void)
{
    return index_of(INDEX_WAVE);
}

uint64_t key_record_event(bytes key, RecordList__Code *ret_list)
{
    uint64_t big_endian = 0;
    size_t tail = 2 + sizeof big_endian; /* list, 0x00, event */
    if (key.size < tail) {
        *ret_list = RECORD_LIST__CODE__NONE;
        return 0;
    }
    *ret_list = (RecordList__Code)key.data[key.size - tail];
    memcpy(&big_endian, key.data + key.size - sizeof big_endian, sizeof big_endian);
    return UINT64_MAX - __builtin_bswap64(big_endian);
}

str key_last_part(bytes key)
{
    if (key.size == 0) {
        return STR("");
    }
    const void *found = memrchr(key.data, 0, key.size);
    const uint8_t *from = found != NULL ? (const uint8_t *)found + 1 : key.data;
    return (str){(const char *)from, (size_t)(key.data + key.size - from)};
}

bytes key_behind(bytes key, const struct view_key *prefix)
{
    if (key.size <= prefix->size || memcmp(key.data, prefix->data, prefix->size) != 0) {
        return (bytes){key.data, 0};
    }
    return (bytes){key.data + prefix->size, key.size - prefix->size};
}
