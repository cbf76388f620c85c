/* size - a number of bytes as people write it: 65536, 64K, 512M, 4G or 1T. */
#pragma once

#include "core/base/str.h"

/* Digits, then nothing or one of K, M, G, T (powers of 1024; small letters too). False and *ret
 * untouched for anything else, and for what is more than UINT64_MAX. */
bool size_parse(str text, uint64_t *ret);
