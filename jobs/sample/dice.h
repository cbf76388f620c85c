/* dice - reproducible random numbers: the same seed gives the same sequence on every machine.
 *
 * splitmix64 (Steele, Lea, Flood 2014). Each concern has dice of its own, so that more of one thing
 * does not change another. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

static inline uint64_t dice_next(struct dice *dice)
{
    uint64_t z = dice->state += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

/* `concern` is a number of the caller's. */
static inline struct dice dice_new(uint64_t seed, uint64_t concern)
{
    struct dice dice = {seed ^ (concern * 0xD6E8FEB86659FD93U)};
    (void)dice_next(&dice);
    return dice;
}

/* 0 .. count-1; count is not 0. */
static inline uint32_t dice_roll(struct dice *dice, uint32_t count)
{
    return (uint32_t)((dice_next(dice) >> 32) * count >> 32);
}

/* first .. last, both inclusive. */
static inline int32_t dice_range(struct dice *dice, int32_t first, int32_t last)
{
    return first + (int32_t)dice_roll(dice, (uint32_t)(last - first + 1));
}

/* True in `count` of 1 000 cases. */
static inline bool dice_permille(struct dice *dice, uint32_t count)
{
    return dice_roll(dice, 1000) < count;
}
