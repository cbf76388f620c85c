/* digest - SHA-256 and its relatives, random bytes, and the text forms of bytes.
 *
 * No function here can fail on input: what OpenSSL refuses (no memory, no random source) is a BUG.
 * All are free of shared state; a struct digester belongs to one thread at a time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/str.h"

enum { DIGEST_SIZE = 32, DIGEST_HEX_SIZE = 65, DIGEST_BASE64_SIZE = 45 };

struct digest {
    uint8_t data[DIGEST_SIZE];
};

/* State of a running SHA-256, in place: no allocation, may be copied. */
struct digester {
    uint32_t state[28];
};

struct digest digest_sha256(bytes b);

void digester_init(struct digester *digester);
void digester_update(struct digester *digester, bytes b);
/* The digest of all updates since init; the digester is ready for new ones after. */
struct digest digester_final(struct digester *digester);
/* One shot, with the state of `digester`. */
struct digest digester_sha256(struct digester *digester, bytes b);
/* Wipes the state. */
void digester_release(struct digester *digester);

/* RFC 6962, 2.1: SHA-256(0x00 || data), SHA-256(0x01 || left || right). */
struct digest digest_leaf(bytes data);
struct digest digest_node(const struct digest *left, const struct digest *right);

/* A key of HMAC-SHA256, for one text or many. A secret: wipe it. */
struct hmac_key {
    struct digester inner;
    struct digester outer;
};
void hmac_key_init(struct hmac_key *ret, bytes key);
struct digest hmac_sha256(const struct hmac_key *key, bytes data);

bool digest_equal(const struct digest *a, const struct digest *b);
bytes digest_bytes(const struct digest *digest);

/* 64 lower-case digits and a NUL; parse takes either case and exactly 64 digits. */
void digest_hex(const struct digest *digest, char out[DIGEST_HEX_SIZE]);
bool digest_parse_hex(str text, struct digest *ret);

/* Random bytes of the kernel's quality, for keys and nonces. */
void random_bytes(uint8_t *out, size_t size);

/* Random bytes drawn in advance, for callers that need a few very often: drawing 12 takes as long
 * as drawing 1000. Bytes that were handed out are wiped; wipe the whole struct with memory_wipe()
 * at the end. */
struct random_pool {
    uint8_t data[1024];
    size_t left;
};

/* size    at most 64 */
void random_pool_take(struct random_pool *pool, uint8_t *out, size_t size);

/* RFC 4648: base64 standard alphabet, padded; decode refuses anything else (blanks, missing
 * padding, bits behind the end). base32 in lower case without padding. */
str base64_encode(bytes b, struct arena *arena);
bool base64_decode(str text, struct arena *arena, bytes *ret);
/* out: (8 * b.size + 4) / 5 characters and a NUL; back: text.size * 5 / 8 bytes. */
void base32_format(bytes b, char *out);
bool base32_parse(str text, uint8_t *out, size_t *ret_size);

/* Overwrites secrets in a way the compiler keeps. */
void memory_wipe(void *data, size_t size);
