/* night_report_findings - the section of findings that need an operator: those of `status --check`,
 * failed documents, waves and files with failures; each links to its section and names its event.
 */
#include <string.h>

#include "jobs/night/night_report.h"

void report_count_code(struct report_codes *codes, const char *code, uint64_t count, uint64_t event,
                       struct arena *arena)
{
    struct report_code *entry = NULL;
    for (size_t i = 0; i < codes->count && entry == NULL; i++) {
        entry = strcmp(codes->items[i].code, code) == 0 ? &codes->items[i] : NULL;
    }
    if (entry == NULL) {
        ARENA_GROW(arena, codes->items, codes->count, &codes->capacity);
        entry = &codes->items[codes->count++];
        *entry = (struct report_code){.code = arena_c_string(arena, str_of(code)), .event = event};
    }
    entry->count += count;
    entry->event = event < entry->event ? event : entry->event;
}

static const char *section_of(int message)
{
    switch (message) {
    case MESSAGE_CHECK_DOCUMENTS_FAILED:
    case MESSAGE_CHECK_PROOFS_OVERDUE:
    case MESSAGE_REPORT_DOCUMENT_FAILED: return "documents";
    case MESSAGE_CHECK_WAVES_OPEN:
    case MESSAGE_REPORT_WAVE_FAILED: return "waves";
    case MESSAGE_REPORT_FILE_REFUSED: return "files";
    default: return "log";
    }
}

/* One line. `chinese` and `english` differ where an argument is a word. */
struct finding {
    int message;
    const struct error_arg *chinese;
    const struct error_arg *english;
    int args_count;
};

static void put_finding(const struct report_data *data, const struct finding *found,
                        struct html *page)
{
    struct arena *arena = data->arena;
    HTML(page, "<li><a href=\"#");
    html_c_text(page, section_of(found->message));
    HTML(page, "\"><code>");
    html_text(page, message_code(found->message, arena));
    HTML(page, "</code></a> ");
    html_words(page,
               (struct html_words){message_text_with(found->message, LANGUAGE_CHINESE,
                                                     found->chinese, found->args_count, arena),
                                   message_text_with(found->message, LANGUAGE_ENGLISH,
                                                     found->english, found->args_count, arena)});
    HTML(page, "</li>\n");
}

static size_t checks(const struct report_data *data, struct html *page)
{
    struct store_finding found[STORE_FINDINGS_MAX];
    size_t count = store_state_findings(&data->state, found);
    for (size_t i = 0; page != NULL && i < count; i++) {
        const struct finding finding = {found[i].message, found[i].args, found[i].args,
                                        found[i].args_count};
        put_finding(data, &finding, page);
    }
    return count;
}

static size_t failures(const struct report_data *data, struct html *page)
{
    for (size_t i = 0; page != NULL && i < data->failures.count; i++) {
        const struct report_code *code = &data->failures.items[i];
        const struct error_arg args[] = {ARG_TEXT("code", code->code),
                                         ARG_INT("documents", code->count),
                                         ARG_INT("event", code->event)};
        const struct finding finding = {MESSAGE_REPORT_DOCUMENT_FAILED, args, args, 3};
        put_finding(data, &finding, page);
    }
    return data->failures.count;
}

/* Open ones, and those of the period. */
static size_t waves(const struct report_data *data, struct html *page)
{
    size_t count = 0;
    for (size_t i = 0; i < data->waves_count; i++) {
        const WaveView *wave = data->waves[i];
        bool within = wave->opened_on != NULL && wave->opened_on->days >= data->from &&
                      wave->opened_on->days <= data->to;
        if (wave->failed == 0 || (wave->closed && !within)) {
            continue;
        }
        const struct error_arg args[] = {ARG_INT("wave", wave->wave),
                                         ARG_INT("failed", wave->failed),
                                         ARG_INT("count", wave->count)};
        const struct finding finding = {MESSAGE_REPORT_WAVE_FAILED, args, args, 3};
        if (page != NULL) {
            put_finding(data, &finding, page);
        }
        count++;
    }
    return count;
}

/* The newest first. */
static size_t files(const struct report_data *data, struct html *page)
{
    size_t count =
        data->refusing_count < REPORT_REFUSING_MAX ? data->refusing_count : REPORT_REFUSING_MAX;
    for (size_t i = 0; page != NULL && i < count; i++) {
        const struct report_file *file =
            &data->refusing[(data->refusing_count - 1 - i) % REPORT_REFUSING_MAX];
        struct error_arg args[2][4];
        for (int language = LANGUAGE_ENGLISH; language <= LANGUAGE_CHINESE; language++) {
            str kind = message_value((enum language)language, STR("kind"), str_of(file->file->kind),
                                     data->arena);
            args[language][0] = ARG_STR("kind", kind);
            args[language][1] = ARG_INT("refused", file->file->rejected + file->file->invalid);
            args[language][2] = ARG_INT("rows", file->file->rows);
            args[language][3] = ARG_INT("event", file->event);
        }
        const struct finding finding = {MESSAGE_REPORT_FILE_REFUSED, args[LANGUAGE_CHINESE],
                                        args[LANGUAGE_ENGLISH], 4};
        put_finding(data, &finding, page);
    }
    return count;
}

size_t report_findings(const struct report_data *data)
{
    return checks(data, NULL) + failures(data, NULL) + waves(data, NULL) + files(data, NULL);
}

void report_section_findings(const struct report_data *data, struct html *page)
{
    HTML(page, "<section id=\"findings\"><h2>");
    html_words(page, report_words(MESSAGE_REPORT_FINDINGS));
    HTML(page, "</h2>\n");
    if (report_findings(data) == 0) {
        HTML(page, "<p class=\"nothing\">");
        html_words(page, report_words(MESSAGE_CHECK_FINE));
        HTML(page, "</p></section>\n");
        return;
    }
    HTML(page, "<ul class=\"findings\">\n");
    (void)checks(data, page); /* how many was asked above */
    (void)failures(data, page);
    (void)waves(data, page);
    (void)files(data, page);
    HTML(page, "</ul>");
    if (data->refusing_count > REPORT_REFUSING_MAX) {
        HTML(page, "<p class=\"nothing\">");
        report_put_words(page, MESSAGE_REPORT_REFUSING_NEWEST);
        HTML(page, "</p>\n");
    }
    HTML(page, "</section>\n");
}
