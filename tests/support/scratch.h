/* scratch - a directory for one test, and files in it. */
#pragma once

#include "core/base/arena.h"
#include "core/base/str.h"

struct scratch {
    struct arena arena;
    const char *dir;
};

/* Makes a directory below TMPDIR or /tmp. */
void scratch_open(struct scratch *scratch);
/* Removes it with everything in it. */
void scratch_close(struct scratch *scratch);

/* The directory of the test that runs, for tests and groups: removed also after a test that fails.
 * *state is &test_scratch. */
extern struct scratch test_scratch;
int scratch_setup(void **state);
int scratch_teardown(void **state);
/* A row of a table of tests. */
#define scratch_unit_test(test)                                                                    \
    cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

/* The path of a name in it. */
const char *scratch_path(struct scratch *scratch, const char *name);
/* Writes a file and gives its path. */
const char *scratch_write(struct scratch *scratch, const char *name, const void *data, size_t size);
const char *scratch_write_text(struct scratch *scratch, const char *name, const char *text);
/* A whole file as bytes. */
bytes scratch_read(struct scratch *scratch, const char *path);
