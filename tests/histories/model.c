/* model - see model.h. */
#include "tests/histories/model_parts.h"

#include <stdio.h>
#include <string.h>

#include "events/terms/number.h"

void model_init(struct model *model, struct arena *arena)
{
    *model = (struct model){.arena = arena, .release_required = true};
    model->certificates = ARENA_ARRAY(arena, struct model_certificate, MODEL_CERTIFICATES_MAX);
    model->records = ARENA_ARRAY(arena, struct model_record, MODEL_RECORDS_MAX);
    model->applications = ARENA_ARRAY(arena, struct model_application, MODEL_APPLICATIONS_MAX);
    map_init(&model->by_number, arena);
    map_init(&model->used, arena);
}

struct model_certificate *model_find(const struct model *model, str number)
{
    struct map_entry *entry = map_find(&model->by_number, str_bytes(number));
    return entry != NULL ? entry->value : NULL;
}

bool model_is_ended(const struct model_certificate *certificate)
{
    return (IS(CANCELLED) | IS(DEPARTED) | IS(SUPERSEDED) | IS(REVOKED) | IS(WITHDRAWN)) >>
               certificate->status &
           1;
}

bool model_in_force(const struct model_certificate *certificate, int32_t today)
{
    return ((IS(VALID) | IS(SUSPENDED)) >> certificate->status & 1) &&
           today <= certificate->valid_until;
}

bool model_is_valid(const struct model_certificate *certificate, int32_t today)
{
    return certificate->status == STATUS__CODE__VALID && today <= certificate->valid_until;
}

bool model_is_c(Category__Code category)
{
    return category == CATEGORY__CODE__C || category == CATEGORY__CODE__C1 ||
           category == CATEGORY__CODE__C2 || category == CATEGORY__CODE__C3;
}

bool model_same_kind(Category__Code a, Category__Code b)
{
    return a == b || (model_is_c(a) && model_is_c(b));
}

size_t model_conflicts(const struct model *model, const char *person, int32_t today)
{
    const struct model_certificate *held[MODEL_CERTIFICATES_MAX];
    size_t count = 0;
    size_t pairs = 0;
    for (size_t i = 0; i < model->count; i++) {
        const struct model_certificate *one = &model->certificates[i];
        if (!one->legal && strcmp(one->person, person) == 0 && model_in_force(one, today)) {
            held[count++] = one;
        }
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            pairs += model_same_kind(held[i]->category, held[k]->category);
            pairs += strcmp(held[i]->enterprise, held[k]->enterprise) != 0;
        }
    }
    return pairs;
}

size_t model_legal(const struct model *model, const char *enterprise, int32_t today)
{
    size_t count = 0;
    for (size_t i = 0; i < model->count; i++) {
        const struct model_certificate *one = &model->certificates[i];
        count +=
            one->legal && strcmp(one->enterprise, enterprise) == 0 && model_in_force(one, today);
    }
    return count;
}

/* --- complaints: the first one stays -----------------------------------------------------------
 */

bool model_complain(struct model *model, const Event *event, const char *number, const char *why)
{
    const ProtobufCFieldDescriptor *body =
        protobuf_c_message_descriptor_get_field(&event__descriptor, event->body_case);
    (void)snprintf(model->complaint, sizeof model->complaint, "event %llu %s %s: %s",
                   (unsigned long long)event->sequence, body->name, number, why); /* cut is fine */
    return false;
}

/* --- how certificates come to be ----------------------------------------------------------------
 */

/* D16: the serial of a new number is no other's in that year, whatever the class. */
static bool serial_is_taken(const struct model *model, const char *number)
{
    struct number new;
    struct number old;
    if (!number_parse(str_of(number), model->arena, &new)) {
        return true;
    }
    for (size_t i = 0; i < model->count; i++) {
        if (number_parse(str_of(model->certificates[i].number), model->arena, &old) && old.local &&
            old.year == new.year &&old.serial == new.serial) {
            return true;
        }
    }
    return false;
}

const char *model_copy(struct model *model, const char *text)
{
    return arena_c_string(model->arena, str_of(text));
}

static struct model_certificate *make(struct model *model, const char *number)
{
    bool made = false;
    struct map_entry *entry =
        map_put(&model->by_number, str_bytes(arena_str(model->arena, str_of(number))), &made);
    if (!made || model->count == MODEL_CERTIFICATES_MAX) {
        return NULL;
    }
    struct model_certificate *certificate = &model->certificates[model->count++];
    certificate->number = model_copy(model, number);
    certificate->original = "";
    entry->value = certificate;
    return certificate;
}

bool model_use_exam(struct model *model, const Event *event, const char *number,
                    const ExamKey *exam)
{
    bool made = true;
    if (exam != NULL) {
        str key = arena_format(model->arena, "%s %d %d %d", exam->person_id, (int)exam->category,
                               (int)exam->kind, exam->exam_date->days);
        (void)map_put(&model->used, str_bytes(key), &made);
    }
    return made || model_complain(model, event, number, "an exam for the second time");
}

bool model_apply_paper(struct model *model, const Event *event)
{
    const PaperRegistered *row = event->paper_registered;
    struct model_certificate *one = make(model, row->certificate);
    if (one == NULL) {
        return model_complain(model, event, row->certificate, "a number twice");
    }
    one->person = model_copy(model, row->person_id);
    one->enterprise = model_copy(model, row->enterprise);
    one->enterprise_name = model_copy(model, row->enterprise_name);
    one->category = row->category;
    one->legal = row->legal_representative;
    one->status = row->status;
    one->issued = one->since = row->issued->days;
    one->valid_until = row->valid_until->days;
    return true;
}

bool model_apply_issued(struct model *model, const Event *event)
{
    const CertificateIssued *issued = event->certificate_issued;
    int32_t today = event->business_date->days;
    if (serial_is_taken(model, issued->certificate)) {
        return model_complain(model, event, issued->certificate, "a serial twice");
    }
    struct model_certificate *one = make(model, issued->certificate);
    if (one == NULL) {
        return model_complain(model, event, issued->certificate, "a number twice");
    }
    one->person = model_copy(model, issued->person_id);
    one->enterprise = model_copy(model, issued->enterprise);
    one->enterprise_name = model_copy(model, issued->enterprise_name);
    one->category = issued->category;
    one->legal = issued->legal_representative;
    one->electronic = true;
    one->status = STATUS__CODE__VALID;
    one->issued = one->since = today;
    one->valid_until = issued->valid_until->days;
    if (one->valid_until < today) {
        return model_complain(model, event, issued->certificate, "issued when it had ended");
    }
    return model_use_exam(model, event, issued->certificate, issued->exam);
}

bool model_apply_entered(struct model *model, const Event *event)
{
    const CertificateEntered *entered = event->certificate_entered;
    int32_t today = event->business_date->days;
    for (size_t i = 0; i < model->count; i++) {
        if (strcmp(model->certificates[i].original, entered->original_certificate) == 0 &&
            strcmp(model->certificates[i].person, entered->person_id) == 0) {
            return model_complain(model, event, entered->certificate, "one original entered twice");
        }
    }
    if (serial_is_taken(model, entered->certificate)) {
        return model_complain(model, event, entered->certificate, "a serial twice");
    }
    struct model_certificate *one = make(model, entered->certificate);
    if (one == NULL) {
        return model_complain(model, event, entered->certificate, "a number twice");
    }
    one->person = model_copy(model, entered->person_id);
    one->enterprise = model_copy(model, entered->enterprise);
    one->enterprise_name = model_copy(model, entered->enterprise_name);
    one->original = model_copy(model, entered->original_certificate);
    one->category = entered->category;
    one->electronic = true;
    one->status = STATUS__CODE__VALID;
    one->issued = one->since = today;
    one->valid_until = entered->valid_until->days;
    return one->valid_until >= today ||
           model_complain(model, event, entered->certificate, "entered when it had ended");
}
