/* wish - see wish.h. The parsing of JSON is in wish_json.c. */
#include "jobs/engine/judging/wish.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/io/image.h"
#include "events/actors.h"
#include "events/file_fields.h"
#include "events/form.h"
#include "events/limits.h"
#include "events/person_number.h"
#include "events/terms/category.h"
#include "events/terms/credit_code.h"
#include "events/terms/identity.h"
#include "events/terms/names.h"
#include "events/terms/number.h"
#include "jobs/engine/judging/attachment.h"
#include "jobs/engine/judging/codes.h"
#include "jobs/messages.h"

static void normalise_number(char **number, struct arena *arena)
{
    struct number parsed;
    if (number_parse(str_of(*number), arena, &parsed)) {
        *number = arena_c_string(arena, parsed.canonical);
    }
}

/* Dates are compared as days, whatever their spelling; a text that is no date stays. */
static void normalise_date(char **text, struct arena *arena)
{
    int32_t days = 0;
    char canonical[DATE_SIZE];
    if (date_parse(str_of(*text), &days)) {
        date_format(days, canonical);
        *text = arena_c_string(arena, str_of(canonical));
    } else {
        *text = arena_c_string(arena, str_trim(str_of(*text)));
    }
}

static void normalise_correction(CorrectCertificate *correct, struct arena *arena)
{
    normalise_date(&correct->first_issued, arena);
    normalise_date(&correct->issued, arena);
    normalise_date(&correct->valid_from, arena);
    normalise_date(&correct->valid_until, arena);
    normalise_date(&correct->affiliated_since, arena);
}

/* No selection equals an empty one, and no days equal an empty range. */
static void normalise_selection(Selection **slot, struct arena *arena)
{
    Selection *selection = *slot;
    Category__Code category;
    str code;
    if (selection == NULL) {
        *slot = RECORD_NEW(arena, Selection, selection);
        return;
    }
    if (category_from_text(str_of(selection->category), &category)) {
        selection->category = arena_c_string(arena, category_text(category));
    }
    if (credit_code_normalise(str_of(selection->enterprise), arena, &code)) {
        selection->enterprise = arena_c_string(arena, code);
    }
    if (selection->valid_until != NULL) {
        normalise_date(&selection->valid_until->from, arena);
        normalise_date(&selection->valid_until->to, arena);
        bool empty = *selection->valid_until->from == 0 && *selection->valid_until->to == 0;
        selection->valid_until = empty ? NULL : selection->valid_until;
    }
}

static void normalise_notice(Action *action, struct arena *arena)
{
    Category__Code category;
    if (action->body_case == ACTION__BODY_EXTEND_BY_NOTICE) {
        ExtendByNotice *extend = action->extend_by_notice;
        normalise_selection(&extend->selection, arena);
        normalise_date(&extend->value, arena);
    } else if (action->body_case == ACTION__BODY_CONVERT_CATEGORY) {
        ConvertCategory *convert = action->convert_category;
        normalise_selection(&convert->selection, arena);
        if (category_from_text(str_of(convert->value), &category)) {
            convert->value = arena_c_string(arena, category_text(category));
        }
    }
}

static void normalise_person(PersonName *person, struct people *people, struct arena *arena)
{
    IdType__Code type = ID_TYPE__CODE__NONE;
    str normal;
    person->name = arena_c_string(arena, str_trim(str_of(person->name)));
    if (id_type_from_text(str_of(person->id_type), &type) &&
        identity_normalise(type, str_of(person->id_number), arena, &normal)) {
        person->id_type = arena_c_string(arena, id_type_text(type));
        person->id_number = arena_c_string(arena, normal);
        person->person_id = arena_c_string(arena, str_of(people_id(people, type, normal, arena)));
    }
}

/* The id of the new number is taken as it is, and never followed to the person who has it as an
 * alias: it is what the wish asks for. */
static void normalise_new_number(ChangeIdNumber *change, struct people *people, struct arena *arena)
{
    IdType__Code type = ID_TYPE__CODE__NONE;
    str normal = STR("");
    if (person_number_new(change, arena, &type, &normal)) {
        change->new_id_type = arena_c_string(arena, id_type_text(type));
        change->new_id_number = arena_c_string(arena, normal);
        change->new_person_id =
            arena_c_string(arena, str_of(people_id(people, type, normal, arena)));
    }
}

static void normalise_application(Action *action, struct people *people, struct arena *arena)
{
    struct wish_parts parts = wish_parts(action);
    str code;
    for (size_t i = 0; i < parts.used_count; i++) {
        normalise_person(parts.used[i]->person, people, arena);
    }
    if (action->body_case == ACTION__BODY_OPEN_APPLICATION) {
        OpenApplication *open = action->open_application;
        for (size_t i = 0; i < open->n_insurance_months; i++) {
            int32_t month = 0;
            if (form_month_parse(str_of(open->insurance_months[i]), arena, &month)) {
                open->insurance_months[i] = form_month_text(month, arena);
            }
        }
    } else if (action->body_case == ACTION__BODY_VERIFY_RECORD &&
               credit_code_normalise(str_of(action->verify_record->batch_of), arena, &code)) {
        action->verify_record->batch_of = arena_c_string(arena, code);
    }
}

void wish_normalise(Action *action, struct people *people, struct arena *arena)
{
    struct wish_parts parts = wish_parts(action);
    str code;
    if (credit_code_normalise(str_of(action->enterprise), arena, &code)) {
        action->enterprise = arena_c_string(arena, code);
    }
    if (parts.certificate != NULL) {
        normalise_number(parts.certificate, arena);
    }
    for (size_t i = 0; parts.certificates != NULL && i < *parts.certificates_count; i++) {
        normalise_number(&(*parts.certificates)[i], arena);
    }
    if (parts.person != NULL) {
        normalise_person(parts.person, people, arena);
    }
    if (parts.name != NULL) {
        *parts.name = arena_c_string(arena, str_trim(str_of(*parts.name)));
    }
    if (action->body_case == ACTION__BODY_CHANGE_ID_NUMBER) {
        normalise_new_number(action->change_id_number, people, arena);
    }
    if (action->body_case == ACTION__BODY_CORRECT_CERTIFICATE) {
        normalise_correction(action->correct_certificate, arena);
    }
    if (parts.fields != NULL) {
        struct file_fields tidy =
            file_fields_tidy((struct file_fields){*parts.fields, *parts.fields_count}, arena);
        *parts.fields = tidy.items;
        *parts.fields_count = tidy.count;
    }
    normalise_notice(action, arena);
    normalise_application(action, people, arena);
    codes_fill(action, people, arena);
}

/* The kind of the file, from its bytes; beyond the limit only the first bytes are here. */
static void describe_attachment(Attachment *attachment, const struct attachment_file *file,
                                struct arena *arena)
{
    struct digest digest = digest_sha256(file->content);
    attachment->found = true;
    attachment->size = file->size;
    attachment->is_pdf = file->content.size >= 5 && memcmp(file->content.data, "%PDF-", 5) == 0;
    attachment->sha256 = record_binary(digest_bytes(&digest), arena);
}

static void describe_scan(Scan *scan, const struct attachment_file *file, struct arena *arena)
{
    struct digest digest = digest_sha256(file->content);
    bool whole = file->content.size == file->size;
    scan->found = true;
    scan->size = file->size;
    scan->sha256 = record_binary(digest_bytes(&digest), arena);
    if (!whole) { /* too large: only check that it begins like a JPEG */
        scan->is_jpeg =
            file->content.size >= 3 && memcmp(file->content.data, "\xff\xd8\xff", 3) == 0;
        return;
    }
    struct image_facts facts = image_look(file->content);
    scan->is_jpeg = facts.wrong == NULL;
    scan->wrong = arena_c_string(arena, str_of(facts.wrong));
    scan->width = (uint32_t)facts.size.width;
    scan->height = (uint32_t)facts.size.height;
    scan->dpi_x = facts.density.x;
    scan->dpi_y = facts.density.y;
    scan->density = arena_c_string(arena, str_of(facts.density.source));
}

/* The field that names the file that comes with the wish: "proof", "file" ... */
static const char *file_field(const Action *action)
{
    if (action->body_case == ACTION__BODY_OPEN_APPLICATION) {
        return "insurance_proof";
    }
    return action->body_case == ACTION__BODY_ENTER ? "proof" : "file";
}

FALLIBLE wish_attach(Action *action, const char *folder, struct arena *arena, bytes *ret_plain,
                     struct error *err)
{
    struct wish_parts parts = wish_parts(action);
    struct attachment_file file = {.found = false};
    size_t limit = parts.scan != NULL ? LIMIT_SCAN_BYTES : LIMIT_PROOF_BYTES;
    *ret_plain = (bytes){0};
    if (parts.attachment != NULL) {
        *parts.attachment = RECORD_NEW(arena, Attachment, attachment);
        (*parts.attachment)->path = *parts.proof;
    } else if (parts.scan != NULL) {
        *parts.scan = RECORD_NEW(arena, Scan, scan);
    } else {
        return OK;
    }
    if (!str_empty(str_of(*parts.proof))) {
        file = attachment_read(folder != NULL ? folder : ".", str_of(*parts.proof), limit, arena);
    }
    if (file.outside) {
        FAIL(INVALID, MESSAGE_BAD_FIELD, ARG_TEXT("field", file_field(action)),
             ARG_TEXT("why", "path"));
    }
    if (!file.found) {
        return OK; /* the rule refuses a missing file */
    }
    *ret_plain = file.content;
    if (parts.scan != NULL) {
        describe_scan(*parts.scan, &file, arena);
    } else {
        describe_attachment(*parts.attachment, &file, arena);
    }
    return OK;
}

const char *wish_unbound(Action *action)
{
    struct wish_parts parts = wish_parts(action);
    bool named = parts.proof != NULL && !str_empty(str_of(*parts.proof));
    if (!named || (*parts.proof_sha256)[0] != 0) {
        return NULL;
    }
    if (action->body_case == ACTION__BODY_OPEN_APPLICATION) {
        return "insurance_proof_sha256";
    }
    return parts.scan != NULL ? "file_sha256" : "proof_sha256";
}

/* One person has several spellings (D24, D33): 15 digits or 18, counters, dots. The id stands for
 * kind and number. */
static void content_of_person(PersonName *person, struct arena *arena)
{
    person->name = arena_c_string(arena, person_name_key(str_of(person->name), arena));
    if (!str_empty(str_of(person->person_id))) {
        person->id_type = person->id_number = arena_c_string(arena, STR(""));
    }
}

struct digest wish_content(const Action *action, struct arena *arena)
{
    Action *copy = (Action *)(void *)record_copy(&action->base, arena);
    struct wish_parts parts = wish_parts(copy);
    char *nothing = arena_c_string(arena, STR(""));
    copy->id = nothing;
    if (parts.proof != NULL) {
        *parts.proof = nothing;
        *parts.proof_sha256 = nothing;
        if (parts.attachment != NULL && *parts.attachment != NULL) {
            (*parts.attachment)->path = nothing;
        }
    }
    if (parts.person != NULL) {
        content_of_person(parts.person, arena);
    }
    for (size_t i = 0; i < parts.used_count; i++) {
        content_of_person(parts.used[i]->person, arena);
    }
    if (parts.name != NULL) {
        *parts.name = arena_c_string(arena, person_name_key(str_of(*parts.name), arena));
    }
    if (copy->body_case == ACTION__BODY_CHANGE_ID_NUMBER) { /* the id stands for both */
        copy->change_id_number->new_id_type = copy->change_id_number->new_id_number = nothing;
    }
    codes_strip(copy, arena);
    return digest_sha256(record_pack(&copy->base, arena));
}

/* Actors of different kinds may have the same code; each has ids of its own. */
bytes wish_id_key(const Action *action, struct arena *arena)
{
    char kind = 'e';
    const char *actor = action->enterprise;
    if (!str_empty(str_of(action->clerk))) {
        kind = 'c';
        actor = action->clerk;
    } else if (action_is_persons(action)) {
        Action shallow = *action;
        kind = 'p';
        actor = wish_parts(&shallow).person->person_id;
    }
    return str_bytes(arena_format(arena, "%c%s%c%s", kind, actor, '\n', action->id));
}
