/* model - the oracle: a tiny registry of its own, fed with the events of the log and nothing else.
 *
 * It knows a certificate's status, holder, enterprise and dates, and says which event may follow
 * (RULES 2.1), written down a second time and independently of events/ and projections/. What it
 * is told and cannot be is a complaint. */
#pragma once

#include <event.pb-c.h>
#include <view.pb-c.h>

#include "core/base/arena.h"
#include "core/base/map.h"

enum {
    MODEL_CERTIFICATES_MAX = 8192,
    MODEL_RECORDS_MAX = 8192,
    MODEL_APPLICATIONS_MAX = 4096,
    COMPLAINT_SIZE = 512,
};

struct model_certificate {
    const char *number;
    const char *person;     /* its id */
    const char *enterprise; /* who holds it, or held it last */
    const char *enterprise_name;
    const char *original; /* of another province, or "" */
    Category__Code category;
    bool legal;
    bool electronic;
    Status__Code status;
    int32_t issued;
    int32_t valid_until;
    int32_t since; /* affiliated */
};

/* A record of a personnel file that its person or an enterprise told. */
struct model_record {
    const char *id;
    const char *person;
    FileKind__Code kind;
    Level__Code level;
    bool deleted;
    unsigned scans;
    const char *department; /* that verified it, level C */
    unsigned uses;          /* by applications that have not ended */
};

struct model_application {
    const char *id;
    const char *enterprise;
    ApplicationStatus__Code status;
    struct model_record **records;
    size_t count;
};

struct model {
    struct arena *arena;
    struct model_certificate *certificates;
    size_t count;
    struct map by_number;
    struct model_record *records;
    size_t records_count;
    struct model_application *applications;
    size_t applications_count;
    struct map used;       /* exams, by person, class, kind and day */
    bool release_required; /* policy affiliation.require_release */
    char complaint[COMPLAINT_SIZE];
};

void model_init(struct model *model, struct arena *arena);

/* One event more. False: it cannot follow on what was there; `complaint` says why. */
bool model_apply(struct model *model, const Event *event);

/* NULL when there is no such certificate. */
struct model_certificate *model_find(const struct model *model, str number);
bool model_is_ended(const struct model_certificate *certificate);
bool model_in_force(const struct model_certificate *certificate, int32_t today);
bool model_is_valid(const struct model_certificate *certificate, int32_t today);
bool model_same_kind(Category__Code a, Category__Code b);

/* Work, projects and signatures have no original. */
bool model_has_original(FileKind__Code kind);
/* RULES 2.4: may an application that is opened use it, and one that is accepted? */
bool model_may_be_chosen(const struct model_record *record);
bool model_may_be_accepted(const struct model_application *application);

/* D13: pairs of a person's ordinary certificates in force that may not be held together: two of a
 * kind, or two enterprises. */
size_t model_conflicts(const struct model *model, const char *person, int32_t today);
/* D3, R-NAT-14: legal-representative A's in force at an enterprise. */
size_t model_legal(const struct model *model, const char *enterprise, int32_t today);
