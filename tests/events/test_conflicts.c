/* test_conflicts - what a row of the national register has against a certificate. */
#include "tests/support/test.h"

#include "events/conflicts.h"

enum { TODAY = 20000 };

struct stage {
    CertificateView certificate;
    PersonView holder;
    NationalView national;
    NationalRecord record;
    Date end;
    struct conflict_question question;
    struct arena arena;
};

/* A valid B of somebody here, and the same at the platform. */
static void set(struct stage *stage)
{
    certificate_view__init(&stage->certificate);
    person_view__init(&stage->holder);
    national_view__init(&stage->national);
    national_record__init(&stage->record);
    date__init(&stage->end);
    arena_init(&stage->arena, 0);
    stage->end.days = TODAY;
    stage->certificate.certificate = (char *)"沪建安B(2024)0000001";
    stage->certificate.category = CATEGORY__CODE__B;
    stage->certificate.status = STATUS__CODE__VALID;
    stage->certificate.valid_until = &stage->end;
    stage->holder.name = (char *)"孙三";
    stage->holder.masked_number = (char *)"310*************17";
    stage->national.name = (char *)"孙三";
    stage->national.masked_number = (char *)"310*************17";
    stage->national.record = &stage->record;
    stage->record.certificate = stage->certificate.certificate;
    stage->record.category = CATEGORY__CODE__B;
    stage->record.state = NATIONAL_STATE__CODE__VALID;
    stage->record.valid_until = &stage->end;
    stage->question = (struct conflict_question){&stage->certificate, &stage->holder,
                                                 &stage->national, true, TODAY};
}

static unsigned ask(struct stage *stage)
{
    return conflicts_of(&stage->question, &stage->arena);
}

static unsigned of(enum conflict conflict)
{
    return 1U << conflict;
}

static unsigned state_against(struct stage *stage, Status__Code here, NationalState__Code there)
{
    stage->certificate.status = here;
    stage->record.state = there;
    return ask(stage);
}

static void test_conflicts_of_the_same_row_has_none(void **state)
{
    struct stage stage;
    (void)state;
    set(&stage);
    assert_int_equal(ask(&stage), 0);
    arena_release(&stage.arena);
}

static void test_conflicts_of_compares_states(void **state)
{
    struct stage stage;
    (void)state;
    set(&stage);
    assert_int_equal(state_against(&stage, STATUS__CODE__VALID, NATIONAL_STATE__CODE__REVOKED),
                     of(CONFLICT_ENDED_NATIONALLY));
    assert_int_equal(state_against(&stage, STATUS__CODE__SUSPENDED, NATIONAL_STATE__CODE__LAPSED),
                     of(CONFLICT_ENDED_NATIONALLY));
    assert_int_equal(state_against(&stage, STATUS__CODE__SUSPENDED, NATIONAL_STATE__CODE__VALID),
                     of(CONFLICT_STATE_DIFFERS));
    assert_int_equal(state_against(&stage, STATUS__CODE__REVOKED, NATIONAL_STATE__CODE__CANCELLED),
                     of(CONFLICT_STATE_DIFFERS));
    assert_int_equal(state_against(&stage, STATUS__CODE__CANCELLED, NATIONAL_STATE__CODE__VALID),
                     of(CONFLICT_IN_FORCE_NATIONALLY));
    assert_int_equal(state_against(&stage, STATUS__CODE__RELEASED, NATIONAL_STATE__CODE__SUSPENDED),
                     of(CONFLICT_IN_FORCE_NATIONALLY));
    assert_int_equal(state_against(&stage, STATUS__CODE__RELEASED, NATIONAL_STATE__CODE__CANCELLED),
                     0);
    assert_int_equal(
        state_against(&stage, STATUS__CODE__DEPARTED, NATIONAL_STATE__CODE__TRANSFERRED), 0);
    assert_int_equal(state_against(&stage, STATUS__CODE__WITHDRAWN, NATIONAL_STATE__CODE__OTHER),
                     0);
    arena_release(&stage.arena);
}

static void test_conflicts_of_an_expired_one_is_over_or_not(void **state)
{
    struct stage stage;
    (void)state;
    set(&stage);
    stage.question.today = TODAY + 1;
    assert_int_equal(state_against(&stage, STATUS__CODE__VALID, NATIONAL_STATE__CODE__LAPSED), 0);
    assert_int_equal(state_against(&stage, STATUS__CODE__VALID, NATIONAL_STATE__CODE__VALID), 0);
    assert_int_equal(state_against(&stage, STATUS__CODE__VALID, NATIONAL_STATE__CODE__REVOKED),
                     of(CONFLICT_ENDED_NATIONALLY));
    arena_release(&stage.arena);
}

static void test_conflicts_of_an_expired_suspended_one_is_over_or_not(void **state)
{
    struct stage stage;
    (void)state;
    set(&stage);
    stage.question.today = TODAY + 1;
    assert_int_equal(state_against(&stage, STATUS__CODE__SUSPENDED, NATIONAL_STATE__CODE__LAPSED),
                     0);
    assert_int_equal(
        state_against(&stage, STATUS__CODE__SUSPENDED, NATIONAL_STATE__CODE__SUSPENDED), 0);
    assert_int_equal(state_against(&stage, STATUS__CODE__SUSPENDED, NATIONAL_STATE__CODE__VALID),
                     of(CONFLICT_STATE_DIFFERS));
    arena_release(&stage.arena);
}

/* What an authority ended has one state there, and no other says the same. */
static void test_conflicts_of_an_ending_by_the_authority_has_its_own_state(void **state)
{
    struct stage stage;
    (void)state;
    set(&stage);
    for (int there = NATIONAL_STATE__CODE__VALID; there <= NATIONAL_STATE__CODE__WITHDRAWN;
         there++) {
        bool in_force =
            there == NATIONAL_STATE__CODE__VALID || there == NATIONAL_STATE__CODE__SUSPENDED;
        unsigned other = of(in_force ? CONFLICT_IN_FORCE_NATIONALLY : CONFLICT_STATE_DIFFERS);
        assert_int_equal(state_against(&stage, STATUS__CODE__REVOKED, (NationalState__Code)there),
                         there == NATIONAL_STATE__CODE__REVOKED ? 0 : other);
        assert_int_equal(state_against(&stage, STATUS__CODE__WITHDRAWN, (NationalState__Code)there),
                         there == NATIONAL_STATE__CODE__WITHDRAWN ? 0 : other);
    }
    arena_release(&stage.arena);
}

static void test_conflicts_of_a_mask_only_confirms(void **state)
{
    struct stage stage;
    (void)state;
    set(&stage);
    stage.question.own = false;
    stage.record.masked = true;
    assert_int_equal(ask(&stage), 0);
    stage.national.masked_number = (char *)"310101**********17"; /* shows more elsewhere */
    assert_int_equal(ask(&stage), 0);
    stage.national.masked_number = (char *)"310*************18";
    assert_int_equal(ask(&stage), of(CONFLICT_HOLDER_DIFFERS));
    stage.national.masked_number = (char *)"310*************17";
    stage.national.name = (char *)"吴九";
    assert_int_equal(ask(&stage), of(CONFLICT_HOLDER_DIFFERS));
    stage.national.name = (char *)"孙三";
    stage.record.state = NATIONAL_STATE__CODE__REVOKED;
    assert_int_equal(ask(&stage), of(CONFLICT_ENDED_NATIONALLY));
    stage.record.masked = false; /* the document is another person's, whatever its mask shows */
    assert_int_equal(ask(&stage), of(CONFLICT_HOLDER_DIFFERS));
    stage.record.state = NATIONAL_STATE__CODE__VALID;
    stage.national.id_type = ID_TYPE__CODE__OTHER; /* as the platform calls all but 身份证 */
    stage.holder.id_type = ID_TYPE__CODE__RESIDENT;
    assert_int_equal(ask(&stage), of(CONFLICT_HOLDER_DIFFERS));
    stage.holder.id_type = ID_TYPE__CODE__PASSPORT;
    assert_int_equal(ask(&stage), 0);
    stage.national.masked_number = (char *)"310*************18";
    assert_int_equal(ask(&stage), of(CONFLICT_HOLDER_DIFFERS));
    arena_release(&stage.arena);
}

/* Another kind of document is another number (0143); one that was corrected still fits (D24). */
static void test_conflicts_of_a_mask_under_kinds_and_former_numbers(void **state)
{
    struct stage stage;
    NumberVersion first;
    NumberVersion *numbers[] = {&first};
    (void)state;
    set(&stage);
    stage.question.own = false;
    stage.record.masked = true;
    stage.national.id_type = ID_TYPE__CODE__RESIDENT;
    stage.holder.id_type = ID_TYPE__CODE__HK_MACAU_PERMIT;
    stage.holder.masked_number = (char *)"H1*****78";
    assert_int_equal(ask(&stage), of(CONFLICT_HOLDER_DIFFERS));
    number_version__init(&first);
    first.id_type = ID_TYPE__CODE__RESIDENT;
    first.masked_number = (char *)"310*************17";
    stage.holder.numbers = numbers;
    stage.holder.n_numbers = 1;
    assert_int_equal(ask(&stage), 0);
    first.masked_number = (char *)"310*************18";
    assert_int_equal(ask(&stage), of(CONFLICT_HOLDER_DIFFERS));
    arena_release(&stage.arena);
}

static void test_conflicts_of_a_name_that_was_had_is_none(void **state)
{
    struct stage stage;
    char *former[] = {(char *)"孙叁"};
    (void)state;
    set(&stage);
    stage.national.name = former[0];
    assert_int_equal(ask(&stage), of(CONFLICT_NAME_DIFFERS));
    stage.record.state = NATIONAL_STATE__CODE__CANCELLED;
    assert_int_equal(ask(&stage), of(CONFLICT_NAME_DIFFERS) | of(CONFLICT_ENDED_NATIONALLY));
    stage.record.state = NATIONAL_STATE__CODE__VALID;
    stage.holder.former_names = former;
    stage.holder.n_former_names = 1;
    assert_int_equal(ask(&stage), 0);
    arena_release(&stage.arena);
}

static void test_conflicts_of_another_province_is_of_one_class(void **state)
{
    struct stage stage;
    (void)state;
    set(&stage);
    stage.record.certificate = (char *)"浙建安B(2024)0000001";
    assert_int_equal(ask(&stage), of(CONFLICT_VALID_ELSEWHERE));
    stage.certificate.legal_representative = true;
    assert_int_equal(ask(&stage), 0);
    stage.certificate.legal_representative = false;
    stage.record.category = CATEGORY__CODE__C1;
    assert_int_equal(ask(&stage), 0);
    stage.certificate.category = CATEGORY__CODE__C3; /* all C's are one class */
    assert_int_equal(ask(&stage), of(CONFLICT_VALID_ELSEWHERE));
    stage.record.masked = true;
    assert_int_equal(ask(&stage), 0);
    stage.record.masked = false;
    stage.record.state = NATIONAL_STATE__CODE__SUSPENDED;
    assert_int_equal(ask(&stage), 0);
    stage.record.state = NATIONAL_STATE__CODE__VALID;
    stage.question.today = TODAY + 1;
    assert_int_equal(ask(&stage), 0);
    stage.question.today = TODAY;
    stage.record.certificate = (char *)"沪建安B(2024)0000002"; /* one more of this city */
    assert_int_equal(ask(&stage), 0);
    arena_release(&stage.arena);
}

static void test_conflicts_of_another_province_ends_with_its_last_day(void **state)
{
    struct stage stage;
    Date end = DATE__INIT;
    (void)state;
    set(&stage);
    stage.record.certificate = (char *)"浙建安B(2024)0000001";
    stage.record.valid_until = &end;
    end.days = TODAY;
    assert_int_equal(ask(&stage), of(CONFLICT_VALID_ELSEWHERE));
    end.days = TODAY - 1;
    assert_int_equal(ask(&stage), 0);
    stage.record.valid_until = NULL; /* nobody knows until when */
    assert_int_equal(ask(&stage), 0);
    end.days = TODAY;
    stage.record.valid_until = &end;
    stage.question.own = false; /* of somebody else it says nothing, whatever his name */
    stage.national.name = (char *)"吴九";
    assert_int_equal(ask(&stage), 0);
    arena_release(&stage.arena);
}

static void test_conflict_text_and_back(void **state)
{
    enum conflict back;
    (void)state;
    for (int i = 0; i < CONFLICT_COUNT; i++) {
        assert_true(conflict_from_text(conflict_text((enum conflict)i), &back));
        assert_int_equal(back, i);
    }
    assert_false(conflict_from_text(STR("none"), &back));
    assert_false(conflict_from_text(STR(""), &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conflicts_of_the_same_row_has_none),
        cmocka_unit_test(test_conflicts_of_compares_states),
        cmocka_unit_test(test_conflicts_of_an_expired_one_is_over_or_not),
        cmocka_unit_test(test_conflicts_of_an_ending_by_the_authority_has_its_own_state),
        cmocka_unit_test(test_conflicts_of_an_expired_suspended_one_is_over_or_not),
        cmocka_unit_test(test_conflicts_of_a_mask_only_confirms),
        cmocka_unit_test(test_conflicts_of_a_mask_under_kinds_and_former_numbers),
        cmocka_unit_test(test_conflicts_of_a_name_that_was_had_is_none),
        cmocka_unit_test(test_conflicts_of_another_province_is_of_one_class),
        cmocka_unit_test(test_conflicts_of_another_province_ends_with_its_last_day),
        cmocka_unit_test(test_conflict_text_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
