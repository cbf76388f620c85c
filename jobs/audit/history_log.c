/* history_log - see history_log.h. */
#include "jobs/audit/history_log.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/io/digest.h"
#include "events/terms/credit_code.h"
#include "events/terms/identity.h"
#include "jobs/audit/history_event.h"
#include "jobs/engine/log_days.h"

/* What is looked for. An event of which the stored bytes hold none of `hints` is not unpacked. */
struct search {
    struct history_log *log;
    uint64_t from;
    bytes hints[2];
    size_t hints_count;
    const char *actor;
    uint64_t wave;
    struct digest sha256;
    uint64_t event;
    int32_t day;
    bool done;
    outcome (*take)(struct search *search, const Event *event, struct error *err);
};

static bool may_be_wanted(const struct search *search, bytes stored)
{
    for (size_t i = 0; i < search->hints_count; i++) {
        if (memmem(stored.data, stored.size, search->hints[i].data, search->hints[i].size) !=
            NULL) {
            return true;
        }
    }
    return search->hints_count == 0;
}

static outcome walk(struct search *search, struct log_cursor *cursor, struct arena *item,
                    struct error *err)
{
    while (!search->done) {
        ProtobufCMessage *message = NULL;
        uint64_t sequence = 0;
        bytes stored = {0};
        bool found = false;
        TRY(log_cursor_next(cursor, &found, &sequence, &stored, err));
        if (!found) {
            return OK;
        }
        if (may_be_wanted(search, stored)) {
            TRY(record_unpack(&event__descriptor, stored, item, &message, err));
            TRY(search->take(search, (const Event *)(const void *)message, err));
            arena_reset(item);
        }
    }
    return OK;
}

static FALLIBLE search_log(struct search *search, struct error *err)
{
    struct log_cursor *cursor = NULL;
    struct arena item;
    struct log_txn *txn = engine_log_txn(search->log->session->engine);
    TRY(log_cursor_open(txn, search->from, &cursor, err));
    arena_init(&item, 0);
    outcome walked = walk(search, cursor, &item, err);
    arena_release(&item);
    log_cursor_close(cursor);
    return walked;
}

static outcome put(struct search *search, const Event *event, struct error *err)
{
    search->log->found++;
    return search->log->put_event(search->log->state, event->sequence, err);
}

/* Refused wishes count as lines too. */
static outcome put_line(void *state, struct json *record, struct error *err)
{
    struct history_log *log = state;
    log->found++;
    return log->put_refused(log->state, record, err);
}

static outcome put_refused(struct search *search, const Event *event,
                           const struct refused_filter *filter, struct error *err)
{
    struct session *session = search->log->session;
    if (engine_people(session->engine) == NULL) {
        return OK; /* told once, by the verb */
    }
    return history_refused_of(session, event, filter, put_line, search->log, err);
}

/* --- actors ---------------------------------------------------------------------------------- */

static outcome take_actor(struct search *search, const Event *event, struct error *err)
{
    const struct refused_filter filter = {.actor = search->actor};
    bool is_actor = event->actor != NULL && strcmp(event->actor->id, search->actor) == 0;
    TRY(put_refused(search, event, &filter, err));
    if (is_actor || strcmp(event->operator_, search->actor) == 0) {
        TRY(put(search, event, err));
    }
    return OK;
}

/* A code as it is kept, a person's number as its id, anything else as it is. */
static FALLIBLE actor_of(struct session *session, const char *which, const char **ret,
                         struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct subject person;
    struct error unknown;
    str code = str_trim(str_of(which));
    *ret = arena_c_string(arena, code);
    if (credit_code_normalise(code, arena, &code)) {
        *ret = arena_c_string(arena, code);
    } else if (subject_find(session, "person", which, arena, &person, &unknown).ok) {
        *ret = person.key;
    } else if (unknown.class == ERROR_CORRUPT || unknown.class == ERROR_RESOURCE) {
        *err = unknown;
        return error_trace(err, HERE);
    }
    return OK;
}

static FALLIBLE tell_actor(struct search *search, const char *which, struct error *err)
{
    TRY(actor_of(search->log->session, which, &search->actor, err));
    search->hints[search->hints_count++] = str_bytes(str_of(search->actor));
    search->hints[search->hints_count++] = str_bytes(STR("submission"));
    search->take = take_actor;
    return search_log(search, err);
}

/* --- waves ----------------------------------------------------------------------------------- */

static outcome take_wave(struct search *search, const Event *event, struct error *err)
{
    bool opens = event->sequence == search->wave && event->body_case == EVENT__BODY_WAVE_OPENED;
    bool closes =
        event->body_case == EVENT__BODY_WAVE_CLOSED && event->wave_closed->wave == search->wave;
    if (event->sequence == search->wave && !opens) {
        search->done = true;
    }
    if (opens || closes || event->cause == search->wave) {
        TRY(put(search, event, err));
    }
    search->done |= closes;
    return OK;
}

static FALLIBLE tell_wave(struct search *search, const char *which, struct error *err)
{
    if (!str_to_uint64(str_of(which), &search->wave) || search->wave == 0) {
        FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", "wave"), ARG_TEXT("value", which),
             ARG_TEXT("expected", "EVENT"));
    }
    search->from = search->wave;
    search->take = take_wave;
    return search_log(search, err);
}

/* --- files ----------------------------------------------------------------------------------- */

/* Between the first and the last event of an import others may have written: one that was stopped
 * and gone on with is one file. A submission is read under one lock, whoever wished. */
static FALLIBLE is_of_file(struct session *session, const FileProcessed *file, uint64_t sequence,
                           bool *ret, struct error *err)
{
    ProtobufCMessage *message = NULL;
    bytes stored = {0};
    if (strcmp(file->kind, "submission") == 0) {
        *ret = true;
        return OK;
    }
    TRY(log_get(engine_log_txn(session->engine), sequence, &stored, err));
    TRY(record_unpack(&event__descriptor, stored, &session->item_arena, &message, err));
    const Event *event = (const Event *)(const void *)message;
    *ret = event->actor != NULL && event->actor->kind == ACTOR_KIND__CODE__IMPORT &&
           strcmp(event->actor->id, file->kind) == 0;
    arena_reset(&session->item_arena);
    return OK;
}

/* The events that a file brought stand before its FileProcessed event. */
static outcome tell_file(struct search *search, const Event *event, struct error *err)
{
    const FileProcessed *file = event->file_processed;
    const struct refused_filter all = {0};
    for (uint64_t i = file->first_event; i != 0 && i <= file->last_event; i++) {
        bool own = false;
        TRY(is_of_file(search->log->session, file, i, &own, err));
        if (own && i != event->sequence) {
            search->log->found++;
            TRY(search->log->put_event(search->log->state, i, err));
        }
    }
    TRY(put_refused(search, event, &all, err));
    return put(search, event, err);
}

static outcome take_file(struct search *search, const Event *event, struct error *err)
{
    if (event->body_case != EVENT__BODY_FILE_PROCESSED) {
        return OK;
    }
    const FileProcessed *file = event->file_processed;
    bytes digest = bytes_of(file->file_sha256.data, file->file_sha256.len);
    bool wanted = search->event == 0 ? bytes_equal(digest, digest_bytes(&search->sha256))
                                     : event->sequence == search->event;
    if (search->event != 0 && file->first_event <= search->event &&
        search->event <= file->last_event) {
        TRY(is_of_file(search->log->session, file, search->event, &wanted, err));
    }
    search->done = wanted && search->event != 0;
    return wanted ? tell_file(search, event, err) : OK;
}

static FALLIBLE tell_import(struct search *search, const char *which, struct error *err)
{
    search->take = take_file;
    if (digest_parse_hex(str_of(which), &search->sha256)) {
        search->hints[search->hints_count++] = digest_bytes(&search->sha256);
    } else if (str_to_uint64(str_of(which), &search->event) && search->event != 0) {
        search->from = search->event;
    } else {
        FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", "import"), ARG_TEXT("value", which),
             ARG_TEXT("expected", "EVENT | SHA256"));
    }
    return search_log(search, err);
}

/* --- days ------------------------------------------------------------------------------------ */

static outcome take_day(struct search *search, const Event *event, struct error *err)
{
    const struct refused_filter all = {0};
    if (event->business_date != NULL && event->business_date->days > search->day) {
        search->done = true;
        return OK;
    }
    TRY(put_refused(search, event, &all, err));
    return put(search, event, err);
}

static FALLIBLE tell_day(struct search *search, const char *which, struct error *err)
{
    if (!date_parse(str_of(which), &search->day)) {
        FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", "day"), ARG_TEXT("value", which),
             ARG_TEXT("expected", "YYYY-MM-DD"));
    }
    TRY(log_day_first(search->log->session->engine, search->day, &search->from, err));
    search->take = take_day;
    return search_log(search, err);
}

/* --- codes ------------------------------------------------------------------------------------ */

/* A rendering names the digest of its QR code's text, so that a code leads to it without any key.
 */
static outcome take_code(struct search *search, const Event *event, struct error *err)
{
    if (event->body_case != EVENT__BODY_DOCUMENT_RENDERED) {
        return OK;
    }
    ProtobufCBinaryData code = event->document_rendered->code_sha256;
    bool same = bytes_equal(bytes_of(code.data, code.len), digest_bytes(&search->sha256));
    return same ? put(search, event, err) : OK;
}

/* The text of a scanned code, or only its token: the rest is the address in anzheng.conf. */
static FALLIBLE tell_code(struct search *search, const char *which, struct error *err)
{
    struct session *session = search->log->session;
    str text = str_trim(str_of(which));
    bool whole = strstr(which, "://") != NULL;
    str code = whole ? text
                     : arena_format(&session->run_arena, "%s%.*s", session->config->verify_url,
                                    STR_ARGS(text));
    search->sha256 = digest_sha256(str_bytes(code));
    search->hints[search->hints_count++] = digest_bytes(&search->sha256);
    search->take = take_code;
    return search_log(search, err);
}

/* --- all kinds ------------------------------------------------------------------------------- */

static const struct kind {
    const char *name;
    outcome (*tell)(struct search *search, const char *which, struct error *err);
} KINDS[] = {{"actor", tell_actor},
             {"wave", tell_wave},
             {"import", tell_import},
             {"day", tell_day},
             {"code", tell_code}};

static const struct kind *kind_of(const char *what)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strcmp(KINDS[i].name, what) == 0) {
            return &KINDS[i];
        }
    }
    return NULL;
}

bool history_log_knows(const char *what)
{
    return kind_of(what) != NULL;
}

/* R-PV-01: as it was asked for, but no number of a document in full. */
static str shown(const char *which, struct arena *arena)
{
    str normal = STR("");
    IdType__Code type = id_type_guess(str_of(which));
    if (type == ID_TYPE__CODE__NONE) {
        return str_of(which);
    }
    return identity_normalise(type, str_of(which), arena, &normal)
               ? identity_mask(type, normal, arena)
               : STR("***");
}

FALLIBLE history_log_tell(struct history_log *log, const char *what, const char *which,
                          struct error *err)
{
    struct search search = {.log = log, .from = 1};
    const struct kind *kind = kind_of(what);
    BUG_UNLESS(kind != NULL);
    TRY(kind->tell(&search, which, err));
    if (log->found == 0) {
        FAIL(REFUSED(NULL), MESSAGE_HISTORY_NOTHING, ARG_TEXT("what", what),
             ARG_STR("which", shown(which, &log->session->run_arena)));
    }
    return OK;
}

/* --- what came to nothing for a subject ------------------------------------------------------- */

struct about {
    struct search search;
    struct refused_filter filter;
};

/* Its certificate stays as it was, so no view lists the event. An enterprise's wave is one line. */
static FALLIBLE take_failed_item(struct search *search, const struct subject *subject,
                                 const Event *event, struct error *err)
{
    struct session *session = search->log->session;
    str number = str_of(event->wave_item_failed->certificate);
    bool wanted = false;
    TRY(history_names(session, subject, number, &wanted, err));
    if (wanted) {
        TRY(put_line(search->log, history_event(event, &session->item_arena), err));
    }
    arena_reset(&session->item_arena);
    return OK;
}

static outcome take_about(struct search *search, const Event *event, struct error *err)
{
    const struct about *about = (const struct about *)(const void *)search;
    if (event->body_case == EVENT__BODY_WAVE_ITEM_FAILED) {
        return take_failed_item(search, about->filter.subject, event, err);
    }
    return put_refused(search, event, &about->filter, err);
}

FALLIBLE history_log_refused(struct history_log *log, const struct subject *subject,
                             struct error *err)
{
    static const char failed_item[] = {'\x92', '\x06'}; /* the first bytes of that body: its tag */
    _Static_assert(EVENT__BODY_WAVE_ITEM_FAILED == 98, "the bytes above are the tag of field 98");
    struct about about = {.search = {.log = log, .from = 1, .take = take_about},
                          .filter = {.subject = subject}};
    if (engine_people(log->session->engine) != NULL) {
        about.search.hints[about.search.hints_count++] = str_bytes(STR("submission"));
    }
    if (subject->kind != SUBJECT_ENTERPRISE) {
        about.search.hints[about.search.hints_count++] = bytes_of(failed_item, sizeof failed_item);
    }
    return about.search.hints_count > 0 ? search_log(&about.search, err) : OK;
}
