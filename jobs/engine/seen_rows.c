/* seen_rows - see seen_rows.h. */
#include "jobs/engine/seen_rows.h"

#include <stdlib.h>
#include <string.h>

#include "core/io/program.h"
#include "projections/registry.h"

struct seen_memory {
    struct digest program;
    struct seen *seen;          /* of the last run; NULL: none */
    struct seen_writer *writer; /* of this one; NULL: it is not kept */
};

struct seen_rows {
    struct digester of_row; /* begun with a secret block */
    struct digester of_record;
    struct seen_memory *memory;
};

static void add_sized(struct digester *digester, bytes b)
{
    uint64_t size = b.size;
    digester_update(digester, bytes_of(&size, sizeof size));
    digester_update(digester, b);
}

/* All that the meaning of a row's bytes depends on, but for the keys. */
static struct digest context_of(const struct digest *program, const struct csv *csv,
                                const struct import_kind *kind)
{
    struct digester digester;
    const char delimiter = csv_delimiter(csv);
    size_t count = 0;
    const str *cells = csv_header(csv, &count);
    digester_init(&digester);
    add_sized(&digester, digest_bytes(program));
    add_sized(&digester, str_bytes(str_of(kind->name)));
    add_sized(&digester, str_bytes(str_of(encoding_name(csv_encoding(csv)))));
    add_sized(&digester, bytes_of(&delimiter, 1));
    for (size_t i = 0; i < count; i++) {
        add_sized(&digester, str_bytes(cells[i]));
    }
    return digester_final(&digester);
}

/* A key of its own for each context and purpose; what is under another key is found by nobody. */
static struct digest key_of(struct people *people, const char *label, const struct digest *context,
                            struct arena *arena)
{
    char hex[DIGEST_HEX_SIZE];
    digest_hex(context, hex);
    return people_hash(people, label, str_of(hex), arena);
}

/* SHA-256 behind a secret block, cut to half: as good as an HMAC, for nothing can be appended to
 * what is not known whole, and half the work. */
static void begin_keyed(struct digester *ret, const struct digest *key)
{
    uint8_t block[2 * DIGEST_SIZE] = {0};
    memcpy(block, key->data, DIGEST_SIZE);
    digester_init(ret);
    digester_update(ret, bytes_of(block, sizeof block));
    memory_wipe(block, sizeof block);
}

static struct digest keyed(const struct digester *begun, bytes data)
{
    struct digester digester = *begun;
    digester_update(&digester, data);
    return digester_final(&digester);
}

static void make_keys(struct seen_rows *rows, struct people *people, const struct digest *context)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct digest row = key_of(people, "seen-row", context, &arena);
    struct digest record = key_of(people, "seen-record", context, &arena);
    begin_keyed(&rows->of_row, &row);
    begin_keyed(&rows->of_record, &record);
    memory_wipe(&row, sizeof row);
    memory_wipe(&record, sizeof record);
    arena_release(&arena);
}

struct seen_memory *seen_memory_open(const char *path, struct people *people, bool notes)
{
    struct digest program;
    struct arena arena;
    if (!program_identity(&program)) {
        return NULL;
    }
    arena_init(&arena, 0);
    struct digest context = key_of(people, "seen-file", &program, &arena);
    arena_release(&arena);
    struct seen_memory *memory = calloc(1, sizeof *memory);
    MEMORY_UNLESS(memory != NULL);
    memory->program = program;
    memory->seen = seen_open(path, &context);
    memory->writer = notes ? seen_writer_open(path, &context) : NULL;
    return memory;
}

void seen_memory_keep(struct seen_memory *memory)
{
    if (memory != NULL) {
        seen_writer_close(memory->writer, true);
        memory->writer = NULL;
    }
}

void seen_memory_close(struct seen_memory *memory)
{
    if (memory != NULL) {
        seen_writer_close(memory->writer, false);
        seen_close(memory->seen);
        free(memory);
    }
}

struct seen_rows *seen_rows_open(struct seen_memory *memory, const struct csv *csv,
                                 const struct import_kind *kind, struct people *people)
{
    if (memory == NULL || kind->action != ACTION__BODY_RECORD_NATIONAL) {
        return NULL;
    }
    struct seen_rows *rows = calloc(1, sizeof *rows);
    MEMORY_UNLESS(rows != NULL);
    struct digest context = context_of(&memory->program, csv, kind);
    rows->memory = memory;
    make_keys(rows, people, &context);
    return rows;
}

bool seen_rows_any(const struct seen_rows *rows)
{
    return rows->memory->seen != NULL;
}

void seen_rows_close(struct seen_rows *rows)
{
    if (rows != NULL) {
        memory_wipe(rows, sizeof *rows);
        free(rows);
    }
}

void seen_rows_begin(const struct seen_rows *rows, bytes raw, struct seen_entry *ret)
{
    struct digest digest = keyed(&rows->of_row, raw);
    *ret = (struct seen_entry){0};
    memcpy(ret->row, digest.data, sizeof ret->row);
}

const struct seen_entry *seen_rows_find(const struct seen_rows *rows,
                                        const struct seen_entry *entry, uint64_t *place)
{
    return rows->memory->seen != NULL ? seen_find(rows->memory->seen, entry->row, place) : NULL;
}

void seen_rows_fill(const struct seen_rows *rows, bytes key, bytes record, bool masked,
                    struct seen_entry *entry)
{
    if (key.size == 0 || key.size > SEEN_KEY_MAX || record.size > UINT16_MAX) {
        return;
    }
    struct digest digest = keyed(&rows->of_record, record);
    memcpy(entry->record, digest.data, sizeof entry->record);
    memcpy(entry->key, key.data, key.size);
    entry->record_size = (uint16_t)record.size;
    entry->key_size = (uint8_t)key.size;
    entry->masked = masked;
}

bool seen_rows_agree(const struct seen_rows *rows, const struct seen_entry *entry, bytes stored)
{
    if (stored.data == NULL || !national_may_end_at(stored, entry->record_size)) {
        return false;
    }
    struct digest digest = keyed(&rows->of_record, bytes_of(stored.data, entry->record_size));
    return memcmp(digest.data, entry->record, sizeof entry->record) == 0;
}

void seen_rows_note(struct seen_rows *rows, const struct seen_entry *entry)
{
    seen_add(rows->memory->writer, entry != NULL && entry->key_size > 0 ? entry : NULL);
}
