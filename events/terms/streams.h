/* streams - the events of the personnel file as one label: most views have no business with any of
 * them. A view that has names those it takes and, one by one, the others. */
#pragma once

/* CASE_PERSONNEL_FILE_EVENT: ... */
#define CASE_PERSONNEL_FILE_EVENT                                                                  \
    case EVENT__BODY_REGISTRATION_RECORDED:                                                        \
    case EVENT__BODY_CONTRACT_RECORDED:                                                            \
    case EVENT__BODY_PERSON_BLOCKED:                                                               \
    case EVENT__BODY_PERSON_ERASED:                                                                \
    case EVENT__BODY_CODE_REQUESTED:                                                               \
    case EVENT__BODY_CODE_FAILED:                                                                  \
    case EVENT__BODY_PHONE_REGISTERED:                                                             \
    case EVENT__BODY_PHONE_CHANGED:                                                                \
    case EVENT__BODY_RECORD_ADDED:                                                                 \
    case EVENT__BODY_RECORD_EDITED:                                                                \
    case EVENT__BODY_RECORD_DELETED:                                                               \
    case EVENT__BODY_SCAN_ATTACHED:                                                                \
    case EVENT__BODY_RECORD_VERIFIED:                                                              \
    case EVENT__BODY_VERIFICATION_REFUSED:                                                         \
    case EVENT__BODY_VERIFICATION_CANCELLED:                                                       \
    case EVENT__BODY_RECORD_FROZEN:                                                                \
    case EVENT__BODY_APPLICATION_OPENED:                                                           \
    case EVENT__BODY_APPLICATION_ACCEPTED:                                                         \
    case EVENT__BODY_APPLICATION_APPROVED:                                                         \
    case EVENT__BODY_APPLICATION_CLOSED

/* The same for actions. */
#define CASE_PERSONNEL_FILE_ACTION                                                                 \
    case ACTION__BODY_BLOCK_PERSON:                                                                \
    case ACTION__BODY_ERASE_PERSON:                                                                \
    case ACTION__BODY_REQUEST_CODE:                                                                \
    case ACTION__BODY_REGISTER_PHONE:                                                              \
    case ACTION__BODY_CHANGE_PHONE:                                                                \
    case ACTION__BODY_ADD_RECORD:                                                                  \
    case ACTION__BODY_EDIT_RECORD:                                                                 \
    case ACTION__BODY_DELETE_RECORD:                                                               \
    case ACTION__BODY_ATTACH_SCAN:                                                                 \
    case ACTION__BODY_UPLOAD_SIGNATURE:                                                            \
    case ACTION__BODY_VERIFY_RECORD:                                                               \
    case ACTION__BODY_REFUSE_RECORD:                                                               \
    case ACTION__BODY_CANCEL_VERIFICATION:                                                         \
    case ACTION__BODY_OPEN_APPLICATION:                                                            \
    case ACTION__BODY_ACCEPT_APPLICATION:                                                          \
    case ACTION__BODY_APPROVE_APPLICATION:                                                         \
    case ACTION__BODY_CLOSE_APPLICATION
