/* clock_shift - LD_PRELOAD for tests: the clock goes CLOCK_SHIFT seconds ahead, or behind where
 * that is negative. */
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int (*real)(clockid_t, struct timespec *) =
        (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, now);
    const char *shift = getenv("CLOCK_SHIFT");
    if (result == 0 && clock == CLOCK_REALTIME && shift != NULL) {
        now->tv_sec += atol(shift);
    }
    return result;
}
