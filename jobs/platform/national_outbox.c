/* national_outbox - see national_outbox.h. */
#include "jobs/platform/national_outbox.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "core/base/date.h"
#include "core/io/file.h"
#include "core/io/json.h"
#include "core/io/private.h"
#include "jobs/folder.h"

enum { FOLDER_MODE = 0700, FILE_MODE = 0600, POSITION_BYTES_MAX = 4096 };
#define QUEUE_BYTES_MAX (SIZE_MAX / 2) /* ours: as large as what there was to tell */

static const char *const words[] = {"waiting", "sent", "refused", "dropped", "withheld"};
enum { WORDS_COUNT = sizeof words / sizeof *words };

static const char *path_in(const struct outbox *outbox, uint64_t until, const char *suffix,
                           struct arena *arena)
{
    return arena_format(arena, "%s/%020" PRIu64 "%s", outbox->dir, until, suffix).data;
}

static const char *path_of(const struct outbox *outbox, uint64_t until, const char *suffix)
{
    return path_in(outbox, until, suffix, &outbox->session->run_arena);
}

static const char *position_path(const struct outbox *outbox)
{
    return arena_format(&outbox->session->run_arena, "%s/position", outbox->dir).data;
}

static outcome damaged(const char *path, struct error *err)
{
    FAIL(CONFIG, MESSAGE_OUTBOX_DAMAGED, ARG_TEXT("file", path));
}

/* --- reading ---------------------------------------------------------------------------------- */

/* {"until":N,"day":"YYYY-MM-DD"}: the position, and with "since":N the first line of a queue. */
static FALLIBLE read_position(str line, const char *path, uint64_t *ret_since, uint64_t *ret_until,
                              int32_t *ret_day, struct error *err)
{
    struct error ignored;
    struct json *root = NULL;
    if (!json_parse(str_bytes(line), &root, &ignored).ok) {
        return damaged(path, err);
    }
    JSON_AUTO owned = root;
    int64_t until = json_number(json_member(owned, "until"));
    bool good = until > 0 && date_parse(json_text(json_member(owned, "day")), ret_day);
    *ret_until = (uint64_t)until;
    *ret_since = (uint64_t)json_number(json_member(owned, "since")); /* 0 where it is not told */
    return good ? OK : damaged(path, err);
}

static FALLIBLE read_line(str text, const char *path, struct arena *arena, struct outbox_line *ret,
                          struct error *err)
{
    struct error ignored;
    struct json *root = NULL;
    if (!json_parse(str_bytes(text), &root, &ignored).ok) {
        return damaged(path, err);
    }
    JSON_AUTO owned = root;
    str key = json_text(json_member(owned, "key"));
    str certificate = json_text(json_member(owned, "certificate"));
    int64_t event = json_number(json_member(owned, "event"));
    if (str_empty(key) || str_empty(certificate) || event < 0) {
        return damaged(path, err);
    }
    *ret = (struct outbox_line){.key = arena_c_string(arena, key),
                                .certificate = arena_c_string(arena, certificate),
                                .event = (uint64_t)event};
    return OK;
}

/* Lines of the journal are `key word`; the last word of a key counts. One that a kill cut short is
 * taken away, so that the next one does not join it. */
static FALLIBLE read_journal(struct outbox *outbox, struct outbox_queue *queue, struct error *err)
{
    struct arena *arena = &outbox->session->run_arena;
    const char *path = path_of(outbox, queue->until, ".done");
    struct map lines;
    bytes content = {0};
    bool made = false;
    if (!file_exists(path)) {
        return OK;
    }
    TRY(file_read(path, arena, QUEUE_BYTES_MAX, &content, err));
    map_init(&lines, arena);
    for (size_t i = 0; i < queue->count; i++) {
        map_put(&lines, str_bytes(str_of(queue->lines[i].key)), &made)->value = &queue->lines[i];
    }
    str rest = {(const char *)content.data, content.size};
    size_t whole = 0;
    for (size_t end = 0; (end = str_find_byte(rest, '\n')) < rest.size;) {
        str line = str_first(rest, end);
        str key = str_first(line, str_find_byte(line, ' '));
        struct map_entry *found = map_find(&lines, str_bytes(key));
        for (size_t i = 0; found != NULL && i < WORDS_COUNT && key.size < line.size; i++) {
            if (str_equal_c(str_from(line, key.size + 1), words[i])) {
                ((struct outbox_line *)found->value)->state = (enum outbox_state)i;
            }
        }
        whole += end + 1;
        rest = str_from(rest, end + 1);
    }
    return whole == content.size || outbox->lock == NULL /* somebody only looks */
               ? OK
               : file_replace(path, bytes_of(content.data, whole), FILE_MODE, err);
}

static FALLIBLE read_queue(struct outbox *outbox, uint64_t until, struct outbox_queue *ret,
                           struct error *err)
{
    struct arena *arena = &outbox->session->run_arena;
    const char *path = path_of(outbox, until, ".queue");
    bytes content = {0};
    str text = {NULL, 0};
    size_t lines = 0;
    uint64_t named = 0;
    TRY(file_read(path, arena, QUEUE_BYTES_MAX, &content, err));
    if (!str_from_bytes(content, &text) || !str_ends_with(text, STR("\n"))) {
        return damaged(path, err);
    }
    for (size_t i = 0; i < text.size; i++) {
        lines += text.data[i] == '\n';
    }
    *ret = (struct outbox_queue){.until = until,
                                 .lines = ARENA_ARRAY(arena, struct outbox_line, lines)};
    TRY(read_position(str_cut(&text, '\n'), path, &ret->since, &named, &ret->day, err));
    while (text.data != NULL && text.size > 0) {
        TRY(read_line(str_cut(&text, '\n'), path, arena, &ret->lines[ret->count++], err));
    }
    return named == until ? read_journal(outbox, ret, err) : damaged(path, err);
}

/* The number that a file's name begins with, when it is one of ours with that suffix. */
static bool number_of(const char *name, str suffix, uint64_t *ret)
{
    str text = str_of(name);
    return str_ends_with(text, suffix) &&
           str_to_uint64(str_first(text, text.size - suffix.size), ret);
}

static FALLIBLE read_queues(struct outbox *outbox, struct error *err)
{
    struct arena *arena = &outbox->session->run_arena;
    struct folder_list list; /* one not seen would be asked for again, or never sent */
    TRY(folder_list(outbox->dir, STR(".queue"), arena, &list, err));
    outbox->queues = ARENA_ARRAY(arena, struct outbox_queue, list.count + 1); /* one may be added */
    for (size_t i = 0; i < list.count; i++) {
        uint64_t until = 0;
        if (!number_of(list.names[i], STR(".queue"), &until)) {
            continue;
        }
        struct outbox_queue *queue = &outbox->queues[outbox->queues_count++];
        TRY(read_queue(outbox, until, queue, err));
        if (!outbox->begun || until > outbox->until) {
            outbox->begun = true;
            outbox->until = until;
            outbox->day = queue->day;
        }
    }
    return OK;
}

/* Journals of queues that are gone, and halves of files. */
static FALLIBLE sweep(struct outbox *outbox, struct error *err)
{
    static const char *const suffixes[] = {".done", ".tmp"};
    struct arena *arena = &outbox->session->run_arena;
    for (size_t s = 0; s < sizeof suffixes / sizeof *suffixes; s++) {
        const char **names = NULL;
        size_t count = folder_names(outbox->dir, str_of(suffixes[s]), arena, &names);
        for (size_t i = 0; i < count; i++) {
            uint64_t until = 0;
            bool of_queue = number_of(names[i], STR(".done"), &until) &&
                            file_exists(path_of(outbox, until, ".queue"));
            if (!of_queue) {
                TRY(file_remove(arena_format(arena, "%s/%s", outbox->dir, names[i]).data, err));
            }
        }
    }
    return OK;
}

static FALLIBLE read_all(struct outbox *outbox, struct error *err)
{
    struct arena *arena = &outbox->session->run_arena;
    const char *path = position_path(outbox);
    bytes content = {0};
    str text = {NULL, 0};
    TRY(sweep(outbox, err));
    if (file_exists(path)) {
        TRY(file_read(path, arena, POSITION_BYTES_MAX, &content, err));
        if (!str_from_bytes(content, &text)) {
            return damaged(path, err);
        }
        uint64_t untold = 0;
        TRY(read_position(str_trim(text), path, &untold, &outbox->until, &outbox->day, err));
        outbox->begun = outbox->settled = true;
    }
    return read_queues(outbox, err);
}

FALLIBLE outbox_open(struct session *session, struct outbox *ret, struct error *err)
{
    struct arena *arena = &session->run_arena;
    *ret =
        (struct outbox){.session = session,
                        .dir = arena_format(arena, "%s/outbox/national", session->store_dir).data};
    TRY(directory_make(arena_format(arena, "%s/outbox", session->store_dir).data, FOLDER_MODE,
                       err));
    TRY(directory_make(ret->dir, FOLDER_MODE, err));
    TRY(lock_take(ret->dir, "export-national", session_wait(session), &ret->lock, err));
    outcome read = read_all(ret, err);
    if (!read.ok) {
        outbox_close(ret);
    }
    return read;
}

void outbox_look(struct session *session, struct outbox_counts *ret)
{
    struct arena *arena = &session->run_arena;
    struct outbox outbox = {.session = session,
                            .dir =
                                arena_format(arena, "%s/outbox/national", session->store_dir).data};
    const char **names = NULL;
    size_t count = folder_names(outbox.dir, STR(".queue"), arena, &names);
    *ret = (struct outbox_counts){0};
    for (size_t i = 0; i < count; i++) {
        struct outbox_queue queue;
        struct error untold; /* it may have been sent to its end meanwhile */
        uint64_t until = 0;
        if (!number_of(names[i], STR(".queue"), &until) ||
            !read_queue(&outbox, until, &queue, &untold).ok) {
            continue;
        }
        for (size_t j = 0; j < queue.count; j++) {
            ret->refused += queue.lines[j].state == OUTBOX_REFUSED;
            ret->waiting += queue.lines[j].state == OUTBOX_WAITING;
        }
    }
}

void outbox_close(struct outbox *outbox)
{
    if (outbox->file != NULL) {
        (void)fclose(outbox->file); /* a queue that is not wanted; swept away next time */
        outbox->file = NULL;
    }
    lock_release(outbox->lock);
    outbox->lock = NULL;
}

/* --- a new queue ------------------------------------------------------------------------------ */

static struct json *position_record(uint64_t until, int32_t day)
{
    char text[DATE_SIZE];
    struct json *record = json_new_record();
    date_format(day, text);
    json_put_number(record, "until", (int64_t)until);
    json_put_text(record, "day", str_of(text));
    return record;
}

FALLIBLE outbox_begin(struct outbox *outbox, uint64_t since, uint64_t until, int32_t day,
                      struct error *err)
{
    const char *path = path_of(outbox, until, ".queue.tmp");
    outbox->until = until;
    outbox->day = day;
    outbox->added = 0;
    TRY(file_remove(path, err));
    TRY(file_create(path, FILE_MODE, &outbox->file, err));
    JSON_AUTO head = position_record(until, day);
    json_put_number(head, "since", (int64_t)since);
    return json_write_line(head, outbox->file, err);
}

FALLIBLE outbox_add(struct outbox *outbox, const char *key, const char *certificate, uint64_t event,
                    struct error *err)
{
    JSON_AUTO line = json_new_record();
    json_put_text(line, "key", str_of(key));
    json_put_text(line, "certificate", str_of(certificate));
    json_put_number(line, "event", (int64_t)event);
    outbox->added++;
    return json_write_line(line, outbox->file, err);
}

static FALLIBLE keep_position(const struct outbox *outbox, uint64_t until, int32_t day,
                              struct error *err)
{
    JSON_AUTO record = position_record(until, day);
    str text = json_dump(record, &outbox->session->run_arena);
    return file_replace(position_path(outbox), str_bytes(text), FILE_MODE, err);
}

FALLIBLE outbox_begin_behind(struct outbox *outbox, uint64_t until, int32_t day, struct error *err)
{
    TRY(keep_position(outbox, until, day, err));
    outbox->begun = true;
    outbox->until = until;
    outbox->day = day;
    return OK;
}

FALLIBLE outbox_commit(struct outbox *outbox, struct error *err)
{
    const char *path = path_of(outbox, outbox->until, ".queue");
    const char *made = path_of(outbox, outbox->until, ".queue.tmp");
    FILE *file = outbox->file;
    outbox->file = NULL;
    outbox->begun = true;
    TRY(file_finish(file, made, err));
    if (outbox->added == 0) {
        TRY(file_remove(made, err));
        return keep_position(outbox, outbox->until, outbox->day, err);
    }
    if (rename(made, path) != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    TRY(directory_sync(outbox->dir, err));
    return read_queue(outbox, outbox->until, &outbox->queues[outbox->queues_count++], err);
}

/* --- what became of it ------------------------------------------------------------------------ */

bool outbox_is_open(const struct outbox_line *line)
{
    return line->state == OUTBOX_WAITING || line->state == OUTBOX_REFUSED;
}

FALLIBLE outbox_mark(struct outbox *outbox, const struct outbox_queue *queue,
                     struct outbox_line *line, enum outbox_state state, struct error *err)
{
    struct arena *arena = &outbox->session->item_arena;
    TRY(private_append(path_in(outbox, queue->until, ".done", arena),
                       arena_format(arena, "%s %s", line->key, words[state]), err));
    line->state = state;
    return OK;
}

FALLIBLE outbox_settle(struct outbox *outbox, const struct outbox_queue *queue, bool *ret_done,
                       struct error *err)
{
    *ret_done = true;
    for (size_t i = 0; i < queue->count; i++) {
        *ret_done = *ret_done && !outbox_is_open(&queue->lines[i]);
    }
    if (!*ret_done) {
        return OK;
    }
    /* How far it is told must stand before the last file that says so goes. */
    TRY(keep_position(outbox, outbox->until, outbox->day, err));
    TRY(file_remove(path_of(outbox, queue->until, ".queue"), err));
    TRY(directory_sync(outbox->dir, err)); /* a queue without its journal would go out again */
    return file_remove(path_of(outbox, queue->until, ".done"), err);
}
