/* verbs - the command table. To add a verb: its function in a file of its own, its options message
 * in options.proto, a line here, a row in verbs.c, and the rows HELP_<VERB> and OPTION_.. of
 * jobs/messages.def (tests/jobs/test_messages.c names what is missing): docs/adding.md. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "core/base/error.h"

struct session;

/* What session_open() opens before the verb runs. */
enum needs {
    NEEDS_NOTHING,   /* the verb opens what it wants */
    NEEDS_READ,      /* the store, without lock and without keys */
    NEEDS_READ_KEYS, /* the same, with keys where they can be read */
    NEEDS_READ_LOG,  /* the whole log, checked page by page, with keys where they can be read */
    NEEDS_LOG,       /* the same under the lock, for writing views: they may be damaged */
    NEEDS_LOCK,      /* the store for writing; no event gets a business date */
    NEEDS_WRITE,     /* the store for writing events; the business date is checked */
};

/* What SIGINT or SIGTERM does to a verb. */
enum verb_ends {
    AT_BORDERS,      /* stops it between two batches (core/io/stop.h) */
    WHERE_IT_PRINTS, /* ends it at once, because it leaves nothing but what it prints; with --out it
                        stops as AT_BORDERS, so that the output is complete or absent */
    ANYWHERE,        /* ends it at once: its output is only for trying things out */
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
    /* Checks the options as far as that needs no store; called by session_check(). For verbs that a
     * night may run, which checks all steps before its first. May be NULL. fails USAGE */
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

/* Is the verb an action of CONTRACT 4? Its options message is then the body of that action. */
bool verb_is_action(const struct verb *verb);
/* Does a signal end the verb at once when it has these options? */
bool verb_ends_at_once(const struct verb *verb, const ProtobufCMessage *options);
/* Fields of an action's body that are no options, because the engine fills them in.
 * NULL-terminated. */
extern const char *const verb_not_options[];

/* The fields of ActionOptions that do not apply to this action; for arguments_add. */
const char *const *action_options_without(const struct verb *verb);

/* The verb, or the first word of one ("policy"), that was probably meant: for a hint. */
str verb_nearest(str word);

/* The `check` functions of the table. */
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

/* The `run` functions of the table, one per verb; session->options is the verb's options message.
 */
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
