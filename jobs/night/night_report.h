/* night_report - the data of the report: figures of a period from the log, figures of today from
 * the views, and whether the log verifies. They are gathered first (night_report_log.c,
 * night_report_views.c) and then put on a page (night_report_page.c, night_report_tables.c). The
 * report names no person and no enterprise. */
#pragma once

#include "core/base/html.h"
#include "core/io/log.h"
#include "jobs/metrics.h"
#include "jobs/reading/store_state.h"

/* Events by what they are about; the columns' colours. */
enum report_group {
    GROUP_REGISTERS,
    GROUP_CERTIFICATES,
    GROUP_WAVES,
    GROUP_AUTHORITY,
    GROUP_DOCUMENTS,
    GROUP_PERSONNEL,
    GROUP_OTHER,
    REPORT_GROUPS,
};

enum {
    REPORT_DAYS_MAX = 36600,
    REPORT_COLUMNS_MAX = 62, /* a longer period is told by month, the longest by year */
    REPORT_KINDS_MAX = 200,  /* numbers of event bodies below this */
    REPORT_CLASSES = 6,      /* A B C1 C2 C3 C */
    REPORT_STATUSES = 9,
    REPORT_MONTHS = 13, /* of the expiry calendar: this one and twelve more */
    REPORT_FILES_MAX = 40,
    REPORT_WAVES_MAX = 20,
    REPORT_REFUSING_MAX = 12, /* files that are findings, the newest */
};

struct report_file {
    uint64_t event;
    int32_t day;
    const FileProcessed *file;
};

struct report_files { /* all files of a kind in the period */
    const char *kind;
    uint64_t files, rows, accepted, unchanged, rejected, invalid;
};

/* A reason, how often it was given, and the first event that is about it. */
struct report_code {
    const char *code;
    uint64_t count, event;
};
struct report_codes {
    struct report_code *items;
    size_t count, capacity;
};

struct report_data {
    struct session *session;
    struct arena *arena;
    int32_t from, to; /* days */
    RegistryView *registry;
    struct store_state state;

    /* of the period, from the log */
    uint64_t events;
    uint64_t events_of_last_day;
    uint64_t first_event, last_event;
    uint64_t by_kind[REPORT_KINDS_MAX];
    char (*columns)[11]; /* names: a day, a month or a year */
    size_t columns_count;
    uint64_t *by_group[REPORT_GROUPS];
    struct report_file files[REPORT_FILES_MAX]; /* a ring: the newest */
    size_t files_count;
    struct report_files kinds[REPORT_FILES_MAX];
    size_t kinds_count;
    struct report_codes codes;                        /* of refused rows and of warnings */
    struct report_file refusing[REPORT_REFUSING_MAX]; /* a ring: the newest with refused rows */
    size_t refusing_count;

    /* of today, from the views */
    uint64_t certificates[REPORT_STATUSES][REPORT_CLASSES];
    uint64_t expiries[REPORT_CLASSES][REPORT_MONTHS];
    char months[REPORT_MONTHS][8];
    const WaveView *waves[REPORT_WAVES_MAX]; /* open ones, then the newest */
    size_t waves_count;
    struct report_codes failures; /* of documents */
    const struct metrics_read *jobs;
    size_t jobs_count;

    /* does the log hold? */
    bool verified;
    struct error flaw; /* when it does not */
    struct log_report log;
    uint64_t checkpoints;
    uint64_t last_checkpoint;
    const char *log_key; /* vkey */
    str log_origin;
};

extern const char *const report_classes[REPORT_CLASSES];
extern const char *const report_statuses[REPORT_STATUSES];

/* In a transaction; into data->arena. fails   CORRUPT, RESOURCE; BUSY when stopped */
FALLIBLE report_read_log(struct report_data *data, struct error *err);
FALLIBLE report_read_views(struct report_data *data, struct error *err);

/* The group of an event, and the words of one. */
enum report_group report_group_of(int body);
struct html_words report_words(int message);

/* Adds to the code's entry, which is made when it is not there; the lowest event stays. */
void report_count_code(struct report_codes *codes, const char *code, uint64_t count, uint64_t event,
                       struct arena *arena);

/* How many things section “findings” lists. */
size_t report_findings(const struct report_data *data);

/* Both languages of a message; the head of a section; a figure in a table, where a zero steps back.
 */
void report_put_words(struct html *page, int message);
void report_begin_section(struct html *page, const char *id, int message);
void report_cell(struct html *page, uint64_t value);

/* A table, up to its first row: a head for each column, those of figures ranged right. */
struct report_head {
    int message;
    bool figures;
};
void report_open_table(struct html *page, const struct report_head *heads, size_t count);
void report_close_table(struct html *page);

/* Sections of the page. */
void report_section_findings(const struct report_data *data, struct html *page);
void report_page(const struct report_data *data, struct html *page);
void report_section_events(const struct report_data *data, struct html *page);
void report_section_files(const struct report_data *data, struct html *page);
void report_section_certificates(const struct report_data *data, struct html *page);
void report_section_waves(const struct report_data *data, struct html *page);
