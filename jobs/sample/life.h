/* life - simulates what happens in the city: intentions wait for their day, become wishes, and
 * create later intentions.
 *
 * A deed looks at the current city. If the intention no longer makes sense it does nothing;
 * otherwise it writes the wish and changes the city as the registry will. Sometimes it also writes
 * a wish that must be refused, with the expected code. */
#pragma once

#include "jobs/sample/dice.h"
#include "jobs/sample/output.h"
#include "jobs/sample/registers.h"

enum task_kind {
    TASK_EXCHANGE,
    TASK_EXTEND,
    TASK_ISSUE,
    TASK_ISSUE_LEGAL,
    TASK_UPGRADE, /* a C3 instead of C, C1 or C2 */
    TASK_ENTER,
    TASK_POACH, /* another enterprise reaches for what is not its own: refused */
    TASK_RELEASE,
    TASK_TAKE_EARLY, /* within six months: refused */
    TASK_TAKE_OVER,
    TASK_DEPART,
    TASK_CANCEL,
    TASK_RENAME_ENTERPRISE,
    TASK_RENAME_PERSON,
};

struct task {
    struct task *next;
    enum task_kind kind;
    uint32_t actor; /* as output_line() counts them */
    uint32_t person;
    uint32_t certificate;
    Category__Code category;
    uint32_t order; /* of intention: sorting must not depend on memory */
};

struct life {
    struct city *city;
    struct output *output;
    struct month month;
    struct dice dice;
    struct task *waiting[SLOTS]; /* newest first */
    uint32_t tasks_count;
    uint32_t wishes_count; /* for ids */
    int32_t day;
};

/* Plants the intentions of the first day and lives to the last. */
FALLIBLE life_live(struct city *city, struct output *output, struct error *err);

/* --- for deeds ------------------------------------------------------------------------------ */

/* Does nothing when `slot` is SLOTS. */
void life_plan(struct life *life, uint32_t slot, const struct task *task);
/* When it can be extended, if the life of the city lasts that long. */
void life_plan_extension(struct life *life, uint32_t certificate);
/* What may become of a person whose certificate has become electronic here. */
void life_plan_future(struct life *life, uint32_t certificate);

FALLIBLE deed_exchange(struct life *life, const struct task *task, struct error *err);
FALLIBLE deed_extend(struct life *life, const struct task *task, struct error *err);
FALLIBLE deed_issue(struct life *life, const struct task *task, struct error *err);
FALLIBLE deed_issue_legal(struct life *life, const struct task *task, struct error *err);
FALLIBLE deed_upgrade(struct life *life, const struct task *task, struct error *err);
FALLIBLE deed_enter(struct life *life, const struct task *task, struct error *err);
FALLIBLE deed_poach(struct life *life, const struct task *task, struct error *err);
FALLIBLE deed_release(struct life *life, const struct task *task, struct error *err);
FALLIBLE deed_take_early(struct life *life, const struct task *task, struct error *err);
FALLIBLE deed_take_over(struct life *life, const struct task *task, struct error *err);
FALLIBLE deed_depart(struct life *life, const struct task *task, struct error *err);
FALLIBLE deed_cancel(struct life *life, const struct task *task, struct error *err);
FALLIBLE deed_rename_enterprise(struct life *life, const struct task *task, struct error *err);
FALLIBLE deed_rename_person(struct life *life, const struct task *task, struct error *err);

/* --- wishes --------------------------------------------------------------------------------- */

/* A line of `task`'s actor with a new id; released by wish_end(). */
struct json *wish_begin(struct life *life, const struct task *task, const char *action);
void wish_person(const struct life *life, struct json *wish, uint32_t person);
/* The same, into the record that names the person. */
void wish_put_person(const struct city *city, struct json *record, uint32_t person);
void wish_certificate(struct life *life, struct json *wish, uint32_t certificate);
/* Adds a number to the list `certificates`. */
void wish_list(struct life *life, struct json *wish, uint32_t certificate, struct json **list);
void wish_confirm(struct json *wish);
/* Writes it once more or once; `code` NULL: it will be accepted. */
FALLIBLE wish_send(struct life *life, const struct task *task, struct json *wish, const char *code,
                   struct error *err);
/* Writes and releases it. */
FALLIBLE wish_end(struct life *life, const struct task *task, struct json *wish, const char *code,
                  struct error *err);
