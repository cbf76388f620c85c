/* night_report_page - the page: head, key figures, findings, jobs, sections, the log. */
#include <math.h>
#include <string.h>

#include "core/base/date.h"
#include "core/io/digest.h"
#include "jobs/messages.h"
#include "jobs/night/night_report.h"

static const char style[] =
    ":root{--ink:#1d2329;--soft:#5c6670;--line:#d9dee3;--paper:#fff;--wash:#f4f6f8;--good:#1f6f50;"
    "--bad:#a32d2d;--c0:#2f5d8a;--c1:#4f9d94;--c2:#d19a2e;--c3:#a8513d;--c4:#8b95a0;--c5:#75609a;"
    "--c6:#c3c9cf}\n"
    "@media screen and (prefers-color-scheme:dark){:root{--ink:#e4e8ec;--soft:#9aa5b0;"
    "--line:#39424b;--paper:#15191d;--wash:#1e242a;--good:#6fc29d;--bad:#e58a8a;--c0:#6b9fd4;"
    "--c1:#6fc2b7;--c2:#e0b355;--c3:#d9806b;--c4:#8b95a0;--c5:#a892d0;--c6:#56616c}}\n"
    "*{box-sizing:border-box}html{color-scheme:light dark}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 \"Noto Sans CJK SC\","
    "\"Source Han Sans SC\",\"PingFang SC\",\"Microsoft YaHei\",\"WenQuanYi Zen Hei\",system-ui,"
    "sans-serif;-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
    "main{max-width:60rem;margin:0 auto;padding:2.5rem 1.25rem 3rem}\n"
    "header{border-bottom:2px solid var(--ink);padding-bottom:1rem;margin-bottom:1.5rem}\n"
    "h1{font-size:1.9rem;line-height:1.25;margin:0 0 .25rem;letter-spacing:.04em}\n"
    "h2{font-size:1.15rem;margin:2.4rem 0 .8rem;padding-bottom:.3rem;border-bottom:1px solid "
    "var(--line)}h3{font-size:.95rem;margin:1.4rem 0 .4rem}\n"
    ".en{color:var(--soft);font-size:.86em;font-weight:400;letter-spacing:0}\n"
    "header p{margin:.15rem 0;color:var(--soft)}header p b{color:var(--ink);font-weight:600}\n"
    ".cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.2rem,1fr));gap:.75rem;"
    "padding:0;margin:0;list-style:none}"
    ".cards li{background:var(--wash);border-radius:.4rem;padding:.7rem .85rem}\n"
    ".cards b{display:block;font-size:1.55rem;line-height:1.3;font-variant-numeric:tabular-nums}\n"
    ".cards .en,thead .en,.text .en{display:block}td{white-space:nowrap}.text{white-space:normal}"
    ".good{color:var(--good)}.bad{color:var(--bad)}\n"
    "nav{margin:1.2rem 0 0;font-size:.9rem}nav a{margin-right:1.1rem;white-space:nowrap}\n"
    "a{color:var(--c0)}ul.findings{padding-left:1.2rem}ul.findings li{margin:.35rem 0}\n"
    ".scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem;"
    "font-variant-numeric:tabular-nums}\n"
    "th,td{padding:.32rem .6rem;text-align:left;border-bottom:1px solid var(--line);vertical-align:"
    "top}thead th{font-weight:600;border-bottom:1.5px solid var(--soft)}tbody th{font-weight:400}\n"
    ".n{text-align:right}td.n{white-space:nowrap}"
    ".scroll+.scroll{margin-top:1.4rem}tbody th{white-space:nowrap}tfoot "
    "td,tfoot "
    "th{font-weight:600;border-bottom:0;border-top:1.5px solid "
    "var(--soft)}.zero{color:var(--c4)}\n"
    "figure{margin:.6rem 0 1rem}.chart{overflow-x:auto}figcaption{position:sticky;left:0}"
    ".chart>svg{width:100%;min-width:34rem;height:auto;display:block}\n"
    "svg text{font-size:11px;fill:var(--ink);stroke:var(--paper);stroke-width:3;paint-order:"
    "stroke}svg .en{fill:var(--soft)}.grid{stroke:var(--line)}\n"
    "figcaption{font-size:.85rem;margin-top:.35rem}.key{margin-right:1rem;white-space:nowrap}"
    ".swatch{width:.75em;height:.75em;margin-right:.4em}\n"
    ".s0{fill:var(--c0)}.s1{fill:var(--c1)}.s2{fill:var(--c2)}.s3{fill:var(--c3)}.s4{fill:var(--c4)"
    "}"
    ".s5{fill:var(--c5)}.s6{fill:var(--c6)}.s7{fill:var(--wash)}\n"
    ".chart>svg{overflow:visible}.nothing{color:var(--soft)}dl{display:grid;grid-template-columns:"
    "max-content 1fr;gap:.3rem "
    "1.2rem;margin:.5rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}\n"
    "code{font-family:\"Noto Sans Mono\",\"DejaVu Sans "
    "Mono\",ui-monospace,monospace;font-size:.88em}"
    "footer{margin-top:2.5rem;padding-top:.8rem;border-top:1px solid var(--line);color:var(--soft);"
    "font-size:.85rem}\n";

/* On a phone, and on paper. */
static const char style_elsewhere[] =
    "@media(max-width:34rem){main{padding:1.25rem .9rem 2rem}dl{grid-template-columns:1fr;gap:0}"
    "dd{margin-bottom:.5rem}.chart{overflow:visible}.chart>svg{min-width:0}.chart>svg "
    "text{font-size:20px}.chart>svg .en,"
    ".chart>svg .less{display:none}}\n"
    "@media print{:root{--ink:#000;--soft:#444;--line:#bbb;--wash:#f2f2f2;--good:#155;--bad:#811}"
    "@page{size:A4;margin:16mm 14mm;@bottom-right{content:counter(page) \" / \" "
    "counter(pages);font:8pt "
    "sans-serif;color:#444}}body{font-size:9pt}main{max-width:none;padding:0}"
    "h2{margin-top:1.2rem}h2,h2+p{break-after:avoid}figure,.cards,tr,dl,.scroll,.findings "
    "li{break-inside:avoid}.chart rect{stroke:#fff;"
    "stroke-width:.5}"
    "thead{display:table-header-group}tfoot{display:table-row-group}nav{display:none}.scroll,."
    "chart{"
    "overflow:visible}.chart>svg{min-width:0}tbody th{white-space:normal}table{font-size:"
    "8pt}"
    "th,td{padding:.18rem .35rem;white-space:normal}.cards{grid-template-columns:repeat(6,1fr);"
    "gap:.4rem}.cards li{padding:.4rem .5rem}.cards b{font-size:1.2rem}}\n";

struct html_words report_words(int message)
{
    return (struct html_words){message_text(message, LANGUAGE_CHINESE),
                               message_text(message, LANGUAGE_ENGLISH)};
}

void report_put_words(struct html *page, int message)
{
    html_words(page, report_words(message));
}

void report_open_table(struct html *page, const struct report_head *heads, size_t count)
{
    HTML(page, "<div class=\"scroll\"><table><thead><tr>");
    for (size_t i = 0; i < count; i++) {
        if (heads[i].figures) {
            HTML(page, "<th scope=\"col\" class=\"n\">");
        } else {
            HTML(page, "<th scope=\"col\">");
        }
        report_put_words(page, heads[i].message);
        HTML(page, "</th>");
    }
    HTML(page, "</tr></thead><tbody>\n");
}

void report_close_table(struct html *page)
{
    HTML(page, "</tbody></table></div>\n");
}

void report_begin_section(struct html *page, const char *id, int message)
{
    HTML(page, "<section id=\"");
    html_c_text(page, id);
    HTML(page, "\"><h2>");
    report_put_words(page, message);
    HTML(page, "</h2>\n");
}

void report_cell(struct html *page, uint64_t value)
{
    if (value == 0) {
        HTML(page, "<td class=\"n zero\">");
    } else {
        HTML(page, "<td class=\"n\">");
    }
    html_count(page, value);
    HTML(page, "</td>");
}

static void day(struct html *page, int32_t days)
{
    char text[DATE_SIZE];
    date_format(days, text);
    html_c_text(page, text);
}

/* "2026-06-30 20:00:05": the store's own time, UTC+8. */
static void moment(struct html *page, int64_t us)
{
    char text[INSTANT_SIZE];
    instant_format(us, text);
    html_text(page, str_first(str_of(text), 10));
    HTML(page, " ");
    html_text(page, str_first(str_from(str_of(text), 11), 8));
}

/* --- head --------------------------------------------------------------------------------------
 */

static void card(struct html *page, int message, uint64_t value, const char *class)
{
    HTML(page, "<li><b");
    if (class[0] != 0 && value > 0) {
        HTML(page, " class=\"");
        html_c_text(page, class);
        HTML(page, "\"");
    }
    HTML(page, ">");
    html_count(page, value);
    HTML(page, "</b>");
    report_put_words(page, message);
    HTML(page, "</li>\n");
}

static uint64_t valid_ones(const struct report_data *data)
{
    uint64_t total = 0;
    for (int i = 0; i < REPORT_CLASSES; i++) {
        total += data->certificates[0][i];
    }
    return total;
}

static void cards(const struct report_data *data, struct html *page)
{
    const uint64_t *documents = data->state.documents;
    HTML(page, "<ul class=\"cards\">\n");
    card(page, MESSAGE_REPORT_CARD_EVENTS, data->events, "");
    card(page, MESSAGE_REPORT_CARD_LAST_DAY, data->events_of_last_day, "");
    card(page, MESSAGE_REPORT_CARD_VALID, valid_ones(data), "");
    card(page, MESSAGE_REPORT_CARD_PENDING, documents[DOCUMENT_STATUS__CODE__PENDING], "");
    card(page, MESSAGE_REPORT_CARD_FAILED, documents[DOCUMENT_STATUS__CODE__FAILED], "bad");
    HTML(page, "<li>");
    if (data->verified) {
        HTML(page, "<b class=\"good\">");
    } else {
        HTML(page, "<b class=\"bad\">");
    }
    html_text(page,
              message_text(data->verified ? MESSAGE_REPORT_LOG_HOLDS : MESSAGE_REPORT_LOG_BROKEN,
                           LANGUAGE_CHINESE));
    HTML(page, "</b>");
    report_put_words(page, data->verified ? MESSAGE_REPORT_CARD_LOG_HOLDS
                                          : MESSAGE_REPORT_CARD_LOG_BROKEN);
    HTML(page, "</li>\n</ul>\n");
}

static const struct {
    const char *id;
    int message;
} sections[] = {
    {"findings", MESSAGE_REPORT_FINDINGS},
    {"jobs", MESSAGE_REPORT_JOBS},
    {"events", MESSAGE_REPORT_EVENTS},
    {"files", MESSAGE_REPORT_FILES},
    {"certificates", MESSAGE_REPORT_CERTIFICATES},
    {"expiry", MESSAGE_REPORT_EXPIRY},
    {"documents", MESSAGE_REPORT_DOCUMENTS},
    {"waves", MESSAGE_REPORT_WAVES},
    {"log", MESSAGE_REPORT_LOG},
};

static void head(const struct report_data *data, struct html *page)
{
    HTML(page, "<header><h1>");
    report_put_words(page, MESSAGE_REPORT_TITLE);
    HTML(page, "</h1>\n<p><b>");
    html_c_text(page, data->registry->authority_name);
    HTML(page, "</b> ");
    report_put_words(page, MESSAGE_REPORT_SUBTITLE);
    HTML(page, "</p>\n<p>");
    report_put_words(page, MESSAGE_REPORT_PERIOD);
    HTML(page, " <b>");
    day(page, data->from);
    HTML(page, " – ");
    day(page, data->to);
    HTML(page, "</b> · ");
    report_put_words(page, MESSAGE_REPORT_AT_EVENT);
    HTML(page, " <b>");
    html_number(page, (int64_t)data->state.events);
    HTML(page, "</b> · ");
    report_put_words(page, MESSAGE_REPORT_MADE);
    HTML(page, " <b>");
    moment(page, data->session->run.moment.now_us);
    HTML(page, "</b></p>\n</header>\n");
    cards(data, page);
    HTML(page, "<nav>");
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        HTML(page, "<a href=\"#");
        html_c_text(page, sections[i].id);
        HTML(page, "\">");
        report_put_words(page, sections[i].message);
        HTML(page, "</a> ");
    }
    HTML(page, "</nav>\n");
}

/* --- jobs --------------------------------------------------------------------------------------
 */

static void job_row(const struct metrics_read *job, struct html *page)
{
    HTML(page, "<tr><th scope=\"row\"><code>");
    html_c_text(page, job->job);
    HTML(page, "</code></th><td>");
    moment(page, job->ended_s * 1000000);
    HTML(page, "</td><td class=\"n\">");
    html_hundredths(page, llround(job->seconds * 100));
    HTML(page, "</td><td class=\"n\">");
    html_count(page, job->done);
    HTML(page, "</td><td class=\"n\">");
    html_count(page, job->failed);
    HTML(page, "</td></tr>\n");
}

static void jobs(const struct report_data *data, struct html *page)
{
    static const struct report_head heads[] = {{MESSAGE_REPORT_COLUMN_JOB, false},
                                               {MESSAGE_REPORT_COLUMN_ENDED, false},
                                               {MESSAGE_FIELD_SECONDS, true},
                                               {MESSAGE_FIELD_DONE, true},
                                               {MESSAGE_FIELD_FAILED, true}};
    report_begin_section(page, "jobs", MESSAGE_REPORT_JOBS);
    if (data->jobs_count == 0) {
        HTML(page, "<p class=\"nothing\">");
        report_put_words(page, MESSAGE_REPORT_NOTHING);
        HTML(page, "</p></section>\n");
        return;
    }
    report_open_table(page, heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < data->jobs_count; i++) {
        job_row(&data->jobs[i], page);
    }
    HTML(page, "</tbody></table></div></section>\n");
}

/* --- the log -----------------------------------------------------------------------------------
 */

static void item(struct html *page, int message, str value)
{
    HTML(page, "<dt>");
    report_put_words(page, message);
    HTML(page, "</dt><dd><code>");
    html_text(page, value);
    HTML(page, "</code></dd>\n");
}

static void log_section(const struct report_data *data, struct html *page)
{
    struct arena *arena = data->arena;
    report_begin_section(page, "log", MESSAGE_REPORT_LOG);
    if (data->verified) {
        HTML(page, "<p class=\"good\">");
        report_put_words(page, MESSAGE_REPORT_LOG_VERIFIED);
    } else {
        HTML(page, "<p class=\"bad\">");
        html_words(page,
                   (struct html_words){message_of_error(&data->flaw, LANGUAGE_CHINESE, arena),
                                       message_of_error(&data->flaw, LANGUAGE_ENGLISH, arena)});
    }
    HTML(page, "</p>\n<dl>\n");
    item(page, MESSAGE_REPORT_LOG_ORIGIN, data->log_origin);
    item(page, MESSAGE_REPORT_LOG_SIZE,
         arena_format(arena, "%llu", (unsigned long long)data->state.events));
    item(page, MESSAGE_REPORT_LOG_ROOT, base64_encode(digest_bytes(&data->state.root), arena));
    item(page, MESSAGE_REPORT_LOG_CHECKPOINTS,
         arena_format(arena, "%llu", (unsigned long long)data->checkpoints));
    item(page, MESSAGE_REPORT_LOG_CHECKPOINT,
         arena_format(arena, "%llu", (unsigned long long)data->state.last_checkpoint));
    item(page, MESSAGE_REPORT_LOG_KEY, str_of(data->log_key));
    HTML(page, "</dl></section>\n");
}

void report_page(const struct report_data *data, struct html *page)
{
    HTML(page, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"/>"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/><title>");
    html_text(page, message_text(MESSAGE_REPORT_TITLE, LANGUAGE_CHINESE));
    HTML(page, " ");
    day(page, data->to);
    HTML(page, "</title><style>\n");
    html_markup(page, style, sizeof style - 1);
    html_markup(page, style_elsewhere, sizeof style_elsewhere - 1);
    HTML(page, "</style></head>\n<body><main>\n");
    head(data, page);
    report_section_findings(data, page);
    jobs(data, page);
    report_section_events(data, page);
    report_section_files(data, page);
    report_section_certificates(data, page);
    report_section_waves(data, page);
    log_section(data, page);
    HTML(page, "<footer>");
    report_put_words(page, MESSAGE_REPORT_FOOT);
    HTML(page, "</footer>\n</main></body></html>\n");
}
