/* keep - see keep.h. */
#include "jobs/engine/judging/keep.h"

/* A proof of several persons is sealed with all their keys, one around the other: when one person
 * is erased, it is unreadable. A proof that no person needs is not kept (R-DL-27). */
static outcome keep_insurance_proof(struct engine *engine, ApplicationOpened *opened, bytes plain,
                                    struct arena *arena, struct error *err)
{
    bytes sealed = plain;
    const char *last = NULL;
    for (size_t i = 0; i < opened->n_persons; i++) {
        if (!opened->persons[i]->insured_elsewhere) {
            continue;
        }
        if (last != NULL) {
            TRY(people_seal_bytes(engine_people(engine), str_of(last), sealed, arena, &sealed,
                                  err));
        }
        last = opened->persons[i]->person_id;
    }
    if (last == NULL || plain.size == 0) {
        return OK;
    }
    return engine_blob_seal(engine, str_of(last), sealed, arena, &opened->insurance_proof_blob,
                            err);
}

/* Photos and proofs are kept sealed before an event names them; an unchanged photo is kept once. */
static outcome keep_attachments(struct engine *engine, const struct dossier *dossier, Event *event,
                                bytes plain, struct arena *arena, struct error *err)
{
    if (event->body_case == EVENT__BODY_IDENTITY_COLLECTED && plain.size > 0) {
        IdentityCollected *identity = event->identity_collected;
        size_t versions = dossier->person->n_identities;
        const IdentityVersion *last =
            versions > 0 ? dossier->person->identities[versions - 1] : NULL;
        if (last != NULL && last->photo_blob.len > 0 && identity->personal != NULL &&
            bytes_equal(bytes_of(last->photo_sha256.data, last->photo_sha256.len),
                        bytes_of(identity->personal->photo_sha256.data,
                                 identity->personal->photo_sha256.len))) {
            identity->photo_blob = last->photo_blob;
            return OK;
        }
        TRY(engine_blob_seal(engine, str_of(identity->person_id), plain, arena,
                             &identity->photo_blob, err));
    } else if (event->body_case == EVENT__BODY_CERTIFICATE_ENTERED && plain.size > 0) {
        CertificateEntered *entered = event->certificate_entered;
        TRY(engine_blob_seal(engine, str_of(entered->person_id), plain, arena, &entered->proof_blob,
                             err));
    } else if (event->body_case == EVENT__BODY_SCAN_ATTACHED) {
        ScanAttached *attached = event->scan_attached;
        TRY(engine_blob_seal(engine, str_of(attached->person_id), plain, arena,
                             &attached->scan_blob, err));
    } else if (event->body_case == EVENT__BODY_APPLICATION_OPENED) {
        TRY(keep_insurance_proof(engine, event->application_opened, plain, arena, err));
    }
    return OK;
}

/* The list of a wave is kept before the event that announces it. */
static outcome keep_list(struct engine *engine, const struct dossier *dossier, const Event *event,
                         struct arena *arena, struct error *err)
{
    ProtobufCBinaryData kept;
    if (event->body_case == EVENT__BODY_WAVE_OPENED) {
        TRY(engine_blob_put(engine, str_bytes(dossier->wave.numbers), arena, &kept, err));
    }
    return OK;
}

FALLIBLE keep_files(struct engine *engine, const struct dossier *dossier, Event *event, bytes plain,
                    struct arena *arena, struct error *err)
{
    TRY(keep_attachments(engine, dossier, event, plain, arena, err));
    return keep_list(engine, dossier, event, arena, err);
}
