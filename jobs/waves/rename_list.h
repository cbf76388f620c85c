/* rename_list - the enterprises of a run of `rename` (one by its code, those of renames.csv, or
 * those of a plan), and what a wave would do for each today.
 *
 * A faulty row of renames.csv is refused alone, with its row number and a code of registers,
 * `enterprise_unknown` or `register_name_differs`. A plan is accepted as a whole or not at all. */
#pragma once

#include "core/base/map.h"
#include "core/io/table.h"
#include "jobs/session.h"

/* A certificate as a plan has it. */
struct rename_planned {
    str number;
    const char *name; /* the enterprise's that was printed on it; "": the plan does not say */
    int32_t end;      /* its last day; DAY_UNKNOWN: the plan does not say */
};

struct rename_entry {
    const char *code; /* normalised */
    /* The asserted name, or NULL. In the plan of a notice: its number, a line feed and its value;
     * "" when the plan does not say. */
    const char *name;
    uint64_t row;     /* of the file; 0: no file */
    const str *cells; /* of the row, as they were */
    size_t cells_count;
    bool is_planned;
    bool holds;                     /* of a plan: it goes on, is done, or would be done so now */
    struct rename_planned *planned; /* of a plan: what it lists, by number */
    size_t planned_count;
    size_t planned_room;
    bytes planned_sha256;     /* of the numbers, as a wave's */
    struct wave_list list;    /* what a wave would take now */
    const WaveView *open;     /* its wave that is open, or NULL */
    bool shares;              /* that one is an earlier entry's, too, which counts it */
    bool opens;               /* a new wave is to be opened, behind the open one if there is one */
    const WaveView *before;   /* the wave that did already what is asked for, or NULL */
    const WaveOpened *intent; /* of a notice's plan: what it intends; NULL: a name */
    struct error *refusal;    /* why not, or NULL */
};

struct rename_list {
    struct rename_entry **items;
    size_t count;
    size_t capacity;
    uint64_t rows;         /* of the file */
    uint64_t rejected;     /* rows that cannot be taken */
    uint64_t differing;    /* enterprises of a plan that are not as planned, refused ones too */
    bytes sha256;          /* of the file or plan; empty without */
    const char *action_id; /* names the waves of a file, so that they are known again; or "" */
    const str *header;     /* of renames.csv */
    size_t header_count;
    enum table_format format; /* of rows that tell what changed: rename_changes.h */
};

/* What the command line names: exactly one of the three, the others NULL. */
struct rename_source {
    const char *code;
    const char *file; /* renames.csv */
    const char *plan; /* what `rename plan --out` wrote */
};

/* Is it exactly one? fails USAGE MESSAGE_RENAME_SOURCE */
FALLIBLE rename_source_check(const struct rename_source *source, const char *verb,
                             struct error *err);

/* What `notice plan --out` wrote: one entry, of no enterprise, not judged.
 * fails   MISSING, MALFORMED */
FALLIBLE rename_list_read_notice(struct session *session, const char *path, struct rename_list *ret,
                                 struct error *err);

/* fails   USAGE MESSAGE_RENAME_SOURCE, MESSAGE_ENTERPRISE_NOT_FOUND; MISSING, MALFORMED */
FALLIBLE rename_list_read(struct session *session, const struct rename_source *source,
                          struct rename_list *ret, struct error *err);

/* Looks at every entry as the store is now, in a transaction; refusals go to the entries.
 * fails   REFUSED of a single code; RESOURCE, CORRUPT */
FALLIBLE rename_list_judge(struct session *session, struct rename_list *list, struct error *err);

/* Certificates that a run would account for: an open wave as announced, a new one, and those that
 * the same file renamed before. */
uint64_t rename_entry_count(const struct rename_entry *entry);
uint64_t rename_list_count(const struct rename_list *list);

/* The wish of an entry, as the operator's. */
Action *rename_entry_action(const struct rename_list *list, const struct rename_entry *entry,
                            struct arena *arena);

/* What a wave of the entry would intend, and the register's row of its enterprise; in the arena.
 * fails   RESOURCE, CORRUPT */
FALLIBLE rename_entry_intent(struct session *session, const struct rename_list *list,
                             const struct rename_entry *entry, struct arena *arena,
                             const WaveOpened **ret, const EnterpriseView **ret_enterprise,
                             struct error *err);

/* Tells what was refused, and writes it to `rejects` (NULL: only told). Sets the exit status. */
FALLIBLE rename_list_show_rejected(struct session *session, struct rename_list *list,
                                   const char *rejects, struct error *err);
