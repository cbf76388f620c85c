/* decide - the table of actions and their rules. Its switch has no default, so a new action does
 * not compile until it has a rule. */
#include "events/decide.h"

#include "core/base/record.h"
#include "events/actors.h"
#include "events/guards.h"
#include "events/limits.h"
#include "events/messages.h"
#include "events/rules.h"
#include "events/terms/streams.h"

static rule_function *rule_of(Action__BodyCase body)
{
    switch (body) {
    case ACTION__BODY_EXCHANGE: return decide_exchange;
    case ACTION__BODY_REQUEST_REGENERATION: return decide_request_regeneration;
    case ACTION__BODY_ISSUE: return decide_issue;
    case ACTION__BODY_EXTEND: return decide_extend;
    case ACTION__BODY_ENTER: return decide_enter;
    case ACTION__BODY_CHANGE_AFFILIATION: return decide_change_affiliation;
    case ACTION__BODY_RENAME_ENTERPRISE: return decide_rename_enterprise;
    case ACTION__BODY_CANCEL: return decide_cancel;
    case ACTION__BODY_DEPART: return decide_depart;
    case ACTION__BODY_RENAME_PERSON: return decide_rename_person;
    case ACTION__BODY_SUSPEND: return decide_suspend;
    case ACTION__BODY_REINSTATE: return decide_reinstate;
    case ACTION__BODY_REVOKE: return decide_revoke;
    case ACTION__BODY_WITHDRAW: return decide_withdraw;
    case ACTION__BODY_CANCEL_BY_AUTHORITY: return decide_cancel_by_authority;
    case ACTION__BODY_WITHDRAW_DEPARTURE: return decide_withdraw_departure;
    case ACTION__BODY_CORRECT_CERTIFICATE: return decide_correct_certificate;
    case ACTION__BODY_CHANGE_ID_NUMBER: return decide_change_id_number;
    case ACTION__BODY_CHANGE_POST: return decide_change_post;
    case ACTION__BODY_EXTEND_BY_NOTICE: return decide_extend_by_notice;
    case ACTION__BODY_CONVERT_CATEGORY: return decide_convert_category;
    case ACTION__BODY_BLOCK_PERSON: return decide_block_person;
    case ACTION__BODY_ERASE_PERSON: return decide_erase_person;
    case ACTION__BODY_REQUEST_CODE: return decide_request_code;
    case ACTION__BODY_REGISTER_PHONE: return decide_register_phone;
    case ACTION__BODY_CHANGE_PHONE: return decide_change_phone;
    case ACTION__BODY_ADD_RECORD: return decide_add_record;
    case ACTION__BODY_EDIT_RECORD: return decide_edit_record;
    case ACTION__BODY_DELETE_RECORD: return decide_delete_record;
    case ACTION__BODY_ATTACH_SCAN: return decide_attach_scan;
    case ACTION__BODY_UPLOAD_SIGNATURE: return decide_upload_signature;
    case ACTION__BODY_VERIFY_RECORD: return decide_verify_record;
    case ACTION__BODY_REFUSE_RECORD: return decide_refuse_record;
    case ACTION__BODY_CANCEL_VERIFICATION: return decide_cancel_verification;
    case ACTION__BODY_OPEN_APPLICATION: return decide_open_application;
    case ACTION__BODY_ACCEPT_APPLICATION: return decide_accept_application;
    case ACTION__BODY_APPROVE_APPLICATION: return decide_approve_application;
    case ACTION__BODY_CLOSE_APPLICATION: return decide_close_application;
    case ACTION__BODY_REGISTER_ENTERPRISE: return decide_register_enterprise;
    case ACTION__BODY_COLLECT_IDENTITY: return decide_collect_identity;
    case ACTION__BODY_REGISTER_CLERK: return decide_register_clerk;
    case ACTION__BODY_RECORD_EXAM: return decide_record_exam;
    case ACTION__BODY_RECORD_INSURANCE: return decide_record_insurance;
    case ACTION__BODY_REGISTER_PAPER: return decide_register_paper;
    case ACTION__BODY_RECORD_NATIONAL: return decide_record_national;
    case ACTION__BODY_RECORD_REGISTRATION: return decide_record_registration;
    case ACTION__BODY_RECORD_CONTRACT: return decide_record_contract;
    case ACTION__BODY__NOT_SET:
    case _ACTION__BODY__CASE_IS_INT_SIZE: break;
    }
    BUG("an action without a rule");
}

bool action_is_wish(Action__BodyCase body)
{
    return action_actors(body) != 0; /* rows of registers are nobody's */
}

const ProtobufCFieldDescriptor *action_field(Action__BodyCase body)
{
    return protobuf_c_message_descriptor_get_field(&action__descriptor, (unsigned)body);
}

Action__BodyCase action_from_name(str name)
{
    for (unsigned i = 0; i < action__descriptor.n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &action__descriptor.fields[i];
        if (str_equal_c(name, field->name) && action_is_wish((Action__BodyCase)field->id)) {
            return (Action__BodyCase)field->id;
        }
    }
    return ACTION__BODY__NOT_SET;
}

/* R-PV-02: nothing is done for a blocked person, except actions about the blocking itself and rows
 * that are mainly about somebody else: an enterprise can act although its legal representative is
 * blocked. */
static bool is_for_the_blocked(Action__BodyCase body)
{
    return body == ACTION__BODY_BLOCK_PERSON || body == ACTION__BODY_ERASE_PERSON ||
           body == ACTION__BODY_REGISTER_ENTERPRISE;
}

/* Each field may have its size and the event still be larger than the log takes. */
static FALLIBLE check_sizes(const struct decision *decision, struct error *err)
{
    for (size_t i = 0; i < decision->count; i++) {
        if (!record_fits(&decision->events[i]->base, LIMIT_EVENT_BYTES)) {
            FAIL(INVALID, MESSAGE_TOO_LARGE, ARG_TEXT("field", "line"),
                 ARG_INT("limit", LIMIT_EVENT_BYTES));
        }
    }
    return OK;
}

FALLIBLE decide(const struct dossier *dossier, const Action *action, struct moment moment,
                struct arena *arena, struct decision *ret, struct error *err)
{
    struct decision decision = {.events = NULL};
    bool open = is_for_the_blocked(action->body_case);
    if (!open && !action_is_wish(action->body_case)) {
        TRY(guard_not_blocked(dossier, err)); /* a row says nothing before its person */
    }
    outcome decided = rule_of(action->body_case)(dossier, action, moment, arena, &decision, err);
    if (!decided.ok && err->class == ERROR_REFUSED && decision.stands_refused) {
        *ret = decision;
    }
    TRY(decided);
    if (!open) { /* the rules ask at their place of the ladder; nothing gets past here */
        TRY(guard_not_blocked(dossier, err));
    }
    /* Nothing to do is a refusal with a code of its own; only rows may equal the register. */
    BUG_UNLESS(decision.count > 0 || !action_is_wish(action->body_case));
    TRY(check_sizes(&decision, err));
    *ret = decision;
    return OK;
}

/* A pair of braces for each event that has a personal part. */
#define SLOT(body)                                                                                 \
    (struct personal_slot)                                                                         \
    {                                                                                              \
        &(body)->personal, &(body)->sealed, &(body)->person_id                                     \
    }

struct personal_slot event_personal(Event *event)
{
    switch (event->body_case) {
    case EVENT__BODY_CLERK_REGISTERED: return SLOT(event->clerk_registered);
    case EVENT__BODY_PERSON_RECORDED: return SLOT(event->person_recorded);
    case EVENT__BODY_IDENTITY_COLLECTED: return SLOT(event->identity_collected);
    case EVENT__BODY_PERSON_RENAMED: return SLOT(event->person_renamed);
    case EVENT__BODY_PERSON_NUMBER_CHANGED: return SLOT(event->person_number_changed);
    case EVENT__BODY_NATIONAL_RECORDED: return SLOT(event->national_recorded);
    case EVENT__BODY_REGISTRATION_RECORDED: return SLOT(event->registration_recorded);
    case EVENT__BODY_CONTRACT_RECORDED: return SLOT(event->contract_recorded);
    case EVENT__BODY_PHONE_REGISTERED: return SLOT(event->phone_registered);
    case EVENT__BODY_PHONE_CHANGED: return SLOT(event->phone_changed);
    case EVENT__BODY_RECORD_ADDED: return SLOT(event->record_added);
    case EVENT__BODY_RECORD_EDITED: return SLOT(event->record_edited);
    case EVENT__BODY_STORE_CREATED:
    case EVENT__BODY_POLICY_SET:
    case EVENT__BODY_TEMPLATE_SET:
    case EVENT__BODY_ROOT_TRUSTED:
    case EVENT__BODY_ROOT_DISTRUSTED:
    case EVENT__BODY_FILE_PROCESSED:
    case EVENT__BODY_DATA_DISCLOSED:
    case EVENT__BODY_ENTERPRISE_REGISTERED:
    case EVENT__BODY_EXAM_RECORDED:
    case EVENT__BODY_INSURANCE_RECORDED:
    CASE_CERTIFICATE_EVENT:
    case EVENT__BODY_PERSON_BLOCKED:
    case EVENT__BODY_PERSON_ERASED:
    case EVENT__BODY_CODE_REQUESTED:
    case EVENT__BODY_CODE_FAILED:
    case EVENT__BODY_RECORD_DELETED:
    case EVENT__BODY_SCAN_ATTACHED:
    case EVENT__BODY_RECORD_VERIFIED:
    case EVENT__BODY_VERIFICATION_REFUSED:
    case EVENT__BODY_VERIFICATION_CANCELLED:
    case EVENT__BODY_RECORD_FROZEN:
    case EVENT__BODY_RECORD_USED:
    case EVENT__BODY_RECORD_RELEASED:
    case EVENT__BODY_APPLICATION_OPENED:
    case EVENT__BODY_APPLICATION_ACCEPTED:
    case EVENT__BODY_APPLICATION_APPROVED:
    case EVENT__BODY_APPLICATION_CLOSED:
    case EVENT__BODY__NOT_SET:
    case _EVENT__BODY__CASE_IS_INT_SIZE: break;
    }
    return (struct personal_slot){NULL, NULL, NULL};
}
