/* form_record - checks the form of a wish about a personnel-file record; see form.h. */
#include "events/form.h"

#include "core/base/record.h"
#include "events/file_fields.h"
#include "events/messages.h"

/* The signature is uploaded, not told. */
static const struct file_kind *kind_of(const AddRecord *add)
{
    const struct file_kind *kind = file_kind_named(str_of(add->kind));
    return kind == NULL || kind->count == 0 ? NULL : kind;
}

static FALLIBLE check_fields(const AddRecord *add, struct arena *arena, struct error *err)
{
    struct file_fields fields = {add->fields, add->n_fields};
    return file_fields_check(kind_of(add), fields, arena, &fields, err);
}

/* What could not be read at all is not missing: the reader names it. */
static bool is_unreadable(const AddRecord *add)
{
    return add->n_fields == 1 && str_equal_c(str_of(add->fields[0]->name), "?");
}

FALLIBLE form_record_missing(const Action *action, struct arena *arena, struct error *err)
{
    struct error found;
    if (action->body_case == ACTION__BODY_ADD_RECORD && kind_of(action->add_record) != NULL &&
        !is_unreadable(action->add_record) && !check_fields(action->add_record, arena, &found).ok &&
        found.code == MESSAGE_MISSING_FIELD) {
        *err = found;
        return error_trace(err, HERE);
    }
    if (action->body_case == ACTION__BODY_EDIT_RECORD && action->edit_record->n_fields == 0) {
        FAIL(INVALID, MESSAGE_MISSING_FIELD, ARG_TEXT("field", "fields"));
    }
    return OK;
}

static FALLIBLE check_role(const AttachScan *attach, struct error *err)
{
    str role = str_of(attach->role);
    if (!str_empty(role) && record_enum_value(&scan_role__code__descriptor, role) <= 0) {
        return form_bad("role", "role of a scan", err);
    }
    return OK;
}

FALLIBLE form_record_bad(const Action *action, struct arena *arena, struct error *err)
{
    if (action->body_case == ACTION__BODY_ADD_RECORD) {
        if (kind_of(action->add_record) == NULL) {
            return form_bad("kind", "kind of record", err);
        }
        return is_unreadable(action->add_record) ? OK
                                                 : check_fields(action->add_record, arena, err);
    }
    if (action->body_case == ACTION__BODY_ATTACH_SCAN) {
        const AttachScan *attach = action->attach_scan;
        TRY(form_path_check("file", attach->file, "file_sha256", attach->file_sha256, err));
        return check_role(attach, err);
    }
    if (action->body_case == ACTION__BODY_UPLOAD_SIGNATURE) {
        const UploadSignature *upload = action->upload_signature;
        return form_path_check("file", upload->file, "file_sha256", upload->file_sha256, err);
    }
    return OK;
}
