/* actors - see actors.h. */
#include "events/actors.h"

#include "events/terms/streams.h"

unsigned action_actors(Action__BodyCase body)
{
    switch (body) {
    case ACTION__BODY_EXCHANGE:
    case ACTION__BODY_REQUEST_REGENERATION:
    case ACTION__BODY_ISSUE:
    case ACTION__BODY_EXTEND:
    case ACTION__BODY_ENTER:
    case ACTION__BODY_CHANGE_AFFILIATION:
    case ACTION__BODY_RENAME_ENTERPRISE:
    case ACTION__BODY_CANCEL:
    case ACTION__BODY_DEPART:
    case ACTION__BODY_OPEN_APPLICATION: return ACTOR_MAY_BE_ENTERPRISE;
    case ACTION__BODY_RENAME_PERSON:
    case ACTION__BODY_SUSPEND:
    case ACTION__BODY_REINSTATE:
    case ACTION__BODY_REVOKE:
    case ACTION__BODY_WITHDRAW:
    case ACTION__BODY_CANCEL_BY_AUTHORITY:
    case ACTION__BODY_WITHDRAW_DEPARTURE:
    case ACTION__BODY_CORRECT_CERTIFICATE:
    case ACTION__BODY_CHANGE_ID_NUMBER:
    case ACTION__BODY_CHANGE_POST:
    case ACTION__BODY_EXTEND_BY_NOTICE:
    case ACTION__BODY_CONVERT_CATEGORY:
    case ACTION__BODY_BLOCK_PERSON:
    case ACTION__BODY_ERASE_PERSON:
    case ACTION__BODY_CHANGE_PHONE:
    case ACTION__BODY_VERIFY_RECORD:
    case ACTION__BODY_REFUSE_RECORD:
    case ACTION__BODY_CANCEL_VERIFICATION:
    case ACTION__BODY_ACCEPT_APPLICATION:
    case ACTION__BODY_APPROVE_APPLICATION: return ACTOR_MAY_BE_CLERK;
    case ACTION__BODY_CLOSE_APPLICATION: return ACTOR_MAY_BE_ENTERPRISE | ACTOR_MAY_BE_CLERK;
    case ACTION__BODY_REQUEST_CODE:
        return ACTOR_MAY_BE_PERSON | ACTOR_MAY_BE_CLERK; /* a clerk's: before change_phone */
    case ACTION__BODY_REGISTER_PHONE:
    case ACTION__BODY_UPLOAD_SIGNATURE: return ACTOR_MAY_BE_PERSON;
    case ACTION__BODY_ADD_RECORD:
    case ACTION__BODY_EDIT_RECORD:
    case ACTION__BODY_DELETE_RECORD:
    case ACTION__BODY_ATTACH_SCAN:
        return ACTOR_MAY_BE_PERSON | ACTOR_MAY_BE_ENTERPRISE;
    CASE_REGISTER_ROW_ACTION:
    case ACTION__BODY__NOT_SET:
    case _ACTION__BODY__CASE_IS_INT_SIZE: break;
    }
    return 0;
}

bool action_is_persons(const Action *action)
{
    return (action_actors(action->body_case) & ACTOR_MAY_BE_PERSON) != 0 &&
           action->enterprise[0] == 0 && action->clerk[0] == 0;
}
