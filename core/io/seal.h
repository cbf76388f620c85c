/* seal - personal data under a key per person: the keyring, sealing, and person ids.
 *
 * The keyring is keys/persons.keys, outside log and views: destroying a key erases all that it
 * sealed, while hashes and proofs stay valid. Formats: docs/log-format.md. Closing wipes the keys
 * in memory. The keyring has one writer (the store's lock) and any number of readers. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/io/digest.h"
#include "core/io/store.h"

enum {
    SEAL_KEY_SIZE = 32,
    SEAL_OVERHEAD = 28, /* nonce 12 before, tag 16 behind the ciphertext */
    PERSON_ID_SIZE = 25 /* 24 characters and a NUL */
};

enum key_state { KEY_ABSENT, KEY_PRESENT, KEY_DESTROYED };

struct keyring;

/* dir     the keys/ directory; the file is made when writing, and need not exist when reading
 * fails   CONFIG KEYRING_DAMAGED, FILE_NOT_READABLE; CREATE FILE_NOT_CREATED */
FALLIBLE keyring_open(const char *dir, enum store_mode mode, struct keyring **ret,
                      struct error *err);
void keyring_close(struct keyring *ring);

/* key is filled when *ret_state is KEY_PRESENT, else untouched. One read of the file; only a reader
 * who does not find the person looks at all of it, once. fails   CONFIG KEYRING_DAMAGED; INVALID
 * PERSON_ID_INVALID */
FALLIBLE keyring_find(struct keyring *ring, str person_id, uint8_t key[SEAL_KEY_SIZE],
                      enum key_state *ret_state, struct error *err);
/* The same of a keyring that is looked at often, by any number of threads at once while none calls
 * anything else of it. False: only keyring_find() can say. */
bool keyring_glance(struct keyring *ring, str person_id, uint8_t key[SEAL_KEY_SIZE],
                    enum key_state *ret_state);
/* The person's key: a new random one when there is none yet. It is on disk after keyring_flush.
 * fails   CONFIG KEY_IS_DESTROYED; RESOURCE FILE_NOT_WRITABLE; as keyring_find */
FALLIBLE keyring_make(struct keyring *ring, str person_id, uint8_t key[SEAL_KEY_SIZE],
                      struct error *err);
/* keyring_make() will soon be called for this person: where it will look comes nearer meanwhile,
 * which is as far off for one person as for the next. */
void keyring_expect(const struct keyring *ring, str person_id);
/* New keys to disk: call before the log commits what they sealed. */
FALLIBLE keyring_flush(struct keyring *ring, struct error *err);
/* Overwrites the key and leaves a tombstone, durably. A person without a key gets a tombstone. */
FALLIBLE keyring_destroy(struct keyring *ring, str person_id, struct error *err);
/* A writer is about to look for the keys of most persons, or has done so: meanwhile the file is
 * mapped, and its size may count as memory of the process. */
void keyring_look_often(struct keyring *ring, bool often);
uint64_t keyring_bytes(const struct keyring *ring);

/* Makes keys/hash.key with a random key (mode 0600), or reads it. 64 hex digits and a line feed.
 * fails   CONFIG KEY_UNUSABLE, FILE_NOT_READABLE (it is there); RESOURCE FILE_NOT_READABLE; CREATE
 *         FILE_NOT_CREATED */
FALLIBLE hash_key_make(const char *dir, struct error *err);
FALLIBLE hash_key_load(const char *dir, uint8_t ret[SEAL_KEY_SIZE], struct error *err);
/* Lower-case base32 of the first 15 bytes of HMAC-SHA256(hash key, identity key). */
void person_id_make(const struct hmac_key *hash_key, str identity_key, char ret[PERSON_ID_SIZE]);

/* AES-256-GCM with its contexts kept. Belongs to one thread at a time. */
struct sealer;

FALLIBLE sealer_open(struct sealer **ret, struct error *err);
void sealer_close(struct sealer *sealer);
/* nonce || ciphertext || tag, in the arena. aad binds the text to its place (it is not stored). */
bytes seal(struct sealer *sealer, const uint8_t key[SEAL_KEY_SIZE], bytes plain, bytes aad,
           struct arena *arena);
/* The same to `out`, of plain.size + SEAL_OVERHEAD bytes. */
void seal_to(struct sealer *sealer, const uint8_t key[SEAL_KEY_SIZE], bytes plain, bytes aad,
             uint8_t *out);
/* fails   CORRUPT SEAL_BROKEN when key, aad or bytes are not those of the sealing */
FALLIBLE unseal(struct sealer *sealer, const uint8_t key[SEAL_KEY_SIZE], bytes sealed, bytes aad,
                struct arena *arena, bytes *ret, struct error *err);
