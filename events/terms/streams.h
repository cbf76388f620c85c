/* streams - groups of events and actions, each as one CASE_... macro. A switch must name every
 * kind; with these macros it names a whole group in one line. */
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
    case EVENT__BODY_RECORD_USED:                                                                  \
    case EVENT__BODY_RECORD_RELEASED:                                                              \
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

/* Rows of registers: no wishes. */
#define CASE_REGISTER_ROW_ACTION                                                                   \
    case ACTION__BODY_REGISTER_ENTERPRISE:                                                         \
    case ACTION__BODY_COLLECT_IDENTITY:                                                            \
    case ACTION__BODY_REGISTER_CLERK:                                                              \
    case ACTION__BODY_RECORD_EXAM:                                                                 \
    case ACTION__BODY_RECORD_INSURANCE:                                                            \
    case ACTION__BODY_REGISTER_PAPER:                                                              \
    case ACTION__BODY_RECORD_NATIONAL:                                                             \
    case ACTION__BODY_RECORD_REGISTRATION:                                                         \
    case ACTION__BODY_RECORD_CONTRACT

/* CASE_STORE_EVENT: ... what the authority decides about the store. */
#define CASE_STORE_EVENT                                                                           \
    case EVENT__BODY_STORE_CREATED:                                                                \
    case EVENT__BODY_POLICY_SET:                                                                   \
    case EVENT__BODY_TEMPLATE_SET:                                                                 \
    case EVENT__BODY_ROOT_TRUSTED:                                                                 \
    case EVENT__BODY_ROOT_DISTRUSTED

/* CASE_CERTIFICATE_EVENT: ... those of certificates, waves and documents: they name a person by id
 * alone. */
#define CASE_CERTIFICATE_EVENT                                                                     \
    case EVENT__BODY_PAPER_REGISTERED:                                                             \
    case EVENT__BODY_CERTIFICATE_EXCHANGED:                                                        \
    case EVENT__BODY_CERTIFICATE_ISSUED:                                                           \
    case EVENT__BODY_CERTIFICATE_EXTENDED:                                                         \
    case EVENT__BODY_CERTIFICATE_ENTERED:                                                          \
    case EVENT__BODY_AFFILIATION_CHANGED:                                                          \
    case EVENT__BODY_ENTERPRISE_NAME_CHANGED:                                                      \
    case EVENT__BODY_HOLDER_RENAMED:                                                               \
    case EVENT__BODY_CERTIFICATE_CANCELLED:                                                        \
    case EVENT__BODY_CERTIFICATE_DEPARTED:                                                         \
    case EVENT__BODY_CERTIFICATE_SUPERSEDED:                                                       \
    case EVENT__BODY_REGENERATION_REQUESTED:                                                       \
    case EVENT__BODY_CERTIFICATE_SUSPENDED:                                                        \
    case EVENT__BODY_CERTIFICATE_REINSTATED:                                                       \
    case EVENT__BODY_CERTIFICATE_REVOKED:                                                          \
    case EVENT__BODY_CERTIFICATE_WITHDRAWN:                                                        \
    case EVENT__BODY_AUTHORITY_CANCELLED:                                                          \
    case EVENT__BODY_DEPARTURE_WITHDRAWN:                                                          \
    case EVENT__BODY_CERTIFICATE_CORRECTED:                                                        \
    case EVENT__BODY_POST_CHANGED:                                                                 \
    case EVENT__BODY_VALIDITY_EXTENDED:                                                            \
    case EVENT__BODY_CATEGORY_CONVERTED:                                                           \
    case EVENT__BODY_WAVE_OPENED:                                                                  \
    case EVENT__BODY_WAVE_CLOSED:                                                                  \
    case EVENT__BODY_WAVE_ITEM_FAILED:                                                             \
    case EVENT__BODY_DOCUMENT_RENDERED:                                                            \
    case EVENT__BODY_DOCUMENT_FAILED:                                                              \
    case EVENT__BODY_DEPARTURE_PROOF_ORDERED:                                                      \
    case EVENT__BODY_CANCELLATION_PROOF_ORDERED
