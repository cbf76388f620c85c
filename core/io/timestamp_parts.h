/* timestamp_parts - what taking a time-stamp and judging one later share. Nobody else includes it.
 * OpenSSL's types are named here, not included. */
#pragma once

#include <stdbool.h>

struct pkcs7_st;

/* OpenSSL's, as for signers: below the root no RSA under 2048, no SHA-1. */
enum { TIMESTAMP_SECURITY_LEVEL = 2 };

/* A token is there for the years in which its digest has to hold: SHA-256 or better. */
bool timestamp_is_strong(struct pkcs7_st *token);
