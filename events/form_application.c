/* form_application - checks the form of wishes about verifications and applications, beyond their
 * plain text fields; see form.h. */
#include "events/form.h"

#include <string.h>

#include "core/base/date.h"
#include "events/limits.h"
#include "events/messages.h"

static FALLIBLE bad(str field, const char *why, struct error *err)
{
    FAIL(INVALID, MESSAGE_BAD_FIELD, ARG_STR("field", field), ARG_TEXT("why", why));
}

static str place(size_t index, const char *part, struct arena *arena)
{
    return arena_format(arena, "persons[%zu].%s", index, part);
}

static FALLIBLE check_there(size_t index, const char *part, const char *text, struct arena *arena,
                            struct error *err)
{
    if (str_empty(str_trim(str_of(text)))) {
        FAIL(INVALID, MESSAGE_MISSING_FIELD, ARG_STR("field", place(index, part, arena)));
    }
    return OK;
}

static FALLIBLE check_persons_there(const OpenApplication *open, struct arena *arena,
                                    struct error *err)
{
    if (open->n_persons == 0) {
        FAIL(INVALID, MESSAGE_MISSING_FIELD, ARG_TEXT("field", "persons"));
    }
    for (size_t i = 0; i < open->n_persons; i++) {
        const PersonName *person = open->persons[i]->person;
        TRY(check_there(i, "person.name", person == NULL ? "" : person->name, arena, err));
        TRY(check_there(i, "person.id_type", person == NULL ? "" : person->id_type, arena, err));
        TRY(check_there(i, "person.id_number", person == NULL ? "" : person->id_number, arena,
                        err));
    }
    return OK;
}

FALLIBLE form_application_missing(const Action *action, struct arena *arena, struct error *err)
{
    return action->body_case == ACTION__BODY_OPEN_APPLICATION
               ? check_persons_there(action->open_application, arena, err)
               : OK;
}

/* --- persons and records --------------------------------------------------------------------- */

/* Each record once: nothing is used twice. */
static FALLIBLE check_records(const UsedRecords *used, size_t index, struct arena *arena,
                              struct error *err)
{
    for (size_t i = 0; i < used->n_records && i < LIMIT_LIST_ELEMENTS; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(used->records[i], used->records[k]) == 0) {
                return bad(place(index, "records", arena), "twice", err);
            }
        }
    }
    return OK;
}

FALLIBLE form_application_large(const Action *action, struct arena *arena, struct error *err)
{
    const OpenApplication *open = action->open_application;
    if (action->body_case != ACTION__BODY_OPEN_APPLICATION) {
        return OK;
    }
    size_t records = 0;
    for (size_t i = 0; i < open->n_persons; i++) {
        records += open->persons[i]->n_records;
        if (open->persons[i]->n_records > LIMIT_LIST_ELEMENTS) {
            FAIL(INVALID, MESSAGE_TOO_LARGE, ARG_STR("field", place(i, "records", arena)),
                 ARG_INT("limit", LIMIT_LIST_ELEMENTS));
        }
    }
    if (open->n_persons > LIMIT_LIST_ELEMENTS || records > LIMIT_APPLICATION_RECORDS) {
        FAIL(INVALID, MESSAGE_TOO_LARGE, ARG_TEXT("field", "persons"),
             ARG_INT("limit", records > LIMIT_APPLICATION_RECORDS ? LIMIT_APPLICATION_RECORDS
                                                                  : LIMIT_LIST_ELEMENTS));
    }
    return OK;
}

/* --- months ---------------------------------------------------------------------------------- */

bool form_month_parse(str text, struct arena *arena, int32_t *ret)
{
    static const char *const days[] = {"-01", "/1", "1日", "01"};
    str trimmed = str_trim(text);
    int32_t day = 0;
    for (size_t i = 0; i < sizeof days / sizeof days[0] && trimmed.size < 32; i++) {
        if (date_parse(arena_format(arena, "%.*s%s", STR_ARGS(trimmed), days[i]), &day)) {
            struct civil civil = date_to_civil(day);
            *ret = civil.year * 12 + civil.month - 1;
            return true;
        }
    }
    return false;
}

char *form_month_text(int32_t month, struct arena *arena)
{
    return arena_c_string(arena, arena_format(arena, "%04d-%02d", month / 12, month % 12 + 1));
}

static FALLIBLE check_months(const OpenApplication *open, struct arena *arena, struct error *err)
{
    size_t count = open->n_insurance_months;
    int32_t *months = ARENA_ARRAY(arena, int32_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (!form_month_parse(str_of(open->insurance_months[i]), arena, &months[i])) {
            return bad(STR("insurance_months"), "month", err);
        }
        for (size_t k = 0; k < i; k++) {
            if (months[k] == months[i]) {
                return bad(STR("insurance_months"), "twice", err);
            }
        }
    }
    return OK;
}

static FALLIBLE check_open(const OpenApplication *open, struct arena *arena, struct error *err)
{
    for (size_t i = 0; i < open->n_persons && i < LIMIT_LIST_ELEMENTS; i++) {
        TRY(form_person_bad(open->persons[i]->person, place(i, "person", arena), arena, err));
        TRY(check_records(open->persons[i], i, arena, err));
    }
    TRY(check_months(open, arena, err));
    return form_path_check("insurance_proof", open->insurance_proof, "insurance_proof_sha256",
                           open->insurance_proof_sha256, err);
}

/* R-DL-20: 本人或委托人. */
static FALLIBLE check_presenter(const char *presenter, struct error *err)
{
    str text = str_trim(str_of(presenter));
    bool known = str_empty(text) || str_equal(text, STR("本人")) || str_equal(text, STR("委托人"));
    return known ? OK : bad(STR("presenter"), "presenter", err);
}

FALLIBLE form_application_bad(const Action *action, struct arena *arena, struct error *err)
{
    if (action->body_case == ACTION__BODY_OPEN_APPLICATION) {
        return check_open(action->open_application, arena, err);
    }
    if (action->body_case == ACTION__BODY_VERIFY_RECORD) {
        return check_presenter(action->verify_record->presenter, err);
    }
    return OK;
}
