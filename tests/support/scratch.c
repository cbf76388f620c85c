/* scratch - see scratch.h. */
#include "tests/support/scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"

void scratch_open(struct scratch *scratch)
{
    arena_init(&scratch->arena, 0);
    const char *top = getenv("TMPDIR");
    str pattern = arena_format(&scratch->arena, "%s/anzheng-XXXXXX", top != NULL ? top : "/tmp");
    char *dir = arena_c_string(&scratch->arena, pattern);
    BUG_UNLESS(mkdtemp(dir) != NULL);
    scratch->dir = dir;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

void scratch_close(struct scratch *scratch)
{
    BUG_UNLESS(nftw(scratch->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0);
    arena_release(&scratch->arena);
}

struct scratch test_scratch;

int scratch_setup(void **state)
{
    scratch_open(&test_scratch);
    *state = &test_scratch;
    return 0;
}

int scratch_teardown(void **state)
{
    scratch_close(*state);
    return 0;
}

const char *scratch_path(struct scratch *scratch, const char *name)
{
    return arena_format(&scratch->arena, "%s/%s", scratch->dir, name).data;
}

const char *scratch_write(struct scratch *scratch, const char *name, const void *data, size_t size)
{
    const char *path = scratch_path(scratch, name);
    FILE *file = fopen(path, "w");
    BUG_UNLESS(file != NULL);
    BUG_UNLESS(fchmod(fileno(file), S_IRUSR | S_IWUSR) == 0); /* it may be a key */
    BUG_UNLESS(fwrite(data, 1, size, file) == size);
    BUG_UNLESS(fclose(file) == 0);
    return path;
}

const char *scratch_write_text(struct scratch *scratch, const char *name, const char *text)
{
    return scratch_write(scratch, name, text, strlen(text));
}

bytes scratch_read(struct scratch *scratch, const char *path)
{
    FILE *file = fopen(path, "r");
    BUG_UNLESS(file != NULL);
    BUG_UNLESS(fseek(file, 0, SEEK_END) == 0);
    size_t size = (size_t)ftell(file);
    rewind(file);
    uint8_t *data = arena_new(&scratch->arena, size + 1);
    BUG_UNLESS(fread(data, 1, size, file) == size);
    BUG_UNLESS(fclose(file) == 0);
    return bytes_of(data, size);
}
