/* test_decide - what scenarios cannot say: names of actions, the personal part of every event, the
 * limits of a form, and how a decision grows. */
#include "tests/support/test.h"

#include <string.h>

#include "core/base/messages.h"
#include "core/base/record.h"
#include "events/actors.h"
#include "events/limits.h"
#include "events/messages.h"
#include "events/rules.h"
#include "tests/support/fixture.h"

static void test_action_from_name_knows_the_wishes_and_only_them(void **state)
{
    static const char *const wishes[] = {
        "exchange",           "request_regeneration", "issue",  "extend", "enter",
        "change_affiliation", "rename_enterprise",    "cancel", "depart", "rename_person"};
    (void)state;
    for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        Action__BodyCase body = action_from_name(str_of(wishes[i]));
        assert_true(action_is_wish(body));
        assert_string_equal(action_field(body)->name, wishes[i]);
    }
    assert_int_equal(action_from_name(STR("register_paper")), ACTION__BODY__NOT_SET);
    assert_int_equal(action_from_name(STR("enterprise")), ACTION__BODY__NOT_SET);
    assert_int_equal(action_from_name(STR("Exchange")), ACTION__BODY__NOT_SET);
    assert_int_equal(action_from_name(STR("")), ACTION__BODY__NOT_SET);
    assert_false(action_is_wish(ACTION__BODY_REGISTER_PAPER));
    assert_null(action_field(ACTION__BODY__NOT_SET));
}

/* CONTRACT 4: who may send what; a row of a register is nobody's wish. */
static void test_action_actors_are_those_of_the_contract(void **state)
{
    static const struct {
        unsigned actors;
        const char *actions;
    } rows[] = {
        {ACTOR_MAY_BE_ENTERPRISE, "exchange request_regeneration issue extend enter cancel depart "
                                  "change_affiliation rename_enterprise open_application"},
        {ACTOR_MAY_BE_CLERK, "rename_person suspend reinstate revoke withdraw cancel_by_authority "
                             "withdraw_departure correct_certificate change_id_number change_post "
                             "extend_by_notice convert_category block_person erase_person "
                             "change_phone verify_record refuse_record cancel_verification "
                             "accept_application approve_application"},
        {ACTOR_MAY_BE_ENTERPRISE | ACTOR_MAY_BE_CLERK, "close_application"},
        {ACTOR_MAY_BE_PERSON | ACTOR_MAY_BE_CLERK, "request_code"},
        {ACTOR_MAY_BE_PERSON, "register_phone upload_signature"},
        {ACTOR_MAY_BE_PERSON | ACTOR_MAY_BE_ENTERPRISE,
         "add_record edit_record delete_record attach_scan"},
    };
    size_t known = 0;
    size_t wishes = 0;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (str rest = str_of(rows[i].actions); rest.data != NULL; known++) {
            Action__BodyCase body = action_from_name(str_cut(&rest, ' '));
            assert_true(action_is_wish(body));
            assert_int_equal(action_actors(body), rows[i].actors);
        }
    }
    for (unsigned i = 0; i < action__descriptor.n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &action__descriptor.fields[i];
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
            bool is_wish = action_is_wish((Action__BodyCase)field->id);
            assert_int_equal(is_wish, action_actors((Action__BodyCase)field->id) != 0);
            wishes += is_wish;
        }
    }
    assert_int_equal(known, wishes);
}

/* Personal data that event_personal overlooked would reach the disk in the clear: every message of
 * the schema with such a field must be known to it, and no other may be. */
static void test_event_personal_knows_every_personal_part(void **state)
{
    struct arena *arena = *state;
    size_t found = 0;
    for (unsigned i = 0; i < event__descriptor.n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &event__descriptor.fields[i];
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0) {
            continue;
        }
        struct decision decision = {.events = NULL};
        (void)decision_event(&decision, (Event__BodyCase)field->id, arena);
        struct personal_slot slot = event_personal(decision.events[0]);
        bool expected = false;
        const ProtobufCMessageDescriptor *body = field->descriptor;
        for (unsigned k = 0; k < body->n_fields; k++) {
            expected = expected || body->fields[k].descriptor == &personal__descriptor;
        }
        assert_int_equal(slot.personal != NULL, expected);
        assert_int_equal(slot.sealed != NULL, expected);
        assert_int_equal(slot.person_id != NULL, expected);
        found += expected;
    }
    assert_int_equal(found, 12);
}

static void test_decision_event_sets_the_body_it_gives(void **state)
{
    struct arena *arena = *state;
    struct decision decision = {.events = NULL};
    for (int i = 0; i < 100; i++) { /* it grows */
        CertificateDeparted *departed =
            decision_event(&decision, EVENT__BODY_CERTIFICATE_DEPARTED, arena);
        departed->certificate = arena_c_string(arena, arena_format(arena, "%d", i));
    }
    assert_int_equal(decision.count, 100);
    assert_int_equal(decision.events[99]->body_case, EVENT__BODY_CERTIFICATE_DEPARTED);
    assert_string_equal(decision.events[0]->certificate_departed->certificate, "0");
    assert_string_equal(decision.events[99]->certificate_departed->certificate, "99");
}

static void test_numbers_detail_is_cut_at_a_whole_number(void **state)
{
    struct arena *arena = *state;
    const char *numbers[40];
    for (size_t i = 0; i < 40; i++) {
        numbers[i] = "沪建安B(2018)0000001";
    }
    struct error_arg two = numbers_detail("others", numbers, 2, arena);
    assert_string_equal(two.text, "沪建安B(2018)0000001,沪建安B(2018)0000001");
    struct error_arg many = numbers_detail("others", numbers, 40, arena);
    assert_true(strlen(many.text) < ERROR_ARG_SIZE);
    assert_true(str_ends_with(str_of(many.text), STR("0000001,…")));
}

/* A departure with so many certificates in its list. */
static Action *departure(size_t count, struct arena *arena)
{
    Action *action = RECORD_NEW(arena, Action, action);
    action->id = arena_c_string(arena, STR("a"));
    action->enterprise = arena_c_string(arena, STR("E-1"));
    action->body_case = ACTION__BODY_DEPART;
    action->depart = RECORD_NEW(arena, Depart, depart);
    action->depart->person = RECORD_NEW(arena, PersonName, person_name);
    action->depart->person->name = arena_c_string(arena, STR("张三"));
    action->depart->person->id_type = arena_c_string(arena, STR("身份证"));
    action->depart->person->id_number = arena_c_string(arena, STR("310101189912310017"));
    action->depart->certificates = ARENA_ARRAY(arena, char *, count);
    action->depart->n_certificates = count;
    for (size_t i = 0; i < count; i++) {
        action->depart->certificates[i] =
            arena_c_string(arena, arena_format(arena, "沪建安B(2018)%07zu", i));
    }
    return action;
}

static void test_action_check_form_holds_the_limit_of_lists(void **state)
{
    struct arena *arena = *state;
    struct error error;
    assert_true(action_check_form(departure(LIMIT_LIST_ELEMENTS, arena), arena, &error).ok);
    assert_false(action_check_form(departure(LIMIT_LIST_ELEMENTS + 1, arena), arena, &error).ok);
    assert_int_equal(error.class, ERROR_INVALID);
    assert_int_equal(error.code, MESSAGE_TOO_LARGE);
}

/* D6: one that names none takes no more than one that may name them all, so every proof can be
 * drawn. */
static void test_decide_depart_holds_the_limit_of_lists(void **state)
{
    struct arena *arena = *state;
    struct error error;
    const struct moment moment = {.today = 20000};
    Date end = DATE__INIT;
    end.days = moment.today + 1;
    EnterpriseView enterprise = ENTERPRISE_VIEW__INIT;
    PersonView person = PERSON_VIEW__INIT;
    CertificateView held = CERTIFICATE_VIEW__INIT;
    enterprise.code = held.enterprise = arena_c_string(arena, STR("E-1"));
    enterprise.state = arena_c_string(arena, STR("正常"));
    person.person_id = held.person_id = arena_c_string(arena, STR("P-1"));
    person.name = arena_c_string(arena, STR("张三"));
    held.status = STATUS__CODE__VALID;
    held.medium = MEDIUM__CODE__ELECTRONIC;
    held.valid_until = &end;
    const CertificateView *persons[LIMIT_LIST_ELEMENTS + 1];
    for (size_t i = 0; i <= LIMIT_LIST_ELEMENTS; i++) {
        persons[i] = &held;
    }
    struct dossier dossier = {.enterprise = &enterprise,
                              .person = &person,
                              .certificate = &held,
                              .persons = {persons, LIMIT_LIST_ELEMENTS}};
    Action *action = departure(0, arena);
    action->depart->confirmed = true;
    action->depart->person->person_id = person.person_id;
    struct decision decision = {.events = NULL};
    assert_true(decide_depart(&dossier, action, moment, arena, &decision, &error).ok);
    assert_int_equal(decision.count, LIMIT_LIST_ELEMENTS + 1);
    dossier.persons.count++;
    decision = (struct decision){.events = NULL};
    assert_false(decide_depart(&dossier, action, moment, arena, &decision, &error).ok);
    assert_int_equal(error.class, ERROR_INVALID);
    assert_int_equal(error.code, MESSAGE_TOO_LARGE);
}

static void test_action_check_form_holds_the_limit_of_fields(void **state)
{
    struct arena *arena = *state;
    struct error error;
    Action *action = departure(0, arena);
    char *name = arena_new(arena, LIMIT_CELL_BYTES + 2);
    memset(name, 'a', LIMIT_CELL_BYTES);
    action->depart->person->name = name;
    assert_true(action_check_form(action, arena, &error).ok);
    name[LIMIT_CELL_BYTES] = 'a';
    assert_false(action_check_form(action, arena, &error).ok);
    assert_int_equal(error.code, MESSAGE_TOO_LARGE);
}

/* The free texts of a notice: its name, and the enterprise of the selection. */
static void test_action_check_form_holds_the_limit_of_a_notice(void **state)
{
    struct arena *arena = *state;
    struct error error;
    Action *action = RECORD_NEW(arena, Action, action);
    ExtendByNotice *extend = RECORD_NEW(arena, ExtendByNotice, extend_by_notice);
    extend->selection = RECORD_NEW(arena, Selection, selection);
    extend->value = arena_c_string(arena, STR("2026-12-31"));
    action->id = arena_c_string(arena, STR("x1"));
    action->clerk = arena_c_string(arena, STR("K-1"));
    action->body_case = ACTION__BODY_EXTEND_BY_NOTICE;
    action->extend_by_notice = extend;
    char **const texts[] = {&extend->notice, &extend->selection->enterprise};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char *text = arena_new(arena, LIMIT_CELL_BYTES + 2);
        memset(text, 'a', LIMIT_CELL_BYTES);
        extend->notice = arena_c_string(arena, STR("沪建安〔2026〕1号"));
        *texts[i] = text;
        assert_true(action_check_form(action, arena, &error).ok);
        text[LIMIT_CELL_BYTES] = 'a';
        assert_false(action_check_form(action, arena, &error).ok);
        assert_int_equal(error.code, MESSAGE_TOO_LARGE);
        *texts[i] = arena_c_string(arena, STR(""));
    }
}

static void test_action_check_form_refuses_an_action_without_a_body(void **state)
{
    struct arena *arena = *state;
    struct error error;
    Action *action = RECORD_NEW(arena, Action, action);
    assert_false(action_check_form(action, arena, &error).ok);
    assert_int_equal(error.code, MESSAGE_UNKNOWN_ACTION);
}

/* R-IN-05: four clauses and the two regulations they name. */
static void test_declaration_text_has_its_four_clauses(void **state)
{
    (void)state;
    str text = declaration_text();
    assert_true(str_starts_with(text, STR("本公司已充分知悉相关法律法规及《建筑施工企业")));
    assert_true(str_ends_with(text, STR("4. 以上承诺为本公司真实意思表示。\n")));
    assert_non_null(strstr(text.data, "\n1. 本次申请"));
    assert_non_null(strstr(text.data, "\n2. 本公司自愿遵守"));
    assert_non_null(strstr(text.data, "\n3. 本公司愿意承担不实承诺"));
    assert_int_equal(declaration_sha256().size, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_action_from_name_knows_the_wishes_and_only_them),
        cmocka_unit_test(test_action_actors_are_those_of_the_contract),
        TEST_WITH_ARENA(test_event_personal_knows_every_personal_part),
        TEST_WITH_ARENA(test_decision_event_sets_the_body_it_gives),
        TEST_WITH_ARENA(test_numbers_detail_is_cut_at_a_whole_number),
        TEST_WITH_ARENA(test_action_check_form_holds_the_limit_of_lists),
        TEST_WITH_ARENA(test_decide_depart_holds_the_limit_of_lists),
        TEST_WITH_ARENA(test_action_check_form_holds_the_limit_of_fields),
        TEST_WITH_ARENA(test_action_check_form_holds_the_limit_of_a_notice),
        TEST_WITH_ARENA(test_action_check_form_refuses_an_action_without_a_body),
        cmocka_unit_test(test_declaration_text_has_its_four_clauses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
