/* daily_run - see daily_run.h. */
#include "jobs/registers/daily_run.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER_SIZE = 8, NOTE_SIZE = DIGEST_SIZE + NUMBER_SIZE, NAME_MAX_SIZE = 64 };

static const char *name_of(const char *kind, char out[NAME_MAX_SIZE])
{
    int size = snprintf(out, NAME_MAX_SIZE, "import.%s.daily.run", kind);
    BUG_UNLESS(size > 0 && size < NAME_MAX_SIZE);
    return out;
}

static outcome load(struct log *log, const char *kind, uint8_t out[NOTE_SIZE], bool *ret_found,
                    struct error *err)
{
    char name[NAME_MAX_SIZE];
    struct log_txn *txn = NULL;
    bytes stored = {0};
    TRY(log_begin(log, STORE_READ, &txn, err));
    outcome got = log_meta_get(txn, name_of(kind, name), &stored, err);
    *ret_found = got.ok && stored.size == NOTE_SIZE;
    if (*ret_found) {
        memcpy(out, stored.data, NOTE_SIZE);
    }
    log_abort(txn);
    return got;
}

FALLIBLE daily_run_load(struct log *log, const char *kind, const struct digest *run, uint64_t *ret,
                        struct error *err)
{
    uint8_t note[NOTE_SIZE];
    uint64_t number = 0;
    bool found = false;
    TRY(load(log, kind, note, &found, err));
    for (size_t i = DIGEST_SIZE; found && i < NOTE_SIZE; i++) {
        number = number << 8 | note[i];
    }
    *ret = found && memcmp(note, run->data, DIGEST_SIZE) == 0 ? number : 0;
    return OK;
}

struct intake_note daily_run_note(const char *kind, const struct digest *run, uint64_t number,
                                  struct arena *arena)
{
    char name[NAME_MAX_SIZE];
    uint8_t *value = arena_new_raw(arena, NOTE_SIZE);
    memcpy(value, run->data, DIGEST_SIZE);
    for (size_t i = NOTE_SIZE; i-- > DIGEST_SIZE; number >>= 8) {
        value[i] = (uint8_t)number;
    }
    return (struct intake_note){arena_c_string(arena, str_of(name_of(kind, name))),
                                bytes_of(value, NOTE_SIZE)};
}

FALLIBLE daily_run_end(struct log *log, const char *kind, struct error *err)
{
    char name[NAME_MAX_SIZE];
    uint8_t note[NOTE_SIZE];
    struct log_txn *txn = NULL;
    bool found = false;
    TRY(load(log, kind, note, &found, err));
    if (!found) {
        return OK;
    }
    TRY(log_begin(log, STORE_WRITE, &txn, err));
    if (!log_meta_delete(txn, name_of(kind, name), err).ok) {
        log_abort(txn);
        return error_trace(err, HERE);
    }
    return log_commit(txn, err);
}
