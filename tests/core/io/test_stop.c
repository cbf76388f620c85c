/* test_stop - the flag, and what a second signal does. */
#include "tests/support/test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/io/stop.h"

static void test_requested_after_either_signal(void **state)
{
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM};
    for (size_t i = 0; i < 2; i++) {
        stop_install();
        assert_false(stop_requested());
        assert_int_equal(raise(signals[i]), 0);
        assert_true(stop_requested());
        stop_uninstall();
        assert_false(stop_requested());
    }
}

static void test_second_signal_ends_the_process(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        stop_install();
        (void)raise(SIGTERM);
        (void)raise(SIGTERM);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGTERM);
}

static void test_install_makes_a_closed_pipe_an_error(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(close(ends[0]), 0);
    stop_install();
    assert_int_equal(write(ends[1], "x", 1), -1);
    assert_false(stop_requested());
    stop_uninstall();
    (void)close(ends[1]);
}

static void test_wait_ends_early_when_a_signal_came_before(void **state)
{
    (void)state;
    stop_install();
    assert_true(stop_wait_ms(1));
    assert_true(stop_wait_ms(0));
    assert_true(stop_wait_ms(-5));
    assert_int_equal(raise(SIGTERM), 0);
    assert_false(stop_wait_ms(INT32_MAX));
    stop_uninstall();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requested_after_either_signal),
        cmocka_unit_test(test_second_signal_ends_the_process),
        cmocka_unit_test(test_wait_ends_early_when_a_signal_came_before),
        cmocka_unit_test(test_install_makes_a_closed_pipe_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
