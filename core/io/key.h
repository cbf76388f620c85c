/* key - a private key to sign with: a PEM file, with a passphrase or without, or a key of a token
 * (PKCS#11) that never leaves it.
 *
 * The passphrase, or the PIN, comes from the environment: of keys/document.key it is the value of
 * ANZHENG_DOCUMENT_PASSPHRASE, or the first line of the private file that
 * ANZHENG_DOCUMENT_PASSPHRASE_FILE names (the file's name without its ending makes the name); of a
 * token, ANZHENG_TOKEN_PASSPHRASE and ANZHENG_TOKEN_PASSPHRASE_FILE. It is in no message, on no
 * command line, and wiped after use. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/str.h"

struct evp_pkey_st; /* EVP_PKEY */

/* Is it "pkcs11:..." (RFC 7512) instead of a file? */
bool key_is_of_token(const char *path);

/* The caller frees *ret (EVP_PKEY_free).
 * fails   MISSING MESSAGE_FILE_NOT_READABLE; CONFIG MESSAGE_FILE_NOT_PRIVATE (path: others may),
 *         MESSAGE_KEY_UNREADABLE, MESSAGE_KEY_PASSPHRASE_NEEDED (path, variable),
 *         MESSAGE_KEY_PASSPHRASE_WRONG (path), MESSAGE_FILE_NO_SECRET;
 *         MESSAGE_TOKEN_UNUSABLE (uri, reason), MESSAGE_TOKEN_PIN_IN_URI */
FALLIBLE key_open(const char *path, struct evp_pkey_st **ret, struct error *err);

/* The same of a key that is called otherwise where it will lie: its passphrase is asked for by that
 * name ("document"), a token's PIN as ever. fails   as key_open */
FALLIBLE key_open_as(const char *path, const char *name, struct evp_pkey_st **ret,
                     struct error *err);
