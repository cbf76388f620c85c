/* clock - see clock.h. */
#include "core/io/clock.h"

#include <time.h>

static int64_t read_clock(clockid_t clock)
{
    struct timespec moment;
    (void)clock_gettime(clock, &moment); /* cannot fail for these two clocks */
    return (int64_t)moment.tv_sec * 1000000 + moment.tv_nsec / 1000;
}

int64_t clock_now_us(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic_us(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

void clock_wait_ms(int64_t milliseconds)
{
    struct timespec time = {.tv_sec = milliseconds / 1000,
                            .tv_nsec = milliseconds % 1000 * 1000000};
    (void)nanosleep(&time, NULL); /* a signal may end it early: the caller checks */
}
