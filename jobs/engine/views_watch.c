/* views_watch - see views_watch.h. */
#include "jobs/engine/views_watch.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"

enum { WORD_BITS = 64, WORDS = 1 << 16 }; /* half a MiB; 40 000 records written: 1 % told wrongly */

struct views_watch {
    enum view_id view;
    uint64_t words[WORDS];
};

struct views_watch *views_watch_new(enum view_id view)
{
    struct views_watch *watch = calloc(1, sizeof *watch);
    MEMORY_UNLESS(watch != NULL);
    watch->view = view;
    return watch;
}

void views_watch_free(struct views_watch *watch)
{
    free(watch);
}

/* Of a key's end, which is what differs most: a keyed id where there is one. */
static uint64_t hash_of(bytes key)
{
    uint64_t end = 0;
    size_t size = key.size < sizeof end ? key.size : sizeof end;
    memcpy(&end, key.data + key.size - size, size);
    end *= UINT64_C(0x9e3779b97f4a7c15); /* odd: nothing gets lost */
    return end >> 32 ^ end >> 42;
}

void views_watch_note(struct views_watch *watch, enum view_id view, bytes key)
{
    if (watch != NULL && view == watch->view) {
        uint64_t hash = hash_of(key);
        watch->words[hash / WORD_BITS % WORDS] |= UINT64_C(1) << hash % WORD_BITS;
    }
}

bool views_watch_tells(const struct views_watch *watch, bytes key)
{
    uint64_t hash = hash_of(key);
    return (watch->words[hash / WORD_BITS % WORDS] >> hash % WORD_BITS & 1) != 0;
}
