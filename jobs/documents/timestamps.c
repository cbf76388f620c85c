/* timestamps - see timestamps.h. */
#include "jobs/documents/timestamps.h"

#include "core/io/digest.h"
#include "core/io/stop.h"
#include "jobs/messages.h"

static const char *file_of(struct session *session, const char *path)
{
    return *path == 0 || *path == '/'
               ? path
               : arena_format(&session->run_arena, "%s/%s", session->store_dir, path).data;
}

struct timestamp_options timestamps_of_config(struct session *session)
{
    const Config *config = session->config;
    return (struct timestamp_options){
        .url = config->timestamp_url,
        .roots = file_of(session, config->timestamp_roots),
        .tls_roots = file_of(session, config->timestamp_tls_roots),
        .proxy = config->proxy,
        .timeout = config->timestamp_timeout,
        .tries = config->timestamp_tries,
        .room = config->timestamp_room,
    };
}

FALLIBLE timestamps_try(const struct timestamp_options *options, struct arena *arena,
                        struct error *err)
{
    struct timestamper *timestamper = NULL;
    bytes ignored = {0};
    if (*options->url == 0) {
        return OK;
    }
    struct digest digest = digest_sha256(str_bytes(STR("anzheng")));
    struct timestamp_options asked = *options;
    asked.stops = true; /* later only workers ask, and they are ended */
    TRY(timestamper_open(&asked, &timestamper, err));
    outcome stamped = timestamper_stamp(timestamper, digest.data, arena, &ignored, err);
    timestamper_close(timestamper);
    if (!stamped.ok && err->class == ERROR_REMOTE && stop_requested()) {
        FAIL(BUSY, MESSAGE_REGENERATE_STOPPED);
    }
    return stamped;
}
