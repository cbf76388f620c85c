/* intake_look - see intake_look.h. */
#include "jobs/engine/intake/intake_look.h"

#include "core/io/file_digest.h"
#include "core/io/lines.h"
#include "core/io/threads.h"

enum { LOOKS = 2 };

struct looks {
    struct csv *csv;
    struct seen_memory *memory;
    struct digest digest;
    bool done[LOOKS];
    outcome result[LOOKS];
    struct error errors[LOOKS];
};

/* The check takes half as long as the digest. */
static outcome check_and_prepare(struct looks *looks, struct error *err)
{
    uint64_t rows = 0;
    TRY(csv_check(looks->csv, &rows, err));
    seen_memory_prepare(looks->memory);
    return OK;
}

static void look(void *state, unsigned number)
{
    struct looks *looks = state;
    struct error *err = &looks->errors[number];
    const struct lines *lines = csv_lines(looks->csv);
    looks->result[number] =
        number == 0 ? check_and_prepare(looks, err)
                    : file_digest_open(lines->descriptor, lines->path, &looks->digest, err);
    looks->done[number] = true;
}

FALLIBLE intake_look_through(struct csv *csv, struct seen_memory *memory, struct digest *ret,
                             struct error *err)
{
    struct looks looks = {.csv = csv, .memory = memory};
    threads_run(threads_available() > 1 ? LOOKS : 1, look, &looks);
    for (unsigned i = 0; i < LOOKS; i++) {
        if (!looks.done[i]) {
            look(&looks, i); /* there was no second thread */
        }
        if (!looks.result[i].ok) {
            *err = looks.errors[i];
            return error_trace(err, HERE);
        }
    }
    *ret = looks.digest;
    return lines_unchanged(csv_lines(csv), err);
}
