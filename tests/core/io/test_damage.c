/* test_damage - a crash in stored pages ends with 79 and one line; without the belt, and anywhere
 * else, it is a crash. */
#include "core/io/damage.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/io/store.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

enum { LINE_MAX_BYTES = 512 };

/* Runs `act` in a child; its status as of waitpid, and what it wrote to stderr. */
static int status_of(void (*act)(void), char told[LINE_MAX_BYTES])
{
    int ends[2];
    int status = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO); /* else the test below fails */
        (void)signal(SIGSEGV, SIG_DFL);     /* cmocka's would go on with its tests */
        (void)signal(SIGBUS, SIG_DFL);      /* likewise */
        act();
        _exit(0);
    }
    (void)close(ends[1]); /* the child's */
    size_t size = 0;
    ssize_t got = 0;
    while (size < LINE_MAX_BYTES - 1 &&
           (got = read(ends[0], told + size, LINE_MAX_BYTES - 1 - size)) > 0) {
        size += (size_t)got;
    }
    told[size] = '\0';
    (void)close(ends[0]); /* read only */
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void crash_by_null(void)
{
    volatile uintptr_t nowhere = 0;
    (void)damage_install();        /* the parent asks */
    *(volatile char *)nowhere = 1; /* NOLINT(performance-no-int-to-ptr): no pointer at all */
}

static void crash_by_a_signal_sent(void)
{
    (void)damage_install(); /* the parent asks */
    (void)raise(SIGBUS);
}

enum { PAGE = 4096 };

/* A file is mapped as LMDB maps it. */
static volatile char *map_file(int protection, off_t left)
{
    FILE *file = tmpfile();
    if (file == NULL || ftruncate(fileno(file), PAGE) != 0) {
        _exit(1);
    }
    char *map = mmap(NULL, PAGE, protection, MAP_SHARED, fileno(file), 0);
    if (map == MAP_FAILED || ftruncate(fileno(file), left) != 0) {
        _exit(1);
    }
    return map;
}

static void crash_behind_a_file(void)
{
    (void)damage_install(); /* the parent asks */
    (void)*map_file(PROT_READ, 0);
}

static void crash_in_a_file(void)
{
    (void)damage_install(); /* the parent asks */
    *map_file(PROT_READ, PAGE) = 1;
}

/* --- a node that lies about itself ---------------------------------------------------------------
 */

static const char NODE_KEY[] = "a key that stands once in its page";

static bytes node_key(void)
{
    return bytes_of((const uint8_t *)NODE_KEY, sizeof NODE_KEY - 1);
}

static bool open_table(enum store_mode mode, struct store_txn **txn, unsigned *table)
{
    struct error error;
    struct store *store = NULL;
    const struct store_options options = {.path = test_scratch.dir, .mode = mode};
    return store_open(&options, &store, &error).ok && store_begin(store, mode, txn, &error).ok &&
           store_table(*txn, "t", table, &error).ok;
}

static void fill_store(void)
{
    struct error error;
    struct store_txn *txn = NULL;
    unsigned table = 0;
    if (!open_table(STORE_WRITE, &txn, &table) ||
        !store_put(txn, table, node_key(), node_key(), &error).ok ||
        !store_commit(txn, &error).ok) {
        _exit(1);
    }
}

/* The flags stand 4 bytes before the key: this one says that the value is a tree of duplicates. */
static void damage_node(void)
{
    enum { FLAGS_BEFORE_KEY = 4, DUPLICATES = 4 };
    const char *path = scratch_path(&test_scratch, "data.mdb");
    bytes file = scratch_read(&test_scratch, path);
    const uint8_t *key = memmem(file.data, file.size, NODE_KEY, sizeof NODE_KEY - 1);
    FILE *open = fopen(path, "r+b");
    assert_non_null(key);
    assert_non_null(open);
    assert_int_equal(fseek(open, key - file.data - FLAGS_BEFORE_KEY, SEEK_SET), 0);
    assert_int_equal(fputc(key[-FLAGS_BEFORE_KEY] | DUPLICATES, open), DUPLICATES);
    assert_int_equal(fclose(open), 0);
}

static void read_damaged_node(void)
{
    struct error error;
    struct store_txn *txn = NULL;
    struct store_cursor *cursor = NULL;
    unsigned table = 0;
    bool found = false;
    bytes key, value;
    (void)damage_install(); /* the parent asks */
    if (!open_table(STORE_READ, &txn, &table) ||
        !store_cursor_open(txn, table, &cursor, &error).ok ||
        !store_cursor_seek(cursor, (bytes){0}, &found, &key, &value, &error).ok) {
        _exit(1);
    }
}

static void crash_without(void)
{
    (void)damage_install(); /* the parent asks */
    damage_uninstall();
    (void)raise(SIGBUS);
}

static void test_damage_end_says_one_line_and_ends_with_79(void **state)
{
    (void)state;
    char told[LINE_MAX_BYTES];
    int status = status_of(damage_end, told);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 79);
    assert_non_null(strstr(told, "audit verify"));
    assert_ptr_equal(strchr(told, '\n'), told + strlen(told) - 1);
}

static bool is_handled(void)
{
    bool installed = damage_install();
    damage_uninstall();
    if (!installed) {
        print_message("AddressSanitizer has these signals itself\n");
    }
    return installed;
}

static void test_damage_install_turns_crashes_in_files_into_79(void **state)
{
    (void)state;
    char told[LINE_MAX_BYTES];
    if (!is_handled()) {
        skip();
    }
    int behind = status_of(crash_behind_a_file, told);
    int inside = status_of(crash_in_a_file, told);
    assert_true(WIFEXITED(behind) && WEXITSTATUS(behind) == 79);
    assert_true(WIFEXITED(inside) && WEXITSTATUS(inside) == 79);
}

static void test_damage_install_turns_crashes_of_lmdb_into_79(void **state)
{
    (void)state;
    char told[LINE_MAX_BYTES];
    if (!is_handled()) {
        skip();
    }
    assert_int_equal(status_of(fill_store, told), 0);
    damage_node();
    int status = status_of(read_damaged_node, told);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 79);
    assert_non_null(strstr(told, "audit verify"));
}

static void test_damage_install_leaves_our_own_errors_alone(void **state)
{
    (void)state;
    char told[LINE_MAX_BYTES];
    if (!is_handled()) {
        skip();
    }
    int null = status_of(crash_by_null, told);
    assert_true(WIFSIGNALED(null) && WTERMSIG(null) == SIGSEGV);
    assert_string_equal(told, "");
    int sent = status_of(crash_by_a_signal_sent, told);
    assert_true(WIFSIGNALED(sent) && WTERMSIG(sent) == SIGBUS);
    assert_string_equal(told, "");
}

static void test_damage_uninstall_leaves_crashes_alone(void **state)
{
    (void)state;
    char told[LINE_MAX_BYTES];
    int status = status_of(crash_without, told);
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 79);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damage_end_says_one_line_and_ends_with_79),
        cmocka_unit_test(test_damage_install_turns_crashes_in_files_into_79),
        scratch_unit_test(test_damage_install_turns_crashes_of_lmdb_into_79),
        cmocka_unit_test(test_damage_install_leaves_our_own_errors_alone),
        cmocka_unit_test(test_damage_uninstall_leaves_crashes_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
