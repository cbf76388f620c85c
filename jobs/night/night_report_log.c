/* night_report_log - the figures of a period, from the log: one pass over its events. */
#include <stdio.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/io/stop.h"
#include "jobs/engine/log_days.h"
#include "jobs/night/night_report.h"

/* Numbers of bodies go by subject and are never given anew. What is in no row - disclosures - is
 * GROUP_OTHER. */
static const struct {
    Event__BodyCase first, last;
    enum report_group group;
} groups[] = {
    {EVENT__BODY_STORE_CREATED, EVENT__BODY_ROOT_DISTRUSTED, GROUP_AUTHORITY},
    {EVENT__BODY_FILE_PROCESSED, EVENT__BODY_FILE_PROCESSED, GROUP_REGISTERS},
    {EVENT__BODY_TEMPLATE_SET, EVENT__BODY_TEMPLATE_SET, GROUP_AUTHORITY},
    {EVENT__BODY_ENTERPRISE_REGISTERED, EVENT__BODY_CONTRACT_RECORDED, GROUP_REGISTERS},
    {EVENT__BODY_PERSON_BLOCKED, EVENT__BODY_PHONE_CHANGED, GROUP_PERSONNEL},
    {EVENT__BODY_PAPER_REGISTERED, EVENT__BODY_PAPER_REGISTERED, GROUP_REGISTERS},
    {EVENT__BODY_ENTERPRISE_NAME_CHANGED, EVENT__BODY_ENTERPRISE_NAME_CHANGED, GROUP_WAVES},
    {EVENT__BODY_CERTIFICATE_EXCHANGED, EVENT__BODY_REGENERATION_REQUESTED, GROUP_CERTIFICATES},
    {EVENT__BODY_CERTIFICATE_SUSPENDED, EVENT__BODY_POST_CHANGED, GROUP_AUTHORITY},
    {EVENT__BODY_VALIDITY_EXTENDED, EVENT__BODY_WAVE_ITEM_FAILED, GROUP_WAVES},
    {EVENT__BODY_DOCUMENT_RENDERED, EVENT__BODY_DOCUMENT_FAILED, GROUP_DOCUMENTS},
    {EVENT__BODY_DEPARTURE_PROOF_ORDERED, EVENT__BODY_CANCELLATION_PROOF_ORDERED,
     GROUP_CERTIFICATES},
    {EVENT__BODY_RECORD_ADDED, EVENT__BODY_APPLICATION_CLOSED, GROUP_PERSONNEL},
};

enum report_group report_group_of(int body)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (body >= (int)groups[i].first && body <= (int)groups[i].last) {
            return groups[i].group;
        }
    }
    return GROUP_OTHER;
}

/* --- columns: a day each, a month when these are too many, or a year ---------------------------
 */

enum { DAY = 10, MONTH = 7, YEAR = 4 }; /* characters of a day's name that name the column */

struct calendar {
    int unit;
    uint32_t *column_of; /* by day of the period */
};

static size_t name_columns(struct report_data *data, int unit, uint32_t *column_of)
{
    size_t count = 0;
    char last[DATE_SIZE] = "";
    for (int32_t day = data->from; day <= data->to; day++) {
        char name[DATE_SIZE];
        date_format(day, name);
        name[unit] = 0;
        if (count == 0 || strcmp(name, last) != 0) {
            if (data->columns != NULL) {
                memcpy(data->columns[count], name, sizeof name);
            }
            memcpy(last, name, sizeof name);
            count++;
        }
        column_of[day - data->from] = (uint32_t)count - 1;
    }
    return count;
}

static void make_columns(struct report_data *data, struct calendar *ret)
{
    static const int units[] = {DAY, MONTH, YEAR};
    size_t days = (size_t)(data->to - data->from) + 1, at = 0;
    ret->column_of = ARENA_ARRAY(data->arena, uint32_t, days);
    size_t count = name_columns(data, units[at], ret->column_of);
    while (count > REPORT_COLUMNS_MAX && at < 2) {
        count = name_columns(data, units[++at], ret->column_of);
    }
    ret->unit = units[at];
    data->columns_count = count;
    data->columns = arena_new(data->arena, count * sizeof *data->columns);
    (void)name_columns(data, ret->unit, ret->column_of); /* counted before */
    for (int i = 0; i < REPORT_GROUPS; i++) {
        data->by_group[i] = ARENA_ARRAY(data->arena, uint64_t, count);
    }
}

/* --- events ------------------------------------------------------------------------------------
 */

static void count_kind_of_file(struct report_data *data, const FileProcessed *file)
{
    struct report_files *kind = NULL;
    for (size_t i = 0; i < data->kinds_count; i++) {
        kind = strcmp(data->kinds[i].kind, file->kind) == 0 ? &data->kinds[i] : kind;
    }
    if (kind == NULL && data->kinds_count == REPORT_FILES_MAX) {
        return; /* a closed list: only damage makes so many */
    }
    if (kind == NULL) {
        kind = &data->kinds[data->kinds_count++];
        kind->kind = arena_c_string(data->arena, str_of(file->kind));
    }
    kind->files++;
    kind->rows += file->rows;
    kind->accepted += file->accepted;
    kind->unchanged += file->unchanged;
    kind->rejected += file->rejected;
    kind->invalid += file->invalid;
}

static void count_file(struct report_data *data, const Event *event)
{
    const FileProcessed *file = event->file_processed;
    FileProcessed *kept = ARENA_NEW(data->arena, FileProcessed);
    file_processed__init(kept);
    kept->kind = arena_c_string(data->arena, str_of(file->kind));
    kept->rows = file->rows;
    kept->accepted = file->accepted;
    kept->unchanged = file->unchanged;
    kept->rejected = file->rejected;
    kept->invalid = file->invalid;
    const struct report_file entry = {event->sequence, event->business_date->days, kept};
    data->files[data->files_count++ % REPORT_FILES_MAX] = entry;
    if (file->rejected + file->invalid > 0) {
        data->refusing[data->refusing_count++ % REPORT_REFUSING_MAX] = entry;
    }
    for (size_t i = 0; i < file->n_codes; i++) {
        report_count_code(&data->codes, file->codes[i]->code, file->codes[i]->count,
                          event->sequence, data->arena);
    }
    count_kind_of_file(data, file);
}

/* The day of a damaged event may be any: it is not counted, the verdict stands above. */
static void count_event(struct report_data *data, const struct calendar *calendar,
                        const Event *event)
{
    int32_t day = event->business_date != NULL ? event->business_date->days : DAY_UNKNOWN;
    if (day < data->from || day > data->to) {
        return;
    }
    data->events++;
    data->events_of_last_day += day == data->to;
    if ((int)event->body_case < REPORT_KINDS_MAX) {
        data->by_kind[event->body_case]++;
    }
    data->by_group[report_group_of((int)event->body_case)][calendar->column_of[day - data->from]]++;
    if (event->body_case == EVENT__BODY_FILE_PROCESSED) {
        count_file(data, event);
    }
}

FALLIBLE report_read_log(struct report_data *data, struct error *err)
{
    struct session *session = data->session;
    struct arena *arena = &session->item_arena;
    struct calendar calendar;
    uint64_t last = 0;
    make_columns(data, &calendar);
    TRY(log_day_first(session->engine, data->from, &data->first_event, err));
    TRY(log_day_first(session->engine, data->to + 1, &last, err));
    last = last > data->first_event ? last : data->first_event; /* damage again */
    data->last_event = last - 1;
    struct progress progress;
    progress_start(&progress, &session->terminal, STR("report"), last - data->first_event);
    outcome result = OK;
    for (uint64_t i = data->first_event; result.ok && i < last; i++) {
        Event *event = NULL;
        arena_reset(arena);
        if (stop_requested()) {
            result = ERROR_SET(err, BUSY, MESSAGE_LOG_STOPPED, ARG_INT("event", i),
                               ARG_INT("events", last - 1));
            break;
        }
        result = engine_event(session->engine, i, arena, &event, err);
        if (result.ok) {
            count_event(data, &calendar, event);
            progress_step(&progress, i - data->first_event + 1);
        }
    }
    progress_end(&progress);
    return result;
}
