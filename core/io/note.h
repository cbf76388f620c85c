/* note - signed notes and checkpoints of C2SP, with Ed25519 keys.
 *
 * A note is text that ends in a line feed, an empty line, and signature lines. A checkpoint is a
 * note of origin, size and root. See c2sp.org/signed-note and c2sp.org/tlog-checkpoint. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/io/digest.h"

enum { NOTE_PUBLIC_KEY_SIZE = 32, NOTE_NAME_MAX = 255 };

/* A private key. */
struct note_key;

FALLIBLE note_key_generate(struct note_key **ret, struct error *err);
/* PEM (PKCS #8). fails MISSING or INVALID as file_read; CONFIG KEY_UNUSABLE (path) */
FALLIBLE note_key_load(const char *path, struct note_key **ret, struct error *err);
/* Durable, mode 0600. */
FALLIBLE note_key_save(const struct note_key *key, const char *path, struct error *err);
void note_key_public(const struct note_key *key, uint8_t ret[NOTE_PUBLIC_KEY_SIZE]);
void note_key_close(struct note_key *key);

/* Who may be believed: name, key id, public key; text form `name+hex id+base64(0x01 || key)`. */
struct note_verifier {
    str name;
    uint32_t key_id;
    uint8_t public_key[NOTE_PUBLIC_KEY_SIZE];
};

/* Non-empty, no blank, no '+', no control character, at most NOTE_NAME_MAX bytes. */
bool note_name_is_valid(str name);
struct note_verifier note_verifier_of(const struct note_key *key, str name);
str note_vkey_format(const struct note_verifier *verifier, struct arena *arena);
/* The name is a part of `text`. fails CONFIG VKEY_INVALID */
FALLIBLE note_vkey_parse(str text, struct arena *arena, struct note_verifier *ret,
                         struct error *err);

/* `text` with an empty line and a signature line behind. text ends in a line feed.
 * fails   CONFIG NOTE_NAME_INVALID */
FALLIBLE note_sign(const struct note_key *key, str name, str text, struct arena *arena, str *ret,
                   struct error *err);
/* The signed text, a part of `note`, when `verifier` signed it. Signers that are not known are
 * ignored. fails SIGNATURE NOTE_MALFORMED, NOTE_NOT_SIGNED, NOTE_BAD_SIGNATURE */
FALLIBLE note_verify(str note, const struct note_verifier *verifier, str *ret_text,
                     struct error *err);

struct checkpoint {
    str origin;
    uint64_t size;
    struct digest root;
};

/* The text to be signed. */
str checkpoint_format(str origin, uint64_t size, const struct digest *root, struct arena *arena);
/* From the text of a note (extension lines are allowed); origin is a part of `text`.
 * fails   CORRUPT CHECKPOINT_MALFORMED */
FALLIBLE checkpoint_parse(str text, struct checkpoint *ret, struct error *err);
