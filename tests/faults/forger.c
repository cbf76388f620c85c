/* forger - an insider with every key but those of others: writes the log of a store anew with
 * something changed, so that all hashes fit, and signs its checkpoints anew.
 *
 *     forger STORE operator N NAME    event N was run by somebody else
 *     forger STORE number N M         event N says that it is event M
 *     forger STORE day N DAYS         event N is so many days later
 *     forger STORE page N             event N rendered the page as it was set before decision 0146
 *     forger STORE keep N             the events behind N never were
 *     forger STORE key N              no event: the key of the person of event N is destroyed */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/record.h"
#include "core/io/file.h"
#include "core/io/remove_all.h"
#include "jobs/checkpoints/checkpoints.h"
#include "jobs/engine/document_page.h"
#include "jobs/engine/parts/people.h"

struct forgery {
    const char *store;
    const char *what;
    uint64_t event;
    const char *value;
    struct digest page;
    struct arena arena;
};

static void need(outcome result, const struct error *err)
{
    if (!result.ok) {
        (void)fprintf(stderr, "forger: error %d at %s\n", err->code,
                      err->trace_count > 0 ? err->trace[0] : "?");
        exit(1);
    }
}

static const char *path_of(struct forgery *forgery, const char *name)
{
    return arena_format(&forgery->arena, "%s/%s", forgery->store, name).data;
}

static Event *read_event(struct forgery *forgery, bytes stored)
{
    struct error err;
    ProtobufCMessage *message = NULL;
    need(record_unpack(&event__descriptor, stored, &forgery->arena, &message, &err), &err);
    return (Event *)(void *)message;
}

static bytes forged(struct forgery *forgery, bytes stored)
{
    Event *event = read_event(forgery, stored);
    if (strcmp(forgery->what, "operator") == 0) {
        event->operator_ = arena_c_string(&forgery->arena, str_of(forgery->value));
    } else if (strcmp(forgery->what, "number") == 0) {
        event->sequence = strtoull(forgery->value, NULL, 10);
    } else if (strcmp(forgery->what, "page") == 0) {
        event->document_rendered->page_sha256 =
            record_binary(digest_bytes(&forgery->page), &forgery->arena);
    } else if (strcmp(forgery->what, "day") == 0) {
        event->business_date->days += (int32_t)strtol(forgery->value, NULL, 10);
    }
    return record_pack(&event->base, &forgery->arena);
}

/* --- a page ------------------------------------------------------------------------------------
 */

/* While the log is not open otherwise. */
static void find_page_before(struct forgery *forgery)
{
    struct error err;
    struct engine *engine = NULL;
    struct arena *arena = &forgery->arena;
    const DocumentView *document = NULL;
    Event *event = NULL;
    struct document_sheet sheet;
    const struct document_wish wish = {STR("https://anzheng.example/verify?t="), 0, true};
    const struct engine_options options = {
        .dir = arena_c_string(arena, str_of(forgery->store)), .mode = STORE_READ, .verb = "forger"};
    need(engine_open(&options, &engine, &err), &err);
    need(engine_begin(engine, &err), &err);
    need(engine_event(engine, forgery->event, arena, &event, &err), &err);
    need(views_get(engine_views(engine), VIEW_DOCUMENT,
                   key_document(str_of(event->document_rendered->document)), arena, &document,
                   &err),
         &err);
    need(document_sheet(engine, document, &wish, arena, &sheet, &err), &err);
    forgery->page = digest_sha256(page_bytes(&sheet.page, arena));
    engine_close(engine);
}

/* --- the log -----------------------------------------------------------------------------------
 */

static void write_anew(struct forgery *forgery, struct log_txn *from, struct log_txn *to)
{
    struct error err;
    uint64_t size = strcmp(forgery->what, "keep") == 0 ? forgery->event : log_size(from);
    for (uint64_t i = 1; i <= size; i++) {
        bytes stored = {0};
        uint64_t sequence = 0;
        need(log_get(from, i, &stored, &err), &err);
        if (i == forgery->event) {
            stored = forged(forgery, stored);
        }
        need(log_append(to, stored, &sequence, &err), &err);
    }
}

static void sign(struct forgery *forgery, struct log_txn *txn, const struct note_key *key,
                 const char *name)
{
    struct error err;
    struct note_verifier log;
    struct digest root;
    str note = STR("");
    struct arena *arena = &forgery->arena;
    const char *path = path_of(forgery, arena_format(arena, "checkpoints/%s", name).data);
    uint64_t size = strtoull(name, NULL, 10);
    BUG_UNLESS(unlink(path) == 0);
    if (size == 0 || size > log_size(txn)) {
        return;
    }
    need(checkpoints_verifier(forgery->store, arena, &log, &err), &err);
    need(log_root_at(txn, size, &root, &err), &err);
    need(note_sign(key, log.name, checkpoint_format(log.name, size, &root, arena), arena, &note,
                   &err),
         &err);
    need(file_replace(path, str_bytes(note), CHECKPOINT_MODE, &err), &err);
}

static void sign_all(struct forgery *forgery, struct log_txn *txn)
{
    struct error err;
    struct note_key *key = NULL;
    struct dirent **names = NULL;
    need(note_key_load(path_of(forgery, "keys/log.key"), &key, &err), &err);
    int count = scandir(path_of(forgery, "checkpoints"), &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (names[i]->d_name[0] != '.') {
            sign(forgery, txn, key, names[i]->d_name);
        }
        free(names[i]);
    }
    free(names);
    note_key_close(key);
}

static void forge_log(struct forgery *forgery)
{
    struct error err;
    struct log *old = NULL, *new = NULL;
    struct log_txn *from = NULL, *to = NULL;
    const char *place = path_of(forgery, "log"), *beside = path_of(forgery, "log.new");
    need(log_open(place, STORE_READ, &old, &err), &err);
    need(log_begin(old, STORE_READ, &from, &err), &err);
    need(log_open(beside, STORE_WRITE, &new, &err), &err);
    need(log_begin(new, STORE_WRITE, &to, &err), &err);
    write_anew(forgery, from, to);
    need(log_commit(to, &err), &err);
    log_abort(from);
    log_close(old);
    need(log_begin(new, STORE_READ, &to, &err), &err);
    sign_all(forgery, to);
    log_abort(to);
    log_close(new);
    remove_all(place);
    BUG_UNLESS(rename(beside, place) == 0);
}

/* --- a key -------------------------------------------------------------------------------------
 */

static void forge_key(struct forgery *forgery)
{
    struct error err;
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    struct people *people = NULL;
    bytes stored = {0};
    need(log_open(path_of(forgery, "log"), STORE_READ, &log, &err), &err);
    need(log_begin(log, STORE_READ, &txn, &err), &err);
    need(log_get(txn, forgery->event, &stored, &err), &err);
    need(people_open(path_of(forgery, "keys"), STORE_WRITE, &people, &err), &err);
    const Event *event = read_event(forgery, stored);
    const char *id = event_text(event, "person_id");
    if (event->body_case == EVENT__BODY_FILE_PROCESSED) { /* of what was submitted */
        ProtobufCBinaryData sha256 = event->file_processed->file_sha256;
        id = people_id_of_file(people, bytes_of(sha256.data, sha256.len), &forgery->arena);
    }
    need(people_destroy(people, str_of(id), &err), &err);
    (void)puts(id);
    people_close(people);
    log_abort(txn);
    log_close(log);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        (void)fprintf(stderr, "usage: see the top of forger.c\n");
        return 2;
    }
    struct forgery forgery = {.store = argv[1],
                              .what = argv[2],
                              .event = strtoull(argv[3], NULL, 10),
                              .value = argc > 4 ? argv[4] : ""};
    arena_init(&forgery.arena, 0);
    if (strcmp(forgery.what, "key") == 0) {
        forge_key(&forgery);
    } else {
        if (strcmp(forgery.what, "page") == 0) {
            find_page_before(&forgery);
        }
        forge_log(&forgery);
    }
    arena_release(&forgery.arena);
    return 0;
}
