/* national_learning - see national_learning.h. */
#include "jobs/platform/national_learning.h"

#include <string.h>

#include "events/file_fields.h"
#include "events/terms/learning.h"
#include "jobs/engine/as_at.h"
#include "jobs/objects/objects_file.h"

/* Was its original seen, and did that stand? */
static bool is_verified(const FileRecordView *record)
{
    return *record->verified_by != '\0' &&
           (record->level == LEVEL__CODE__C || record->level == LEVEL__CODE__B);
}

/* A code before the other one is the higher rank; 99 comes last. */
static bool is_higher(const char *code, const char *than)
{
    return code != NULL && (than == NULL || strcmp(code, than) < 0);
}

static void take(const FileRecordView *record, struct arena *arena, struct national_learning *ret)
{
    struct file_fields fields = {record->fields, record->n_fields};
    const char *title = title_code(file_fields_value(fields, "职称"), arena);
    const char *education = education_code(file_fields_value(fields, "学历"), arena);
    if (record->kind == FILE_KIND__CODE__TITLE && is_higher(title, ret->title)) {
        ret->title = title;
    }
    if (record->kind == FILE_KIND__CODE__EDUCATION && is_higher(education, ret->education)) {
        ret->education = education;
        ret->major = file_fields_value(fields, "所学专业");
    }
}

FALLIBLE national_learning_as_at(struct session *session, str person_id, uint64_t event,
                                 struct arena *arena, struct national_learning *ret,
                                 struct error *err)
{
    struct national_learning learning = {0};
    struct file_records records = {NULL, 0};
    TRY(file_of_person(session, person_id, arena, &records, err));
    for (size_t i = 0; i < records.count; i++) {
        FileKind__Code kind = records.items[i]->kind;
        const FileRecordView *then = NULL;
        if (kind != FILE_KIND__CODE__TITLE && kind != FILE_KIND__CODE__EDUCATION) {
            continue;
        }
        TRY(file_record_as_at(session->engine, records.items[i], event, arena, &then, err));
        if (is_verified(then)) {
            take(then, arena, &learning);
        }
    }
    *ret = learning;
    return OK;
}
