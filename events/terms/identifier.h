/* identifier - 证照标识 of an electronic certificate (GB/T 36904-2018):
 * 1.2.156.3005.2.<type>.<issuer code>.<year and serial>.<version>.<check>, the check being ISO/IEC
 * 7064 MOD 37,36 over type, issuer, serial and version without dots. */
#pragma once

#include "core/base/arena.h"
#include "core/base/str.h"

/* "" when the serial of the number has more than 7 digits (D16) or the number does not parse. */
str identifier_format(str authority_code, str certificate, uint32_t version, struct arena *arena);
/* MOD 37,36 check character of 0-9A-Z text. */
char identifier_check(str text);
