/* dice - see dice.h. */
#include "tests/histories/dice.h"

#include <stddef.h>

/* splitmix64 (Steele, Lea, Flood 2014). */
uint64_t dice_next(struct dice *dice)
{
    uint64_t z = (dice->state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

uint32_t dice_below(struct dice *dice, uint32_t n)
{
    return (uint32_t)(dice_next(dice) % n); /* the bias of a small n does not matter here */
}

int32_t dice_between(struct dice *dice, int32_t low, int32_t high)
{
    return low + (int32_t)dice_below(dice, (uint32_t)(high - low) + 1);
}

bool dice_chance(struct dice *dice, uint32_t percent)
{
    return dice_below(dice, 100) < percent;
}

const char *dice_pick(struct dice *dice, const char *const *list)
{
    uint32_t count = 0;
    while (list[count] != NULL) {
        count++;
    }
    return list[dice_below(dice, count)];
}
