/* rename_plan - the verb `rename plan`: says what waves would do today, and changes nothing.
 *
 * The plan is a CSV file with one row per certificate, which `rename run --plan` takes. Its digest
 * is the SHA-256 of that file, whether it is written or not. With --plan the verb tells what
 * changed since that plan. */
#include <stdlib.h>

#include "core/base/date.h"
#include "core/io/csv.h"
#include "core/io/output.h"
#include "events/limits.h"
#include "jobs/objects/objects.h"
#include "jobs/report.h"
#include "jobs/waves/rename_changes.h"
#include "jobs/waves/rename_list.h"
#include "jobs/wishes/wave_report.h"

struct plan {
    struct session *session;
    struct rename_list list;
    struct csv_writer writer;
    uint64_t count;
    uint64_t enterprises;
};

static outcome write_row(struct plan *plan, const struct rename_entry *entry, str name, str number,
                         struct error *err)
{
    struct session *session = plan->session;
    CertificateView *certificate = NULL;
    char end[DATE_SIZE] = "";
    TRY(certificate_view(session, number, &session->item_arena, &certificate, err));
    if (certificate->valid_until != NULL) {
        date_format(certificate->valid_until->days, end);
    }
    csv_write_for_people(&plan->writer, str_of(entry->code));
    csv_write_for_people(&plan->writer, name);
    csv_write_for_people(&plan->writer, number);
    csv_write_for_people(&plan->writer, str_of(certificate->enterprise_name));
    csv_write_for_people(&plan->writer, str_of(end));
    csv_write_row_end(&plan->writer);
    return OK;
}

static bool is_planned(const struct rename_entry *entry)
{
    return entry->refusal == NULL && entry->list.count > 0 && !entry->shares;
}

static outcome write_entry(struct plan *plan, const struct rename_entry *entry, struct error *err)
{
    struct session *session = plan->session;
    EnterpriseView *enterprise = NULL;
    str rest = entry->list.numbers;
    if (!is_planned(entry)) {
        return OK;
    }
    TRY(enterprise_view(session, str_of(entry->code), &session->batch_arena, &enterprise, err));
    while (rest.size > 0) {
        str number = str_cut(&rest, '\n');
        TRY(write_row(plan, entry, str_of(enterprise->name), number, err));
        arena_reset(&session->item_arena);
    }
    plan->count += entry->list.count;
    plan->enterprises++;
    arena_reset(&session->batch_arena);
    return OK;
}

static outcome write_rows(struct plan *plan, struct error *err)
{
    static const char *const columns[] = {"统一社会信用代码", "新企业名称", "证书编号",
                                          "证书所载企业名称", "有效期至"};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        csv_write_for_people(&plan->writer, str_of(columns[i]));
    }
    csv_write_row_end(&plan->writer);
    for (size_t i = 0; i < plan->list.count; i++) {
        TRY(write_entry(plan, plan->list.items[i], err));
    }
    return csv_writer_flush(&plan->writer, err);
}

/* The file's bytes, in memory; the caller frees them. */
static outcome make_plan(struct plan *plan, char **ret_text, size_t *ret_size, struct error *err)
{
    FILE *file = open_memstream(ret_text, ret_size);
    MEMORY_UNLESS(file != NULL);
    csv_writer_on(file, NULL, &plan->writer);
    outcome written = write_rows(plan, err);
    (void)fclose(file); /* memory */
    return written;
}

/* The first numbers, whichever enterprises they are of. */
static void put_first(const struct plan *plan, struct json *summary)
{
    struct json *certificates = json_put_list(summary, "certificates");
    size_t left = LIMIT_ANSWER_NUMBERS;
    for (size_t i = 0; i < plan->list.count && left > 0; i++) {
        if (is_planned(plan->list.items[i])) {
            wave_list_add(&plan->list.items[i]->list, &left, certificates);
        }
    }
}

static outcome show_plan(struct plan *plan, bytes text, const char *out, struct error *err)
{
    struct session *session = plan->session;
    struct digest digest = digest_sha256(text);
    char hex[DIGEST_HEX_SIZE];
    digest_hex(&digest, hex);
    if (*out != 0) {
        TRY(output_write(out, text, 0644, err));
    }
    struct json *summary = json_new_record();
    json_put_number(summary, "enterprises", (int64_t)plan->enterprises);
    json_put_number(summary, "rejected", (int64_t)plan->list.rejected);
    json_put_number(summary, "count", (int64_t)plan->count);
    json_put_text(summary, "sha256", str_of(hex));
    put_first(plan, summary);
    if (*out != 0) {
        json_put_text(summary, "plan", str_of(out));
    } else {
        json_put_null(summary, "plan");
    }
    return report_result(session, summary, err);
}

/* Of a plan that is there: what changed since. */
static outcome compare_plan(struct plan *plan, struct error *err)
{
    struct session *session = plan->session;
    struct rename_changes changes = {0};
    if (plan->list.differing > 0) {
        return rename_changes_check(session, &plan->list, err);
    }
    TRY(rename_changes_show(session, &plan->list, &changes, err));
    const struct error_arg args[] = {ARG_INT("changed", changes.changed)};
    report_note(session, TERMINAL_NOTICE, MESSAGE_PLAN_HOLDS, args, 1);
    return OK;
}

outcome job_rename_plan(struct session *session, struct error *err)
{
    const RenamePlanOptions *options = SESSION_OPTIONS(session, RenamePlanOptions);
    struct plan plan = {.session = session};
    const struct rename_source source = {
        .code = options->n_arguments > 0 ? options->arguments[0] : NULL,
        .file = options->file[0] != 0 ? options->file : NULL,
        .plan = options->plan[0] != 0 ? options->plan : NULL,
    };
    char *text = NULL;
    size_t size = 0;
    if (source.plan != NULL && *options->out != 0) { /* a plan is looked at, none is made */
        FAIL(USAGE, MESSAGE_OPTIONS_EXCLUDE, ARG_TEXT("option", "plan"), ARG_TEXT("other", "out"));
    }
    TRY(output_spares(options->out, source.file, err));
    TRY(rename_list_read(session, &source, &plan.list, err));
    TRY(rename_changes_format(session, options->csv, &plan.list.format, err));
    TRY(rename_list_judge(session, &plan.list, err));
    if (source.plan != NULL) {
        return compare_plan(&plan, err);
    }
    outcome made = make_plan(&plan, &text, &size, err);
    if (made.ok) {
        made = show_plan(&plan, bytes_of(text, size), options->out, err);
    }
    free(text);
    TRY(made);
    return rename_list_show_rejected(session, &plan.list, NULL, err);
}
