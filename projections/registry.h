/* registry - the table of views, and how an event changes them.
 *
 * A view is a row {name, version, message, key, apply, index, trail} of view_kinds: feeds.h says
 * which kinds of events feed it, `key` which record an event changes, `apply` changes the record,
 * `index` lists the index entries of a record, `trail` says where the record keeps the numbers of
 * its events.
 *
 * The driver (views_apply) reads the record, applies the event, writes the record, and adds or
 * removes the index entries that differ. It reaches storage only through struct view_store, so the
 * inline path (jobs/engine/parts/views.c), the rebuild and the tests run the same code and give the
 * same bytes.
 *
 * The table of a view is named "<name>.v<version>". Raise the version when the message gets a
 * field, or when apply, key or index changes meaning. */
#pragma once

#include <event.pb-c.h>
#include <view.pb-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"

enum view_id {
    VIEW_CERTIFICATE,
    VIEW_PERSON,
    VIEW_ENTERPRISE,
    VIEW_CLERK,
    VIEW_EXAM,
    VIEW_INSURANCE,
    VIEW_NATIONAL,
    VIEW_DOCUMENT,
    VIEW_RECORD,
    VIEW_POLICY,
    VIEW_TRUST,
    VIEW_WAVE,
    VIEW_FILE_RECORD,
    VIEW_VISIT,
    VIEW_APPLICATION,
    VIEW_CODE,
    VIEW_ALIAS,
    VIEW_TRAIL,
    VIEW_REGISTRY,
    VIEW_TEMPLATE,
    VIEW_COUNT,
    VIEW_INDEX = VIEW_COUNT, /* the one table of index entries: keys with empty values */
};

enum { VIEW_KEY_MAX = 400 };

struct view_key {
    size_t size;
    uint8_t data[VIEW_KEY_MAX];
};

/* Receives the index entries of a record, one by one. */
struct index_sink {
    void *state;
    void (*add)(void *state, const struct view_key *key);
};

/* Where a record keeps the numbers of its events, and the count of those that were moved to trails.
 */
struct trail_fields {
    uint64_t **events;
    size_t *count;
    uint64_t *trailed;
};

struct view_kind {
    const char *name;
    unsigned version;
    const ProtobufCMessageDescriptor *message;
    /* The key of the record that the event changes; false when this event changes none. Called only
     * for kinds of events that feed the view. `key` and `apply` are NULL where only the driver
     * writes records (VIEW_TRAIL). */
    bool (*key)(const Event *event, struct view_key *ret);
    /* Total: it checks no rule and refuses nothing. fails CORRUPT MESSAGE_LOG_CONTRADICTS when the
     * log contradicts itself. */
    outcome (*apply)(ProtobufCMessage *view, const Event *event, struct arena *arena,
                     struct error *err);
    /* Lists the record's index entries; NULL when the view has none. */
    void (*index)(const ProtobufCMessage *view, struct arena *arena, const struct index_sink *sink);
    /* Where the record names its events, when the driver moves older ones to VIEW_TRAIL; or NULL.
     */
    struct trail_fields (*trail)(ProtobufCMessage *view);
};

/* A record keeps its first event and between this many and twice as many of the newest. Older ones
 * move to a trail, this many at a time, so that the cost of an event does not grow with the history
 * of its record. */
enum { TRAIL_EVENTS = 128 };

extern const struct view_kind view_kinds[VIEW_COUNT];

/* The storage of the views. `get` gives data NULL when there is no such record; the bytes must stay
 * valid until the next put. */
struct view_store {
    void *state;
    outcome (*get)(void *state, enum view_id view, bytes key, bytes *ret, struct error *err);
    outcome (*put)(void *state, enum view_id view, bytes key, bytes value, struct error *err);
    outcome (*delete)(void *state, enum view_id view, bytes key, struct error *err);
    /* The business date in the record of VIEW_REGISTRY, if the storage remembers it: events that
     * would change nothing else there can then skip that record. Set it to DAY_UNKNOWN when the
     * storage may have changed in another way. May be NULL. */
    int32_t *last_day;
};

enum { DAY_UNKNOWN = INT32_MIN };

/* Applies one event to every view. Its personal parts must be opened (blank when their key is
 * gone). Nothing in `arena` is needed afterwards. */
FALLIBLE views_apply(const struct view_store *store, const Event *event, struct arena *arena,
                     struct error *err);

/* --- one record at a time, for who has all events of a record together ---------------------------
 *
 * Gives what views_apply gives, without reading and writing the record at every event. */

struct view_touch {
    enum view_id view;
    struct view_key key;
};

/* The records that an event changes, in the order of the views; returns how many. Personal parts
 * may stay sealed. `last_day` as in struct view_store; the caller passes the events in order. */
size_t views_touched(const Event *event, int32_t *last_day, struct view_touch ret[VIEW_COUNT]);
/* Computes the key again, for an event that is known to touch a record of the view. */
void view_key_of(enum view_id view, const Event *event, struct view_key *ret);

/* A certificate serial that an event gave out. The record of VIEW_REGISTRY keeps the highest of
 * each year, so a caller with many such events needs to apply only one per year. */
struct view_serial {
    int year;
    uint32_t last;
};
/* False when the event gives out no serial. */
bool view_serial_of(const Event *event, struct arena *arena, struct view_serial *ret);

struct view_trail {
    struct view_key key; /* size 0: there is none */
    bytes value;         /* in the arena */
};

/* Applies one more event to a record. The record begins as record_new(view_kinds[view].message); it
 * and the events applied to it must stay in `arena`, or the record is copied in between. *ret_trail
 * is the record of VIEW_TRAIL that this event made, if any. A record that is still empty after all
 * events does not exist. */
FALLIBLE view_apply(const struct view_touch *touch, ProtobufCMessage *record, const Event *event,
                    struct arena *arena, struct view_trail *ret_trail, struct error *err);
/* Lists the record's index entries. */
void view_index(enum view_id view, const ProtobufCMessage *record, struct arena *arena,
                const struct index_sink *sink);

/* --- keys, for who reads: parts joined by 0x00, numbers big-endian ----------------------------
 *
 * A key is never longer than VIEW_KEY_MAX: a longer text is cut off, and no record can have such a
 * text. */

struct view_key key_certificate(str number);
struct view_key key_person(str person_id);
struct view_key key_enterprise(str code);
struct view_key key_clerk(str clerk);
struct view_key key_exam(str person_id, Category__Code category, ExamKind__Code kind, int32_t date);
struct view_key key_insurance(str person_id, int32_t month, str enterprise);
/* The number comes first: the platform's files are sorted nearly by number, so consecutive rows
 * touch the same pages. */
struct view_key key_national(str person_id, str number);
struct view_key key_document(str id);
struct view_key key_policy(str key);
struct view_key key_template(str kind);
struct view_key key_trust(bytes certificate_sha256);
struct view_key key_wave(uint64_t wave);
struct view_key key_file_record(str person_id, str record);
struct view_key key_visit(str department, str visit);
struct view_key key_application(str application);
struct view_key key_code(str phone_id);
struct view_key key_alias(str alias);
/* The trails of a record have its view and key as prefix and sort by their events; the key of one
 * trail ends with its first event. */
struct view_key prefix_trails_of(enum view_id view, const struct view_key *key);
struct view_key key_trail(enum view_id view, const struct view_key *key, uint64_t first);
struct view_key key_registry(void);

/* national_beginning() gives the first bytes of the record that a national row would make
 * (NationalView up to `record`). national_begins() compares a stored record with them: if they are
 * equal, the row is surely unchanged. If not, the row may still be unchanged: the register's rule
 * compares fewer fields. */
bytes national_beginning(const NationalRecorded *row, str person_id, struct arena *arena);
bool national_begins(bytes stored, bytes beginning);

/* Prefixes of record keys, for scans. */
struct view_key prefix_exams_of(str person_id);
struct view_key prefix_insurances_of(str person_id);
struct view_key prefix_nationals_of_number(str number);
struct view_key prefix_file_records_of(str person_id);
struct view_key prefix_records_of(str enterprise, RecordList__Code list);

/* Prefixes of index keys; what follows the prefix is named on the right. */
struct view_key index_certificates_of_enterprise(str code);              /* number */
struct view_key index_certificates_of_person(str person_id);             /* number */
struct view_key index_certificates_of_serial(int year, uint32_t serial); /* number */
struct view_key index_persons_of_name(str name_key, bool prefix_only);   /* [rest 0x00] person_id */
struct view_key index_nationals_of_person(str person_id);                /* number */
struct view_key index_documents(DocumentStatus__Code status);            /* template 0x00 id */
struct view_key index_documents_of_template(DocumentStatus__Code status, str template_id); /* id */
/* Certificates that are not ended, by valid_until (days, u32): [u32 end 0x00] number. */
struct view_key index_certificates_by_end(void);
struct view_key index_persons_of_record(str record);  /* person_id */
struct view_key index_persons_of_phone(str phone_id); /* person_id */
struct view_key index_blocked_persons(void);          /* person_id, erased ones too */
struct view_key index_blocked_person(str person_id);  /* nothing: it is there or not */
struct view_key index_erased_persons(void);           /* person_id */
struct view_key index_open_waves(void);               /* u64 wave */

/* The event number at the end of the key of a record-list line, and its list. */
uint64_t key_record_event(bytes key, RecordList__Code *ret_list);

/* The last part of an index key (behind the last 0x00), and the bytes behind a prefix. */
str key_last_part(bytes key);
bytes key_behind(bytes key, const struct view_key *prefix);
