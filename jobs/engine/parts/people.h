/* people - makes opaque person ids, and seals and opens the personal parts of events.
 *
 * Rules and views see a Personal message; the log holds it sealed with the person's key (RULES
 * R-PV-02). When the key was destroyed, the Personal message is absent. */
#pragma once

#include <action.pb-c.h>
#include <event.pb-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/io/digest.h"
#include "core/io/seal.h"
#include "core/io/store.h"

struct people;

/* Makes the hash key and an empty keyring in a new store. Never call it for an existing store:
 * another hash key gives every person another id, and an empty keyring loses everything that was
 * sealed. */
FALLIBLE people_make(const char *keys_dir, struct error *err);

/* `keys_dir` is the store's keys/ folder. Reading verbs need it only for unmasked output.
 * fails   CONFIG MESSAGE_STORE_FILE_MISSING, and as hash_key_load and keyring_open */
FALLIBLE people_open(const char *keys_dir, enum store_mode mode, struct people **ret,
                     struct error *err);
void people_close(struct people *people);

/* The id of a person named by a document: 24 characters. `type` and `normal` as normalised by
 * events/terms/identity.h. */
const char *people_id(struct people *people, IdType__Code type, str normal, struct arena *arena);
/* The id that stands for a clerk's 工号, or for a national row whose number is masked. */
const char *people_id_of_clerk(struct people *people, str clerk, struct arena *arena);
const char *people_id_of_masked(struct people *people, str certificate, str masked,
                                struct arena *arena);

/* The id whose key seals a submission's file, signature and answers. */
const char *people_id_of_file(struct people *people, bytes sha256, struct arena *arena);

/* The id of a phone number; and the keyed hash of a secret text. `label` separates purposes: the
 * same text has another hash under another label. */
const char *people_id_of_phone(struct people *people, str phone, struct arena *arena);
struct digest people_hash(struct people *people, const char *label, str text, struct arena *arena);

/* 20 hex digits that represent a text and cannot be guessed: the token of a QR code. */
str people_token(struct people *people, str text, struct arena *arena);

/* For a dry run: from now on keys of new persons are derived from a secret of the run and not
 * stored. */
void people_rehearse(struct people *people);

/* An event's bytes with a gap for its sealed part: packed in one thread, sealed in another. */
struct packed_event {
    uint64_t sequence;
    bytes data;
    uint8_t *gap;   /* within `data`; NULL when nothing is sealed */
    str person_id;  /* what goes into the gap: */
    bytes personal; /* in the clear */
};
/* All in the arena. */
struct packed_event people_pack_event(Event *event, struct arena *arena);
/* A hint that people_seal_packed() will soon get this event; makes it quicker. */
void people_expect_packed(struct people *people, const struct packed_event *packed);
/* Seals the personal part into the gap. The sealer belongs to the calling thread; `people` may be
 * shared. Makes the person's key when there is none yet (durable with people_flush). */
FALLIBLE people_seal_packed(struct people *people, struct sealer *sealer,
                            const struct packed_event *packed, struct error *err);

/* The event's bytes for the log, with the personal part sealed. Makes the key as people_seal_packed
 * does. */
FALLIBLE people_seal_event(struct people *people, Event *event, struct arena *arena, bytes *ret,
                           struct error *err);
/* Unpacks an event of the log and opens its personal part, which is absent when the key is gone.
 * fails   CORRUPT */
FALLIBLE people_open_event(struct people *people, bytes stored, struct arena *arena, Event **ret,
                           struct error *err);

/* people_look_often() announces lookups of the keys of most persons: the keyring may then take up
 * to `memory_bytes` of memory to be quicker. people_look_seldom() ends that. Call them before
 * readers are opened and after they are closed. `people` may be NULL. */
void people_look_often(struct people *people, uint64_t memory_bytes);
void people_look_seldom(struct people *people);

/* A reader for a thread that opens events beside other threads. `people` must outlive it and must
 * not be used otherwise meanwhile. `people` may be NULL: sealed parts then stay sealed. */
struct people_reader;
FALLIBLE people_reader_open(struct people *people, struct people_reader **ret, struct error *err);
/* NULL is fine. */
void people_reader_close(struct people_reader *reader);
/* Opens the personal part of an event, as people_open_event does. */
FALLIBLE people_reader_reveal(struct people_reader *reader, Event *event, struct arena *arena,
                              struct error *err);

/* Photos, scans and proofs of a person, sealed and opened the same way. */
FALLIBLE people_seal_bytes(struct people *people, str person_id, bytes plain, struct arena *arena,
                           bytes *ret, struct error *err);
/* *ret.data is NULL when the person's key was destroyed. */
FALLIBLE people_open_bytes(struct people *people, str person_id, bytes sealed, struct arena *arena,
                           bytes *ret, struct error *err);

/* From now on ignores the key of an erased person, if there is one (an older keyring was put back):
 * what it sealed reads as blank. *ret_found: there was a key, and it was not ignored before. */
FALLIBLE people_forget(struct people *people, str person_id, bool *ret_found, struct error *err);
/* Was the key destroyed or forgotten? Nothing more can be sealed under such an id. */
FALLIBLE people_is_erased(struct people *people, str person_id, bool *ret, struct error *err);
/* Is the key there, and not forgotten? */
FALLIBLE people_has_key(struct people *people, str person_id, bool *ret, struct error *err);
/* Overwrites the person's key, durably and for ever. */
FALLIBLE people_destroy(struct people *people, str person_id, struct error *err);

/* Makes new keys durable: before the log commits. */
FALLIBLE people_flush(struct people *people, struct error *err);
