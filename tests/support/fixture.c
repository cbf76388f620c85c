/* fixture - see fixture.h. */
#include "tests/support/fixture.h"

#include <stdlib.h>

#include "core/base/arena.h"

int arena_setup(void **state)
{
    struct arena *arena = malloc(sizeof *arena);
    if (arena == NULL) {
        return -1;
    }
    arena_init(arena, 0);
    *state = arena;
    return 0;
}

int arena_teardown(void **state)
{
    arena_release(*state);
    free(*state);
    return 0;
}
