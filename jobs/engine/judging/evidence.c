/* evidence - see evidence.h. */
#include "jobs/engine/judging/evidence.h"

#include <string.h>

#include "core/io/json.h"
#include "jobs/engine/parts/log_walk.h"

static bytes field(ProtobufCBinaryData data)
{
    return bytes_of(data.data, data.len);
}

/* --- keeping --------------------------------------------------------------------------------- */

static FALLIBLE keep_blob(struct engine *engine, str key_id, bytes content, struct arena *arena,
                          ProtobufCBinaryData *ret, struct error *err)
{
    if (content.size > 0) {
        TRY(engine_blob_seal(engine, key_id, content, arena, ret, err));
    }
    return OK;
}

FALLIBLE evidence_keep(struct engine *engine, const struct run *run, const struct tally *tally,
                       const struct evidence *evidence, const char *signer, struct arena *arena,
                       struct error *err)
{
    struct digest sha256 = digest_sha256(evidence->content);
    Event *event = tally_event(tally, "submission", digest_bytes(&sha256), arena);
    FileProcessed *file = event->file_processed;
    str key_id = str_of(people_id_of_file(engine_people(engine), digest_bytes(&sha256), arena));
    TRY(keep_blob(engine, key_id, evidence->content, arena, &file->file_blob, err));
    TRY(keep_blob(engine, key_id, evidence->signature, arena, &file->signature_blob, err));
    TRY(keep_blob(engine, key_id, evidence->answers, arena, &file->results_blob, err));
    if (signer != NULL) {
        event->signer = arena_c_string(arena, str_of(signer));
    }
    return engine_append(engine, run, event, arena, NULL, err);
}

/* --- opening --------------------------------------------------------------------------------- */

static FALLIBLE open_blob(struct engine *engine, str key_id, ProtobufCBinaryData blob,
                          struct arena *arena, bytes *ret, bool *ret_erased, struct error *err)
{
    bytes sealed = {0};
    bytes plain = {0};
    if (blob.len == 0) {
        return OK;
    }
    TRY(engine_blob_get(engine, field(blob), arena, &sealed, err));
    TRY(people_open_bytes(engine_people(engine), key_id, sealed, arena, &plain, err));
    *ret_erased = *ret_erased || plain.data == NULL;
    *ret = plain;
    return OK;
}

FALLIBLE evidence_open(struct engine *engine, const FileProcessed *file, struct arena *arena,
                       struct evidence *ret, bool *ret_erased, struct error *err)
{
    struct evidence opened = {0};
    bool erased = false;
    str key_id = str_of(people_id_of_file(engine_people(engine), field(file->file_sha256), arena));
    TRY(open_blob(engine, key_id, file->file_blob, arena, &opened.content, &erased, err));
    TRY(open_blob(engine, key_id, file->signature_blob, arena, &opened.signature, &erased, err));
    TRY(open_blob(engine, key_id, file->results_blob, arena, &opened.answers, &erased, err));
    *ret = erased ? (struct evidence){0} : opened;
    *ret_erased = erased;
    return OK;
}

/* --- finding --------------------------------------------------------------------------------- */

static bool is_submission(const Event *event)
{
    return event->body_case == EVENT__BODY_FILE_PROCESSED &&
           strcmp(event->file_processed->kind, "submission") == 0;
}

/* Does one of the answers name the event? Lines that a stopped run had done appear as duplicates
 * with their first events. */
static FALLIBLE answers_name(struct engine *engine, const FileProcessed *file, uint64_t sequence,
                             struct arena *arena, bool *ret, struct error *err)
{
    struct evidence evidence = {0};
    bool erased = false;
    TRY(evidence_open(engine, file, arena, &evidence, &erased, err));
    str rest = {(const char *)evidence.answers.data, evidence.answers.size};
    while (rest.data != NULL && !*ret) {
        JSON_AUTO answer = NULL;
        struct error unread;
        if (json_parse(str_bytes(str_cut(&rest, '\n')), &answer, &unread).ok) {
            uint64_t first = (uint64_t)json_number(json_member(answer, "first_event"));
            uint64_t last = (uint64_t)json_number(json_member(answer, "last_event"));
            *ret = first != 0 && first <= sequence && sequence <= last;
        }
    }
    return OK;
}

/* `signer` is that of the event in question. */
static FALLIBLE causes(struct engine *engine, Event *candidate, uint64_t sequence, str signer,
                       struct arena *arena, bool *ret, struct error *err)
{
    const FileProcessed *file = candidate->file_processed;
    *ret = candidate->sequence == sequence ||
           (file->first_event <= sequence && sequence <= file->last_event);
    if (!*ret && candidate->sequence > sequence && file->unchanged > 0 &&
        engine_people(engine) != NULL && str_equal_c(signer, candidate->signer)) {
        TRY(answers_name(engine, file, sequence, arena, ret, err));
    }
    return OK;
}

/* Is the event the submission that is looked for: the file with that digest, or the file that
 * brought event `sequence`? */
static FALLIBLE is_wanted(struct engine *engine, struct log_walk *walk, uint64_t sequence,
                          const struct digest *sha256, str signer, bool *ret, struct error *err)
{
    *ret = false;
    if (is_submission(walk->event) && sha256 != NULL) {
        *ret = bytes_equal(field(walk->event->file_processed->file_sha256), digest_bytes(sha256));
    } else if (is_submission(walk->event)) {
        TRY(causes(engine, walk->event, sequence, signer, &walk->item, ret, err));
    }
    return OK;
}

static FALLIBLE find(struct engine *engine, uint64_t from, const struct digest *sha256,
                     struct arena *arena, Event **ret, struct error *err)
{
    LOG_WALK_AUTO walk = {0};
    str signer = STR("");
    bool found = false;
    *ret = NULL;
    TRY(engine_log_ready(engine, err));
    TRY(log_walk_open(engine_log_txn(engine), from, &walk, err));
    while (walk.event != NULL && !found) {
        if (walk.event->sequence == from) {
            signer = arena_str(arena, str_of(walk.event->signer));
        }
        TRY(is_wanted(engine, &walk, from, sha256, signer, &found, err));
        if (found) {
            TRY(engine_event(engine, walk.event->sequence, arena, ret, err));
        } else {
            TRY(log_walk_next(&walk, err));
        }
    }
    return OK;
}

FALLIBLE evidence_of_file(struct engine *engine, const struct digest *sha256, struct arena *arena,
                          Event **ret, struct error *err)
{
    return find(engine, 1, sha256, arena, ret, err);
}

FALLIBLE evidence_of_event(struct engine *engine, uint64_t sequence, struct arena *arena,
                           Event **ret, struct error *err)
{
    *ret = NULL;
    TRY(engine_log_ready(engine, err));
    if (sequence != 0 && sequence <= log_size(engine_log_txn(engine))) {
        TRY(find(engine, sequence, NULL, arena, ret, err));
    }
    return OK;
}

/* --- roots ----------------------------------------------------------------------------------- */

struct roots {
    bytes *der;
    bytes *sha256;
    size_t count;
    size_t der_capacity;
    size_t sha256_capacity;
};

static void roots_remove(struct roots *roots, bytes sha256)
{
    for (size_t i = 0; i < roots->count; i++) {
        if (bytes_equal(roots->sha256[i], sha256)) {
            roots->count--;
            memmove(&roots->der[i], &roots->der[i + 1], (roots->count - i) * sizeof roots->der[0]);
            memmove(&roots->sha256[i], &roots->sha256[i + 1],
                    (roots->count - i) * sizeof roots->sha256[0]);
            return;
        }
    }
}

static void roots_apply(struct roots *roots, const Event *event, struct arena *arena)
{
    if (event->body_case == EVENT__BODY_ROOT_DISTRUSTED) {
        roots_remove(roots, field(event->root_distrusted->certificate_sha256));
    } else if (event->body_case == EVENT__BODY_ROOT_TRUSTED) {
        const RootTrusted *trusted = event->root_trusted;
        ARENA_GROW(arena, roots->der, roots->count, &roots->der_capacity);
        ARENA_GROW(arena, roots->sha256, roots->count, &roots->sha256_capacity);
        roots->der[roots->count] = arena_bytes(arena, field(trusted->certificate_der));
        roots->sha256[roots->count++] = arena_bytes(arena, field(trusted->certificate_sha256));
    }
}

FALLIBLE evidence_roots(struct engine *engine, uint64_t sequence, struct arena *arena,
                        struct trust *ret, struct error *err)
{
    struct roots roots = {.count = 0};
    LOG_WALK_AUTO walk = {0};
    TRY(engine_log_ready(engine, err));
    TRY(log_walk_open(engine_log_txn(engine), 1, &walk, err));
    while (walk.event != NULL && walk.event->sequence < sequence) {
        roots_apply(&roots, walk.event, arena);
        TRY(log_walk_next(&walk, err));
    }
    ret->roots = roots.der;
    ret->roots_count = roots.count;
    return OK;
}
