/* test_mapped - which pages of mapped files are let go of. */
#include "tests/support/test.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/mapped.h"
#include "tests/support/scratch.h"

enum { PAGE = 4096 };

/* A page of a file, mapped and looked at. */
static const volatile uint8_t *mapped(const char *path)
{
    static const uint8_t content[PAGE] = {1};
    struct error err = {0};
    assert_true(file_replace(path, bytes_of(content, sizeof content), 0600, &err).ok);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    const volatile uint8_t *page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    assert_true(page != MAP_FAILED);
    (void)close(fd);
    assert_int_equal(page[0], 1);
    return page;
}

/* Does the process hold the page? */
static bool is_held(const volatile uint8_t *page)
{
    uint64_t entry = 0;
    int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    off_t at = (off_t)((uintptr_t)page / PAGE * sizeof entry);
    if (fd < 0 || pread(fd, &entry, sizeof entry, at) != (ssize_t)sizeof entry) {
        print_message("no pagemap to look at\n");
        skip();
    }
    (void)close(fd);
    return entry >> 63 != 0;
}

static void test_mapped_let_go_leaves_what_moves(void **state)
{
    struct rlimit before;
    (void)state;
    const char *dir = scratch_path(&test_scratch, "store");
    const char *log = scratch_path(&test_scratch, "store/log");
    const char *keys = scratch_path(&test_scratch, "store/keys");
    assert_int_equal(mkdir(dir, 0700), 0);
    assert_int_equal(mkdir(log, 0700), 0);
    assert_int_equal(mkdir(keys, 0700), 0);
    const volatile uint8_t *table = mapped(scratch_path(&test_scratch, "store/log/data.mdb"));
    const volatile uint8_t *ring = mapped(scratch_path(&test_scratch, "store/keys/persons.keys"));
    const volatile uint8_t *other = mapped(scratch_path(&test_scratch, "elsewhere"));
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    if (before.rlim_max == RLIM_INFINITY) { /* tables may move then: none is touched */
        struct rlimit limited = {RLIM_INFINITY - 1, before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_AS, &limited), 0);
        mapped_let_go(dir);
        assert_true(is_held(table));
        assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
        mapped_let_go(dir);
        assert_false(is_held(table));
    }
    assert_true(is_held(ring));
    assert_true(is_held(other));
    assert_int_equal(table[0], 1); /* and it comes back */
    (void)munmap((void *)(uintptr_t)table, PAGE);
    (void)munmap((void *)(uintptr_t)ring, PAGE);
    (void)munmap((void *)(uintptr_t)other, PAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_mapped_let_go_leaves_what_moves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
