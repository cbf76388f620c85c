/* form_file - which fields the wishes about personnel files have; see form.h. */
#include "events/form.h"

#include <stddef.h>

const char *form_file_texts(Action__BodyCase body)
{
    if (body == ACTION__BODY_BLOCK_PERSON || body == ACTION__BODY_ERASE_PERSON) {
        return "decision*";
    }
    if (body == ACTION__BODY_REQUEST_CODE) {
        return "phone*";
    }
    if (body == ACTION__BODY_REGISTER_PHONE) {
        return "phone* code* name* id_number* address* issuer* valid_from* valid_to*";
    }
    if (body == ACTION__BODY_CHANGE_PHONE) {
        return "phone* code*";
    }
    if (body == ACTION__BODY_ADD_RECORD) {
        return "kind*";
    }
    if (body == ACTION__BODY_EDIT_RECORD || body == ACTION__BODY_DELETE_RECORD ||
        body == ACTION__BODY_CANCEL_VERIFICATION) {
        return "record*";
    }
    if (body == ACTION__BODY_ATTACH_SCAN) {
        return "record* file* file_sha256 role";
    }
    if (body == ACTION__BODY_UPLOAD_SIGNATURE) {
        return "file* file_sha256";
    }
    if (body == ACTION__BODY_VERIFY_RECORD) {
        return "visit* presenter appointment batch_of"; /* behind what was compared */
    }
    if (body == ACTION__BODY_REFUSE_RECORD) {
        return "record* reason* visit";
    }
    if (body == ACTION__BODY_OPEN_APPLICATION) {
        return "item* insurance_proof insurance_proof_sha256";
    }
    return "application*";
}

bool form_file_person(const Action *action, const PersonName **ret)
{
    *ret = NULL;
    if (action->body_case == ACTION__BODY_BLOCK_PERSON) {
        *ret = action->block_person->person;
    } else if (action->body_case == ACTION__BODY_ERASE_PERSON) {
        *ret = action->erase_person->person;
    } else if (action->body_case == ACTION__BODY_REQUEST_CODE) {
        *ret = action->request_code->person;
    } else if (action->body_case == ACTION__BODY_REGISTER_PHONE) {
        *ret = action->register_phone->person;
    } else if (action->body_case == ACTION__BODY_CHANGE_PHONE) {
        *ret = action->change_phone->person;
    } else if (action->body_case == ACTION__BODY_ADD_RECORD) {
        *ret = action->add_record->person;
    } else if (action->body_case == ACTION__BODY_EDIT_RECORD) {
        *ret = action->edit_record->person;
    } else if (action->body_case == ACTION__BODY_DELETE_RECORD) {
        *ret = action->delete_record->person;
    } else if (action->body_case == ACTION__BODY_ATTACH_SCAN) {
        *ret = action->attach_scan->person;
    } else if (action->body_case == ACTION__BODY_UPLOAD_SIGNATURE) {
        *ret = action->upload_signature->person;
    } else {
        return false;
    }
    return true;
}

const char *form_file_record(const Action *action)
{
    if (action->body_case == ACTION__BODY_EDIT_RECORD) {
        return action->edit_record->record;
    }
    if (action->body_case == ACTION__BODY_DELETE_RECORD) {
        return action->delete_record->record;
    }
    if (action->body_case == ACTION__BODY_ATTACH_SCAN) {
        return action->attach_scan->record;
    }
    if (action->body_case == ACTION__BODY_VERIFY_RECORD) {
        return action->verify_record->record;
    }
    if (action->body_case == ACTION__BODY_REFUSE_RECORD) {
        return action->refuse_record->record;
    }
    if (action->body_case == ACTION__BODY_CANCEL_VERIFICATION) {
        return action->cancel_verification->record;
    }
    return "";
}

const char *form_file_application(const Action *action)
{
    if (action->body_case == ACTION__BODY_ACCEPT_APPLICATION) {
        return action->accept_application->application;
    }
    if (action->body_case == ACTION__BODY_APPROVE_APPLICATION) {
        return action->approve_application->application;
    }
    if (action->body_case == ACTION__BODY_CLOSE_APPLICATION) {
        return action->close_application->application;
    }
    return "";
}
