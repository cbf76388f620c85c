/* init_keys - the keys and certificates of a new store: given ones, checked against each other, or
 * those of a development authority.
 *
 * Given keys are private files, or the one of documents a token's ("pkcs11:..."). They are kept as
 * they are: a locked one is opened with the passphrase of the name that it gets
 * (ANZHENG_DOCUMENT_PASSPHRASE, ANZHENG_LOG_PASSPHRASE; core/io/key.h) and stays locked. The
 * certificates of authorities between the root and that of documents stand behind the latter in its
 * file; every document carries them. */
#pragma once

#include <event.pb-c.h>
#include <options.pb-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/io/cms.h"
#include "core/io/note.h"

struct init_keys_request {
    const InitOptions *options;
    int32_t today;
};

struct init_keys {
    bool is_development;
    bytes root_file;
    str root_certificate;     /* PEM */
    str root_key;             /* PEM; empty for given ones: it stays where it is */
    str document_certificate; /* PEM, those between it and the root behind it */
    str document_key;         /* PEM; empty for a token's */
    str log_key_file;         /* PEM as given; empty for a new one */
    struct note_key *log_key; /* closed by init_keys_close */
    str vkey;
    bytes root_der;
    uint8_t root_sha256[32];
    str root_subject;
    struct cms_signer document; /* whom the certificate of documents names */
};

/* fails   USAGE MESSAGE_KEYS_INCOMPLETE; CONFIG MESSAGE_DOCUMENT_CERT_UNTRUSTED, as key_open_as,
 * signer_from_key, trust_root_read, note_key_load; MISSING MESSAGE_FILE_NOT_READABLE */
FALLIBLE init_keys_make(const struct init_keys_request *request, str authority, str authority_code,
                        str origin, struct arena *arena, struct init_keys *ret, struct error *err);

/* Writes keys/ (0600) and trust/ below `dir`. */
FALLIBLE init_keys_write(struct init_keys *keys, const char *dir, struct arena *arena,
                         struct error *err);

/* Lets go of the log's key; init_keys_write did. */
void init_keys_close(struct init_keys *keys);

/* RootTrusted for the root. */
Event *init_keys_root_event(const struct init_keys *keys, struct arena *arena);
