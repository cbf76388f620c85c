/* national_walk - see national_walk.h. */
#include "jobs/platform/national_walk.h"

#include "core/io/digest.h"
#include "core/io/stop.h"
#include "events/guards.h"
#include "jobs/engine/as_at.h"
#include "jobs/objects/objects.h"
#include "jobs/report.h"
#include "projections/feeds.h"

enum { KEY_DIGITS = 32 };

/* One of a log for ever: the event, or the end of what ran out. */
static const char *key_of(const struct national_walk *walk, const CertificateView *certificate,
                          const Event *event)
{
    struct arena *arena = walk->source.arena;
    char hex[DIGEST_HEX_SIZE];
    str what = event != NULL
                   ? arena_format(arena, "event %llu", (unsigned long long)event->sequence)
                   : arena_format(arena, "end %d", (int)day_of(certificate->valid_until));
    str text = arena_format(arena, "%.*s\n%s\n%.*s", STR_ARGS(walk->source.origin),
                            certificate->certificate, STR_ARGS(what));
    struct digest digest = digest_sha256(str_bytes(text));
    digest_hex(&digest, hex);
    return arena_c_string(arena, str_first(str_of(hex), KEY_DIGITS));
}

static FALLIBLE give(struct national_walk *walk, const CertificateView *certificate,
                     const Event *event, const struct national_codes *codes, struct error *err)
{
    struct national_item item = {.key = key_of(walk, certificate, event),
                                 .certificate = certificate->certificate,
                                 .event = event != NULL ? event->sequence : 0};
    bool held = false;
    TRY(national_record(&walk->source, certificate, event, codes, &item.record, &held, err));
    if (held) {
        walk->blocked++;
        return OK;
    }
    walk->records++;
    return walk->take(walk->state, &item, err);
}

/* --- the log ---------------------------------------------------------------------------------- */

static FALLIBLE look_at(struct national_walk *walk, uint64_t sequence, struct error *err)
{
    struct engine *engine = walk->source.session->engine;
    struct arena *arena = walk->source.arena;
    const CertificateView *after = NULL;
    struct national_codes codes;
    Event *event = NULL;
    arena_reset(arena);
    TRY(engine_event(engine, sequence, arena, &event, err));
    const char *number = event_certificate(event);
    if (number == NULL) {
        return OK;
    }
    TRY(certificate_as_at(engine, number, sequence, arena, &after, err));
    return national_codes_of_event(event, after, &codes) ? give(walk, after, event, &codes, err)
                                                         : OK;
}

static FALLIBLE walk_log(struct national_walk *walk, uint64_t last, struct progress *progress,
                         struct error *err)
{
    for (uint64_t i = walk->since + 1; i <= last && !walk->enough; i++) {
        if (stop_requested()) {
            FAIL(BUSY, MESSAGE_EXPORT_STOPPED);
        }
        TRY(look_at(walk, i, err));
        progress_step(progress, i - walk->since);
    }
    return OK;
}

/* --- what ran out ----------------------------------------------------------------------------- */

/* Running out is no event but a matter of the day: what ended on the day of `since` or later was
 * still good then, and what ended before today is no more. */
static FALLIBLE give_ended(struct national_walk *walk, str number, bool *ret_more,
                           struct error *err)
{
    struct session *session = walk->source.session;
    struct national_codes codes;
    CertificateView *certificate = NULL;
    TRY(certificate_view(session, number, walk->source.arena, &certificate, err));
    *ret_more = day_of(certificate->valid_until) < session->run.moment.today;
    return *ret_more && national_codes_of_expiry(certificate, &codes)
               ? give(walk, certificate, NULL, &codes, err)
               : OK;
}

static FALLIBLE walk_ends(struct national_walk *walk, struct error *err)
{
    struct national_source *source = &walk->source;
    struct view_key prefix = index_certificates_by_end();
    struct views_scan scan = {0};
    uint32_t from = __builtin_bswap32(walk->since_day > 0 ? (uint32_t)walk->since_day : 0);
    bool more = false;
    TRY(views_scan_open(engine_views(source->session->engine), VIEW_INDEX, &prefix,
                        bytes_of(&from, sizeof from), &scan, err));
    outcome result;
    while ((result = views_scan_next(&scan, &more, err)).ok && more) {
        arena_reset(source->arena);
        result = give_ended(walk, key_last_part(scan.key), &more, err);
        if (!result.ok || !more || walk->enough) {
            break;
        }
    }
    views_scan_close(&scan);
    return result;
}

FALLIBLE national_walk(struct national_walk *walk, struct error *err)
{
    uint64_t last = views_applied(engine_views(walk->source.session->engine));
    struct progress progress;
    progress_start(&progress, &walk->source.session->terminal, STR("export national"),
                   last - walk->since);
    outcome result = walk_log(walk, last, &progress, err);
    progress_end(&progress);
    if (!result.ok) {
        return result;
    }
    return walk_ends(walk, err);
}

/* --- afterwards --------------------------------------------------------------------------------
 */

FALLIBLE national_day_of(struct session *session, uint64_t event, int32_t *ret, struct error *err)
{
    Event *found = NULL;
    *ret = NATIONAL_EVER;
    if (event > 0) {
        TRY(engine_event(session->engine, event, &session->item_arena, &found, err));
        *ret = day_of(found->business_date);
    }
    return OK;
}

static void tell_gap(const struct national_source *source, const char *field, const char *why,
                     uint64_t count)
{
    struct error_arg args[] = {ARG_INT("records", count), ARG_TEXT("field", field),
                               ARG_TEXT("why", why)};
    if (count > 0) {
        report_note(source->session, TERMINAL_WARNING, MESSAGE_NATIONAL_GAP, args, 3);
    }
}

void national_tell_gaps(const struct national_source *source)
{
    const struct national_gaps *gaps = &source->gaps;
    tell_gap(source, "photo", "none", gaps->photo_missing);
    tell_gap(source, "photo", "> 50 KB", gaps->photo_large);
    tell_gap(source, "photo", "200-300 dpi", gaps->photo_dots);
    tell_gap(source, "associatedZzeCertID", "operateType 08", gaps->previous);
    tell_gap(source, "zzeCertID", "D16", gaps->identifier);
    tell_gap(source, "categoryCode", "C", gaps->category);
}

void national_tell(const struct national_walk *walk)
{
    struct session *session = walk->source.session;
    struct error_arg args[] = {ARG_INT("records", walk->records),
                               ARG_INT("last", views_applied(engine_views(session->engine)))};
    struct error_arg held[] = {ARG_INT("records", walk->blocked)};
    national_tell_gaps(&walk->source);
    if (walk->blocked > 0) {
        report_note(session, TERMINAL_WARNING, MESSAGE_EXPORT_HELD, held, 1);
    }
    report_note(session, TERMINAL_NOTICE, MESSAGE_EXPORT_DONE, args, 2);
}
