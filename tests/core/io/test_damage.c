/* test_damage - a crash in stored pages ends with 79 and one line; without the belt it is a crash.
 */
#include "core/io/damage.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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

static void crash_at_segment(void)
{
    (void)damage_install(); /* the parent asks */
    (void)raise(SIGSEGV);
}

static void crash_at_bus(void)
{
    (void)damage_install(); /* the parent asks */
    (void)raise(SIGBUS);
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

static void test_damage_install_turns_crashes_into_79(void **state)
{
    (void)state;
    char told[LINE_MAX_BYTES];
    bool installed = damage_install();
    damage_uninstall();
    if (!installed) {
        print_message("AddressSanitizer has these signals itself\n");
        skip();
    }
    int segment = status_of(crash_at_segment, told);
    int bus = status_of(crash_at_bus, told);
    assert_true(WIFEXITED(segment) && WEXITSTATUS(segment) == 79);
    assert_true(WIFEXITED(bus) && WEXITSTATUS(bus) == 79);
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
        cmocka_unit_test(test_damage_install_turns_crashes_into_79),
        cmocka_unit_test(test_damage_uninstall_leaves_crashes_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
