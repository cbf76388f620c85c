/* listing - the state of one run of `list`: filters, rows, and how many rows are still wanted.
 *
 * A filter narrows by an index where there is one (a number, a person, a name, an enterprise, a
 * document's status); only a list without such a filter walks over everything. */
#pragma once

#include "jobs/objects/objects.h"
#include "jobs/report.h"

/* Keys of records: gathered from indexes, then sorted and once each. */
struct keys {
    struct arena *arena;
    str *items;
    size_t count;
    size_t capacity;
};
void keys_add(struct keys *keys, str key);
/* The same for each_of_index; `state` is the struct keys. fails as listing_go_on */
outcome keys_take(void *state, str key, struct error *err);
void keys_sort(struct keys *keys);
bool keys_have(const struct keys *keys, str key); /* of sorted ones */

struct listing {
    struct session *session;
    const ListOptions *options;
    const struct list_kind *kind;
    struct object_source source;
    struct report_rows rows;
    str enterprise;       /* normalised: the one that holds, or held last; empty: any */
    str acting;           /* of what is taken over: the enterprise that would (R-AF-05) */
    str certificate;      /* canonical; empty: any */
    str person_id;        /* empty: any */
    str name_key;         /* comparison key of persons; empty: any */
    str enterprise_key;   /* the same name as a comparison key of enterprises */
    bool name_prefix;     /* the name ended in * (D9) */
    str document;         /* "pending"; empty: any */
    struct keys eligible; /* of what is taken over: numbers */
    str after;
    uint64_t left; /* rows still wanted */
};

enum list_filter {
    FILTER_ENTERPRISE = 1,
    FILTER_NAME = 2,
    FILTER_CERTIFICATE = 4,
    FILTER_STATUS = 8,
    FILTER_DOCUMENT = 16,
    FILTER_PERSON = 32,
    FILTER_CONFLICT = 64,
};

/* A certificate of a list and its holder's row of the register. */
struct listed {
    const CertificateView *certificate;
    const EnterpriseView *enterprise;
};

/* What a work list of the manual has beyond `list certificates`. */
struct work_list {
    /* Once, before the rows: refuses what cannot be asked, gathers what is costly. May be NULL. */
    outcome (*prepare)(struct listing *listing, struct error *err);
    /* Numbers, when no filter narrows; NULL: all certificates are looked at. */
    outcome (*gather)(struct listing *listing, struct keys *numbers, struct error *err);
    outcome (*takes)(struct listing *listing, const struct listed *listed, bool *ret,
                     struct error *err);
    /* Adds to the object what only this list shows. May be NULL. */
    outcome (*add)(struct listing *listing, const struct listed *listed, struct json *record,
                   struct error *err);
};
extern const struct work_list work_exchangeable; /* R-EX-02 */
extern const struct work_list work_renamable;    /* R-NM-02 */
extern const struct work_list work_extendable;   /* R-IS-01, D14 */
extern const struct work_list work_transferable; /* R-AF-05 */
extern const struct work_list work_cancellable;  /* R-CX-03 */
extern const struct work_list work_departable;   /* R-DP-03 */

struct list_kind {
    const char *name;
    outcome (*run)(struct listing *listing, struct error *err);
    unsigned filters; /* enum list_filter */
    const struct report_column *columns;
    size_t columns_count;
    RecordList__Code list;        /* of record lists */
    const struct work_list *work; /* of work lists, else NULL */
};

/* The list of that name. fails USAGE MESSAGE_UNKNOWN_VALUE */
FALLIBLE list_kind_find(const char *name, struct arena *arena, const struct list_kind **ret,
                        struct error *err);

/* Does the name of a person or of an enterprise pass the filter? */
bool listing_takes_name(struct listing *listing, str name);
bool listing_takes_enterprise_name(struct listing *listing, str name);

/* Does the person's name, or one the person had before (R-PN-07)? */
bool listing_takes_person(struct listing *listing, const PersonView *person);

/* Do the filters that speak of the certificate itself (enterprise, number, person, status, state of
 * the document) let it pass? */
FALLIBLE listing_takes_certificate(struct listing *listing, const CertificateView *certificate,
                                   bool *ret, struct error *err);

/* Does the document's state pass the filter? Of a person who was erased it has none. */
FALLIBLE listing_takes_document(struct listing *listing, const char *id, const char *person_id,
                                bool *ret, struct error *err);

/* Certificate numbers that can pass, from the narrowest index that the filters allow, sorted;
 * *ret_gathered is false when there is none. */
FALLIBLE listing_gather(struct listing *listing, struct keys *numbers, bool *ret_gathered,
                        struct error *err);

/* Between two records, wanted or not: with --out a signal ends the list here (without, the
 * process). fails BUSY MESSAGE_EXPORT_STOPPED */
FALLIBLE listing_go_on(struct error *err);

/* One row; `record` is given back. */
FALLIBLE listing_add(struct listing *listing, struct json *record, struct error *err);

/* Every record of a view in key order, behind `after`, until enough rows were added. */
FALLIBLE listing_walk(struct listing *listing, enum view_id view,
                      outcome (*visit)(struct listing *listing, const ProtobufCMessage *message,
                                       struct error *err),
                      struct error *err);

/* The same for the records of some keys, which are sorted; unknown ones are passed over. */
FALLIBLE listing_visit_keys(struct listing *listing, enum view_id view, const struct keys *keys,
                            outcome (*visit)(struct listing *listing,
                                             const ProtobufCMessage *message, struct error *err),
                            struct error *err);

outcome list_certificates(struct listing *listing, struct error *err);
outcome list_persons(struct listing *listing, struct error *err);
outcome list_enterprises(struct listing *listing, struct error *err);
outcome list_clerks(struct listing *listing, struct error *err);
outcome list_file_records(struct listing *listing, struct error *err);
outcome list_conflicts(struct listing *listing, struct error *err);
outcome list_records(struct listing *listing, struct error *err);
