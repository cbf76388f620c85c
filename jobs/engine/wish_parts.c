/* wish_parts - see wish_parts.h. */
#include "jobs/engine/wish_parts.h"

#include "events/terms/streams.h"

/* A certificate, and the holder's name to be compared. */
#define NAMED(body)                                                                                \
    (struct wish_parts)                                                                            \
    {                                                                                              \
        .certificate = &(body)->certificate, .name = &(body)->name                                 \
    }

/* Of the personnel file. */
static struct wish_parts parts_of_file(Action *action)
{
    if (action->body_case == ACTION__BODY_BLOCK_PERSON) {
        return (struct wish_parts){.person = action->block_person->person};
    }
    if (action->body_case == ACTION__BODY_ERASE_PERSON) {
        return (struct wish_parts){.person = action->erase_person->person};
    }
    if (action->body_case == ACTION__BODY_REQUEST_CODE) {
        return (struct wish_parts){.person = action->request_code->person};
    }
    if (action->body_case == ACTION__BODY_REGISTER_PHONE) {
        return (struct wish_parts){.person = action->register_phone->person};
    }
    if (action->body_case == ACTION__BODY_CHANGE_PHONE) {
        return (struct wish_parts){.person = action->change_phone->person};
    }
    if (action->body_case == ACTION__BODY_ADD_RECORD) {
        return (struct wish_parts){.person = action->add_record->person,
                                   .fields = &action->add_record->fields,
                                   .fields_count = &action->add_record->n_fields};
    }
    if (action->body_case == ACTION__BODY_EDIT_RECORD) {
        return (struct wish_parts){.person = action->edit_record->person,
                                   .fields = &action->edit_record->fields,
                                   .fields_count = &action->edit_record->n_fields};
    }
    if (action->body_case == ACTION__BODY_DELETE_RECORD) {
        return (struct wish_parts){.person = action->delete_record->person};
    }
    if (action->body_case == ACTION__BODY_ATTACH_SCAN) {
        return (struct wish_parts){.person = action->attach_scan->person,
                                   .proof = &action->attach_scan->file,
                                   .proof_sha256 = &action->attach_scan->file_sha256,
                                   .scan = &action->attach_scan->scan};
    }
    if (action->body_case == ACTION__BODY_UPLOAD_SIGNATURE) {
        return (struct wish_parts){.person = action->upload_signature->person,
                                   .proof = &action->upload_signature->file,
                                   .proof_sha256 = &action->upload_signature->file_sha256,
                                   .scan = &action->upload_signature->scan};
    }
    if (action->body_case == ACTION__BODY_OPEN_APPLICATION) {
        return (struct wish_parts){.proof = &action->open_application->insurance_proof,
                                   .proof_sha256 =
                                       &action->open_application->insurance_proof_sha256,
                                   .attachment = &action->open_application->attachment,
                                   .used = action->open_application->persons,
                                   .used_count = action->open_application->n_persons};
    }
    return (struct wish_parts){0};
}

struct wish_parts wish_parts(Action *action)
{
    switch (action->body_case) {
    case ACTION__BODY_EXCHANGE: return NAMED(action->exchange);
    case ACTION__BODY_REQUEST_REGENERATION: return NAMED(action->request_regeneration);
    case ACTION__BODY_ISSUE: return (struct wish_parts){.person = action->issue->person};
    case ACTION__BODY_EXTEND: return NAMED(action->extend);
    case ACTION__BODY_ENTER:
        return (struct wish_parts){.certificate = &action->enter->original_certificate,
                                   .person = action->enter->person,
                                   .proof = &action->enter->proof,
                                   .proof_sha256 = &action->enter->proof_sha256,
                                   .attachment = &action->enter->attachment};
    case ACTION__BODY_CHANGE_AFFILIATION:
        return (struct wish_parts){.certificates = &action->change_affiliation->certificates,
                                   .certificates_count =
                                       &action->change_affiliation->n_certificates,
                                   .person = action->change_affiliation->person};
    case ACTION__BODY_CANCEL: return NAMED(action->cancel);
    case ACTION__BODY_DEPART:
        return (struct wish_parts){.certificates = &action->depart->certificates,
                                   .certificates_count = &action->depart->n_certificates,
                                   .person = action->depart->person};
    case ACTION__BODY_RENAME_PERSON:
        return (struct wish_parts){.person = action->rename_person->person};
    case ACTION__BODY_SUSPEND: return NAMED(action->suspend);
    case ACTION__BODY_REINSTATE: return NAMED(action->reinstate);
    case ACTION__BODY_REVOKE: return NAMED(action->revoke);
    case ACTION__BODY_WITHDRAW: return NAMED(action->withdraw);
    case ACTION__BODY_CANCEL_BY_AUTHORITY: return NAMED(action->cancel_by_authority);
    case ACTION__BODY_WITHDRAW_DEPARTURE: return NAMED(action->withdraw_departure);
    case ACTION__BODY_CORRECT_CERTIFICATE: return NAMED(action->correct_certificate);
    case ACTION__BODY_CHANGE_POST: return NAMED(action->change_post);
    case ACTION__BODY_CHANGE_ID_NUMBER:
        return (struct wish_parts){.person = action->change_id_number->person};
    CASE_PERSONNEL_FILE_ACTION:
        return parts_of_file(action);
    case ACTION__BODY_EXTEND_BY_NOTICE:
    case ACTION__BODY_CONVERT_CATEGORY:
    case ACTION__BODY_RENAME_ENTERPRISE:
    CASE_REGISTER_ROW_ACTION:
    case ACTION__BODY__NOT_SET:
    case _ACTION__BODY__CASE_IS_INT_SIZE: break;
    }
    return (struct wish_parts){0};
}
