/* test_ahead - slots are worked on once each and taken in order, with other threads and without. */
#include "tests/support/test.h"

#include "core/io/ahead.h"

enum { SLOTS = 5, ROUNDS = 4000 };

struct job {
    unsigned long filled[SLOTS]; /* what was put */
    unsigned long made[SLOTS];   /* what became of it */
    unsigned worked[SLOTS];
};

static void square(void *state, unsigned slot, unsigned worker)
{
    struct job *job = state;
    (void)worker;
    job->made[slot] = job->filled[slot] * job->filled[slot];
    job->worked[slot]++;
}

static void run_in_order(unsigned hands)
{
    struct job job = {0};
    unsigned long next = 0;
    unsigned long wanted = 0;
    struct ahead *ahead = ahead_start(hands, SLOTS, square, &job);
    while (wanted < ROUNDS) {
        for (unsigned slot; next < ROUNDS && (slot = ahead_free(ahead)) < SLOTS; next++) {
            job.filled[slot] = next;
            job.worked[slot] = 0;
            ahead_put(ahead);
        }
        unsigned slot = ahead_take(ahead);
        assert_true(slot < SLOTS);
        assert_int_equal(job.made[slot], wanted * wanted);
        assert_int_equal(job.worked[slot], 1);
        wanted++;
    }
    assert_int_equal(ahead_take(ahead), SLOTS);
    assert_int_equal(ahead_take(ahead), SLOTS); /* and goes on saying so */
    assert_true(ahead_free(ahead) < SLOTS);
    ahead_stop(ahead);
}

static void test_take_gives_slots_in_order(void **state)
{
    (void)state;
    run_in_order(0);
    run_in_order(1);
    run_in_order(3);
}

static void test_free_says_when_all_wait(void **state)
{
    struct job job = {0};
    (void)state;
    struct ahead *ahead = ahead_start(1, SLOTS, square, &job);
    for (int i = 0; i < SLOTS; i++) {
        assert_int_equal(ahead_free(ahead), i);
        ahead_put(ahead);
    }
    assert_int_equal(ahead_free(ahead), SLOTS);
    assert_int_equal(ahead_take(ahead), 0);
    assert_int_equal(ahead_free(ahead), SLOTS); /* it is still in hand */
    assert_int_equal(ahead_take(ahead), 1);
    assert_int_equal(ahead_free(ahead), 0);
    ahead_stop(ahead); /* with slots that nobody took */
    ahead_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_take_gives_slots_in_order),
        cmocka_unit_test(test_free_says_when_all_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
