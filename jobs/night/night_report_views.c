/* night_report_views - the figures of today, from the views, and what the jobs left in reports/. */
#include <string.h>

#include "core/base/date.h"
#include "events/terms/category.h"
#include "events/terms/validity.h"
#include "jobs/engine/parts/views_walk.h"
#include "jobs/night/night_report.h"
#include "jobs/objects/objects.h"

const char *const report_classes[REPORT_CLASSES] = {"A", "B", "C1", "C2", "C3", "C"};
const char *const report_statuses[REPORT_STATUSES] = {"valid",      "expired",  "suspended",
                                                      "released",   "departed", "cancelled",
                                                      "superseded", "revoked",  "withdrawn"};

static size_t place_of(const char *const *names, size_t count, str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal_c(name, names[i])) {
            return i;
        }
    }
    return count;
}

/* --- certificates ------------------------------------------------------------------------------
 */

static int month_of(int32_t day)
{
    struct civil civil = date_to_civil(day);
    return civil.year * 12 + civil.month - 1;
}

static void count_certificate(struct report_data *data, const CertificateView *certificate)
{
    int32_t today = data->session->run.moment.today;
    size_t class = place_of(report_classes, REPORT_CLASSES, category_text(certificate->category));
    size_t status =
        place_of(report_statuses, REPORT_STATUSES, certificate_status_text(certificate, today));
    if (class == REPORT_CLASSES || status == REPORT_STATUSES) {
        return;
    }
    data->certificates[status][class]++;
    bool open = certificate->status == STATUS__CODE__VALID ||
                certificate->status == STATUS__CODE__SUSPENDED ||
                certificate->status == STATUS__CODE__RELEASED;
    if (open && certificate->valid_until != NULL && certificate->valid_until->days >= today) {
        int ahead = month_of(certificate->valid_until->days) - month_of(today);
        if (ahead < REPORT_MONTHS) {
            data->expiries[class][ahead]++;
        }
    }
}

static void name_months(struct report_data *data)
{
    int first = month_of(data->session->run.moment.today);
    for (int i = 0; i < REPORT_MONTHS; i++) {
        int month = first + i; /* none behind the last that there is */
        str name = month <= month_of(DATE_DAYS_MAX)
                       ? arena_format(data->arena, "%04d-%02d", month / 12, month % 12 + 1)
                       : STR("");
        memcpy(data->months[i], name.data, name.size);
    }
}

typedef void take_record(struct report_data *data, const ProtobufCMessage *message);

static void take_certificate(struct report_data *data, const ProtobufCMessage *message)
{
    count_certificate(data, (const CertificateView *)(const void *)message);
}

static bool is_earlier(const WaveView *wave, const WaveView *other)
{
    return wave->closed == other->closed ? wave->wave > other->wave : !wave->closed;
}

/* Open ones first, then by number, the newest first; the last ones fall out. */
static void take_wave(struct report_data *data, const ProtobufCMessage *message)
{
    const WaveView *wave = (const WaveView *)(const void *)message;
    size_t at = data->waves_count;
    while (at > 0 && is_earlier(wave, data->waves[at - 1])) {
        at--;
    }
    if (at == REPORT_WAVES_MAX) {
        return;
    }
    WaveView *kept = ARENA_NEW(data->arena, WaveView);
    *kept = *wave;
    kept->notice = arena_c_string(data->arena, str_of(wave->notice));
    kept->enterprise = arena_c_string(data->arena, str_of(wave->enterprise));
    if (wave->opened_on != NULL) {
        kept->opened_on = ARENA_NEW(data->arena, Date);
        *kept->opened_on = *wave->opened_on;
    }
    data->waves_count += data->waves_count < REPORT_WAVES_MAX;
    for (size_t i = data->waves_count - 1; i > at; i--) {
        data->waves[i] = data->waves[i - 1];
    }
    data->waves[at] = kept;
}

static FALLIBLE scan(struct report_data *data, enum view_id view, take_record *take,
                     struct error *err)
{
    struct session *session = data->session;
    VIEWS_WALK_AUTO walk = {0};
    TRY(views_walk_open(engine_views(session->engine), view, NULL, &session->item_arena, &walk,
                        err));
    while (walk.record != NULL) {
        take(data, walk.record);
        TRY(views_walk_next(&walk, err));
    }
    return OK;
}

/* --- documents that could not be made ----------------------------------------------------------
 */

static outcome take_failure(void *state, str id, struct error *err)
{
    struct report_data *data = state;
    DocumentView *document = NULL;
    bool blocked = false;
    TRY(blocked_persons_have(&data->state.blocked, id, &blocked, err));
    if (blocked) {
        return OK;
    }
    arena_reset(&data->session->item_arena);
    TRY(document_view(data->session, id, &data->session->item_arena, &document, err));
    report_count_code(&data->failures, document->error_code, 1, document->wanted_event,
                      data->arena);
    return OK;
}

FALLIBLE report_read_views(struct report_data *data, struct error *err)
{
    name_months(data);
    TRY(engine_registry(data->session->engine, data->arena, &data->registry, err));
    TRY(store_state_look(data->session, &data->state, err));
    TRY(scan(data, VIEW_CERTIFICATE, take_certificate, err));
    TRY(scan(data, VIEW_WAVE, take_wave, err));
    TRY(each_of_index(data->session, index_documents(DOCUMENT_STATUS__CODE__FAILED), take_failure,
                      data, err));
    /* without itself: else its next page would differ by this one */
    data->jobs_count = metrics_read_all(data->session, "report", data->arena, &data->jobs);
    return OK;
}
