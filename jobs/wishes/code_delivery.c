/* code_delivery - see code_delivery.h. */
#include "jobs/wishes/code_delivery.h"

#include <string.h>

#include "core/base/date.h"
#include "core/io/digest.h"
#include "core/io/file.h"
#include "core/io/http.h"
#include "core/io/private.h"
#include "core/io/stop.h"
#include "events/terms/phone.h"
#include "jobs/folder.h"
#include "jobs/report.h"

#define OUTBOX_PREFIX "codes-"
#define OUTBOX_SUFFIX ".jsonl"

enum {
    TRIES_DEFAULT = 3,
    FIRST_PAUSE_MS = 500, /* doubled from try to try */
    PAUSE_MAX_MS = 30000,
    TIMEOUT_MAX_SECONDS = 600,
    OUTBOX_MODE = 0700,
    OUTBOX_DAYS_KEPT = 2, /* today's and yesterday's: codes of earlier days have expired */
};

/* What was made on the way to the line holds the code too. */
static void wipe_arena(struct arena *arena)
{
    for (struct arena_chunk *chunk = arena->first; chunk != NULL; chunk = chunk->next) {
        memory_wipe(chunk->data, chunk->size);
    }
    arena_release(arena);
}

/* The code as JSON, on one line; nothing else of it stays in the arena. */
static str line_of(const struct outgoing_code *outgoing, struct arena *arena)
{
    char until[INSTANT_SIZE];
    instant_format(outgoing->expires_at_us, until);
    struct arena made;
    arena_init(&made, 0);
    struct json *record = json_new_record_in(&made);
    struct error_arg code = ARG_TEXT("code", outgoing->code);
    json_put_text(record, "phone", str_of(outgoing->phone));
    json_put_text(record, "code", str_of(outgoing->code));
    json_put_text(record, "valid_until", str_of(until));
    json_put_text(record, "text",
                  message_text_with(MESSAGE_SMS_TEXT, LANGUAGE_CHINESE, &code, 1, &made));
    memory_wipe(&code, sizeof code);
    json_put_number(record, "reference", (int64_t)outgoing->event);
    str line = json_dump(record, arena);
    wipe_arena(&made);
    return line;
}

/* --- the outbox --------------------------------------------------------------------------------
 */

static const char *outbox_file(const char *dir, int32_t day, struct arena *arena)
{
    char text[DATE_SIZE];
    date_format(day, text);
    return arena_format(arena, "%s/" OUTBOX_PREFIX "%s" OUTBOX_SUFFIX, dir, text).data;
}

/* The day in the name of one of our files; a file that the sender has renamed has none. */
static bool day_of(str name, int32_t *ret)
{
    const str prefix = STR(OUTBOX_PREFIX), suffix = STR(OUTBOX_SUFFIX);
    return name.size == prefix.size + DATE_SIZE - 1 + suffix.size &&
           str_starts_with(name, prefix) && str_ends_with(name, suffix) &&
           date_parse(str_first(str_from(name, prefix.size), DATE_SIZE - 1), ret);
}

/* They hold phone numbers, so every old one is removed, not only that of the last day on which a
 * code was requested. */
static FALLIBLE sweep_outbox(const char *dir, int32_t today, struct arena *arena, struct error *err)
{
    const char **names = NULL;
    size_t count = folder_names(dir, STR(OUTBOX_SUFFIX), arena, &names);
    for (size_t i = 0; i < count; i++) {
        int32_t day = today;
        if (day_of(str_of(names[i]), &day) && day <= today - OUTBOX_DAYS_KEPT) {
            TRY(file_remove(outbox_file(dir, day, arena), err));
        }
    }
    return OK;
}

/* A file a day; what nobody needs any more goes. */
static FALLIBLE put_into_outbox(struct session *session, str line, struct error *err)
{
    struct arena *arena = &session->item_arena;
    const char *dir = arena_format(arena, "%s/outbox", session->store_dir).data;
    int32_t today = date_of_instant(session->run.moment.now_us);
    TRY(directory_make(dir, OUTBOX_MODE, err));
    TRY(sweep_outbox(dir, today, arena, err));
    return private_append(outbox_file(dir, today, arena), line, err);
}

/* --- the gateway -------------------------------------------------------------------------------
 */

static FALLIBLE post_until_taken(struct session *session, const struct http_post *post,
                                 uint32_t *ret_tries, struct error *err)
{
    uint32_t most = session->config->sms_tries > 0 ? session->config->sms_tries : TRIES_DEFAULT;
    int64_t pause = FIRST_PAUSE_MS;
    bool again = false;
    for (*ret_tries = 1;; ++*ret_tries) {
        outcome posted = http_post(post, &again, err);
        if (posted.ok || !again || *ret_tries >= most || !stop_wait_ms(pause)) {
            return posted;
        }
        pause = 2 * pause < PAUSE_MAX_MS ? 2 * pause : PAUSE_MAX_MS;
    }
}

static FALLIBLE put_to_gateway(struct session *session, str line, uint32_t *ret_tries,
                               struct error *err)
{
    const Config *config = session->config;
    uint32_t seconds =
        config->sms_timeout < TIMEOUT_MAX_SECONDS ? config->sms_timeout : TIMEOUT_MAX_SECONDS;
    struct http_post post = {
        .url = config->sms_gateway,
        .body = str_bytes(line),
        .way = {.roots = session_file(session, config->sms_roots, &session->item_arena),
                .proxy = *config->proxy != 0 ? config->proxy : NULL},
        .timeout_ms = (int64_t)seconds * 1000,
        .stops = true,
    };
    const char *credentials = session_file(session, config->sms_credentials, &session->item_arena);
    str secret = STR("");
    *ret_tries = 0;
    if (credentials != NULL) {
        TRY(private_read(credentials, &session->item_arena, &secret, err));
        post.authorization = arena_c_string(&session->item_arena, secret);
    }
    return post_until_taken(session, &post, ret_tries, err);
}

/* --- what became of it -------------------------------------------------------------------------
 */

FALLIBLE code_deliver(struct session *session, struct act_result *result, struct error *err)
{
    struct outgoing_code *outgoing = &result->outgoing;
    bool gateway = *session->config->sms_gateway != 0;
    uint32_t tries = 1;
    struct error failure;
    (void)err; /* nothing that happens to a code undoes the wish */
    str line = line_of(outgoing, &session->item_arena);
    outcome done = gateway ? put_to_gateway(session, line, &tries, &failure)
                           : put_into_outbox(session, line, &failure);
    struct error_arg args[] = {
        ARG_STR("phone", phone_mask(str_of(outgoing->phone), &session->item_arena)),
        ARG_INT("event", outgoing->event), ARG_INT("tries", tries)};
    memory_wipe((void *)(uintptr_t)line.data, line.size);
    memory_wipe(outgoing->code, strlen(outgoing->code));
    outgoing->code = NULL;
    if (!done.ok) {
        report_error(session, &failure);
        report_note(session, TERMINAL_WARNING, MESSAGE_CODE_NOT_SENT, args, 3);
    } else {
        report_note(session, TERMINAL_NOTICE, gateway ? MESSAGE_CODE_SENT : MESSAGE_CODE_IN_OUTBOX,
                    args, 3);
    }
    const char *delivery = !done.ok ? "failed" : gateway ? "sent" : "outbox";
    decision_detail(&result->decision, ARG_TEXT("delivery", delivery));
    return OK;
}
