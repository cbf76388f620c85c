/* trusted_keys - whose signatures to trust, from the command line: the key of a log, witnesses, a
 * quorum. */
#pragma once

#include "core/io/witnesses.h"
#include "jobs/session.h"

struct trusted_keys_options {
    const char *verb;
    const char *vkey;     /* the log's key, or a file that holds it; "" */
    char *const *witness; /* witnesses' keys, or files that hold them */
    size_t witness_count;
    const char *quorum;    /* how many of them; "": all */
    const char *witnesses; /* a file of C2SP tlog-policy instead; "" */
};

/* With a file, --vkey names the one log of it, or beside it, that is meant. All in the arena.
 * fails   USAGE MESSAGE_OPTION_REQUIRED, MESSAGE_OPTIONS_EXCLUDE, MESSAGE_OPTION_VALUE;
 *         MESSAGE_VKEY_INVALID as below; CONFIG MESSAGE_WITNESSES_MALFORMED; MISSING */
FALLIBLE trusted_keys_read(const struct trusted_keys_options *options, struct arena *arena,
                           struct witnesses *ret, struct error *err);

/* The text of a key that is given, or lies in a file of that name. fails INVALID, MISSING */
FALLIBLE trusted_keys_text(const char *given, struct arena *arena, str *ret, struct error *err);

/* And what the store's log was called before it began anew (FORMER_KEYS, which most have not).
 * fails   CONFIG MESSAGE_KEY_UNUSABLE, with the file */
FALLIBLE trusted_keys_add_former(struct session *session, struct witnesses *witnesses,
                                 struct error *err);

/* The log of such a key among those that are trusted.
 * fails   USAGE VKEY_INVALID what was given is no key of that kind; CONFIG VKEY_INVALID the file */
FALLIBLE trusted_keys_add_log(struct witnesses *witnesses, const char *given, struct arena *arena,
                              struct error *err);

/* The list of witnesses in a file. fails CONFIG, MISSING */
FALLIBLE trusted_keys_file(const char *path, struct arena *arena, struct witnesses *ret,
                           struct error *err);
