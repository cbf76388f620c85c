/* compare_files - compares the files of documents and blobs with the log (comparing.h): whether
 * each logged document is there with the logged bytes, whether each blob has the bytes of its name,
 * and which files nobody logged. Which blobs events name is in compare_blobs.c. A blob in its place
 * that no event names is not reported: a killed import leaves such files. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/record.h"
#include "core/io/blob.h"
#include "core/io/file_digest.h"
#include "core/io/stop.h"
#include "jobs/audit/comparing.h"
#include "jobs/folder.h"
#include "jobs/objects/objects.h"

static outcome gather(struct comparing *comparing, const Event *event, struct error *err)
{
    struct arena *arena = &comparing->session->run_arena;
    const DocumentRendered *rendered = event->document_rendered;
    bool made = false;
    if (rendered->pdf_sha256.len != DIGEST_SIZE || rendered->unsigned_sha256.len != DIGEST_SIZE) {
        FAIL(CORRUPT, MESSAGE_LOG_CONTRADICTS, ARG_INT("event", event->sequence),
             ARG_TEXT("what", "DocumentRendered"));
    }
    bytes digest = arena_bytes(arena, bytes_of(rendered->pdf_sha256.data, DIGEST_SIZE));
    struct map_entry *entry = map_put(&comparing->rendered, digest, &made);
    struct rendered_file *file = ARENA_NEW(arena, struct rendered_file);
    file->event = event->sequence;
    file->document = arena_c_string(arena, str_of(rendered->document));
    file->proof_size = rendered->proof_size;
    memcpy(file->unsigned_sha256, rendered->unsigned_sha256.data, DIGEST_SIZE);
    entry->value = file; /* the same bytes twice: the later event counts */
    return OK;
}

FALLIBLE compare_files_gather(struct comparing *comparing, struct error *err)
{
    struct session *session = comparing->session;
    bool blobs = !comparing_documents_alone(comparing);
    map_init(&comparing->rendered, &session->run_arena);
    map_init(&comparing->blobs, &session->run_arena);
    map_init(&comparing->trees, &session->run_arena);
    map_init(&comparing->unopened, &session->run_arena);
    for (uint64_t i = 1; i <= comparing->last && !stop_requested(); i++) {
        Event *event = NULL;
        arena_reset(&session->item_arena);
        TRY(engine_event(session->engine, i, &session->item_arena, &event, err));
        TRY(event_order_follow(&comparing->order, event, i, err));
        if (event->body_case == EVENT__BODY_DOCUMENT_RENDERED) {
            TRY(gather(comparing, event, err));
        }
        if (blobs) {
            TRY(compare_blobs_gather(comparing, event, err));
            TRY(compare_keys_gather(comparing, event, err));
        }
    }
    return OK;
}

enum difference comparing_unread(const char *path, const struct error *cause)
{
    struct stat status; /* lstat: a link to a missing file counts as there */
    if (cause->code == MESSAGE_FILE_TOO_LARGE) {
        return DIFFERENCE_ALTERED;
    }
    bool gone = lstat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR);
    return gone ? DIFFERENCE_MISSING : DIFFERENCE_UNREADABLE;
}

/* What the log knows of a file. */
struct known_file {
    uint64_t event; /* that names it; 0: none */
    bool *seen;     /* NULL: none */
};

static struct known_file known_of(const struct comparing *comparing, const struct digest *named,
                                  bool document)
{
    if (document) {
        struct map_entry *entry = map_find(&comparing->rendered, digest_bytes(named));
        struct rendered_file *file = entry != NULL ? entry->value : NULL;
        return file != NULL ? (struct known_file){file->event, &file->seen}
                            : (struct known_file){0};
    }
    struct named_blob *blob = compare_blobs_find(comparing, named);
    return blob != NULL ? (struct known_file){blob->event, &blob->seen} : (struct known_file){0};
}

/* A file that was listed and is gone now: the log decides whether it is missing. */
static outcome take_back(struct comparing *comparing, struct known_file *known)
{
    comparing->files--;
    if (known->seen != NULL) {
        *known->seen = false;
    }
    return OK;
}

/* "00/00..": no verb finds a file in another folder. */
static bool is_in_its_folder(const char *path, const char *name)
{
    enum { DIGITS = 2 };
    size_t before = strlen(path) - strlen(name);
    return before > DIGITS && strncmp(path + before - 1 - DIGITS, name, DIGITS) == 0;
}

/* One file: is it one of the log's, and has it the bytes of its name? Of a document that nobody
 * logged the latter is not asked. */
static outcome look_at(struct comparing *comparing, const char *path, const char *name,
                       const char *suffix, struct error *err)
{
    bool document = *suffix != 0;
    const char *kind = document ? "document" : "blob";
    str place = str_of(path + strlen(comparing->session->store_dir) + 1);
    struct digest named;
    struct error gone;
    struct digest found;
    if (str_ends_with(str_of(name), STR(".tmp"))) {
        return OK; /* left by a killed run; the next run replaces it */
    }
    if (!blob_name_digest(name, suffix, &named) || !is_in_its_folder(path, name)) {
        return comparing_add(comparing, kind, DIFFERENCE_EXTRA, 0, place, err);
    }
    struct known_file known = known_of(comparing, &named, document);
    comparing->files++;
    if (known.seen != NULL) {
        *known.seen = true;
    } else if (document) {
        return comparing_add(comparing, kind, DIFFERENCE_EXTRA, 0, place, err);
    }
    if (!file_digest(path, &found, &gone).ok) {
        enum difference unread = comparing_unread(path, &gone);
        if (unread == DIFFERENCE_MISSING) { /* an erasure beside this run has removed it by now */
            return take_back(comparing, &known);
        }
        return comparing_add(comparing, kind, unread, known.event, place, err);
    }
    if (!digest_equal(&found, &named)) {
        return comparing_add(comparing, kind, DIFFERENCE_ALTERED, known.event, place, err);
    }
    return document ? compare_trees_look(comparing, path, known.event, place, err) : OK;
}

/* Files are in folders 00 to ff, in small letters. One that cannot be looked at is told when it is
 * opened. */
static bool is_folder_of_files(const char *path)
{
    static const char digits[] = "0123456789abcdef";
    const char *name = strrchr(path, '/') + 1;
    struct stat status;
    bool other = stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
    return strspn(name, digits) == 2 && name[2] == 0 && !other;
}

/* What lies beside those folders: named, not walked through. A file system of its own has a
 * lost+found. */
static outcome look_beside(struct comparing *comparing, const char *kind, const char *path,
                           struct error *err)
{
    const char *name = strrchr(path, '/') + 1;
    struct folder_list list = {0};
    if (strcmp(name, "lost+found") == 0) {
        return OK;
    }
    bool empty =
        folder_list(path, STR(""), &comparing->session->item_arena, &list, &(struct error){0}).ok &&
        list.there && list.count == 0;
    return empty ? OK
                 : comparing_add(comparing, kind, DIFFERENCE_EXTRA, 0,
                                 str_of(path + strlen(comparing->session->store_dir) + 1), err);
}

static outcome look_into(struct comparing *comparing, const char *place, const char *suffix,
                         struct error *err)
{
    struct session *session = comparing->session;
    struct arena names_arena;
    struct folder_list list;
    arena_init(&names_arena, 0);
    outcome result = folder_list(place, STR(""), &names_arena, &list, err);
    for (size_t i = 0; result.ok && i < list.count && !stop_requested(); i++) {
        arena_reset(&session->item_arena);
        result = look_at(comparing, arena_format(&names_arena, "%s/%s", place, list.names[i]).data,
                         list.names[i], suffix, err);
    }
    arena_release(&names_arena);
    return result;
}

static outcome look_at_folder(struct comparing *comparing, const char *folder, const char *suffix,
                              struct error *err)
{
    struct session *session = comparing->session;
    const char *top = arena_format(&session->run_arena, "%s/%s", session->store_dir, folder).data;
    const char *kind = *suffix != 0 ? "document" : "blob";
    struct folder_list list;
    TRY(folder_list(top, STR(""), &session->run_arena, &list, err));
    for (size_t i = 0; i < list.count && !stop_requested(); i++) {
        const char *path = arena_format(&session->run_arena, "%s/%s", top, list.names[i]).data;
        arena_reset(&session->item_arena);
        TRY(is_folder_of_files(path) ? look_into(comparing, path, suffix, err)
                                     : look_beside(comparing, kind, path, err));
    }
    return OK;
}

/* A file that an erasure removed is not missing. */
static outcome is_erased(struct comparing *comparing, const char *document, bool *ret,
                         struct error *err)
{
    struct session *session = comparing->session;
    DocumentView *view = NULL;
    CertificateView *certificate = NULL;
    PersonView *person = NULL;
    TRY(document_view(session, str_of(document), &session->item_arena, &view, err));
    TRY(certificate_view(session, str_of(document), &session->item_arena, &certificate, err));
    const char *id = *view->person_id != 0 ? view->person_id : certificate->person_id;
    TRY(person_view(session, str_of(id), &session->item_arena, &person, err));
    *ret = person->erased || (*id == 0 && *view->id == 0);
    return OK;
}

static outcome find_missing(struct comparing *comparing, struct error *err)
{
    struct arena *arena = &comparing->session->run_arena;
    struct map_entry **entries = map_sorted(&comparing->rendered, arena);
    for (size_t i = 0; i < comparing->rendered.count; i++) {
        const struct rendered_file *file = entries[i]->value;
        bool erased = false;
        struct digest digest;
        const char *folder = strchr(file->document, ':') != NULL ? "proofs" : "certificates";
        if (file->seen) {
            continue;
        }
        arena_reset(&comparing->session->item_arena);
        TRY(is_erased(comparing, file->document, &erased, err));
        if (!erased) {
            memcpy(digest.data, entries[i]->key.data, sizeof digest.data);
            TRY(comparing_add(comparing, "document", DIFFERENCE_MISSING, file->event,
                              str_of(blob_path(folder, &digest, ".pdf", arena)), err));
        }
    }
    return OK;
}

FALLIBLE compare_files(struct comparing *comparing, struct error *err)
{
    TRY(compare_files_gather(comparing, err));
    TRY(look_at_folder(comparing, "certificates", ".pdf", err));
    TRY(look_at_folder(comparing, "proofs", ".pdf", err));
    TRY(look_at_folder(comparing, "blobs", "", err));
    if (!stop_requested()) {
        TRY(find_missing(comparing, err));
        TRY(compare_blobs_missing(comparing, err));
        TRY(compare_keys_missing(comparing, err));
    }
    return OK;
}
