/* template - the verbs `template ...`: list, show, check (with a specimen) and set the page
 * descriptions of certificates and proofs. Setting one is an event, so that a regulator sees which
 * page was valid on a day; the next `regenerate` draws exactly the documents of that kind again. */
#include <stdio.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/io/config.h"
#include "core/io/digest.h"
#include "core/io/file.h"
#include "core/io/output.h"
#include "jobs/config_paths.h"
#include "jobs/documents/template_specimen.h"
#include "jobs/engine/rendering/renderer.h"
#include "jobs/engine/templates.h"
#include "jobs/report.h"

enum { OUT_MODE = 0644, READABLE_UM = 2100 /* 6 pt */, MARGIN_UM = 3000 };

static FALLIBLE read_kind(const char *word, enum template_kind *ret, struct error *err)
{
    if (!template_kind_from_name(str_of(word), ret)) {
        FAIL(USAGE, MESSAGE_TEMPLATE_KIND, ARG_TEXT("kind", word));
    }
    return OK;
}

static FALLIBLE read_file(struct session *session, const char *path, str *ret_text,
                          struct template *ret, struct error *err)
{
    bytes content = {0};
    TRY(file_read(path, &session->run_arena, TEMPLATE_BYTES_MAX, &content, err));
    if (!str_from_bytes(content, ret_text)) {
        FAIL(MALFORMED, MESSAGE_TEMPLATE_NOT_TEXT, ARG_TEXT("file", path));
    }
    return template_parse(str_of(path), *ret_text, &session->run_arena, ret, err);
}

static str hex_of(bytes sha256, struct arena *arena)
{
    struct digest digest = {{0}};
    char hex[DIGEST_HEX_SIZE];
    if (sha256.size != sizeof digest.data) {
        return STR("");
    }
    memcpy(digest.data, sha256.data, sizeof digest.data);
    digest_hex(&digest, hex);
    return arena_str(arena, str_of(hex));
}

/* --- list ----------------------------------------------------------------------------------------
 */

static FALLIBLE add_row(struct report_rows *rows, enum template_kind kind,
                        const TemplateVersion *version, bool holds, struct error *err)
{
    struct arena *arena = &rows->session->run_arena;
    struct json *record = json_new_record();
    struct digest own = digest_sha256(str_bytes(template_built_in(kind)));
    json_put_text(record, "kind", str_of(template_kind_name(kind)));
    if (version == NULL) { /* the program's own */
        json_put_null(record, "event");
        json_put_null(record, "set_on");
        json_put_null(record, "decision");
        json_put_text(record, "sha256", hex_of(digest_bytes(&own), arena));
    } else {
        char date[DATE_SIZE];
        date_format(version->set_on->days, date);
        json_put_number(record, "event", (int64_t)version->event);
        json_put_text(record, "set_on", str_of(date));
        json_put_text(record, "decision", str_of(version->decision));
        json_put_text(record, "sha256",
                      hex_of(bytes_of(version->sha256.data, version->sha256.len), arena));
    }
    json_put_bool(record, "holds", holds);
    return report_rows_add(rows, record, err);
}

static FALLIBLE add_kind(struct report_rows *rows, enum template_kind kind, struct error *err)
{
    const TemplateView *view = NULL;
    TRY(views_get(engine_views(rows->session->engine), VIEW_TEMPLATE,
                  key_template(str_of(template_kind_name(kind))), &rows->session->run_arena, &view,
                  err));
    TRY(add_row(rows, kind, NULL, view->n_versions == 0, err));
    for (size_t i = 0; i < view->n_versions; i++) {
        TRY(add_row(rows, kind, view->versions[i], i + 1 == view->n_versions, err));
    }
    return OK;
}

outcome job_template_list(struct session *session, struct error *err)
{
    static const struct report_column columns[] = {
        {.path = "kind"},   {.path = "holds"},    {.path = "event", .right = true},
        {.path = "set_on"}, {.path = "decision"}, {.path = "sha256"},
    };
    struct report_rows rows;
    struct error closing;
    outcome added = OK;
    TRY(report_rows_open(session, columns, sizeof columns / sizeof *columns,
                         session->json ? TABLE_JSON : TABLE_PEOPLE, &rows, err));
    for (int i = 0; added.ok && i < TEMPLATE_KINDS; i++) {
        added = add_kind(&rows, (enum template_kind)i, err);
    }
    outcome closed = report_rows_close(&rows, added.ok ? err : &closing);
    TRY(added);
    return closed;
}

/* --- show ----------------------------------------------------------------------------------------
 */

outcome job_template_show(struct session *session, struct error *err)
{
    const TemplateShowOptions *options = SESSION_OPTIONS(session, TemplateShowOptions);
    enum template_kind kind = TEMPLATE_KINDS;
    uint64_t event = 0;
    str text = {0};
    TRY(read_kind(options->arguments[0], &kind, err));
    TRY(engine_template_text(session->engine, kind, options->until, &session->run_arena, &event,
                             &text, err));
    bool to_file = options->out[0] != 0;
    if (to_file) {
        TRY(output_write(options->out, str_bytes(text), OUT_MODE, err));
    } else if (!session->json) {
        (void)fwrite(text.data, 1, text.size, stdout); /* main() checks it when it flushes */
        return OK;
    }
    struct json *record = json_new_record();
    json_put_text(record, "kind", str_of(template_kind_name(kind)));
    if (event == 0) {
        json_put_null(record, "event");
    } else {
        json_put_number(record, "event", (int64_t)event);
    }
    json_put_text(record, to_file ? "file" : "text", to_file ? str_of(options->out) : text);
    return report_result(session, record, err);
}

/* --- check ---------------------------------------------------------------------------------------
 */

/* Names the items that run off the paper or are shrunk until they are unreadable. */
static size_t warn_of(struct session *session, const struct page *page)
{
    size_t warnings = 0;
    for (size_t i = 0; i < page->count; i++) {
        const struct page_item *item = &page->items[i];
        if (item->kind != PAGE_TEXT) {
            continue;
        }
        int64_t half_ems = page_text_half_ems(item->text);
        int64_t wide = half_ems * item->size_um / 2 + (int64_t)item->spacing_um * half_ems / 2;
        int64_t size = item->size_um;
        if (item->width_um > 0 && wide > item->width_um) {
            size = size * item->width_um / wide;
            wide = item->width_um;
        }
        int64_t left = item->align == PAGE_LEFT     ? item->x_um
                       : item->align == PAGE_CENTRE ? item->x_um - wide / 2
                                                    : item->x_um - wide;
        struct error_arg args[] = {ARG_STR("text", str_first_text(item->text, ERROR_ARG_SIZE / 4)),
                                   ARG_INT("size", size)};
        bool beside = left < MARGIN_UM || left + wide > page->width_um - MARGIN_UM;
        bool beyond = item->y_um - size * 3 / 4 < MARGIN_UM || /* its top, above the baseline */
                      item->y_um > page->height_um - MARGIN_UM;
        if (beside || beyond) {
            report_note(session, TERMINAL_WARNING, MESSAGE_TEMPLATE_RUNS_OFF, args, 1);
            warnings++;
        } else if (size < READABLE_UM) {
            report_note(session, TERMINAL_WARNING, MESSAGE_TEMPLATE_TOO_SMALL, args, 2);
            warnings++;
        }
    }
    return warnings;
}

/* Uses fonts and colours of the store when there is one; the verb needs no store. */
static FALLIBLE read_config(struct session *session, struct error *err)
{
    struct arena *arena = &session->run_arena;
    const char *path = arena_format(arena, "%s/anzheng.conf", session->store_dir).data;
    if (file_exists(path)) {
        TRY(config_read(path, &session->config->base, arena, err));
        config_paths_settle(session->config, session->store_dir, arena);
    }
    return OK;
}

/* The specimen is drawn even when it is written nowhere (`path` empty): drawing finds the
 * characters that the fonts lack. */
static FALLIBLE draw(struct session *session, const struct page *page, const char *path,
                     struct error *err)
{
    bytes pdf = {NULL, 0};
    TRY(read_config(session, err));
    TRY(renderer_draw_form(session->config->fonts, session->config->color_profile, page,
                           &session->run_arena, &pdf, err));
    return path[0] != 0 ? output_write(path, pdf, OUT_MODE, err) : OK;
}

outcome job_template_check(struct session *session, struct error *err)
{
    const TemplateCheckOptions *options = SESSION_OPTIONS(session, TemplateCheckOptions);
    struct arena *arena = &session->run_arena;
    struct template template;
    struct page page, longest;
    str text = {0};
    TRY(output_spares(options->out, options->arguments[0], err));
    TRY(read_file(session, options->arguments[0], &text, &template, err));
    template.mark = STR("specimen");
    TRY(template_specimen(&template, false, arena, &page, err));
    TRY(template_specimen(&template, true, arena, &longest, err));
    size_t warnings = warn_of(session, &page);
    warnings += warn_of(session, &longest);
    TRY(draw(session, &page, options->out, err));
    if (warnings > 0) {
        session_status(session, 1);
    }
    struct json *record = json_new_record();
    struct digest digest = digest_sha256(str_bytes(text));
    json_put_text(record, "kind", str_of(template_kind_name(template.kind)));
    json_put_text(record, "sha256", hex_of(digest_bytes(&digest), arena));
    json_put_number(record, "warnings", (int64_t)warnings);
    if (options->out[0] != 0) {
        json_put_text(record, "specimen", str_of(options->out));
    }
    return report_result(session, record, err);
}

/* --- set -----------------------------------------------------------------------------------------
 */

static FALLIBLE tell(struct session *session, const TemplateSet *set, uint64_t sequence,
                     struct error *err)
{
    struct json *record = json_new_record();
    bytes sha256 = bytes_of(set->sha256.data, set->sha256.len);
    json_put_text(record, "kind", str_of(set->kind));
    json_put_text(record, "sha256", hex_of(sha256, &session->run_arena));
    json_put_text(record, "decision", str_of(set->decision));
    json_put_number(record, "event", (int64_t)sequence);
    return report_result(session, record, err);
}

/* The page is already the wished one: the answer says since when. The first one of a store came
 * with the program, without an event. */
static FALLIBLE tell_same(struct session *session, enum template_kind kind, str text,
                          uint64_t sequence, struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct digest digest = digest_sha256(str_bytes(text));
    TemplateSet set = TEMPLATE_SET__INIT;
    Event *event = NULL;
    struct error_arg args[] = {ARG_TEXT("kind", template_kind_name(kind))};
    set.kind = arena_c_string(arena, str_of(template_kind_name(kind)));
    set.sha256 = record_binary(digest_bytes(&digest), arena);
    if (sequence > 0) {
        TRY(engine_event(session->engine, sequence, arena, &event, err));
        set.decision = event->template_set->decision;
    }
    engine_abort(session->engine);
    report_note(session, TERMINAL_NOTICE, MESSAGE_TEMPLATE_SAME, args, 1);
    return tell(session, &set, sequence, err);
}

static FALLIBLE append(struct session *session, enum template_kind kind, str text,
                       const char *decision, struct error *err)
{
    struct arena *arena = &session->batch_arena;
    struct digest digest = digest_sha256(str_bytes(text));
    uint64_t sequence = 0;
    Event *event = event_new(EVENT__BODY_TEMPLATE_SET, arena);
    event->template_set->kind = arena_c_string(arena, str_of(template_kind_name(kind)));
    event->template_set->text = arena_c_string(arena, text);
    event->template_set->sha256 = record_binary(digest_bytes(&digest), arena);
    event->template_set->decision = arena_c_string(arena, str_of(decision));
    TRY(engine_append(session->engine, &session->run, event, arena, &sequence, err));
    TRY(engine_commit(session->engine, err));
    return tell(session, event->template_set, sequence, err);
}

outcome job_template_set(struct session *session, struct error *err)
{
    const TemplateSetOptions *options = SESSION_OPTIONS(session, TemplateSetOptions);
    const char *path = options->arguments[1];
    enum template_kind kind = TEMPLATE_KINDS;
    struct template template;
    uint64_t event = 0;
    str text = {0}, now = {0};
    TRY(read_kind(options->arguments[0], &kind, err));
    TRY(read_file(session, path, &text, &template, err));
    if (template.kind != kind) {
        FAIL(MALFORMED, MESSAGE_TEMPLATE_OTHER_KIND, ARG_TEXT("file", path),
             ARG_TEXT("is", template_kind_name(template.kind)),
             ARG_TEXT("kind", template_kind_name(kind)));
    }
    if (options->decision[0] == 0) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", "template set"),
             ARG_TEXT("option", "decision"));
    }
    TRY(engine_begin(session->engine, err));
    TRY(engine_template_text(session->engine, kind, TEMPLATES_NOW, &session->run_arena, &event,
                             &now, err));
    if (str_equal(now, text)) {
        return tell_same(session, kind, text, event, err);
    }
    return append(session, kind, text, options->decision, err);
}
