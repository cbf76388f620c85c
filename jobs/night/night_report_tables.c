/* night_report_tables - sections with charts, each with its figures as a table below. */
#include <string.h>

#include "core/base/chart.h"
#include "core/base/date.h"
#include "core/base/unicode.h"
#include "jobs/messages.h"
#include "jobs/night/night_report.h"

static void end(struct html *page)
{
    HTML(page, "</section>\n");
}

static void row_head(struct html *page, struct html_words name)
{
    HTML(page, "<tr><th scope=\"row\">");
    html_words(page, name);
    HTML(page, "</th>");
}

/* A value of a closed list in both languages. */
static struct html_words value_words(const char *path, const char *value, struct arena *arena)
{
    return (struct html_words){message_value(LANGUAGE_CHINESE, str_of(path), str_of(value), arena),
                               message_value(LANGUAGE_ENGLISH, str_of(path), str_of(value), arena)};
}

/* --- events ------------------------------------------------------------------------------------
 */

static const int group_names[REPORT_GROUPS] = {
    MESSAGE_REPORT_GROUP_REGISTERS, MESSAGE_REPORT_GROUP_CERTIFICATES,
    MESSAGE_REPORT_GROUP_WAVES,     MESSAGE_REPORT_GROUP_AUTHORITY,
    MESSAGE_REPORT_GROUP_DOCUMENTS, MESSAGE_REPORT_GROUP_PERSONNEL,
    MESSAGE_REPORT_GROUP_OTHER,
};

static void kinds_of_group(const struct report_data *data, enum report_group group,
                           struct html *page)
{
    for (unsigned body = 0; body < REPORT_KINDS_MAX; body++) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(&event__descriptor, body);
        if (data->by_kind[body] == 0 || field == NULL || report_group_of((int)body) != group) {
            continue;
        }
        row_head(page, value_words("type", field->name, data->arena));
        HTML(page, "<td>");
        report_put_words(page, group_names[group]);
        HTML(page, "</td>");
        report_cell(page, data->by_kind[body]);
        HTML(page, "</tr>\n");
    }
}

/* What a column of the period stands for: its name is 2026-05-06, 2026-05 or 2026. */
static int column_message(const char *name)
{
    const size_t day = 10, month = 7, size = strlen(name);
    return size == day     ? MESSAGE_REPORT_COLUMN_DAY
           : size == month ? MESSAGE_FIELD_MONTH
                           : MESSAGE_FIELD_YEAR;
}

/* The figures of the columns; those without events are many, and seen in the chart. */
static void columns_table(const struct report_data *data, struct html *page)
{
    struct report_head heads[REPORT_GROUPS + 2] = {{column_message(data->columns[0]), false}};
    for (int i = 0; i < REPORT_GROUPS; i++) {
        heads[i + 1] = (struct report_head){group_names[i], true};
    }
    heads[REPORT_GROUPS + 1] = (struct report_head){MESSAGE_FIELD_TOTAL, true};
    report_open_table(page, heads, REPORT_GROUPS + 2);
    for (size_t i = 0; i < data->columns_count; i++) {
        uint64_t total = 0;
        for (int j = 0; j < REPORT_GROUPS; j++) {
            total += data->by_group[j][i];
        }
        if (total == 0) {
            continue;
        }
        row_head(page, (struct html_words){.chinese = str_of(data->columns[i])});
        for (int j = 0; j < REPORT_GROUPS; j++) {
            report_cell(page, data->by_group[j][i]);
        }
        report_cell(page, total);
        HTML(page, "</tr>\n");
    }
    report_close_table(page);
}

void report_section_events(const struct report_data *data, struct html *page)
{
    struct chart_series series[REPORT_GROUPS];
    struct html_words *labels = ARENA_ARRAY(data->arena, struct html_words, data->columns_count);
    for (int i = 0; i < REPORT_GROUPS; i++) {
        series[i] = (struct chart_series){report_words(group_names[i]), data->by_group[i]};
    }
    for (size_t i = 0; i < data->columns_count; i++) {
        const char *name = data->columns[i]; /* of a day, the month and the day */
        labels[i].chinese = str_of(strlen(name) == 10 ? name + 5 : name);
    }
    struct chart chart = {.id = "events-chart",
                          .title = report_words(MESSAGE_REPORT_EVENTS),
                          .unit = report_words(MESSAGE_REPORT_EVENTS),
                          .series = series,
                          .series_count = REPORT_GROUPS,
                          .labels = labels,
                          .count = data->columns_count,
                          .nothing = report_words(MESSAGE_REPORT_NOTHING)};
    static const struct report_head heads[] = {{MESSAGE_FIELD_KIND, false},
                                               {MESSAGE_REPORT_COLUMN_GROUP, false},
                                               {MESSAGE_FIELD_COUNT, true}};
    report_begin_section(page, "events", MESSAGE_REPORT_EVENTS);
    chart_columns(page, &chart);
    if (data->events > 0) {
        columns_table(data, page);
        report_open_table(page, heads, sizeof heads / sizeof *heads);
        for (int i = 0; i < REPORT_GROUPS; i++) {
            kinds_of_group(data, (enum report_group)i, page);
        }
        HTML(page, "</tbody><tfoot><tr><th scope=\"row\" colspan=\"2\">");
        report_put_words(page, MESSAGE_FIELD_TOTAL);
        HTML(page, "</th>");
        report_cell(page, data->events);
        HTML(page, "</tr></tfoot></table></div>\n");
    }
    end(page);
}

/* --- imports and submissions -------------------------------------------------------------------
 */

static const int verdict_names[] = {MESSAGE_FIELD_ACCEPTED, MESSAGE_FIELD_UNCHANGED,
                                    MESSAGE_FIELD_REJECTED, MESSAGE_REPORT_COLUMN_INVALID};
enum { VERDICTS = sizeof verdict_names / sizeof *verdict_names };

static void chart_of_files(const struct report_data *data, struct html *page)
{
    static const int colours[VERDICTS] = {1, 6, 3,
                                          2}; /* accepted stands out, unchanged steps back */
    uint64_t *values[CHART_SERIES_MAX];
    struct chart_series series[CHART_SERIES_MAX];
    struct html_words *labels = ARENA_ARRAY(data->arena, struct html_words, data->kinds_count + 1);
    for (int i = 0; i < CHART_SERIES_MAX; i++) {
        values[i] = ARENA_ARRAY(data->arena, uint64_t, data->kinds_count + 1);
        series[i] = (struct chart_series){.values = values[i]};
    }
    for (size_t i = 0; i < data->kinds_count; i++) {
        const struct report_files *kind = &data->kinds[i];
        const uint64_t counts[VERDICTS] = {kind->accepted, kind->unchanged, kind->rejected,
                                           kind->invalid};
        for (int j = 0; j < VERDICTS; j++) {
            values[colours[j]][i] = counts[j];
        }
        labels[i] = value_words("kind", kind->kind, data->arena);
    }
    for (int j = 0; j < VERDICTS; j++) {
        series[colours[j]].name = report_words(verdict_names[j]);
    }
    struct chart chart = {.id = "files-chart",
                          .title = report_words(MESSAGE_REPORT_FILES),
                          .series = series,
                          .series_count = CHART_SERIES_MAX,
                          .labels = labels,
                          .count = data->kinds_count,
                          .nothing = report_words(MESSAGE_REPORT_NOTHING)};
    chart_bars(page, &chart);
}

static void file_row(const struct report_data *data, const struct report_file *file,
                     struct html *page)
{
    char day[DATE_SIZE];
    date_format(file->day, day);
    HTML(page, "<tr><th scope=\"row\" class=\"n\">");
    html_number(page, (int64_t)file->event); /* to be typed, so no comma */
    HTML(page, "</th><td>");
    html_c_text(page, day);
    HTML(page, "</td><td>");
    html_words(page, value_words("kind", file->file->kind, data->arena));
    HTML(page, "</td>");
    report_cell(page, file->file->rows);
    report_cell(page, file->file->accepted);
    report_cell(page, file->file->unchanged);
    report_cell(page, file->file->rejected);
    report_cell(page, file->file->invalid);
    HTML(page, "</tr>\n");
}

/* What a code says, with “…” for what each row puts there. */
static struct html_words code_words(const char *code, struct arena *arena)
{
    const struct message *message = message_named(unicode_upper_ascii(str_of(code), arena));
    struct error_arg blanks[ERROR_ARGS_MAX];
    if (message == NULL) {
        return (struct html_words){STR(""), STR("")};
    }
    for (int i = 0; i < ERROR_ARGS_MAX; i++) {
        blanks[i] = ARG_TEXT("blank", "…");
    }
    return (struct html_words){
        message_fill(str_of(message->chinese), blanks, ERROR_ARGS_MAX, arena),
        message_fill(str_of(message->english), blanks, ERROR_ARGS_MAX, arena)};
}

/* Why rows were not taken, and warnings. */
static void codes_table(const struct report_data *data, struct html *page)
{
    static const struct report_head heads[] = {{MESSAGE_FIELD_CODE, false},
                                               {MESSAGE_FIELD_COUNT, true},
                                               {MESSAGE_FIELD_FIRST_EVENT, true},
                                               {MESSAGE_REPORT_COLUMN_MEANING, false}};
    report_open_table(page, heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < data->codes.count; i++) {
        HTML(page, "<tr><th scope=\"row\"><code>");
        html_c_text(page, data->codes.items[i].code);
        HTML(page, "</code></th>");
        report_cell(page, data->codes.items[i].count);
        HTML(page, "<td class=\"n\">");
        html_number(page, (int64_t)data->codes.items[i].event);
        HTML(page, "</td><td class=\"text\">");
        html_words(page, code_words(data->codes.items[i].code, data->arena));
        HTML(page, "</td></tr>\n");
    }
    report_close_table(page);
}

void report_section_files(const struct report_data *data, struct html *page)
{
    static const struct report_head heads[] = {
        {MESSAGE_REPORT_COLUMN_EVENT, true}, {MESSAGE_REPORT_COLUMN_DAY, false},
        {MESSAGE_FIELD_KIND, false},         {MESSAGE_FIELD_ROWS, true},
        {MESSAGE_FIELD_ACCEPTED, true},      {MESSAGE_FIELD_UNCHANGED, true},
        {MESSAGE_FIELD_REJECTED, true},      {MESSAGE_REPORT_COLUMN_INVALID, true}};
    report_begin_section(page, "files", MESSAGE_REPORT_FILES);
    chart_of_files(data, page);
    if (data->files_count > 0) {
        report_open_table(page, heads, sizeof heads / sizeof *heads);
        for (size_t i = 0; i < data->files_count && i < REPORT_FILES_MAX; i++) {
            file_row(data, &data->files[(data->files_count - 1 - i) % REPORT_FILES_MAX], page);
        }
        report_close_table(page);
    }
    if (data->files_count > REPORT_FILES_MAX) {
        HTML(page, "<p class=\"nothing\">");
        report_put_words(page, MESSAGE_REPORT_FILES_NEWEST);
        HTML(page, "</p>\n");
    }
    if (data->codes.count > 0) {
        codes_table(data, page);
    }
    end(page);
}
