/* wish_field - the table of fields: what stands in each field of an action, by its name in the
 * schema. */
#include <string.h>

#include "core/base/date.h"
#include "events/terms/category.h"
#include "tests/histories/wish.h"
#include "tests/support/test.h"

static const char *const decisions[] = {"沪建管〔2026〕1号", "沪建管〔2026〕22号", NULL};

static bool put_certificate(struct world *world, const struct aim *aim, const struct wish *wish,
                            struct wish_value *value)
{
    (void)world;
    (void)wish;
    value->form = WISH_CERTIFICATE;
    value->text =
        aim->certificate != NULL ? str_of(aim->certificate->number) : STR("沪建安B(2001)0000001");
    return true;
}

static bool put_original(struct world *world, const struct aim *aim, const struct wish *wish,
                         struct wish_value *value)
{
    (void)world;
    (void)wish;
    value->form = WISH_CERTIFICATE;
    value->text = aim->original != NULL ? str_of(aim->original) : STR("皖建安B(2001)0000001");
    return true;
}

static bool put_certificates(struct world *world, const struct aim *aim, const struct wish *wish,
                             struct wish_value *value)
{
    (void)world;
    (void)wish;
    value->form = WISH_CERTIFICATES;
    for (size_t i = 0; i < aim->certificates_count; i++) {
        value->list[value->list_count++] = str_of(aim->certificates[i]);
    }
    return value->list_count > 0;
}

static struct wish_person person_of(struct world *world, int index)
{
    const struct world_person *person = &world->persons[index < 0 ? 0 : index];
    bool newest = dice_chance(world->dice, 75);
    int number = newest ? person->numbers_count - 1
                        : (int)dice_below(world->dice, (uint32_t)person->numbers_count);
    return (struct wish_person){str_of(person->name), str_of(person->types[number]),
                                str_of(person->numbers[number])};
}

static bool put_person(struct world *world, const struct aim *aim, const struct wish *wish,
                       struct wish_value *value)
{
    (void)wish;
    value->form = WISH_PERSON;
    value->person = person_of(world, aim->person);
    return true;
}

static bool put_true(struct world *world, const struct aim *aim, const struct wish *wish,
                     struct wish_value *value)
{
    (void)world;
    (void)aim;
    (void)wish;
    value->form = WISH_TRUTH;
    value->truth = true;
    return true;
}

static bool put_name(struct world *world, const struct aim *aim, const struct wish *wish,
                     struct wish_value *value)
{
    (void)wish;
    if (aim->person < 0 || !dice_chance(world->dice, 25)) {
        return false;
    }
    value->text = str_of(world->persons[aim->person].name);
    return true;
}

static bool put_category(struct world *world, const struct aim *aim, const struct wish *wish,
                         struct wish_value *value)
{
    (void)world;
    (void)wish;
    value->text = category_text(aim->category);
    return !str_empty(value->text);
}

static bool put_legal(struct world *world, const struct aim *aim, const struct wish *wish,
                      struct wish_value *value)
{
    (void)wish;
    value->form = WISH_TRUTH;
    value->truth = aim->legal;
    return aim->legal || dice_chance(world->dice, 30);
}

static bool put_post(struct world *world, const struct aim *aim, const struct wish *wish,
                     struct wish_value *value)
{
    static const char *const posts[] = {"02", "03", "04", "05", "06", "99", NULL};
    bool change = wish->body == ACTION__BODY_CHANGE_POST;
    bool legal = change ? dice_chance(world->dice, 25) : aim->legal;
    str prescribed = post_prescribed(aim->category, legal);
    value->text = str_empty(prescribed) ? str_of(dice_pick(world->dice, posts)) : prescribed;
    return change || dice_chance(world->dice, 40);
}

static bool put_proof(struct world *world, const struct aim *aim, const struct wish *wish,
                      struct wish_value *value)
{
    static const char *const good[] = {"proof.pdf", "./proof.pdf", "sub/proof.pdf", NULL};
    static const char *const bad[] = {"none.pdf",    "empty.pdf", "text.pdf",   "large.pdf",
                                      "../else.pdf", "link.pdf",  "/etc/fstab", NULL};
    (void)aim;
    (void)wish;
    value->text = str_of(dice_pick(world->dice, dice_chance(world->dice, 80) ? good : bad));
    return dice_chance(world->dice, 97);
}

static bool put_digest(struct world *world, const struct aim *aim, const struct wish *wish,
                       struct wish_value *value)
{
    (void)aim;
    (void)wish;
    value->text = STR("0000000000000000000000000000000000000000000000000000000000000000");
    return dice_chance(world->dice, 3); /* of another file */
}

/* Of the certificates of the enterprise whose name is old, as far as the world knows. */
static bool put_count(struct world *world, const struct aim *aim, const struct wish *wish,
                      struct wish_value *value)
{
    uint32_t count = 0;
    for (size_t i = 0; i < world->model->count; i++) {
        const struct model_certificate *one = &world->model->certificates[i];
        count += aim->enterprise >= 0 && model_in_force(one, world->today) &&
                 strcmp(one->enterprise, world->enterprises[aim->enterprise].code) == 0 &&
                 strcmp(one->enterprise_name, world->enterprises[aim->enterprise].name) != 0;
    }
    value->form = WISH_COUNT;
    value->text = arena_format(world->arena, "%u", count);
    return wish->body == ACTION__BODY_RENAME_ENTERPRISE ? dice_chance(world->dice, 50)
                                                        : dice_chance(world->dice, 5);
}

static bool put_reason(struct world *world, const struct aim *aim, const struct wish *wish,
                       struct wish_value *value)
{
    if (wish->body == ACTION__BODY_REFUSE_RECORD) {
        return put_refusal(world, aim, wish, value);
    }
    value->text = dice_chance(world->dice, 75)   ? STR("employment_ended")
                  : dice_chance(world->dice, 80) ? STR("deceased_or_incapacitated")
                                                 : STR("lost");
    return true;
}

static bool put_new_name(struct world *world, const struct aim *aim, const struct wish *wish,
                         struct wish_value *value)
{
    static const char *const names[] = {"赵改", "钱·改", "孙改一", "李改", NULL};
    (void)aim;
    (void)wish;
    value->text = str_of(dice_pick(world->dice, names));
    return true;
}

static bool put_materials(struct world *world, const struct aim *aim, const struct wish *wish,
                          struct wish_value *value)
{
    (void)aim;
    (void)wish;
    value->form = WISH_TEXTS;
    value->list[0] = STR("enterprise_statement");
    value->list[1] = STR("certificates");
    value->list[2] =
        dice_chance(world->dice, 50) ? STR("police_correction") : STR("household_register");
    value->list[3] = STR("id_card");
    value->list_count = dice_chance(world->dice, 85) ? 4 : dice_below(world->dice, 4);
    return value->list_count > 0;
}

static bool put_decision(struct world *world, const struct aim *aim, const struct wish *wish,
                         struct wish_value *value)
{
    (void)aim;
    (void)wish;
    value->text = str_of(dice_pick(world->dice, decisions));
    return true;
}

/* A day near the one the certificate has; most corrections are of one or two days. */
static bool put_correction(struct world *world, const struct aim *aim, const struct wish *wish,
                           struct wish_value *value)
{
    (void)wish;
    if (aim->certificate == NULL || !dice_chance(world->dice, 30)) {
        return false;
    }
    bool end = strcmp(value->field, "valid_until") == 0;
    value->form = WISH_DAY;
    value->day = (end ? aim->certificate->valid_until : aim->certificate->issued) +
                 dice_between(world->dice, -40, 40);
    return true;
}

static bool put_identity(struct world *world, const struct aim *aim, const struct wish *wish,
                         struct wish_value *value)
{
    (void)aim;
    (void)wish;
    value->form = WISH_TRUTH;
    value->truth = dice_chance(world->dice, 85);
    return dice_chance(world->dice, 60);
}

static bool put_new_number(struct world *world, const struct aim *aim, const struct wish *wish,
                           struct wish_value *value)
{
    const struct world_person *person = &world->persons[aim->person < 0 ? 0 : aim->person];
    (void)wish;
    if (dice_chance(world->dice, 15)) { /* somebody's */
        value->text = str_of(world_number(&world->persons[dice_below(world->dice, WORLD_PERSONS)]));
    } else if (strcmp(world_type(person), "身份证") == 0) {
        value->text =
            str_of(world_resident(person->birth, 100 + dice_below(world->dice, 800), world->arena));
    } else if (strcmp(world_type(person), "外国护照") == 0) {
        value->text = arena_format(world->arena, "E%08u", dice_below(world->dice, 99999999));
    } else {
        value->text = arena_format(world->arena, "军字第%08u号", dice_below(world->dice, 99999999));
    }
    return true;
}

static bool put_new_type(struct world *world, const struct aim *aim, const struct wish *wish,
                         struct wish_value *value)
{
    (void)wish;
    value->text = str_of(world_type(&world->persons[aim->person < 0 ? 0 : aim->person]));
    return dice_chance(world->dice, 40);
}

static bool put_notice(struct world *world, const struct aim *aim, const struct wish *wish,
                       struct wish_value *value)
{
    (void)aim;
    (void)wish;
    value->text = arena_format(world->arena, "通知%u号", dice_below(world->dice, 1000));
    return true;
}

static bool put_selection(struct world *world, const struct aim *aim, const struct wish *wish,
                          struct wish_value *value)
{
    static const char *const classes[] = {"C", "C1", "C2", NULL};
    struct wish_selection *selection = &value->selection;
    bool convert = wish->body == ACTION__BODY_CONVERT_CATEGORY;
    value->form = WISH_SELECTION;
    if (convert || dice_chance(world->dice, 30)) {
        selection->category =
            convert ? str_of(dice_pick(world->dice, classes)) : category_text(aim->category);
    }
    if (dice_chance(world->dice, convert ? 20 : 80)) {
        selection->has_from = dice_chance(world->dice, 70);
        selection->from = world->today - dice_between(world->dice, 0, 60);
        selection->has_to = true;
        selection->to = world->today + dice_between(world->dice, 0, 500);
    }
    if (dice_chance(world->dice, 40)) {
        selection->enterprise =
            str_of(world->enterprises[dice_below(world->dice, WORLD_ENTERPRISES - 1)].code);
    }
    return true;
}

static bool put_wave_value(struct world *world, const struct aim *aim, const struct wish *wish,
                           struct wish_value *value)
{
    (void)aim;
    if (wish->body == ACTION__BODY_CONVERT_CATEGORY) {
        value->text = dice_chance(world->dice, 90) ? STR("C3") : STR("C1");
        return true;
    }
    value->form = WISH_DAY;
    value->day = world->today + dice_between(world->dice, 20, 700);
    return true;
}

/* NULL: the engine fills it in, nobody writes it. */
static const struct {
    const char *field;
    put_value *put;
} fields[] = {
    {"certificate", put_certificate},
    {"certificates", put_certificates},
    {"original_certificate", put_original},
    {"person", put_person},
    {"confirmed", put_true},
    {"declaration_accepted", put_true},
    {"name", put_name},
    {"category", put_category},
    {"legal_representative", put_legal},
    {"post", put_post},
    {"proof", put_proof},
    {"proof_sha256", put_digest},
    {"attachment", NULL},
    {"expected_count", put_count},
    {"reason", put_reason},
    {"new_name", put_new_name},
    {"materials", put_materials},
    {"decision", put_decision},
    {"first_issued", put_correction},
    {"issued", put_correction},
    {"valid_from", put_correction},
    {"valid_until", put_correction},
    {"affiliated_since", put_correction},
    {"identity", put_identity},
    {"new_id_type", put_new_type},
    {"new_id_number", put_new_number},
    {"new_person_id", NULL},
    {"notice", put_notice},
    {"selection", put_selection},
    {"value", put_wave_value},
    {"kind", put_kind},
    {"fields", put_fields},
    {"record", put_record},
    {"file", put_scan},
    {"file_sha256", put_digest},
    {"role", put_role},
    {"scan", NULL},
    {"compared", put_compared},
    {"visit", put_visit},
    {"presenter", put_presenter},
    {"appointment", put_appointment},
    {"batch_of", put_batch},
    {"item", put_item},
    {"persons", put_persons},
    {"insurance_months", put_months},
    {"insurance_proof", NULL}, /* tests/jobs/t1031 has it */
    {"insurance_proof_sha256", NULL},
    {"application", put_application},
    {"phone", NULL}, /* of wishes with weight 0 */
    {"code", NULL},
    {"id_number", NULL},
    {"address", NULL},
    {"issuer", NULL},
    {"valid_to", NULL},
    {"phone_id", NULL},
    {"sent_code", NULL},
    {"code_hash", NULL},
    {"number_id", NULL},
    {"form_hash", NULL},
};

static int row_of(const char *field)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strcmp(fields[i].field, field) == 0) {
            return (int)i;
        }
    }
    return -1;
}

bool wish_field_known(const char *field)
{
    return row_of(field) >= 0;
}

void wish_fill(struct world *world, const struct aim *aim, struct wish *wish)
{
    const ProtobufCFieldDescriptor *body =
        protobuf_c_message_descriptor_get_field(&action__descriptor, wish->body);
    const ProtobufCMessageDescriptor *message = body->descriptor;
    for (unsigned i = 0; i < message->n_fields; i++) {
        int row = row_of(message->fields[i].name);
        struct wish_value value = {.field = message->fields[i].name, .form = WISH_TEXT};
        assert_true(row >= 0);
        if (fields[row].put != NULL && fields[row].put(world, aim, wish, &value)) {
            assert_true(wish->count < WISH_VALUES_MAX);
            wish->values[wish->count++] = value;
        }
    }
}

struct wish_value *wish_value_of(struct wish *wish, const char *field)
{
    for (size_t i = 0; i < wish->count; i++) {
        if (strcmp(wish->values[i].field, field) == 0) {
            return &wish->values[i];
        }
    }
    return NULL;
}
