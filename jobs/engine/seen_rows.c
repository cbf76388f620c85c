/* seen_rows - see seen_rows.h. */
#include "jobs/engine/seen_rows.h"

#include <stdlib.h>
#include <string.h>

#include "core/io/program.h"
#include "projections/registry.h"

struct seen_rows {
    struct digester of_row; /* begun with a secret block */
    struct digester of_record;
    struct seen *seen;          /* of the last import; NULL: none */
    struct seen_writer *writer; /* of this one; NULL: it is not kept */
};

static void add_sized(struct digester *digester, bytes b)
{
    uint64_t size = b.size;
    digester_update(digester, bytes_of(&size, sizeof size));
    digester_update(digester, b);
}

/* All that the meaning of a row's bytes depends on, but for the keys. */
static bool context_of(const struct csv *csv, const struct import_kind *kind, struct digest *ret)
{
    struct digester digester;
    struct digest program;
    const char delimiter = csv_delimiter(csv);
    size_t count = 0;
    const str *cells = csv_header(csv, &count);
    if (!program_identity(&program)) {
        return false;
    }
    digester_init(&digester);
    add_sized(&digester, digest_bytes(&program));
    add_sized(&digester, str_bytes(str_of(kind->name)));
    add_sized(&digester, str_bytes(str_of(encoding_name(csv_encoding(csv)))));
    add_sized(&digester, bytes_of(&delimiter, 1));
    for (size_t i = 0; i < count; i++) {
        add_sized(&digester, str_bytes(cells[i]));
    }
    *ret = digester_final(&digester);
    return true;
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

static void make_keys(struct seen_rows *rows, struct people *people, const struct digest *context,
                      struct digest *ret_file)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct digest row = key_of(people, "seen-row", context, &arena);
    struct digest record = key_of(people, "seen-record", context, &arena);
    begin_keyed(&rows->of_row, &row);
    begin_keyed(&rows->of_record, &record);
    memory_wipe(&row, sizeof row);
    memory_wipe(&record, sizeof record);
    *ret_file = key_of(people, "seen-file", context, &arena);
    arena_release(&arena);
}

struct seen_rows *seen_rows_open(const char *path, const struct csv *csv,
                                 const struct import_kind *kind, struct people *people, bool notes)
{
    struct digest context;
    struct digest file;
    if (kind->action != ACTION__BODY_RECORD_NATIONAL || !context_of(csv, kind, &context)) {
        return NULL;
    }
    struct seen_rows *rows = calloc(1, sizeof *rows);
    BUG_UNLESS(rows != NULL);
    make_keys(rows, people, &context, &file);
    rows->seen = seen_open(path, &file);
    rows->writer = notes ? seen_writer_open(path, &file) : NULL;
    return rows;
}

bool seen_rows_any(const struct seen_rows *rows)
{
    return rows->seen != NULL;
}

void seen_rows_close(struct seen_rows *rows)
{
    if (rows != NULL) {
        seen_writer_close(rows->writer, false);
        seen_close(rows->seen);
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
    return rows->seen != NULL ? seen_find(rows->seen, entry->row, place) : NULL;
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
    seen_add(rows->writer, entry != NULL && entry->key_size > 0 ? entry : NULL);
}

void seen_rows_keep(struct seen_rows *rows)
{
    if (rows != NULL) {
        seen_writer_close(rows->writer, true);
        rows->writer = NULL;
    }
}
