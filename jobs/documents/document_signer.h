/* document_signer - the key and the certificate that sign documents, as the store is configured,
 * and whether documents signed with them will be believed (decision 0145). */
#pragma once

#include "core/io/sign.h"
#include "jobs/session.h"

struct document_keys {
    const char *key; /* path, or a token's URI: keys/document.key unless anzheng.conf says */
    const char *certificate; /* path: it, and behind it the authorities between it and the root */
};

/* In the run's arena. */
struct document_keys document_keys_of_config(struct session *session);

/* Opens them, and has one signature judged on the business date as `audit check` will judge those
 * of the documents: the certificate and all above it must be valid. One that leads to no root this
 * store trusts is taken, with a warning: others may trust it. *ret is the caller's.
 * fails   as signer_open; CONFIG MESSAGE_SIGNER_NOT_VALID, MESSAGE_SIGNER_CHAIN_NOT_VALID */
FALLIBLE document_signer_open(struct session *session, const struct document_keys *keys,
                              struct signer **ret, struct error *err);
