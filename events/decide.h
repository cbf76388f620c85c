/* decide - the interface of the rules. A rule is a pure function: it takes a dossier (all that this
 * rule may look at), the action and the moment, and returns either the events that happened or a
 * refusal. Rules read and write nothing: jobs/engine/judging/dossier.c reads before,
 * jobs/engine/judging/act.c writes after.
 *
 * Checks run in the order of RULES 0.3, from the outside in; the first that fails names the
 * refusal. */
#pragma once

#include <action.pb-c.h>
#include <event.pb-c.h>
#include <view.pb-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"

/* Taken once per batch; rules never look at a clock. */
struct moment {
    int32_t today;  /* the registry's business day */
    int64_t now_us; /* UTC */
};

struct certificates {
    const CertificateView **items;
    size_t count;
};

struct exams {
    const ExamView **items;
    size_t count;
};

struct insurances {
    const InsuranceView **items;
    size_t count;
};

struct nationals {
    const NationalView **items;
    size_t count;
};

struct file_records {
    const FileRecordView **items;
    size_t count;
};

/* A person of an application, with what the application says of the person. */
struct applicant {
    const PersonView *person;
    struct file_records records;  /* those it names, in its order; absent: none of this person's */
    struct insurances insurances; /* all of the person's */
};

struct applicants {
    struct applicant *items;
    size_t count;
};

/* What a wave would take (events/wave.h): the sorted numbers, each followed by a line feed. */
struct wave_list {
    uint64_t count;
    str numbers;
    bytes numbers_sha256; /* of `numbers` */
};

/* Business policies as they stand (CONTRACT 2); policies_default() gives the defaults. */
struct policies {
    bool require_release;          /* affiliation.require_release */
    uint32_t entry_states;         /* entry.states: policies_state_bit() each */
    int insurance_months_required; /* insurance.months_required, 0-3 */
    bool b_require_registration;   /* b.require_registration */
    bool identity_require_certificate;
    bool identity_photo_required;
};

struct policies policies_default(void);
uint32_t policies_state_bit(NationalState__Code state);
/* Sets one policy from its text: yes/no, a number, a list of states in Chinese. fails USAGE
 * MESSAGE_POLICY_UNKNOWN, MESSAGE_POLICY_VALUE */
FALLIBLE policies_set(struct policies *policies, str key, str value, struct error *err);
/* The value in the spelling that events hold, whatever separated its list: "注销、 失效" becomes
 * "注销,失效". */
str policies_spelling(str key, str value, struct arena *arena);

/* What a rule may look at. Nothing here is NULL unless its comment says so: an unknown certificate,
 * person or enterprise is a view with every field absent (certificate "", status NONE; person_id
 * ""; code ""). */
struct dossier {
    struct policies policies;
    const EnterpriseView *enterprise;   /* the acting one; of register rows the row's, of the
                                         * authority's actions the certificate's */
    const ClerkView *clerk;             /* the acting one */
    const CertificateView *certificate; /* the one the action names */
    const PersonView *person;           /* the one named, or the certificate's holder */
    struct certificates named;          /* those a list names, in its order; unknown ones absent */
    struct certificates persons;        /* all of the person's, by number */
    struct wave_list wave;              /* what a wave action would take today */
    const CertificateView *legal_certificate; /* its legal-representative A in force, other than
                                               * the named certificate, or absent */
    const PersonView *other;                  /* whoever a corrected number belongs to already */
    struct exams exams;                       /* all of the person's */
    struct insurances insurances;             /* all of the person's */
    struct nationals nationals;               /* all of the person's, masked candidates included */
    const char *as_other[2];                  /* ids of the person's number as a document of the
                                               * kind 其他: what the platform calls all but 身份证 */
    size_t as_other_count;
    const ExamView *exam; /* register rows: the record of the row's key */
    const InsuranceView *insurance;
    const NationalView *national;
    const FileRecordView *file_record;  /* the one that a wish names by its id; a wish that names a
                                         * person too: only one of that person's */
    struct file_records file_records;   /* all of the named person's personnel file, by id */
    const VisitView *visit;             /* to the clerk's department, of the wish's name */
    const ApplicationView *application; /* the one that a wish names by its id */
    struct applicants applicants;       /* its persons, or those of the wish that opens one */
    const CodeView *code;               /* the last one that went out to the phone a wish names */
    const char *phone_person_id;        /* whose that phone is; "" nobody's */
    bool is_trial;                      /* a dry run: secrets are not compared, nothing counts */
    uint32_t next_serial;               /* free in the year of `today` */
    uint64_t next_sequence;             /* the number of the first event of this decision */
};

/* What happened: events without envelope, in order, and what the answer should say. */
struct decision {
    Event **events;
    size_t count;
    size_t capacity;
    const char **certificates; /* the numbers this is about, in order */
    size_t certificates_count;
    size_t certificates_capacity;
    struct error_arg details[ERROR_ARGS_MAX]; /* D19, R-DP-06: what the clerk needs next */
    int details_count;
    int warnings[8]; /* message codes */
    int warnings_count;
    const char *record;      /* the record of a personnel file that this is about, or NULL */
    const char *application; /* the application, or NULL */
    uint64_t wave_count;     /* waves: certificates listed; 0 otherwise */
    bool is_wave;
    bool stands_refused; /* the rule refuses, and its events are kept all the same: a wrong code
                          * that was tried counts (R-PF-11) */
};

/* Adds an event with no body yet; the caller sets body_case and the body. */
Event *decision_add(struct decision *decision, struct arena *arena);
/* Adds an event with an empty body and gives that body: the message of the oneof member. */
void *decision_event(struct decision *decision, Event__BodyCase body, struct arena *arena);
void decision_name_certificate(struct decision *decision, const char *number, struct arena *arena);
void decision_warn(struct decision *decision, int message_code);
void decision_detail(struct decision *decision, struct error_arg detail);

/* Is the action well formed (RULES 0.3, first row; D34, D38)? Call it before loading a dossier. Of
 * several faults it names a missing field before a bad one before a too large one, each in the
 * order of CONTRACT 4. The reader of the wish has already refused unknown fields.
 * fails   INVALID MESSAGE_MISSING_FIELD, MESSAGE_BAD_FIELD, MESSAGE_TOO_LARGE */
FALLIBLE action_check_form(const Action *action, struct arena *arena, struct error *err);

/* The rule of the action. An accepted action has at least one event; only a register row may have
 * none (it equals the register: unchanged).
 *
 * Before it appends, the engine fills in what a rule cannot know: photo_blob and proof_blob, where
 * the action did not bring them. The rule of a wave decides only its opening; its items are decided
 * one by one (events/wave.h).
 * fails   REFUSED with code, rule and detail; INVALID MESSAGE_CERTIFICATE_EXISTS (paper rows),
 *         MESSAGE_TOO_LARGE (an event beyond LIMIT_EVENT_BYTES). *ret
 *         is untouched then, unless what was refused leaves events behind (stands_refused) */
FALLIBLE decide(const struct dossier *dossier, const Action *action, struct moment moment,
                struct arena *arena, struct decision *ret, struct error *err);

/* The action's field, whose name is that in CONTRACT 4 ("change_affiliation"), NULL when there is
 * none; and the body case of a name (NOT_SET when there is none; register rows have no name here).
 */
const ProtobufCFieldDescriptor *action_field(Action__BodyCase body);
Action__BodyCase action_from_name(str name);
/* Is it a wish (a line of a submission) rather than a row of a register? */
bool action_is_wish(Action__BodyCase body);

/* The personal part of an event, or all NULL when it has none. */
struct personal_slot {
    Personal **personal;
    ProtobufCBinaryData *sealed;
    char **person_id;
};
struct personal_slot event_personal(Event *event);

/* The fixed text of the declaration of R-IN-05, and its SHA-256, which the entry event carries. */
str declaration_text(void);
bytes declaration_sha256(void);
