/* erasure_report - see erasure_report.h. */
#include "jobs/engine/erasure_report.h"

#include "core/io/file.h"
#include "core/io/json.h"

static const char *const checks[] = {
    "anzheng audit verify",
    "anzheng rebuild --verify",
    "anzheng audit history person ID",
    "anzheng show person ID",
};

/* What is kept, and on what ground: it is sealed under keys of its own, and no verb but
 * `audit history file` opens it. */
static const char *const kept[] = {
    "numbers, classes, dates, statuses and enterprises of certificates: public facts of a "
    "statutory register (PIPL 13(3))",
    "submitted files, signatures and answers, sealed under keys of their own: records of providing "
    "and of administrative acts (PIPL 47 second paragraph, regulation on network data 12); the "
    "file of the request to erase is among them",
    "keyed hashes of the document number and of phone numbers: without the hash key they lead to "
    "nobody",
    "what was handed out before, and backups: a keyring that is put back loses the key again when "
    "the store is opened for writing",
    "rows that imports refused (reports/*.rejects.csv): they name persons in the clear, remove "
    "them once they were mended",
    "registers whose fetching broke off (incoming/): the next fetch goes on with them, after a "
    "week "
    "they go; remove them to be sure",
    "messages with dynamic passwords that were not sent (outbox/): phone numbers in the clear for "
    "two days at most, remove them",
};

static void put_texts(struct json *record, const char *key, const char *const *texts, size_t count)
{
    struct json *list = json_put_list(record, key);
    for (size_t i = 0; i < count; i++) {
        json_add_text(list, str_of(texts[i]));
    }
}

FALLIBLE erasure_report_write(struct engine *engine, const PersonErased *erased,
                              struct arena *arena, struct error *err)
{
    struct json *record = json_new_record();
    json_put_text(record, "person", str_of(erased->person_id));
    json_put_text(record, "decision", str_of(erased->decision));
    struct json *destroyed = json_put_record(record, "destroyed");
    json_put_number(destroyed, "keys", (int64_t)(1 + erased->n_further_ids));
    json_put_number(destroyed, "sealed_events", erased->sealed);
    json_put_number(destroyed, "files", erased->blobs);
    json_put_number(destroyed, "documents", erased->documents);
    struct json *submissions = json_put_list(record, "submissions_kept");
    for (size_t i = 0; i < erased->n_submissions; i++) {
        json_add_number(submissions, (int64_t)erased->submissions[i]);
    }
    put_texts(record, "kept", kept, sizeof kept / sizeof *kept);
    put_texts(record, "checks", checks, sizeof checks / sizeof *checks);
    str text = json_dump(record, arena);
    json_release(record);
    const char *name = arena_format(arena, "reports/erasure-%s.json", erased->person_id).data;
    TRY(directory_make(engine_path(engine, arena, "reports"), 0755, err));
    return file_replace(engine_path(engine, arena, name), str_bytes(text), 0644, err);
}
