/* note - signed notes, checkpoints and cosignatures of C2SP, with Ed25519 keys.
 *
 * A note is text that ends in a line feed, an empty line, and signature lines. A checkpoint is a
 * note of origin, size and root. A witness says with its cosignature that the checkpoint continues
 * every one of the same log that it saw before, and when. See c2sp.org/signed-note,
 * c2sp.org/tlog-checkpoint and c2sp.org/tlog-cosignature. */
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
/* The same of a key that will be called `name`: see key_open_as. */
FALLIBLE note_key_load_as(const char *path, const char *name, struct note_key **ret,
                          struct error *err);
/* Durable, mode 0600. */
FALLIBLE note_key_save(const struct note_key *key, const char *path, struct error *err);
void note_key_close(struct note_key *key);

/* What a key is for; it is part of the key id, so that no signature passes for the other kind. */
enum note_type { NOTE_SIGNER = 1, NOTE_COSIGNER = 4 };

/* Who may be believed: name, key id, public key; text form `name+hex id+base64(type || key)`. */
struct note_verifier {
    enum note_type type;
    str name;
    uint32_t key_id;
    uint8_t public_key[NOTE_PUBLIC_KEY_SIZE];
};

/* Non-empty, no blank, no '+', no control character, at most NOTE_NAME_MAX bytes. */
bool note_name_is_valid(str name);
struct note_verifier note_verifier_of(const struct note_key *key, str name);
struct note_verifier note_cosigner_of(const struct note_key *key, str name);
str note_vkey_format(const struct note_verifier *verifier, struct arena *arena);
/* The name is a part of `text`. fails CONFIG VKEY_INVALID, also for a key of the other type */
FALLIBLE note_vkey_parse(str text, struct arena *arena, struct note_verifier *ret,
                         struct error *err);
FALLIBLE note_cosigner_parse(str text, struct arena *arena, struct note_verifier *ret,
                             struct error *err);

/* `text` with an empty line and a signature line behind. text ends in a line feed.
 * fails   CONFIG NOTE_NAME_INVALID */
FALLIBLE note_sign(const struct note_key *key, str name, str text, struct arena *arena, str *ret,
                   struct error *err);
/* The signed text, a part of `note`, when `verifier` signed it. Signers that are not known are
 * ignored. fails SIGNATURE NOTE_MALFORMED, NOTE_NOT_SIGNED, NOTE_BAD_SIGNATURE */
FALLIBLE note_verify(str note, const struct note_verifier *verifier, str *ret_text,
                     struct error *err);

/* A cosignature line ("— name base64" and a line feed) over the text of a checkpoint, to be put
 * behind the note. seconds  since 1970, from 0 on
 * fails   CONFIG NOTE_NAME_INVALID */
FALLIBLE note_cosign(const struct note_key *key, str name, str text, int64_t seconds,
                     struct arena *arena, str *ret_line, struct error *err);
/* When `cosigner` last cosigned the note, in seconds since 1970. fails as note_verify */
FALLIBLE note_verify_cosignature(str note, const struct note_verifier *cosigner,
                                 int64_t *ret_seconds, struct error *err);
/* The text and the signature lines of a note, nothing verified.
 * fails   SIGNATURE NOTE_MALFORMED */
FALLIBLE note_split(str note, str *ret_text, str *ret_lines, struct error *err);

#define CHECKPOINT_SIZE_MAX ((UINT64_C(1) << 62) - 1) /* no tree takes more */

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
