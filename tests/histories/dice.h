/* dice - numbers that look random and are not: a seed gives the same ones everywhere. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

uint64_t dice_next(struct dice *dice);
/* 0 .. n - 1; n must not be 0. */
uint32_t dice_below(struct dice *dice, uint32_t n);
/* low .. high, both inclusive. */
int32_t dice_between(struct dice *dice, int32_t low, int32_t high);
bool dice_chance(struct dice *dice, uint32_t percent);
/* One of a list that ends with NULL. */
const char *dice_pick(struct dice *dice, const char *const *list);
