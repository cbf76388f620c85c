/* national_send - see national_send.h.
 *
 * First it writes the queue, then it sends. The store is read one record at a time and is never
 * locked while waiting for the network. Records of one certificate are sent in order: after a
 * refused one the later ones wait. */
#include "jobs/platform/national_send.h"

#include <string.h>

#include "core/io/file.h"
#include "core/io/stop.h"
#include "jobs/engine/as_at.h"
#include "jobs/metrics.h"
#include "jobs/platform/national_line.h"
#include "jobs/platform/national_outbox.h"
#include "jobs/platform/national_walk.h"
#include "jobs/report.h"

enum { FOLDER_MODE = 0700, FILE_MODE = 0600 };

struct sending {
    struct session *session;
    const ExportNationalOptions *options;
    struct outbox outbox;
    struct national_source source;
    struct national_line line;
    struct map waiting; /* certificates with a record that was refused */
    struct progress progress;
    int64_t queued, sent, warned, refused, held, withheld, dropped;
};

/* --- the queue -------------------------------------------------------------------------------- */

static outcome notice_one(void *state, const struct national_item *item, struct error *err)
{
    struct national_walk *walk = state;
    (void)err; /* nothing is kept */
    json_release(item->record);
    walk->enough = true;
    return OK;
}

static outcome queue_one(void *state, const struct national_item *item, struct error *err)
{
    struct sending *sending = state;
    json_release(item->record);
    return outbox_add(&sending->outbox, item->key, item->certificate, item->event, err);
}

/* --since is for the first run, and may be given again, as "run the same command again" says, until
 * that is through. */
static bool is_said_again(const struct outbox *outbox, uint64_t since)
{
    bool first = !outbox->settled && outbox->queues_count > 0 && since == outbox->queues[0].since;
    return !outbox->begun || since == 0 || since == outbox->until || first;
}

/* From where the last queue ended; the first one begins behind --since. */
static FALLIBLE begin_walk(struct sending *sending, struct national_walk *ret, struct error *err)
{
    struct session *session = sending->session;
    const struct outbox *outbox = &sending->outbox;
    uint64_t asked = sending->options->since;
    uint64_t last = views_applied(engine_views(session->engine));
    *ret = (struct national_walk){.since = outbox->begun ? outbox->until : asked};
    if (!is_said_again(outbox, asked)) {
        FAIL(USAGE, MESSAGE_NATIONAL_BEGUN, ARG_INT("since", asked),
             ARG_INT("until", outbox->until));
    }
    if (ret->since > last) {
        if (!outbox->begun) {
            FAIL(USAGE, MESSAGE_EXPORT_SINCE, ARG_INT("since", asked), ARG_INT("last", last));
        }
        FAIL(CONFIG, MESSAGE_NATIONAL_AHEAD, ARG_INT("until", ret->since), ARG_INT("last", last),
             ARG_TEXT("folder", outbox->dir));
    }
    TRY(national_day_of(session, ret->since, &ret->since_day, err));
    if (outbox->begun) {
        ret->since_day = outbox->day;
    }
    return national_source_open(session, false, &session->item_arena, &ret->source, err);
}

static bool is_anything_open(const struct outbox *outbox)
{
    for (size_t i = 0; i < outbox->queues_count; i++) {
        for (size_t j = 0; j < outbox->queues[i].count; j++) {
            if (outbox_is_open(&outbox->queues[i].lines[j])) {
                return true;
            }
        }
    }
    return false;
}

/* The disclosure comes first (R-PV-07), then the queue of everything up to what is there then. */
static FALLIBLE make_queue(struct sending *sending, bool anything_new, struct error *err)
{
    struct session *session = sending->session;
    struct national_walk walk;
    uint64_t since = sending->outbox.begun ? sending->outbox.until : sending->options->since;
    TRY(session_disclose(
        session,
        arena_format(&session->run_arena, "national platform since %llu", (unsigned long long)since)
            .data,
        err));
    if (!anything_new) {
        return OK;
    }
    TRY(begin_walk(sending, &walk, err));
    walk.take = queue_one;
    walk.state = sending;
    TRY(outbox_begin(&sending->outbox, walk.since, views_applied(engine_views(session->engine)),
                     session->run.moment.today, err));
    TRY(national_walk(&walk, err));
    sending->queued = (int64_t)sending->outbox.added;
    return outbox_commit(&sending->outbox, err);
}

/* --- one record --------------------------------------------------------------------------------
 */

/* The record as the platform gets it, out of the log; NULL when the person is blocked by now. */
static FALLIBLE make_record(struct sending *sending, const struct outbox_queue *queue,
                            const struct outbox_line *line, struct json **ret, struct error *err)
{
    struct national_source *source = &sending->source;
    struct engine *engine = sending->session->engine;
    const CertificateView *certificate = NULL;
    struct national_codes codes = {.state = "05", .operation = "04"};
    Event *event = NULL;
    bool held = false;
    uint64_t as_at = line->event != 0 ? line->event : queue->until;
    TRY(certificate_as_at(engine, line->certificate, as_at, source->arena, &certificate, err));
    if (line->event != 0) {
        TRY(engine_event(engine, line->event, source->arena, &event, err));
        if (!national_codes_of_event(event, certificate, &codes)) {
            FAIL(CONFIG, MESSAGE_OUTBOX_DAMAGED, ARG_TEXT("file", sending->outbox.dir));
        }
    }
    return national_record(source, certificate, event, &codes, ret, &held, err);
}

static FALLIBLE read_record(struct sending *sending, const struct outbox_queue *queue,
                            const struct outbox_line *line, str *ret, struct error *err)
{
    struct json *record = NULL;
    TRY(engine_begin(sending->session->engine, err));
    outcome made = make_record(sending, queue, line, &record, err);
    engine_abort(sending->session->engine);
    *ret = record != NULL ? json_dump(record, sending->source.arena) : STR("");
    json_release(record);
    return made;
}

static const char *answer_path(const struct sending *sending, const char *key)
{
    return arena_format(&sending->session->item_arena, "%s/answers/%s.txt", sending->outbox.dir,
                        key)
        .data;
}

/* What the platform said may name the person: it is kept where nobody else reads it. */
static FALLIBLE keep_answer(struct sending *sending, const struct outbox_line *line, bytes answer,
                            struct error *err)
{
    const char *folder =
        arena_format(&sending->session->item_arena, "%s/answers", sending->outbox.dir).data;
    TRY(directory_make(folder, FOLDER_MODE, err));
    return file_replace(answer_path(sending, line->key), answer, FILE_MODE, err);
}

static FALLIBLE note_refusal(struct sending *sending, const struct outbox_queue *queue,
                             struct outbox_line *line, bytes answer, struct error *err)
{
    bool made = false;
    struct error_arg args[] = {ARG_TEXT("certificate", line->certificate),
                               ARG_TEXT("key", line->key),
                               ARG_TEXT("file", answer_path(sending, line->key))};
    TRY(keep_answer(sending, line, answer, err));
    TRY(outbox_mark(&sending->outbox, queue, line, OUTBOX_REFUSED, err));
    report_note(sending->session, TERMINAL_WARNING, MESSAGE_NATIONAL_REFUSED, args, 3);
    (void)map_put(&sending->waiting, str_bytes(str_of(line->certificate)), &made); /* a set */
    sending->refused++;
    return OK;
}

static FALLIBLE send_one(struct sending *sending, const struct outbox_queue *queue,
                         struct outbox_line *line, struct error *err)
{
    struct arena *arena = &sending->session->item_arena;
    struct national_reply reply;
    str record = STR("");
    TRY(read_record(sending, queue, line, &record, err));
    if (str_empty(record)) {
        sending->withheld++;
        return outbox_mark(&sending->outbox, queue, line, OUTBOX_WITHHELD, err);
    }
    TRY(national_line_send(&sending->line, line->key, record, arena, &reply, err));
    if (reply.verdict == NATIONAL_REFUSED) {
        return note_refusal(sending, queue, line, reply.body, err);
    }
    if (reply.verdict == NATIONAL_WARNED) {
        sending->warned++;
        TRY(keep_answer(sending, line, reply.body, err));
    } else if (line->state == OUTBOX_REFUSED) {
        TRY(file_remove(answer_path(sending, line->key), err));
    }
    sending->sent++;
    return outbox_mark(&sending->outbox, queue, line, OUTBOX_SENT, err);
}

static FALLIBLE drop_one(struct sending *sending, const struct outbox_queue *queue,
                         struct outbox_line *line, struct error *err)
{
    if (line->state != OUTBOX_REFUSED) {
        return OK;
    }
    sending->dropped++;
    TRY(outbox_mark(&sending->outbox, queue, line, OUTBOX_DROPPED, err));
    return file_remove(answer_path(sending, line->key), err);
}

static FALLIBLE send_queue(struct sending *sending, const struct outbox_queue *queue,
                           struct error *err)
{
    for (size_t i = 0; i < queue->count; i++) {
        struct outbox_line *line = &queue->lines[i];
        arena_reset(&sending->session->item_arena);
        if (strcmp(line->key, sending->options->drop) == 0) {
            TRY(drop_one(sending, queue, line, err));
        }
        progress_step(&sending->progress, i + 1);
        if (!outbox_is_open(line)) {
            continue;
        }
        if (stop_requested()) {
            FAIL(BUSY, MESSAGE_NATIONAL_STOPPED);
        }
        if (map_find(&sending->waiting, str_bytes(str_of(line->certificate))) != NULL) {
            sending->held++;
            continue;
        }
        TRY(send_one(sending, queue, line, err));
    }
    return OK;
}

static FALLIBLE send_all(struct sending *sending, struct error *err)
{
    struct session *session = sending->session;
    map_init(&sending->waiting, &session->run_arena);
    TRY(national_source_open(session, true, &session->item_arena, &sending->source, err));
    engine_abort(session->engine); /* from here on a transaction a record */
    for (size_t i = 0; i < sending->outbox.queues_count; i++) {
        const struct outbox_queue *queue = &sending->outbox.queues[i];
        bool done = false;
        progress_start(&sending->progress, &session->terminal, STR("export national"),
                       queue->count);
        outcome sent = send_queue(sending, queue, err);
        progress_end(&sending->progress);
        TRY(sent);
        TRY(outbox_settle(&sending->outbox, queue, &done, err));
    }
    national_tell_gaps(&sending->source);
    return OK;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static FALLIBLE check(struct sending *sending, struct error *err)
{
    struct session *session = sending->session;
    if (*session->config->national_url == 0) {
        FAIL(CONFIG, MESSAGE_NATIONAL_NO_URL);
    }
    return national_line_open(session, &sending->line, err);
}

static int64_t open_lines(const struct outbox *outbox)
{
    int64_t count = 0;
    for (size_t i = 0; i < outbox->queues_count; i++) {
        for (size_t j = 0; j < outbox->queues[i].count; j++) {
            count += outbox_is_open(&outbox->queues[i].lines[j]);
        }
    }
    return count;
}

static FALLIBLE show(struct sending *sending, struct error *err)
{
    struct json *record = json_new_record();
    json_put_number(record, "queued", sending->queued);
    json_put_number(record, "sent", sending->sent);
    json_put_number(record, "warned", sending->warned);
    json_put_number(record, "refused", sending->refused);
    json_put_number(record, "held", sending->held);
    json_put_number(record, "withheld", sending->withheld);
    json_put_number(record, "dropped", sending->dropped);
    json_put_number(record, "left", open_lines(&sending->outbox));
    json_put_number(record, "until", (int64_t)sending->outbox.until);
    return report_result(sending->session, record, err);
}

static FALLIBLE run(struct sending *sending, struct error *err)
{
    struct national_walk walk;
    TRY(begin_walk(sending, &walk, err));
    walk.take = notice_one;
    walk.state = &walk;
    TRY(national_walk(&walk, err));
    if (!walk.enough && !is_anything_open(&sending->outbox)) {
        report_note(sending->session, TERMINAL_NOTICE, MESSAGE_NATIONAL_NOTHING, NULL, 0);
        bool said = !sending->outbox.begun && walk.since > 0; /* it is said once */
        return said ? outbox_begin_behind(&sending->outbox, walk.since, walk.since_day, err) : OK;
    }
    TRY(make_queue(sending, walk.enough, err));
    return send_all(sending, err);
}

static FALLIBLE check_dropped(const struct sending *sending, struct error *err)
{
    if (*sending->options->drop != 0 && sending->dropped == 0) {
        FAIL(REFUSED(NULL), MESSAGE_NATIONAL_NO_SUCH, ARG_TEXT("key", sending->options->drop));
    }
    return OK;
}

FALLIBLE national_send(struct session *session, struct error *err)
{
    struct sending sending = {.session = session,
                              .options = SESSION_OPTIONS(session, ExportNationalOptions)};
    struct metrics metrics = metrics_start("export-national");
    struct error showing;
    TRY(check(&sending, err));
    TRY(outbox_open(session, &sending.outbox, err));
    outcome done = run(&sending, err);
    done = done.ok ? check_dropped(&sending, err) : done;
    outcome shown = show(&sending, done.ok ? err : &showing);
    outbox_close(&sending.outbox);
    TRY(done);
    TRY(shown);
    metrics.done = (uint64_t)sending.sent;
    metrics.failed = (uint64_t)(sending.refused + sending.held);
    session_status(session, metrics.failed > 0 ? 1 : 0);
    return metrics_write(session, &metrics, err);
}
