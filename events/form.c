/* form - is an action well formed (RULES 0.3 first row, D34, D38)? Missing fields come before bad
 * ones, those before large ones; among equals the order of CONTRACT 4. An action whose confirmation
 * is missing, or that names an unknown person or certificate, is still well formed: the rules
 * refuse it. */
#include "events/form.h"

#include "core/base/record.h"
#include "events/actors.h"
#include "events/limits.h"
#include "events/messages.h"
#include "events/person_number.h"
#include "events/terms/category.h"
#include "events/terms/names.h"
#include "events/terms/number.h"
#include "events/terms/streams.h"

enum { FORM_FIELDS_MAX = 12 };

FALLIBLE form_bad(const char *field, const char *why, struct error *err)
{
    FAIL(INVALID, MESSAGE_BAD_FIELD, ARG_TEXT("field", field), ARG_TEXT("why", why));
}

/* The parts of an action in the order of CONTRACT 4. */
struct form {
    struct {
        const char *name;
        str text;
        bool mandatory;
    } fields[FORM_FIELDS_MAX];
    size_t count;
    const PersonName *person; /* or NULL */
    char *const *certificates;
    size_t certificates_count;
    bool has_certificates; /* the action has a list, which is mandatory unless it departs */
    bool certificates_optional;
};

static void add_field(struct form *form, const char *name, const char *text, bool mandatory)
{
    BUG_UNLESS(form->count < FORM_FIELDS_MAX);
    form->fields[form->count].name = name;
    form->fields[form->count].text = str_of(text);
    form->fields[form->count].mandatory = mandatory;
    form->count++;
}

/* What is no text: mandatory, and there or not. */
static void add_presence(struct form *form, const char *name, bool is_there)
{
    add_field(form, name, is_there ? "there" : "", true);
}

static void add_person(struct form *form, const PersonName *person)
{
    form->person = person;
    add_field(form, "person.name", person == NULL ? "" : person->name, true);
    add_field(form, "person.id_type", person == NULL ? "" : person->id_type, true);
    add_field(form, "person.id_number", person == NULL ? "" : person->id_number, true);
}

static void add_list(struct form *form, char *const *certificates, size_t count, bool optional)
{
    form->has_certificates = true;
    form->certificates = certificates;
    form->certificates_count = count;
    form->certificates_optional = optional;
}

/* Text fields of the body, in this order; `*` behind a name: mandatory. */
static void add_texts(struct form *form, const Action *action, const char *names)
{
    const ProtobufCFieldDescriptor *member = action_field(action->body_case);
    const char *body = record_pointer((const char *)action + member->offset);
    for (str rest = str_of(names); rest.data != NULL;) {
        str name = str_cut(&rest, ' ');
        bool mandatory = name.data[name.size - 1] == '*';
        const ProtobufCFieldDescriptor *field =
            record_find(member->descriptor, str_first(name, name.size - (mandatory ? 1 : 0)));
        BUG_UNLESS(field != NULL);
        BUG_UNLESS(field->type == PROTOBUF_C_TYPE_STRING);
        add_field(form, field->name, record_pointer(body + field->offset), mandatory);
    }
}

static void add_notice(struct form *form, const char *notice, const Selection *selection,
                       const char *value, const char *expected_count)
{
    const DayRange *range = selection == NULL ? NULL : selection->valid_until;
    add_field(form, "notice", notice, true);
    add_field(form, "selection.category", selection == NULL ? "" : selection->category, false);
    add_field(form, "selection.valid_until.from", range == NULL ? "" : range->from, false);
    add_field(form, "selection.valid_until.to", range == NULL ? "" : range->to, false);
    add_field(form, "selection.enterprise", selection == NULL ? "" : selection->enterprise, false);
    add_field(form, "value", value, true);
    add_field(form, "expected_count", expected_count, false);
}

static void add_notices(struct form *form, const Action *action)
{
    if (action->body_case == ACTION__BODY_EXTEND_BY_NOTICE) {
        const ExtendByNotice *extend = action->extend_by_notice;
        add_notice(form, extend->notice, extend->selection, extend->value, extend->expected_count);
    } else {
        const ConvertCategory *convert = action->convert_category;
        add_notice(form, convert->notice, convert->selection, convert->value,
                   convert->expected_count);
    }
}

static void add_file(struct form *form, const Action *action)
{
    const PersonName *person = NULL;
    if (form_file_person(action, &person)) {
        add_person(form, person);
    }
    if (action->body_case == ACTION__BODY_VERIFY_RECORD) {
        add_texts(form, action, "record*");
        add_presence(form, "compared", action->verify_record->n_compared > 0);
    }
    add_texts(form, action, form_file_texts(action->body_case));
}

/* The fields of a wish; false for rows of registers, which the importers have checked. */
static bool form_of(const Action *action, struct form *form)
{
    switch (action->body_case) {
    case ACTION__BODY_EXCHANGE:
    case ACTION__BODY_REQUEST_REGENERATION:
    case ACTION__BODY_EXTEND: add_texts(form, action, "certificate* name"); return true;
    case ACTION__BODY_ISSUE:
        add_field(form, "category", action->issue->category, true);
        add_person(form, action->issue->person);
        add_field(form, "post", action->issue->post, false);
        return true;
    case ACTION__BODY_ENTER:
        add_person(form, action->enter->person);
        add_texts(form, action, "original_certificate* proof proof_sha256");
        return true;
    case ACTION__BODY_CHANGE_AFFILIATION:
        add_person(form, action->change_affiliation->person);
        add_list(form, action->change_affiliation->certificates,
                 action->change_affiliation->n_certificates, false);
        return true;
    case ACTION__BODY_RENAME_ENTERPRISE: add_texts(form, action, "expected_count"); return true;
    case ACTION__BODY_CANCEL: add_texts(form, action, "certificate* name reason*"); return true;
    case ACTION__BODY_DEPART:
        add_person(form, action->depart->person);
        add_list(form, action->depart->certificates, action->depart->n_certificates, true);
        return true;
    case ACTION__BODY_RENAME_PERSON:
        add_person(form, action->rename_person->person);
        add_texts(form, action, "new_name*");
        return true;
    case ACTION__BODY_SUSPEND:
    case ACTION__BODY_REINSTATE:
    case ACTION__BODY_REVOKE:
    case ACTION__BODY_WITHDRAW:
    case ACTION__BODY_CANCEL_BY_AUTHORITY:
    case ACTION__BODY_WITHDRAW_DEPARTURE:
        add_texts(form, action, "certificate* decision* name");
        return true;
    case ACTION__BODY_CORRECT_CERTIFICATE:
        add_texts(form, action, "certificate*");
        add_presence(form, FORM_CORRECTIONS, form_correction_is_given(action->correct_certificate));
        add_texts(form, action,
                  "first_issued issued valid_from valid_until affiliated_since decision* name");
        return true;
    case ACTION__BODY_CHANGE_ID_NUMBER:
        add_person(form, action->change_id_number->person);
        add_texts(form, action, "new_id_type new_id_number* decision*");
        return true;
    case ACTION__BODY_CHANGE_POST:
        add_texts(form, action, "certificate* post* decision* name");
        return true;
    case ACTION__BODY_EXTEND_BY_NOTICE:
    case ACTION__BODY_CONVERT_CATEGORY:
        add_notices(form, action);
        return true;
    CASE_PERSONNEL_FILE_ACTION:
        add_file(form, action);
        return true;
    CASE_REGISTER_ROW_ACTION:
    case ACTION__BODY__NOT_SET:
    case _ACTION__BODY__CASE_IS_INT_SIZE: break;
    }
    return false;
}

/* --- missing --------------------------------------------------------------------------------- */

static FALLIBLE check_missing(const Action *action, const struct form *form, struct arena *arena,
                              struct error *err)
{
    if (str_empty(str_of(action->id))) {
        FAIL(INVALID, MESSAGE_MISSING_FIELD, ARG_TEXT("field", "id"));
    }
    /* A clerk's action without a clerk is well formed: it answers clerk_required (D34, D37). */
    if (action_actors(action->body_case) == ACTOR_MAY_BE_ENTERPRISE &&
        str_empty(str_of(action->enterprise))) {
        FAIL(INVALID, MESSAGE_MISSING_FIELD, ARG_TEXT("field", "enterprise"));
    }
    for (size_t i = 0; i < form->count; i++) {
        if (form->fields[i].mandatory && str_empty(str_trim(form->fields[i].text))) {
            FAIL(INVALID, MESSAGE_MISSING_FIELD, ARG_TEXT("field", form->fields[i].name));
        }
    }
    if (form->has_certificates && !form->certificates_optional && form->certificates_count == 0) {
        FAIL(INVALID, MESSAGE_MISSING_FIELD, ARG_TEXT("field", "certificates"));
    }
    TRY(form_record_missing(action, arena, err));
    return form_application_missing(action, arena, err);
}

/* --- bad ------------------------------------------------------------------------------------- */

static bool is_id(str id)
{
    for (size_t i = 0; i < id.size; i++) {
        char c = id.data[i];
        bool word = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!word && c != '.' && c != '_' && c != ':' && c != '-') {
            return false;
        }
    }
    return true;
}

static FALLIBLE check_actor(const Action *action, struct error *err)
{
    if (!is_id(str_of(action->id))) {
        return form_bad("id", "id characters", err);
    }
    unsigned actors = action_actors(action->body_case);
    bool has_clerk = !str_empty(str_of(action->clerk));
    bool has_enterprise = !str_empty(str_of(action->enterprise));
    if (has_clerk && has_enterprise) {
        bool clerk_may = (actors & ACTOR_MAY_BE_CLERK) != 0;
        return form_bad(clerk_may ? "enterprise" : "clerk", "one actor", err);
    }
    if (has_clerk && (actors & ACTOR_MAY_BE_CLERK) == 0) {
        return form_bad("clerk", "one actor", err);
    }
    /* An enterprise that sends a clerk's action is answered clerk_required (D34). */
    if (has_enterprise && (actors & (ACTOR_MAY_BE_CLERK | ACTOR_MAY_BE_ENTERPRISE)) == 0) {
        return form_bad("enterprise", "one actor", err);
    }
    return OK;
}

/* D32: the same number twice, in whatever spelling. */
static FALLIBLE check_list(const struct form *form, struct arena *arena, struct error *err)
{
    str *canonical = ARENA_ARRAY(arena, str, form->certificates_count);
    if (form->certificates_count > LIMIT_LIST_ELEMENTS) {
        return OK; /* too large: answered below */
    }
    for (size_t i = 0; i < form->certificates_count; i++) {
        struct number number;
        str text = str_of(form->certificates[i]);
        canonical[i] = number_parse(text, arena, &number) ? number.canonical : str_trim(text);
        if (str_empty(canonical[i])) {
            return form_bad("certificates", "empty number", err);
        }
        for (size_t k = 0; k < i; k++) {
            if (str_equal(canonical[k], canonical[i])) {
                FAIL(INVALID, MESSAGE_BAD_FIELD, ARG_TEXT("field", "certificates"),
                     ARG_TEXT("why", "twice"), ARG_TEXT("certificate", form->certificates[i]));
            }
        }
    }
    return OK;
}

/* D22. */
static FALLIBLE check_category(const Issue *issue, struct error *err)
{
    Category__Code category;
    /* as CONTRACT 4 writes them; only registers are read with other spellings */
    if (!category_from_text(str_of(issue->category), &category) ||
        !str_equal_c(category_text(category), issue->category) || category == CATEGORY__CODE__C) {
        return form_bad("category", "category", err);
    }
    if (issue->legal_representative && category != CATEGORY__CODE__A) {
        return form_bad("legal_representative", "category A", err);
    }
    return OK;
}

/* D23; the category has been checked. */
static FALLIBLE check_post(const Issue *issue, struct error *err)
{
    Category__Code category = CATEGORY__CODE__NONE;
    BUG_UNLESS(category_from_text(str_of(issue->category), &category));
    if (!str_empty(str_of(issue->post)) &&
        !post_fits(str_of(issue->post), category, issue->legal_representative)) {
        const char *allowed = issue->legal_representative     ? "post of legal representative"
                              : category == CATEGORY__CODE__A ? "post of A"
                              : category == CATEGORY__CODE__B ? "post of B"
                                                              : "post of C";
        return form_bad("post", allowed, err);
    }
    return OK;
}

static FALLIBLE check_rename_person(const RenamePerson *rename, struct error *err)
{
    static const char *const materials[] = {"enterprise_statement", "id_card", "police_correction",
                                            "household_register", "certificates"};
    if (name_is_damaged(str_of(rename->new_name))) {
        return form_bad("new_name", "lost character", err);
    }
    for (size_t i = 0; i < rename->n_materials; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof materials / sizeof materials[0]; k++) {
            known = known || str_equal_c(str_of(rename->materials[i]), materials[k]);
        }
        if (!known) {
            return form_bad("materials", "material", err);
        }
    }
    return OK;
}

static FALLIBLE check_bad(const Action *action, const struct form *form, struct arena *arena,
                          struct error *err)
{
    TRY(check_actor(action, err));
    if (action->body_case == ACTION__BODY_ISSUE) { /* these stand before the person */
        TRY(check_category(action->issue, err));
    }
    if (form->person != NULL) {
        TRY(form_person_bad(form->person, STR("person"), arena, err));
    }
    if (action->body_case == ACTION__BODY_ISSUE) {
        TRY(check_post(action->issue, err));
    }
    if (action->body_case == ACTION__BODY_ENTER) {
        TRY(form_path_check("proof", action->enter->proof, "proof_sha256",
                            action->enter->proof_sha256, err));
    }
    if (action->body_case == ACTION__BODY_RENAME_PERSON) {
        TRY(check_rename_person(action->rename_person, err));
    }
    if (action->body_case == ACTION__BODY_CORRECT_CERTIFICATE) {
        TRY(form_correction_dates(action->correct_certificate, err));
    }
    if (action->body_case == ACTION__BODY_CHANGE_ID_NUMBER) {
        TRY(person_number_check_form(action->change_id_number, arena, err));
    }
    if (action->body_case == ACTION__BODY_CHANGE_POST) {
        TRY(form_post_code(action->change_post, err));
    }
    TRY(form_phone_check(action, err));
    TRY(form_record_bad(action, arena, err));
    TRY(form_application_bad(action, arena, err));
    TRY(form_wave_check(action, err));
    return form->has_certificates ? check_list(form, arena, err) : OK;
}

/* --- large ----------------------------------------------------------------------------------- */

static FALLIBLE check_large(const Action *action, const struct form *form, struct arena *arena,
                            struct error *err)
{
    if (str_of(action->id).size > LIMIT_ID_BYTES) {
        FAIL(INVALID, MESSAGE_TOO_LARGE, ARG_TEXT("field", "id"), ARG_INT("limit", LIMIT_ID_BYTES));
    }
    for (size_t i = 0; i < form->count; i++) {
        if (form->fields[i].text.size > LIMIT_CELL_BYTES) {
            FAIL(INVALID, MESSAGE_TOO_LARGE, ARG_TEXT("field", form->fields[i].name),
                 ARG_INT("limit", LIMIT_CELL_BYTES));
        }
    }
    if (form->certificates_count > LIMIT_LIST_ELEMENTS) {
        FAIL(INVALID, MESSAGE_TOO_LARGE, ARG_TEXT("field", "certificates"),
             ARG_INT("limit", LIMIT_LIST_ELEMENTS));
    }
    return form_application_large(action, arena, err);
}

FALLIBLE action_check_form(const Action *action, struct arena *arena, struct error *err)
{
    struct form form = {.count = 0};
    if (action->body_case == ACTION__BODY__NOT_SET) {
        FAIL(INVALID, MESSAGE_UNKNOWN_ACTION, ARG_TEXT("action", ""));
    }
    if (!form_of(action, &form)) {
        return OK;
    }
    TRY(check_missing(action, &form, arena, err));
    TRY(check_bad(action, &form, arena, err));
    return check_large(action, &form, arena, err);
}
