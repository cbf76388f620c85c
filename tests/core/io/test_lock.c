/* test_lock - one holder, named to the second, gone with its process. */
#include "core/io/lock.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/io/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

static void test_lock_take_is_busy_while_held(void **state)
{
    const struct scratch *scratch = *state;
    struct error err = {0};
    struct lock *lock = NULL;
    struct lock *second = NULL;
    char pid[16];
    (void)snprintf(pid, sizeof pid, "%ld", (long)getpid()); /* fits */
    assert_true(lock_take(scratch->dir, "import", 0, &lock, &err).ok);
    assert_false(lock_take(scratch->dir, "submit", 0, &second, &err).ok);
    assert_int_equal(err.class, ERROR_BUSY);
    assert_int_equal(err.code, MESSAGE_LOCK_HELD);
    assert_string_equal(err.args[0].text, "import");
    assert_string_equal(err.args[1].text, pid);
    assert_int_equal(strlen(err.args[2].text), strlen("2026-11-25T14:03:07+08:00"));
    lock_release(lock);
    assert_true(lock_take(scratch->dir, "policy set", 0, &lock, &err).ok);
    assert_false(lock_take(scratch->dir, "submit", 0, &second, &err).ok);
    assert_string_equal(err.args[0].text, "policy set");
    assert_string_equal(err.args[1].text, pid);
    assert_int_equal(strlen(err.args[2].text), strlen("2026-11-25T14:03:07+08:00"));
    lock_release(lock);
    assert_true(lock_take(scratch->dir, "submit", 0, &second, &err).ok);
    lock_release(second);
}

static void test_lock_take_waits_for_the_holder(void **state)
{
    const struct scratch *scratch = *state;
    struct error err = {0};
    struct lock *lock = NULL;
    int pipes[2];
    char byte = 0;
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) {
        bool good =
            lock_take(scratch->dir, "rebuild", 0, &lock, &err).ok && write(pipes[1], "x", 1) == 1;
        (void)usleep(200 * 1000); /* shorter is fine too */
        _exit(good ? 0 : 1);
    }
    assert_int_equal(close(pipes[1]), 0); /* a child that fails is an end of file, not a wait */
    assert_int_equal(read(pipes[0], &byte, 1), 1);
    assert_true(lock_take(scratch->dir, "submit", 30, &lock, &err).ok);
    lock_release(lock);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(close(pipes[0]), 0);
}

static void test_lock_was_left_until_it_is_settled(void **state)
{
    struct scratch *scratch = *state;
    const char *dir = scratch_path(scratch, "left"); /* where no other test was */
    struct error err = {0};
    struct lock *lock = NULL;
    assert_int_equal(mkdir(dir, 0700), 0);
    assert_true(lock_take(dir, "import", 0, &lock, &err).ok);
    assert_false(lock_was_left(lock)); /* nobody had it */
    lock_release(lock);
    assert_true(lock_take(dir, "import", 0, &lock, &err).ok);
    assert_false(lock_was_left(lock)); /* somebody who let go */
    lock_release(lock);
    pid_t child = fork();
    if (child == 0) {
        _exit(lock_take(dir, "rebuild", 0, &lock, &err).ok ? 0 : 1);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    for (int i = 0; i < 2; i++) {
        assert_true(lock_take(dir, "import", 0, &lock, &err).ok);
        assert_true(lock_was_left(lock));
        lock_release(lock);
    }
    assert_true(lock_take(dir, "import", 0, &lock, &err).ok);
    lock_settle(lock);
    lock_release(lock);
    assert_true(lock_take(dir, "import", 0, &lock, &err).ok);
    assert_false(lock_was_left(lock));
    lock_release(lock);
}

static void test_lock_is_free_after_its_holder_was_killed(void **state)
{
    const struct scratch *scratch = *state;
    struct error err = {0};
    struct lock *lock = NULL;
    int pipes[2];
    char byte = 0;
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) {
        if (!lock_take(scratch->dir, "rebuild", 0, &lock, &err).ok ||
            write(pipes[1], "x", 1) != 1) {
            _exit(1);
        }
        for (;;) {
            (void)pause(); /* until killed */
        }
    }
    assert_int_equal(close(pipes[1]), 0); /* as above */
    assert_int_equal(read(pipes[0], &byte, 1), 1);
    assert_false(lock_take(scratch->dir, "submit", 0, &lock, &err).ok);
    assert_string_equal(err.args[0].text, "rebuild");
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    struct error other = {0};
    assert_true(lock_take(scratch->dir, "submit", 0, &lock, &other).ok);
    lock_release(lock);
    assert_int_equal(close(pipes[0]), 0);
}

static void test_lock_take_needs_the_directory(void **state)
{
    (void)state;
    struct error err = {0};
    struct lock *lock = NULL;
    assert_false(lock_take("/tmp/anzheng-none", "submit", 0, &lock, &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
    assert_null(lock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lock_take_is_busy_while_held),
        cmocka_unit_test(test_lock_take_waits_for_the_holder),
        cmocka_unit_test(test_lock_was_left_until_it_is_settled),
        cmocka_unit_test(test_lock_is_free_after_its_holder_was_killed),
        cmocka_unit_test(test_lock_take_needs_the_directory),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
