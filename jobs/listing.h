/* listing - one run of `list`: the filters, the rows, and how many are still wanted. */
#pragma once

#include "jobs/objects.h"
#include "jobs/report.h"

struct listing {
    struct session *session;
    const ListOptions *options;
    const struct list_kind *kind;
    struct object_source source;
    struct report_rows rows;
    str enterprise;   /* normalised; empty: any */
    str certificate;  /* canonical; empty: any */
    str name_key;     /* comparison key; empty: any */
    bool name_prefix; /* the name ended in * (D9) */
    str document;     /* "pending"; empty: any */
    str after;
    uint64_t left; /* rows still wanted */
};

enum list_filter {
    FILTER_ENTERPRISE = 1,
    FILTER_NAME = 2,
    FILTER_CERTIFICATE = 4,
    FILTER_STATUS = 8,
    FILTER_DOCUMENT = 16,
};

struct list_kind {
    const char *name;
    outcome (*run)(struct listing *listing, struct error *err);
    unsigned filters; /* enum list_filter */
    const struct report_column *columns;
    size_t columns_count;
    RecordList__Code list; /* of record lists */
};

/* Does the name pass the filter? */
bool listing_takes_name(struct listing *listing, str name);

/* Does the person's name, or one the person had before (R-PN-07)? */
bool listing_takes_person(struct listing *listing, const PersonView *person);

/* One row; `record` is given back. */
FALLIBLE listing_add(struct listing *listing, struct json *record, struct error *err);

/* Every record of a view in key order, behind `after`, until enough rows were added. */
FALLIBLE listing_walk(struct listing *listing, enum view_id view,
                      outcome (*visit)(struct listing *listing, const ProtobufCMessage *message,
                                       struct error *err),
                      struct error *err);

outcome list_certificates(struct listing *listing, struct error *err);
outcome list_persons(struct listing *listing, struct error *err);
outcome list_enterprises(struct listing *listing, struct error *err);
outcome list_clerks(struct listing *listing, struct error *err);
outcome list_records(struct listing *listing, struct error *err);
