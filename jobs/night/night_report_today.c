/* night_report_today - sections about today: certificates, the expiry calendar, documents, waves.
 */
#include <string.h>

#include "core/base/chart.h"
#include "core/base/date.h"
#include "core/base/record.h"
#include "jobs/messages.h"
#include "jobs/night/night_report.h"

static struct html_words plain(const char *text)
{
    return (struct html_words){str_of(text), (str){0}};
}

static struct html_words status_words(const char *status, struct arena *arena)
{
    return (struct html_words){
        message_value(LANGUAGE_CHINESE, STR("status"), str_of(status), arena),
        message_value(LANGUAGE_ENGLISH, STR("status"), str_of(status), arena)};
}

/* A table of classes: a head of its own, a column for each class, and the total. */
static void class_heads(struct html *page, struct html_words first)
{
    HTML(page, "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">");
    html_words(page, first);
    HTML(page, "</th>");
    for (int i = 0; i < REPORT_CLASSES; i++) {
        HTML(page, "<th scope=\"col\" class=\"n\">");
        html_c_text(page, report_classes[i]);
        HTML(page, "</th>");
    }
    HTML(page, "<th scope=\"col\" class=\"n\">");
    report_put_words(page, MESSAGE_FIELD_TOTAL);
    HTML(page, "</th></tr></thead><tbody>\n");
}

static uint64_t class_row(struct html *page, struct html_words name,
                          const uint64_t counts[REPORT_CLASSES])
{
    uint64_t total = 0;
    HTML(page, "<tr><th scope=\"row\">");
    html_words(page, name);
    HTML(page, "</th>");
    for (int i = 0; i < REPORT_CLASSES; i++) {
        report_cell(page, counts[i]);
        total += counts[i];
    }
    report_cell(page, total);
    HTML(page, "</tr>\n");
    return total;
}

/* --- certificates ------------------------------------------------------------------------------
 */

static void certificates(const struct report_data *data, struct html *page)
{
    uint64_t by_class[REPORT_CLASSES][REPORT_STATUSES];
    struct chart_series series[REPORT_CLASSES];
    struct html_words labels[REPORT_STATUSES];
    for (int i = 0; i < REPORT_STATUSES; i++) {
        labels[i] = status_words(report_statuses[i], data->arena);
        for (int j = 0; j < REPORT_CLASSES; j++) {
            by_class[j][i] = data->certificates[i][j];
        }
    }
    for (int j = 0; j < REPORT_CLASSES; j++) {
        series[j] = (struct chart_series){plain(report_classes[j]), by_class[j]};
    }
    struct chart chart = {.id = "certificates-chart",
                          .title = report_words(MESSAGE_REPORT_CERTIFICATES),
                          .series = series,
                          .series_count = REPORT_CLASSES,
                          .labels = labels,
                          .count = REPORT_STATUSES,
                          .nothing = report_words(MESSAGE_REPORT_NO_CERTIFICATES)};
    report_begin_section(page, "certificates", MESSAGE_REPORT_CERTIFICATES);
    chart_bars(page, &chart);
    class_heads(page, report_words(MESSAGE_FIELD_STATUS));
    for (int i = 0; i < REPORT_STATUSES; i++) {
        (void)class_row(page, labels[i], data->certificates[i]); /* the total is in the row */
    }
    report_close_table(page);
    HTML(page, "</section>\n");
}

/* --- the expiry calendar -----------------------------------------------------------------------
 */

static void expiries(const struct report_data *data, struct html *page)
{
    struct chart_series series[REPORT_CLASSES];
    struct html_words labels[REPORT_MONTHS];
    for (int i = 0; i < REPORT_MONTHS; i++) {
        labels[i] = plain(data->months[i]);
    }
    for (int j = 0; j < REPORT_CLASSES; j++) {
        series[j] = (struct chart_series){plain(report_classes[j]), data->expiries[j]};
    }
    struct chart chart = {.id = "expiry-chart",
                          .title = report_words(MESSAGE_REPORT_EXPIRY),
                          .unit = report_words(MESSAGE_FIELD_CERTIFICATES),
                          .series = series,
                          .series_count = REPORT_CLASSES,
                          .labels = labels,
                          .count = REPORT_MONTHS,
                          .nothing = report_words(MESSAGE_REPORT_NO_EXPIRY)};
    report_begin_section(page, "expiry", MESSAGE_REPORT_EXPIRY);
    chart_columns(page, &chart);
    class_heads(page, report_words(MESSAGE_FIELD_MONTH));
    for (int i = 0; i < REPORT_MONTHS; i++) {
        uint64_t counts[REPORT_CLASSES];
        for (int j = 0; j < REPORT_CLASSES; j++) {
            counts[j] = data->expiries[j][i];
        }
        (void)class_row(page, labels[i], counts); /* the total is in the row */
    }
    report_close_table(page);
    HTML(page, "</section>\n");
}

/* --- documents ---------------------------------------------------------------------------------
 */

static void documents(const struct report_data *data, struct html *page)
{
    static const int names[] = {MESSAGE_DOCUMENT_STATUS_READY, MESSAGE_DOCUMENT_STATUS_PENDING,
                                MESSAGE_DOCUMENT_STATUS_FAILED};
    static const DocumentStatus__Code states[] = {DOCUMENT_STATUS__CODE__READY,
                                                  DOCUMENT_STATUS__CODE__PENDING,
                                                  DOCUMENT_STATUS__CODE__FAILED};
    struct html_words labels[3];
    uint64_t counts[3];
    for (int i = 0; i < 3; i++) {
        labels[i] = report_words(names[i]);
        counts[i] = data->state.documents[states[i]];
    }
    struct chart_series series = {report_words(MESSAGE_REPORT_DOCUMENTS), counts};
    struct chart chart = {.id = "documents-chart",
                          .title = report_words(MESSAGE_REPORT_DOCUMENTS),
                          .series = &series,
                          .series_count = 1,
                          .labels = labels,
                          .count = 3,
                          .nothing = report_words(MESSAGE_REPORT_NO_DOCUMENTS)};
    report_begin_section(page, "documents", MESSAGE_REPORT_DOCUMENTS);
    chart_bars(page, &chart);
    HTML(page, "</section>\n");
}

void report_section_certificates(const struct report_data *data, struct html *page)
{
    certificates(data, page);
    expiries(data, page);
    documents(data, page);
}

/* --- waves -------------------------------------------------------------------------------------
 */

static uint64_t left_of(const WaveView *wave)
{
    uint64_t gone = wave->done + wave->failed;
    return wave->count > gone ? wave->count - gone : 0;
}

static struct html_words kind_of(const WaveView *wave, struct arena *arena)
{
    str kind = record_enum_text(&wave_kind__code__descriptor, (int)wave->kind, arena);
    return (struct html_words){message_value(LANGUAGE_CHINESE, STR("kind"), kind, arena),
                               message_value(LANGUAGE_ENGLISH, STR("kind"), kind, arena)};
}

static void chart_of_waves(const struct report_data *data, struct html *page)
{
    uint64_t done[REPORT_WAVES_MAX], failed[REPORT_WAVES_MAX], left[REPORT_WAVES_MAX],
        none[REPORT_WAVES_MAX] = {0};
    struct html_words labels[REPORT_WAVES_MAX];
    for (size_t i = 0; i < data->waves_count; i++) {
        const WaveView *wave = data->waves[i];
        done[i] = wave->done;
        failed[i] = wave->failed;
        left[i] = left_of(wave);
        labels[i].chinese =
            arena_format(data->arena, "%.*s %llu", STR_ARGS(kind_of(wave, data->arena).chinese),
                         (unsigned long long)wave->wave);
        labels[i].english = (str){0};
    }
    struct chart_series series[] = {{{{0}, {0}}, none},
                                    {report_words(MESSAGE_FIELD_DONE), done},
                                    {report_words(MESSAGE_REPORT_COLUMN_LEFT), left},
                                    {report_words(MESSAGE_FIELD_FAILED), failed}};
    struct chart chart = {.id = "waves-chart",
                          .title = report_words(MESSAGE_REPORT_WAVES),
                          .series = series,
                          .series_count = 4,
                          .labels = labels,
                          .count = data->waves_count,
                          .nothing = report_words(MESSAGE_REPORT_NO_WAVES)};
    chart_bars(page, &chart);
}

static void wave_row(const struct report_data *data, const WaveView *wave, struct html *page)
{
    char day[DATE_SIZE] = "";
    if (wave->opened_on != NULL) {
        date_format(wave->opened_on->days, day);
    }
    HTML(page, "<tr><th scope=\"row\" class=\"n\">");
    html_number(page, (int64_t)wave->wave); /* to be typed, so no comma */
    HTML(page, "</th><td>");
    html_words(page, kind_of(wave, data->arena));
    HTML(page, " <code>");
    html_c_text(page, wave->notice[0] != 0 ? wave->notice : wave->enterprise);
    HTML(page, "</code></td><td>");
    html_c_text(page, day);
    HTML(page, "</td><td>");
    report_put_words(page, wave->closed ? MESSAGE_STATUS_CLOSED : MESSAGE_STATUS_OPEN);
    HTML(page, "</td>");
    report_cell(page, wave->count);
    report_cell(page, wave->done);
    report_cell(page, left_of(wave));
    report_cell(page, wave->failed);
    HTML(page, "</tr>\n");
}

void report_section_waves(const struct report_data *data, struct html *page)
{
    static const struct report_head heads[] = {
        {MESSAGE_REPORT_COLUMN_EVENT, true}, {MESSAGE_FIELD_WAVE, false},
        {MESSAGE_FIELD_OPENED_ON, false},    {MESSAGE_FIELD_STATUS, false},
        {MESSAGE_FIELD_TOTAL, true},         {MESSAGE_FIELD_DONE, true},
        {MESSAGE_REPORT_COLUMN_LEFT, true},  {MESSAGE_FIELD_FAILED, true}};
    report_begin_section(page, "waves", MESSAGE_REPORT_WAVES);
    chart_of_waves(data, page);
    if (data->waves_count > 0) {
        report_open_table(page, heads, sizeof heads / sizeof *heads);
        for (size_t i = 0; i < data->waves_count; i++) {
            wave_row(data, data->waves[i], page);
        }
        report_close_table(page);
    }
    HTML(page, "</section>\n");
}
