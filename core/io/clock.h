/* clock - the only place that asks what time it is. */
#pragma once

#include <stdint.h>

/* Microseconds since 1970-01-01T00:00:00Z, and since some moment that never goes back. */
int64_t clock_now_us(void);
int64_t clock_monotonic_us(void);

/* Waits; a signal ends it early. */
void clock_wait_ms(int64_t milliseconds);
