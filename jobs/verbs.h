/* verbs - the command table. To add a verb: its function in a file of its own, its options message
 * in options.proto, a line here, a row in verbs.c, and the rows HELP_<VERB> and OPTION_.. of
 * jobs/messages.def (tests/jobs/test_messages.c names what is missing): docs/adding.md. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "core/base/error.h"

struct session;

/* What is opened before the verb runs. */
enum needs {
    NEEDS_NOTHING,   /* the verb opens what it wants */
    NEEDS_READ,      /* the store, without lock and without keys */
    NEEDS_READ_KEYS, /* the same, with keys where they can be read */
    NEEDS_READ_LOG,  /* the whole log, checked page by page, with keys where they can be read */
    NEEDS_LOG,       /* the same under the lock, for writing views: they may be damaged */
    NEEDS_LOCK,      /* the store for writing; no event gets a business date */
    NEEDS_WRITE,     /* the store for writing events; the business date is checked */
};

/* What a signal does. */
enum verb_ends {
    AT_BORDERS,      /* it is a question, asked between two batches (core/io/stop.h) */
    WHERE_IT_PRINTS, /* the verb leaves nothing but what it prints, so it ends at once; not with
                        --out, which is there as a whole or not */
    ANYWHERE,        /* what it makes is a toy: at once */
};

struct verb {
    const char *name;
    outcome (*run)(struct session *session, struct error *err);
    const ProtobufCMessageDescriptor *options;
    enum needs needs;
    const char *usage; /* positional arguments, as help shows them */
    int arguments_min;
    int arguments_max; /* -1: any number */
    enum verb_ends ends;
    /* What is wrong with the options whatever the store holds; session.h: session_check. Only of
     * verbs that a night may run: it asks before its first step. fails USAGE */
    outcome (*check)(const struct session *session, struct error *err);
};

extern const struct verb verbs[];
extern const size_t verbs_count;

/* The heading under which help begins a group with this verb, or 0. */
int verb_heading(const struct verb *verb);

/* The verb that words[0..count) begin with ("policy set", "list"); *ret_words is how many words it
 * takes. NULL when there is none. */
const struct verb *verb_find(char *const *words, int count, int *ret_words);

/* Options may stand between the two words of a verb, as behind any verb (CONTRACT 1): brings them
 * together ("audit --store=DIR verify" becomes "audit verify --store=DIR"). Leaves the rest alone.
 */
void verb_join_words(char **words, int count);

/* Is it one action of CONTRACT 4 as a verb? Its options message is then the action's body. */
bool verb_is_action(const struct verb *verb);
/* With these options, does a signal end it at once? */
bool verb_ends_at_once(const struct verb *verb, const ProtobufCMessage *options);
/* Fields of such a body that the engine fills in: no options. NULL-terminated. */
extern const char *const verb_not_options[];

/* The fields of ActionOptions that this action has no use for; for arguments_add. */
const char *const *action_options_without(const struct verb *verb);

/* The verb, or the first word of one ("policy"), that was probably meant: for a hint. */
str verb_nearest(str word);

/* Of some verbs: `check` of the table. */
outcome check_audit_compare(const struct session *session, struct error *err);
outcome check_audit_export(const struct session *session, struct error *err);
outcome check_deliver(const struct session *session, struct error *err);
outcome check_expire(const struct session *session, struct error *err);
outcome check_export_national(const struct session *session, struct error *err);
outcome check_import(const struct session *session, struct error *err);
outcome check_notice_run(const struct session *session, struct error *err);
outcome check_rebuild(const struct session *session, struct error *err);
outcome check_rename_run(const struct session *session, struct error *err);
outcome check_report(const struct session *session, struct error *err);
outcome check_submit(const struct session *session, struct error *err);

/* One a verb; session->options is the verb's options message. */
outcome job_action(struct session *session, struct error *err);
outcome job_audit_check(struct session *session, struct error *err);
outcome job_audit_compare(struct session *session, struct error *err);
outcome job_audit_diff(struct session *session, struct error *err);
outcome job_audit_export(struct session *session, struct error *err);
outcome job_audit_history(struct session *session, struct error *err);
outcome job_audit_prove(struct session *session, struct error *err);
outcome job_audit_replay(struct session *session, struct error *err);
outcome job_audit_verify(struct session *session, struct error *err);
outcome job_audit_witness(struct session *session, struct error *err);
outcome job_backup(struct session *session, struct error *err);
outcome job_checkpoint(struct session *session, struct error *err);
outcome job_deliver(struct session *session, struct error *err);
outcome job_download(struct session *session, struct error *err);
outcome job_export_national(struct session *session, struct error *err);
outcome job_expire(struct session *session, struct error *err);
outcome job_help(struct session *session, struct error *err);
outcome job_import(struct session *session, struct error *err);
outcome job_init(struct session *session, struct error *err);
outcome job_list(struct session *session, struct error *err);
outcome job_night(struct session *session, struct error *err);
outcome job_notice_plan(struct session *session, struct error *err);
outcome job_notice_run(struct session *session, struct error *err);
outcome job_policy_list(struct session *session, struct error *err);
outcome job_policy_set(struct session *session, struct error *err);
outcome job_rebuild(struct session *session, struct error *err);
outcome job_regenerate(struct session *session, struct error *err);
outcome job_rename_plan(struct session *session, struct error *err);
outcome job_rename_run(struct session *session, struct error *err);
outcome job_rename_status(struct session *session, struct error *err);
outcome job_report(struct session *session, struct error *err);
outcome job_restore(struct session *session, struct error *err);
outcome job_sample(struct session *session, struct error *err);
outcome job_show(struct session *session, struct error *err);
outcome job_status(struct session *session, struct error *err);
outcome job_submit(struct session *session, struct error *err);
outcome job_template_check(struct session *session, struct error *err);
outcome job_template_list(struct session *session, struct error *err);
outcome job_template_set(struct session *session, struct error *err);
outcome job_template_show(struct session *session, struct error *err);
outcome job_trust_add(struct session *session, struct error *err);
outcome job_trust_issue(struct session *session, struct error *err);
outcome job_trust_remove(struct session *session, struct error *err);
outcome job_version(struct session *session, struct error *err);
