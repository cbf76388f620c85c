/* seen_rows - see seen_rows.h. */
#include "jobs/engine/parts/seen_rows.h"

#include <stdlib.h>
#include <string.h>

#include "core/io/program.h"
#include "jobs/engine/parts/log_walk.h"
#include "projections/feeds.h"

struct seen_memory {
    struct digest program;
    struct log *log;
    struct seen *seen;          /* of the last run; NULL: none */
    struct seen_writer *writer; /* of this one; NULL: it is not kept */
    struct views_watch *watch;  /* likewise what it has written so far */
};

struct seen_rows {
    struct digester of_row; /* begun with a secret block */
    struct seen_memory *memory;
};

static void add_sized(struct digester *digester, bytes b)
{
    uint64_t size = b.size;
    digester_update(digester, bytes_of(&size, sizeof size));
    digester_update(digester, b);
}

/* Everything except the keys that the meaning of a row's bytes depends on. */
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

/* Each context and purpose has a key of its own, so entries of another one are never found. */
static struct digest key_of(struct people *people, const char *label, const struct digest *context,
                            struct arena *arena)
{
    char hex[DIGEST_HEX_SIZE];
    digest_hex(context, hex);
    return people_hash(people, label, str_of(hex), arena);
}

/* SHA-256 with a secret first block, cut to half its length. That is as good as an HMAC (a cut
 * digest allows no extension) and half the work. */
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
    begin_keyed(&rows->of_row, &row);
    memory_wipe(&row, sizeof row);
    arena_release(&arena);
}

static FALLIBLE forget_written(struct seen *seen, struct log_txn *txn, uint64_t from,
                               struct error *err)
{
    LOG_WALK_AUTO walk = {0};
    TRY(log_walk_open(txn, from, &walk, err));
    while (walk.event != NULL) {
        if (feeds(walk.event, VIEW_NATIONAL)) {
            struct view_key key;
            view_key_of(VIEW_NATIONAL, walk.event, &key);
            seen_forget(seen, views_watch_mark(bytes_of(key.data, key.size)));
        }
        TRY(log_walk_next(&walk, err));
    }
    return OK;
}

/* Does the log continue the one of last time? If so, the records written since are noted. Reading
 * an event takes less time than a row, so this pays up to as many events as rows. */
static FALLIBLE catch_up(struct seen *seen, struct log_txn *txn, bool *ret_is_of_log,
                         struct error *err)
{
    struct seen_moment moment = seen_moment(seen);
    struct digest root;
    *ret_is_of_log = false;
    if (moment.size > log_size(txn) || log_size(txn) - moment.size > seen_count(seen)) {
        return OK;
    }
    TRY(log_root_at(txn, moment.size, &root, err));
    if (memcmp(&root, &moment.root, sizeof root) == 0) {
        TRY(forget_written(seen, txn, moment.size + 1, err));
        *ret_is_of_log = true;
    }
    return OK;
}

static FALLIBLE open_seen(struct seen_memory *memory, const char *path,
                          const struct digest *context, struct error *err)
{
    struct log_txn *txn = NULL;
    bool is_of_log = false;
    memory->seen = seen_open(path, context);
    if (memory->seen == NULL) {
        return OK;
    }
    TRY(log_begin(memory->log, STORE_READ, &txn, err));
    outcome caught_up = catch_up(memory->seen, txn, &is_of_log, err);
    log_abort(txn);
    if (!is_of_log) {
        seen_close(memory->seen);
        memory->seen = NULL;
    }
    return caught_up;
}

FALLIBLE seen_memory_open(const char *path, struct people *people, struct log *log, bool notes,
                          struct seen_memory **ret, struct error *err)
{
    struct digest program;
    struct arena arena;
    *ret = NULL;
    if (!program_identity(&program)) {
        return OK;
    }
    arena_init(&arena, 0);
    struct digest context = key_of(people, "seen-file", &program, &arena);
    arena_release(&arena);
    struct seen_memory *memory = calloc(1, sizeof *memory);
    MEMORY_UNLESS(memory != NULL);
    memory->program = program;
    memory->log = log;
    if (!open_seen(memory, path, &context, err).ok) {
        seen_memory_close(memory);
        return error_trace(err, HERE);
    }
    memory->watch = views_watch_new(VIEW_NATIONAL, memory->seen != NULL); /* of who was seen */
    memory->writer = notes ? seen_writer_open(path, &context) : NULL;
    *ret = memory;
    return OK;
}

void seen_memory_keep(struct seen_memory *memory)
{
    struct log_txn *txn = NULL;
    struct error ignored; /* the run is done; without this file the next one only takes longer */
    if (memory == NULL || memory->writer == NULL ||
        !log_begin(memory->log, STORE_READ, &txn, &ignored).ok) {
        return;
    }
    const struct seen_moment now = {.size = log_size(txn), .root = log_root(txn)};
    log_abort(txn);
    seen_writer_close(memory->writer, &now);
    memory->writer = NULL;
}

void seen_memory_close(struct seen_memory *memory)
{
    if (memory != NULL) {
        seen_writer_close(memory->writer, NULL);
        seen_close(memory->seen);
        views_watch_free(memory->watch);
        free(memory);
    }
}

void seen_memory_prepare(struct seen_memory *memory)
{
    if (memory != NULL && memory->seen != NULL) {
        seen_prepare(memory->seen);
    }
}

struct views_watch *seen_memory_watch(struct seen_memory *memory)
{
    return memory != NULL ? memory->watch : NULL;
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
    seen_memory_prepare(memory);
    rows->memory = memory;
    make_keys(rows, people, &context);
    return rows;
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

void seen_rows_expect(const struct seen_rows *rows, uint64_t mark)
{
    views_watch_expect(rows->memory->watch, mark);
}

bool seen_rows_hold(const struct seen_rows *rows, const struct seen_entry *entry, uint64_t mark)
{
    return seen_holds(rows->memory->seen, entry, mark);
}

void seen_rows_fill(bytes key, bool masked, struct seen_entry *entry)
{
    if (key.size > 0 && key.size <= SEEN_KEY_MAX) {
        memcpy(entry->key, key.data, key.size);
        entry->key_size = (uint8_t)key.size;
        entry->masked = masked;
    }
}

void seen_rows_note(struct seen_rows *rows, const struct seen_entry *entry)
{
    if (rows != NULL) {
        seen_add(rows->memory->writer, entry != NULL && entry->key_size > 0 ? entry : NULL);
    }
}

void seen_rows_note_done(struct seen_rows *rows, const struct seen_entry *entry, uint64_t mark)
{
    bool is_written = rows != NULL && views_watch_tells(rows->memory->watch, mark);
    seen_rows_note(rows, is_written ? NULL : entry);
}

void seen_rows_note_written(struct seen_rows *rows)
{
    if (rows != NULL) {
        seen_add_written(rows->memory->writer, views_watch_last(rows->memory->watch));
    }
}
