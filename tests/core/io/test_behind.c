/* test_behind - slots are worked on once each and in order, while the owner fills the next ones. */
#include "tests/support/test.h"

#include "core/io/behind.h"

enum { SLOTS = 4, ROUNDS = 5000 };

struct job {
    unsigned long filled[SLOTS];
    unsigned long seen;  /* how many were worked on */
    unsigned long wrong; /* of them, out of order or before they were filled */
};

static void work(void *state, unsigned slot)
{
    struct job *job = state;
    job->wrong += job->filled[slot] != job->seen * 3 || slot != job->seen % SLOTS;
    job->seen++;
}

static void test_slots_are_worked_on_in_order(void **state)
{
    (void)state;
    struct job job = {.seen = 0};
    struct behind *behind = behind_start(SLOTS, work, &job);
    for (unsigned long i = 0; i < ROUNDS; i++) {
        unsigned slot = behind_free(behind);
        assert_int_equal(slot, i % SLOTS);
        job.filled[slot] = i * 3;
        behind_put(behind);
        if (i % 700 == 0) {
            behind_wait(behind);
            assert_int_equal(job.seen, i + 1);
        }
    }
    behind_wait(behind);
    behind_wait(behind); /* nothing more to wait for */
    assert_int_equal(job.seen, ROUNDS);
    assert_int_equal(job.wrong, 0);
    behind_stop(behind);
}

static void test_stop_ends_what_was_put(void **state)
{
    (void)state;
    struct job job = {.seen = 0};
    struct behind *behind = behind_start(SLOTS, work, &job);
    for (unsigned long i = 0; i < SLOTS; i++) {
        job.filled[behind_free(behind)] = i * 3;
        behind_put(behind);
    }
    behind_stop(behind);
    assert_int_equal(job.seen, SLOTS);
    assert_int_equal(job.wrong, 0);
    behind_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slots_are_worked_on_in_order),
        cmocka_unit_test(test_stop_ends_what_was_put),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
