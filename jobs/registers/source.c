/* source - see source.h. */
#include "jobs/registers/source.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "core/io/file.h"
#include "core/io/file_digest.h"
#include "core/io/json.h"
#include "core/io/private.h"
#include "core/io/unpack.h"
#include "jobs/folder.h"
#include "jobs/registers/incoming.h"
#include "jobs/registers/source_since.h"

#define UNPACKED_DEFAULT (UINT64_C(64) << 30)
#define FETCHED_DEFAULT  (UINT64_C(16) << 30)

enum {
    TRIES_DEFAULT = 5,
    TIMEOUT_DEFAULT_S = 3600,
    STALL_DEFAULT_S = 60,
    REDIRECTS_MAX = 3,
    KNOWN_BYTES_MAX = 4096,
    NAME_DIGITS = 16,
    DAILY_DIGITS = 32,
};

/* --- the server's mark --------------------------------------------------------------------------
 */

static str member_text(const struct json *record, const char *key)
{
    const struct json *value = json_member(record, key);
    return value != NULL && json_kind(value) == JSON_IS_TEXT ? json_text(value) : STR("");
}

static uint64_t member_number(const struct json *record, const char *key)
{
    const struct json *value = json_member(record, key);
    int64_t number = value != NULL && json_kind(value) == JSON_IS_NUMBER ? json_number(value) : 0;
    return number > 0 ? (uint64_t)number : 0;
}

static bool keep(str text, char *out, size_t room)
{
    if (text.size >= room) {
        return false;
    }
    memcpy(out, text.data, text.size);
    out[text.size] = 0;
    return true;
}

/* The mark, when it may be used: nothing else of the kind came after it. What cannot be read is
 * none; the file is then fetched as if it were new. */
static outcome load_known(struct session *session, const char *kind, struct source *source,
                          struct error *err)
{
    struct error ignored;
    struct json *root = NULL;
    bytes content = {0};
    bool since = true;
    struct http_state state = {0};
    struct tally tally = {0};
    if (!file_read(source->known, &session->run_arena, KNOWN_BYTES_MAX, &content, &ignored).ok ||
        !json_parse(content, &root, &ignored).ok) {
        return OK;
    }
    JSON_AUTO owned = root;
    bool good = keep(member_text(owned, "etag"), state.etag, sizeof state.etag) &&
                keep(member_text(owned, "last_modified"), state.modified, sizeof state.modified) &&
                digest_parse_hex(member_text(owned, "sha256"), &source->report.file_sha256);
    tally.rows = tally.unchanged = member_number(owned, "rows");
    if (!good) {
        return OK;
    }
    source->known_since = member_number(owned, "event");
    TRY(source_since(session->engine, source->known_since, kind, &since, err));
    if (!since) {
        source->report.tally = tally;
        source->asks = state;
    }
    return OK;
}

/* Only of a file without refused rows: those are to be judged again. */
static outcome store_known(struct session *session, const struct source *source,
                           const struct intake_report *report, struct error *err)
{
    char digest[DIGEST_HEX_SIZE];
    uint64_t last = 0;
    bool whole = report->tally.rejected == 0 && !report->stopped &&
                 (*source->state.etag != 0 || *source->state.modified != 0);
    if (!whole) {
        return file_remove(source->known, err);
    }
    TRY(source_last_event(session->engine, &last, err));
    digest_hex(&report->file_sha256, digest);
    struct json *root = json_new_record();
    json_put_text(root, "etag", str_of(source->state.etag));
    json_put_text(root, "last_modified", str_of(source->state.modified));
    json_put_text(root, "sha256", str_of(digest));
    json_put_number(root, "rows", (int64_t)report->tally.rows);
    json_put_number(root, "event", (int64_t)last);
    str text = json_dump(root, &session->run_arena);
    json_release(root);
    return file_replace(source->known, str_bytes(text), 0600, err);
}

/* --- fetching -----------------------------------------------------------------------------------
 */

static uint64_t or_default(uint64_t value, uint64_t standard)
{
    return value > 0 ? value : standard;
}

/* The trusted roots and our client certificate. A private key that others can read is refused. */
static outcome own_way(struct session *session, struct http_way *ret, struct error *err)
{
    const Config *config = session->config;
    struct arena *arena = &session->run_arena;
    str ignored = STR("");
    *ret = (struct http_way){.roots = session_file(session, config->fetch_roots, arena),
                             .certificate = session_file(session, config->fetch_certificate, arena),
                             .key = session_file(session, config->fetch_key, arena),
                             .proxy = *config->proxy != 0 ? config->proxy : NULL};
    if ((ret->certificate == NULL) != (ret->key == NULL)) {
        FAIL(CONFIG, MESSAGE_FETCH_KEY);
    }
    return ret->key != NULL ? private_read(ret->key, arena, &ignored, err) : OK;
}

/* Is one wanted? Its form was looked at before (check_import). */
static bool wanted_digest(const struct session *session, struct digest *ret)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    return options->sha256[0] != 0 && digest_parse_hex(str_of(options->sha256), ret);
}

/* Name of what belongs to a URL: it tells nothing of it. */
static const char *name_of(const struct session *session, const char *kind, const char *url,
                           struct arena *arena)
{
    char hex[DIGEST_HEX_SIZE];
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    str text = arena_format(arena, "%s\n%s\n%s", kind, options->encoding, url);
    struct digest digest = digest_sha256(str_bytes(text));
    digest_hex(&digest, hex);
    return arena_c_string(arena, str_first(str_of(hex), NAME_DIGITS));
}

FALLIBLE source_ask(struct session *session, const char *kind, struct source *source,
                    struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    struct arena *arena = &session->run_arena;
    const char *name = name_of(session, kind, source->given, arena);
    const char *folder = NULL;
    TRY(incoming_folder(session->store_dir, arena, &folder, err));
    source->name = arena_format(arena, "fetched-%s.csv", name).data;
    source->known = arena_format(arena, "%s/%s.known", folder, name).data;
    source->asks = (struct http_state){0};
    TRY(source_last_event(session->engine, &source->asked_at, err));
    if (options->sha256[0] == 0 && !options->dry_run && !options->full) {
        TRY(load_known(session, kind, source, err));
    }
    return OK;
}

FALLIBLE source_fetch(struct session *session, struct source *source, struct error *err)
{
    const Config *config = session->config;
    struct arena *arena = &session->run_arena;
    struct digest digest;
    struct http_fetched fetched = {0};
    TRY(incoming_take(source->incoming, session->store_dir, arena, err));
    struct http_fetch fetch = {
        .url = source->given,
        .path = arena_format(arena, "%s/%s", source->incoming->folder, source->name).data,
        .known = source->asks,
        .timeout_ms = (int64_t)or_default(config->fetch_timeout, TIMEOUT_DEFAULT_S) * 1000,
        .stall_s = (unsigned)or_default(config->fetch_stall, STALL_DEFAULT_S),
        .bytes_max = or_default(config->fetch_bytes, FETCHED_DEFAULT),
        .redirects_max = REDIRECTS_MAX,
        .tries = (unsigned)or_default(config->fetch_tries, TRIES_DEFAULT),
        .keeps_part = true,
    };
    TRY(own_way(session, &fetch.way, err));
    fetch.sha256 = wanted_digest(session, &digest) ? digest.data : NULL;
    TRY(http_fetch(&fetch, &fetched, err));
    source->state = fetched.state;
    source->unchanged = fetched.unchanged;
    source->is_here = true;
    source->path = fetch.path;
    source->fetched = fetched.unchanged ? NULL : fetch.path;
    return OK;
}

FALLIBLE source_look_back(struct session *session, const char *kind, struct source *source,
                          struct error *err)
{
    return source_since(session->engine, source->asked_at, kind, &source->overtaken, err);
}

/* Asked whether it is still what has come: if so that is read. */
static outcome fetch_again(struct session *session, struct source *source, struct error *err)
{
    struct source before = *source;
    source->asks = source->state;
    source->name = arena_format(&session->run_arena, "again-%s", before.name).data;
    TRY(source_fetch(session, source, err));
    if (source->unchanged) {
        before.overtaken = false;
        *source = before;
        return OK;
    }
    return file_remove(before.fetched, err);
}

/* What was fetched before the lock was taken: that there is nothing newer says only what it said
 * then. When the register has changed since, the file is asked for as if it were new. */
static outcome fetch(struct session *session, const char *kind, struct source *source,
                     struct error *err)
{
    bool since = false;
    if (source->is_here && source->unchanged) {
        TRY(source_since(session->engine, source->known_since, kind, &since, err));
        source->is_here = !since;
        source->asks = since ? (struct http_state){0} : source->asks;
    } else if (source->is_here && source->overtaken) {
        return fetch_again(session, source, err);
    } else if (!source->is_here) {
        TRY(source_ask(session, kind, source, err));
    }
    return source->is_here ? OK : source_fetch(session, source, err);
}

/* Under the store's lock: there is one of it. */
static outcome unpack_source(struct session *session, struct source *source, struct error *err)
{
    enum packing packing = PACKING_NONE;
    const char *folder = NULL;
    TRY(incoming_folder(session->store_dir, &session->run_arena, &folder, err));
    const char *to = arena_format(&session->run_arena, "%s/" INCOMING_UNPACKED, folder).data;
    TRY(file_remove(to, err)); /* of the file before, or of a killed run */
    TRY(packing_of(source->path, &packing, err));
    if (packing == PACKING_NONE) {
        return OK;
    }
    TRY(unpack(source->path, packing, to,
               or_default(session->config->unpacked_bytes, UNPACKED_DEFAULT), err));
    source->path = source->unpacked = to;
    return OK;
}

/* A local file has to be what --sha256 names, too; http_fetch looks at what it fetches. */
static outcome check_local(struct session *session, const struct source *source, struct error *err)
{
    struct digest wanted;
    struct digest found;
    struct stat status;
    if (!wanted_digest(session, &wanted) ||
        (stat(source->path, &status) == 0 && !S_ISREG(status.st_mode))) {
        return OK; /* what is no file, the reader of rows tells */
    }
    TRY(file_digest(source->path, &found, err));
    if (!digest_equal(&wanted, &found)) {
        FAIL(MALFORMED, MESSAGE_SOURCE_DIGEST, ARG_TEXT("file", source->path));
    }
    return OK;
}

/* --- daily files --------------------------------------------------------------------------------
 */

/* By name and content: the same content on a later day may undo what came between. */
static const char *daily_mark(const char *kind, const struct source *source, struct arena *arena)
{
    char hex[DIGEST_HEX_SIZE];
    const char *slash = strrchr(source->given, '/');
    digest_hex(&source->digest, hex);
    str text = arena_format(arena, "%s\n%s", hex, slash != NULL ? slash + 1 : source->given);
    struct digest both = digest_sha256(str_bytes(text));
    digest_hex(&both, hex);
    return arena_format(arena, "import.%s.daily.%.*s", kind, DAILY_DIGITS, hex).data;
}

static outcome was_taken(struct session *session, const char *kind, struct source *source,
                         bool *ret, struct error *err)
{
    struct log_txn *txn = NULL;
    bytes stored = {0};
    TRY(file_digest(source->path, &source->digest, err));
    TRY(log_begin(engine_log(session->engine), STORE_READ, &txn, err));
    outcome got = log_meta_get(txn, daily_mark(kind, source, &session->run_arena), &stored, err);
    *ret = got.ok && stored.data != NULL;
    log_abort(txn);
    return got;
}

size_t source_last_taken(struct session *session, const char *kind, const char *const *paths,
                         size_t count)
{
    struct error ignored;
    bool taken = false;
    while (count > 0 && !taken) {
        struct source source = source_of(session, paths[count - 1], true, NULL);
        taken = was_taken(session, kind, &source, &taken, &ignored).ok && taken;
        count -= taken ? 0 : 1;
    }
    return count;
}

struct intake_note source_taken(const struct source *source, const char *kind, struct arena *arena)
{
    return (struct intake_note){daily_mark(kind, source, arena), digest_bytes(&source->digest)};
}

static bool is_register_name(str name)
{
    static const char *const endings[] = {".csv", ".txt", ".gz", ".zip"};
    bool fits = false;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t size = strlen(endings[i]);
        fits |=
            name.size >= size && strncasecmp(name.data + name.size - size, endings[i], size) == 0;
    }
    return fits && !str_starts_with(name, STR("."));
}

FALLIBLE source_folder(const char *folder, struct arena *arena, const char ***ret,
                       size_t *ret_count, struct error *err)
{
    struct folder_list list;
    size_t count = 0;
    TRY(folder_list(folder, STR(""), arena, &list, err));
    if (!list.there) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", folder),
             ARG_ERRNO("why", ENOENT));
    }
    for (size_t i = 0; i < list.count; i++) {
        if (is_register_name(str_of(list.names[i]))) {
            list.names[count++] = arena_format(arena, "%s/%s", folder, list.names[i]).data;
        }
    }
    *ret = list.names;
    *ret_count = count;
    return OK;
}

/* --- one source ---------------------------------------------------------------------------------
 */

/* Digests and what is unpacked are to be of one state of the file. */
static outcome open_local(struct session *session, const char *kind, struct source *source,
                          bool *ret_done, struct error *err)
{
    enum packing packing = PACKING_NONE;
    struct error ignored;
    struct file_state now;
    TRY(file_state_of(source->given, &source->before, err));
    TRY(check_local(session, source, err));
    if (source->daily) {
        TRY(was_taken(session, kind, source, ret_done, err));
    }
    if (*ret_done || !packing_of(source->path, &packing, &ignored).ok || packing == PACKING_NONE) {
        return OK; /* what cannot be read, the reader of rows tells */
    }
    TRY(unpack_source(session, source, err));
    TRY(file_state_of(source->given, &now, err));
    return file_state_check(&source->before, &now, source->given, err);
}

const struct file_state *source_before(const struct source *source)
{
    return source->is_remote || source->unpacked != NULL ? NULL : &source->before;
}

static outcome open_source(struct session *session, const char *kind, struct source *source,
                           bool *ret_done, struct error *err)
{
    if (!source->is_remote) {
        return open_local(session, kind, source, ret_done, err);
    }
    TRY(fetch(session, kind, source, err));
    return source->unchanged ? OK : unpack_source(session, source, err);
}

struct source source_of(struct session *session, const char *given, bool daily,
                        struct incoming *incoming)
{
    bool is_remote = http_is_url(str_of(given));
    given = is_remote ? http_url_escaped(given, &session->run_arena) : given;
    return (struct source){.given = given,
                           .path = given,
                           .daily = daily,
                           .is_remote = is_remote,
                           .incoming = incoming};
}

FALLIBLE source_open(struct session *session, const char *kind, struct source *source,
                     bool *ret_done, struct error *err)
{
    *ret_done = false;
    outcome opened = open_source(session, kind, source, ret_done, err);
    if (!opened.ok) {
        struct error ignored;
        (void)source_close(session, source, NULL, &ignored).ok; /* the first failure is told */
        return error_trace(err, HERE);
    }
    return OK;
}

void source_name(struct session *session, const struct source *source, struct error *err)
{
    const char *const own[] = {source->fetched, source->unpacked};
    str given = source->is_remote ? http_url_shown(source->given, &session->run_arena)
                                  : str_of(source->given);
    bool of_file = err->class == ERROR_MALFORMED || err->class == ERROR_BUSY; /* or stopped in it */
    for (size_t i = 0; of_file && i < sizeof own / sizeof *own; i++) {
        for (int k = 0; own[i] != NULL && k < err->args_count; k++) {
            struct error_arg *arg = &err->args[k];
            const struct error_arg path = error_arg_str(arg->name, str_of(own[i])); /* cut alike */
            if (strcmp(arg->text, path.text) == 0) {
                *arg = error_arg_str(arg->name, given);
            }
        }
    }
}

FALLIBLE source_close(struct session *session, const struct source *source,
                      const struct intake_report *report, struct error *err)
{
    const ImportOptions *options = SESSION_OPTIONS(session, ImportOptions);
    if (source->unpacked != NULL) {
        TRY(file_remove(source->unpacked, err));
    }
    if (source->fetched != NULL) {
        TRY(file_remove(source->fetched, err));
    }
    if (report == NULL || options->dry_run) {
        return OK;
    }
    return source->known != NULL && !source->unchanged ? store_known(session, source, report, err)
                                                       : OK;
}
