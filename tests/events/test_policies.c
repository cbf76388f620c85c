/* test_policies - business policies from their texts. */
#include "tests/support/test.h"

#include "events/decide.h"
#include "events/messages.h"

static void set(struct policies *policies, const char *key, const char *value)
{
    struct error error;
    assert_true(policies_set(policies, str_of(key), str_of(value), &error).ok);
}

static void assert_refused(const char *key, const char *value, int code)
{
    struct error error;
    struct policies policies = policies_default();
    assert_false(policies_set(&policies, str_of(key), str_of(value), &error).ok);
    assert_int_equal(error.class, ERROR_USAGE);
    assert_int_equal(error.code, code);
    struct policies untouched =
        policies_default(); /* by fields: what is between them is anything */
    assert_int_equal(policies.require_release, untouched.require_release);
    assert_int_equal(policies.entry_states, untouched.entry_states);
    assert_int_equal(policies.insurance_months_required, untouched.insurance_months_required);
    assert_int_equal(policies.b_require_registration, untouched.b_require_registration);
    assert_int_equal(policies.identity_require_certificate, untouched.identity_require_certificate);
    assert_int_equal(policies.identity_photo_required, untouched.identity_photo_required);
}

static void test_policies_default_is_what_the_contract_says(void **state)
{
    struct policies policies = policies_default();
    (void)state;
    assert_true(policies.require_release);
    assert_int_equal(policies.insurance_months_required, 1);
    assert_false(policies.b_require_registration);
    assert_false(policies.identity_require_certificate);
    assert_true(policies.identity_photo_required);
    assert_int_equal(policies.entry_states, policies_state_bit(NATIONAL_STATE__CODE__CANCELLED) |
                                                policies_state_bit(NATIONAL_STATE__CODE__LAPSED));
}

static void test_policies_set_reads_every_key(void **state)
{
    struct policies policies = policies_default();
    (void)state;
    set(&policies, "affiliation.require_release", "no");
    set(&policies, "entry.states", "注销, 其他 ,办理转出");
    struct policies typed = policies_default();
    set(&typed, "entry.states", "注销、其他；办理转出");
    assert_int_equal(typed.entry_states, policies.entry_states);
    set(&typed, "entry.states", "注销，其他;办理转出");
    assert_int_equal(typed.entry_states, policies.entry_states);
    set(&policies, "insurance.months_required", "3");
    set(&policies, "b.require_registration", " yes ");
    set(&policies, "identity.require_certificate", "true");
    set(&policies, "identity.photo_required", "false");
    assert_false(policies.require_release);
    assert_int_equal(policies.insurance_months_required, 3);
    assert_true(policies.b_require_registration);
    assert_true(policies.identity_require_certificate);
    assert_false(policies.identity_photo_required);
    assert_int_equal(policies.entry_states,
                     policies_state_bit(NATIONAL_STATE__CODE__CANCELLED) |
                         policies_state_bit(NATIONAL_STATE__CODE__TRANSFERRED) |
                         policies_state_bit(NATIONAL_STATE__CODE__OTHER));
}

static void test_policies_spelling_parts_lists_by_commas(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    str typed = policies_spelling(STR("entry.states"), STR(" 注销、 失效；办理转出 "), &arena);
    assert_true(str_equal(typed, STR("注销,失效,办理转出")));
    str other = policies_spelling(STR("affiliation.require_release"), STR(" no "), &arena);
    assert_true(str_equal(other, STR("no")));
    str wrong = policies_spelling(STR("insurance.months_required"), STR("1、2"), &arena);
    assert_true(str_equal(wrong, STR("1、2"))); /* no list: refused as it was typed */
    arena_release(&arena);
}

static void test_policies_set_refuses_other_keys_and_values(void **state)
{
    (void)state;
    assert_refused("affiliation", "yes", MESSAGE_POLICY_UNKNOWN);
    assert_refused("", "yes", MESSAGE_POLICY_UNKNOWN);
    assert_refused("affiliation.require_release", "perhaps", MESSAGE_POLICY_VALUE);
    assert_refused("insurance.months_required", "4", MESSAGE_POLICY_VALUE);
    assert_refused("insurance.months_required", "-1", MESSAGE_POLICY_VALUE);
    assert_refused("entry.states", "注销,离开", MESSAGE_POLICY_VALUE);
    assert_refused("entry.states", "注销、离开", MESSAGE_POLICY_VALUE);
    assert_refused("entry.states", "注销、", MESSAGE_POLICY_VALUE);
    assert_refused("entry.states", "", MESSAGE_POLICY_VALUE);
}

static void test_policies_state_bit_tells_every_state_apart(void **state)
{
    uint32_t all = 0;
    (void)state;
    for (unsigned i = 0; i < national_state__code__descriptor.n_values; i++) {
        int value = national_state__code__descriptor.values[i].value;
        uint32_t bit = policies_state_bit((NationalState__Code)value);
        assert_int_equal(all & bit, 0);
        all |= bit;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policies_default_is_what_the_contract_says),
        cmocka_unit_test(test_policies_set_reads_every_key),
        cmocka_unit_test(test_policies_spelling_parts_lists_by_commas),
        cmocka_unit_test(test_policies_set_refuses_other_keys_and_values),
        cmocka_unit_test(test_policies_state_bit_tells_every_state_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
