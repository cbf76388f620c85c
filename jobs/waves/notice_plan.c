/* notice_plan - see notice_plan.h. */
#include "jobs/waves/notice_plan.h"

#include <string.h>

#include "core/base/date.h"
#include "core/io/csv.h"
#include "core/io/output.h"
#include "events/terms/category.h"
#include "events/wave.h"
#include "jobs/engine/judging/dossier.h"
#include "jobs/engine/judging/wish.h"
#include "jobs/engine/parts/views_walk.h"
#include "jobs/objects/objects.h"
#include "jobs/waves/rename_changes.h"

enum { PLAN_MODE = 0644 }; /* it names no person */

/* --- writing ---------------------------------------------------------------------------------- */

static outcome write_row(struct session *session, const WaveOpened *intent,
                         struct csv_writer *writer, str number, struct error *err)
{
    CertificateView *certificate = NULL;
    char end[DATE_SIZE] = "";
    TRY(certificate_view(session, number, &session->item_arena, &certificate, err));
    if (certificate->valid_until != NULL) {
        date_format(certificate->valid_until->days, end);
    }
    csv_write_for_people(writer, number);
    csv_write_for_people(writer, str_of(certificate->enterprise));
    csv_write_for_people(writer, str_of(certificate->enterprise_name));
    csv_write_for_people(writer, category_text(certificate->category));
    csv_write_for_people(writer, str_of(end));
    csv_write_for_people(writer, str_of(intent->notice));
    csv_write_for_people(writer, str_of(intent->value));
    csv_write_row_end(writer);
    arena_reset(&session->item_arena);
    return OK;
}

static outcome write_rows(struct session *session, const WaveOpened *intent,
                          const struct wave_list *list, struct csv_writer *writer,
                          struct error *err)
{
    static const char *const columns[] = {"证书编号", "统一社会信用代码", "证书所载企业名称",
                                          "类别",     "有效期至",         "通知文号",
                                          "变更为"};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        csv_write_cell(writer, str_of(columns[i]));
    }
    csv_write_row_end(writer);
    for (str rest = list->numbers; rest.size > 0;) {
        str number = str_cut(&rest, '\n');
        TRY(write_row(session, intent, writer, number, err));
    }
    return csv_writer_flush(writer, err);
}

FALLIBLE notice_plan_write(struct session *session, const WaveOpened *intent,
                           const struct wave_list *list, const char *path, struct error *err)
{
    struct csv_writer writer;
    struct output_stream out;
    TRY(output_stream_open(path, PLAN_MODE, &out, err));
    csv_writer_on(out.file, path, &writer);
    outcome written = write_rows(session, intent, list, &writer, err);
    return output_stream_close(&out, written, err);
}

/* --- checking --------------------------------------------------------------------------------- */

static bool is_wave_of(const WaveView *wave, const struct rename_entry *entry)
{
    return wave->kind == entry->intent->kind && strcmp(wave->value, entry->intent->value) == 0 &&
           strcmp(wave->notice, entry->intent->notice) == 0 &&
           bytes_equal(entry->planned_sha256,
                       bytes_of(wave->numbers_sha256.data, wave->numbers_sha256.len));
}

/* Was a wave of exactly this plan opened before? */
static outcome find_wave(struct session *session, struct rename_entry *entry, struct error *err)
{
    VIEWS_WALK_AUTO walk = {0};
    TRY(views_walk_open(engine_views(session->engine), VIEW_WAVE, NULL, &session->item_arena, &walk,
                        err));
    while (walk.record != NULL && !entry->holds) {
        entry->holds = is_wave_of(walk.record, entry);
        TRY(views_walk_next(&walk, err));
    }
    return OK;
}

/* Who approved the list approved what is done to it: the same list may suit another notice, or the
 * same one with another value. Rows that say different things are entries of their own. */
static outcome check_intent(const struct rename_list *list, const WaveOpened *intent,
                            struct arena *arena, struct error *err)
{
    str wanted = arena_format(arena, "%s\n%s", intent->notice, intent->value);
    for (size_t i = 0; i < list->count; i++) {
        str value = str_of(list->items[i]->name);
        if (str_equal(value, wanted) || (str_empty(value) && list->count == 1)) {
            continue;
        }
        str number = str_cut(&value, '\n');
        FAIL(REFUSED("D26"), MESSAGE_PLAN_OTHER_NOTICE, ARG_STR("planned_notice", number),
             ARG_STR("planned_value", value), ARG_TEXT("notice", intent->notice),
             ARG_TEXT("value", intent->value));
    }
    return OK;
}

static outcome compare(const struct single_wish *notice, struct rename_list *list,
                       struct error *err)
{
    struct session *session = notice->session;
    struct arena *arena = &session->run_arena;
    struct rename_entry *entry = list->items[0];
    struct dossier dossier;
    wish_normalise(notice->action, NULL, arena); /* a notice names no person */
    TRY(dossier_load(session->engine, notice->action, session->run.moment, arena, &dossier, err));
    entry->intent = wave_intent(notice->action, dossier.enterprise, arena);
    TRY(check_intent(list, entry->intent, arena, err));
    entry->list = dossier.wave;
    entry->holds = bytes_equal(entry->planned_sha256, entry->list.numbers_sha256);
    TRY(find_wave(session, entry, err));
    list->differing = !entry->holds;
    return rename_changes_check(session, list, err);
}

FALLIBLE notice_plan_check(const struct single_wish *notice, const char *path, bool csv,
                           struct error *err)
{
    struct session *session = notice->session;
    struct rename_list list;
    TRY(rename_list_read_notice(session, path, &list, err));
    TRY(rename_changes_format(session, csv, &list.format, err));
    TRY(engine_begin(session->engine, err));
    outcome compared = compare(notice, &list, err);
    engine_abort(session->engine); /* it only read */
    return compared;
}
