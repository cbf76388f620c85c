/* registry - the table of views; see registry.h. */
#include "projections/registry.h"

#include "projections/kinds.h"

const struct view_kind view_kinds[VIEW_COUNT] = {
    [VIEW_CERTIFICATE] = {"certificate", 2, &certificate_view__descriptor, subject_key,
                          certificate_apply, certificate_index, certificate_trail},
    [VIEW_PERSON] = {"person", 6, &person_view__descriptor, subject_key, person_apply, person_index,
                     NULL},
    [VIEW_ENTERPRISE] = {"enterprise", 2, &enterprise_view__descriptor, subject_key,
                         enterprise_apply, NULL, enterprise_trail},
    [VIEW_CLERK] = {"clerk", 1, &clerk_view__descriptor, subject_key, clerk_apply, NULL, NULL},
    [VIEW_EXAM] = {"exam", 1, &exam_view__descriptor, exam_key, exam_apply, NULL, NULL},
    [VIEW_INSURANCE] = {"insurance", 1, &insurance_view__descriptor, insurance_key, insurance_apply,
                        NULL, NULL},
    [VIEW_NATIONAL] = {"national", 3, &national_view__descriptor, national_key, national_apply,
                       national_index, NULL},
    [VIEW_DOCUMENT] = {"document", 2, &document_view__descriptor, subject_key, document_apply,
                       document_index, NULL},
    [VIEW_RECORD] = {"record", 1, &record_view__descriptor, record_key, record_apply, NULL, NULL},
    [VIEW_POLICY] = {"policy", 1, &policy_view__descriptor, subject_key, policy_apply, NULL, NULL},
    [VIEW_TRUST] = {"trust", 1, &trust_view__descriptor, trust_key, trust_apply, NULL, NULL},
    [VIEW_WAVE] = {"wave", 2, &wave_view__descriptor, wave_key, wave_apply, wave_index, NULL},
    [VIEW_FILE_RECORD] = {"file_record", 1, &file_record_view__descriptor, file_record_key,
                          file_record_apply, file_record_index, file_record_trail},
    [VIEW_VISIT] = {"visit", 1, &visit_view__descriptor, visit_key, visit_apply, NULL, NULL},
    [VIEW_APPLICATION] = {"application", 1, &application_view__descriptor, subject_key,
                          application_apply, NULL, NULL},
    [VIEW_CODE] = {"code", 1, &code_view__descriptor, code_key, code_apply, NULL, NULL},
    [VIEW_ALIAS] = {"alias", 1, &alias_view__descriptor, alias_key, alias_apply, NULL, NULL},
    [VIEW_TRAIL] = {"trail", 1, &trail_view__descriptor, NULL, NULL, NULL, NULL},
    [VIEW_REGISTRY] = {"registry", 1, &registry_view__descriptor, registry_key, registry_apply,
                       NULL, NULL},
    [VIEW_TEMPLATE] = {"template", 1, &template_view__descriptor, subject_key, template_apply, NULL,
                       NULL},
};
