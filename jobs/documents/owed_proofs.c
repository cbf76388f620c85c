/* owed_proofs - see owed_proofs.h. */
#include "jobs/documents/owed_proofs.h"

#include "core/io/file.h"
#include "jobs/objects/departures.h"
#include "jobs/objects/objects.h"

#define DUE_AFTER_US (INT64_C(3600) * 1000000)

struct look {
    struct session *session;
    struct owed_proofs owed;
};

static FALLIBLE is_owed(struct session *session, const DocumentView *proof, bool *ret,
                        struct error *err)
{
    bool withdrawn = false;
    PersonView *person = NULL;
    TRY(person_view(session, str_of(proof->person_id), &session->item_arena, &person, err));
    for (size_t i = 0; i < proof->n_certificates && !withdrawn; i++) {
        TRY(departure_is_withdrawn(session, str_of(proof->certificates[i]), proof->wanted_event,
                                   &session->item_arena, &withdrawn, err));
    }
    *ret = !withdrawn && !person->blocked; /* R-PV-02: nothing is drawn for a blocked person */
    return OK;
}

static outcome look_at(void *context, str id, struct error *err)
{
    struct look *look = context;
    struct session *session = look->session;
    DocumentView *proof = NULL;
    bool owed = false;
    if (!str_starts_with(id, STR("departure:"))) {
        return OK;
    }
    TRY(document_view(session, id, &session->item_arena, &proof, err));
    TRY(is_owed(session, proof, &owed, err));
    int64_t ordered = proof->ordered_at_us;
    int64_t age = session->run.moment.now_us - ordered;
    if (owed) {
        look->owed.waiting++;
        look->owed.overdue += age > DUE_AFTER_US;
        if (look->owed.oldest_us == 0 || ordered < look->owed.oldest_us) {
            look->owed.oldest_us = ordered;
            look->owed.oldest_age_us = age > 0 ? age : 0;
        }
    }
    arena_reset(&session->item_arena);
    return OK;
}

FALLIBLE owed_proofs_look(struct session *session, struct owed_proofs *ret, struct error *err)
{
    struct look look = {.session = session};
    TRY(each_of_index(session, index_documents(DOCUMENT_STATUS__CODE__PENDING), look_at, &look,
                      err));
    TRY(each_of_index(session, index_documents(DOCUMENT_STATUS__CODE__FAILED), look_at, &look,
                      err));
    *ret = look.owed;
    return OK;
}

FALLIBLE owed_proofs_write(struct session *session, const struct owed_proofs *owed,
                           struct error *err)
{
    struct arena *arena = &session->run_arena;
    const char *dir = arena_format(arena, "%s/reports", session->store_dir).data;
    str text = arena_format(
        arena,
        "# HELP anzheng_departure_proofs_waiting Departure proofs ordered and not made yet.\n"
        "# TYPE anzheng_departure_proofs_waiting gauge\n"
        "anzheng_departure_proofs_waiting %llu\n"
        "# HELP anzheng_departure_proofs_overdue Those that were due an hour after the order.\n"
        "# TYPE anzheng_departure_proofs_overdue gauge\n"
        "anzheng_departure_proofs_overdue %llu\n"
        "# HELP anzheng_oldest_departure_proof_timestamp_seconds When the oldest waiting one was "
        "ordered; 0: none waits.\n"
        "# TYPE anzheng_oldest_departure_proof_timestamp_seconds gauge\n"
        "anzheng_oldest_departure_proof_timestamp_seconds %lld\n",
        (unsigned long long)owed->waiting, (unsigned long long)owed->overdue,
        (long long)(owed->oldest_us / 1000000));
    TRY(directory_make(dir, 0755, err));
    return file_replace(arena_format(arena, "%s/departure-proofs.prom", dir).data, str_bytes(text),
                        0644, err);
}

FALLIBLE owed_proofs_report(struct session *session, struct error *err)
{
    struct owed_proofs owed;
    TRY(engine_begin(session->engine, err));
    outcome looked = owed_proofs_look(session, &owed, err);
    engine_abort(session->engine);
    TRY(looked);
    return owed_proofs_write(session, &owed, err);
}
