/* views_watch - see views_watch.h. */
#include "jobs/engine/parts/views_watch.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"

enum { WORD_BITS = 64, WORDS = 1 << 16 }; /* half a MiB; 40 000 records written: 1 % told wrongly */

struct views_watch {
    enum view_id view;
    bool is_asked;
    uint64_t last;
    uint64_t words[WORDS];
};

struct views_watch *views_watch_new(enum view_id view, bool is_asked)
{
    struct views_watch *watch = calloc(1, sizeof *watch);
    MEMORY_UNLESS(watch != NULL);
    watch->view = view;
    watch->is_asked = is_asked;
    return watch;
}

void views_watch_free(struct views_watch *watch)
{
    free(watch);
}

/* Hashes the end of a key, which differs most (often a keyed id). */
uint64_t views_watch_mark(bytes key)
{
    uint64_t end = 0;
    size_t size = key.size < sizeof end ? key.size : sizeof end;
    memcpy(&end, key.data + key.size - size, size);
    end *= UINT64_C(0x9e3779b97f4a7c15); /* odd: nothing gets lost */
    return end >> 32 ^ end;
}

static uint64_t word_of(uint64_t mark)
{
    return mark / WORD_BITS % WORDS;
}

void views_watch_note(struct views_watch *watch, enum view_id view, bytes key)
{
    if (watch == NULL || view != watch->view) {
        return;
    }
    watch->last = views_watch_mark(key);
    if (watch->is_asked) {
        watch->words[word_of(watch->last)] |= UINT64_C(1) << watch->last % WORD_BITS;
    }
}

bool views_watch_tells(const struct views_watch *watch, uint64_t mark)
{
    return (watch->words[word_of(mark)] >> mark % WORD_BITS & 1) != 0;
}

void views_watch_expect(const struct views_watch *watch, uint64_t mark)
{
    __builtin_prefetch(&watch->words[word_of(mark)]);
}

uint64_t views_watch_last(const struct views_watch *watch)
{
    return watch->last;
}
