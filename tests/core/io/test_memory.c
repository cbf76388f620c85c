/* test_memory - control groups of both kinds, as files in a folder of the test's own. */
#include "core/io/memory.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/scratch.h"
#include "tests/support/test.h"

#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZED 1
#endif
#endif
#ifndef ADDRESS_SANITIZED
#define ADDRESS_SANITIZED 0
#endif

static void folder(struct scratch *scratch, const char *name)
{
    assert_int_equal(mkdir(scratch_path(scratch, name), 0755), 0);
}

static uint64_t limit(struct scratch *scratch, const char *groups)
{
    return memory_of_group(scratch->dir, groups);
}

static void test_memory_of_group_takes_the_least_on_the_way_up(void **state)
{
    struct scratch *scratch = *state;
    folder(scratch, "a");
    folder(scratch, "a/b");
    folder(scratch, "a/b/c");
    assert_true(limit(scratch, "0::/a/b/c\n") == UINT64_MAX);
    (void)scratch_write_text(scratch, "a/b/c/memory.max", "max\n");
    assert_true(limit(scratch, "0::/a/b/c\n") == UINT64_MAX);
    (void)scratch_write_text(scratch, "a/memory.max", "5000\n");
    assert_int_equal(limit(scratch, "0::/a/b/c\n"), 5000);
    assert_int_equal(limit(scratch, "0::/a"), 5000);
    (void)scratch_write_text(scratch, "a/b/memory.max", "7000\n");
    assert_int_equal(limit(scratch, "0::/a/b/c\n"), 5000);
    (void)scratch_write_text(scratch, "a/b/c/memory.max", "3000\n");
    assert_int_equal(limit(scratch, "0::/a/b/c\n"), 3000);
    assert_int_equal(limit(scratch, "0::/a/b\n"), 5000);
    assert_true(limit(scratch, "0::/\n") == UINT64_MAX);
    (void)scratch_write_text(scratch, "memory.max", "100\n");
    assert_int_equal(limit(scratch, "0::/a/b/c\n"), 100);
    assert_int_equal(limit(scratch, "0::/\n"), 100);
}

static void test_memory_of_group_reads_groups_of_the_first_version(void **state)
{
    struct scratch *scratch = *state;
    folder(scratch, "memory");
    folder(scratch, "memory/x");
    (void)scratch_write_text(scratch, "memory/x/memory.limit_in_bytes", "4096\n");
    (void)scratch_write_text(scratch, "memory/memory.limit_in_bytes", "9223372036854771712\n");
    assert_int_equal(limit(scratch, "12:cpu:/y\n5:memory:/x\n1:name=systemd:/z\n"), 4096);
    assert_true(limit(scratch, "12:cpu:/x\n") == UINT64_MAX);
}

static void test_memory_of_group_learns_nothing_from_nonsense(void **state)
{
    struct scratch *scratch = *state;
    char longer[6000];
    folder(scratch, "n");
    (void)scratch_write_text(scratch, "memory.max", "max\n");
    static const char *const bad[] = {"", "\n", "-5\n", "lots\n", " 12\n", "0\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        (void)scratch_write_text(scratch, "n/memory.max", bad[i]);
        assert_true(limit(scratch, "0::/n\n") == UINT64_MAX);
    }
    assert_true(limit(scratch, "") == UINT64_MAX);
    assert_true(limit(scratch, "nothing\n:::\n\n") == UINT64_MAX);
    assert_true(limit(scratch, "0::/absent/group\n") == UINT64_MAX);
    int size = snprintf(longer, sizeof longer, "0::/%05990d", 0);
    assert_int_equal(size, 5994);
    assert_true(limit(scratch, longer) == UINT64_MAX);
    (void)scratch_write_text(scratch, "n/memory.max",
                             "8000\n"); /* and what is sound behind it counts */
    assert_int_equal(limit(scratch, "nothing\n0::/n\n"), 8000);
}

static void test_memory_of_machine_is_no_more_than_the_address_space(void **state)
{
    struct rlimit before;
    (void)state; /* nothing is read but the machine */
    uint64_t all = memory_of_machine();
    assert_true(all > 0 && all < UINT64_MAX);
    if (ADDRESS_SANITIZED) {
        skip(); /* it takes more address space than any machine has memory */
    }
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    struct rlimit less = {all / 2, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_AS, &less), 0);
    uint64_t half = memory_of_machine();
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    assert_int_equal(half, all / 2);
}

static void test_memory_large_begins_with_a_page(void **state)
{
    (void)state;
    uint8_t *block = memory_large(2 * (size_t)MEMORY_LARGE);
    assert_int_equal((uintptr_t)block % MEMORY_LARGE, 0);
    block[0] = 1;
    block[2 * (size_t)MEMORY_LARGE - 1] = 1;
    memory_large_release(block, 2 * (size_t)MEMORY_LARGE);
}

/* Pages of address space that the process has. */
static unsigned long pages_mapped(void)
{
    unsigned long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "re");
    if (statm == NULL || fscanf(statm, "%lu", &pages) != 1) {
        print_message("no statm to look at\n");
        skip();
    }
    (void)fclose(statm);
    return pages;
}

static void test_memory_large_takes_no_more_than_its_size(void **state)
{
    enum { BLOCKS = 32 };
    void *blocks[BLOCKS];
    (void)state;
    unsigned long before = pages_mapped();
    for (int i = 0; i < BLOCKS; i++) {
        blocks[i] = memory_large(MEMORY_LARGE);
    }
    unsigned long pages = MEMORY_LARGE / (unsigned long)sysconf(_SC_PAGESIZE);
    assert_in_range(pages_mapped() - before, BLOCKS * pages, (BLOCKS + 1) * pages);
    for (int i = 0; i < BLOCKS; i++) {
        memory_large_release(blocks[i], MEMORY_LARGE);
    }
    assert_in_range(pages_mapped(), 0, before + pages);
}

#define TEST_WITH_FOLDER(test) scratch_unit_test(test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_FOLDER(test_memory_of_group_takes_the_least_on_the_way_up),
        TEST_WITH_FOLDER(test_memory_of_group_reads_groups_of_the_first_version),
        TEST_WITH_FOLDER(test_memory_of_group_learns_nothing_from_nonsense),
        cmocka_unit_test(test_memory_of_machine_is_no_more_than_the_address_space),
        cmocka_unit_test(test_memory_large_begins_with_a_page),
        cmocka_unit_test(test_memory_large_takes_no_more_than_its_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
