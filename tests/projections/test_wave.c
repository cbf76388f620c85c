/* test_wave - the view of waves: what was announced, how far it is, and why items failed. */
#include "tests/support/fixture.h"
#include "tests/support/history.h"
#include "tests/support/test.h"

#define ONE     "certificate=沪建安B(2025)0000001"
#define TWO     "certificate=沪建安B(2025)0000002"
#define NEW     " enterprise=E1 enterprise_name=新名"
#define DIGEST  "0a0b"
#define OPENING "kind=enterprise_name enterprise=E1 value=新名 numbers_sha256=" DIGEST " count="

static struct history *with_two(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "certificate_issued", ONE " enterprise=E1 enterprise_name=旧名");
    history_add(history, "certificate_issued", TWO " enterprise=E1 enterprise_name=旧名");
    return history;
}

static void check(struct history *history, uint64_t wave, const char *field, const char *wanted)
{
    assert_string_equal(history_field(history, VIEW_WAVE, key_wave(wave), field), wanted);
}

static void test_wave_is_open_until_it_is_closed(void **state)
{
    struct history *history = history_new(*state);
    struct view_key open = index_open_waves();
    history_refuse(history, "wave_closed", "wave=1");
    history_add(history, "wave_opened", OPENING "3");
    assert_int_equal(memory_views_count(&history->views, VIEW_INDEX, &open), 1);
    assert_true(memory_views_indexed(&history->views, open, (str){"\0\0\0\0\0\0\0\1", 8}));
    history_add(history, "wave_closed", "wave=1 done=2 failed=1");
    assert_int_equal(memory_views_count(&history->views, VIEW_INDEX, &open), 0);
    check(history, 1, "closed", "true");
    check(history, 1, "closed_by", "2");
    check(history, 1, "done", "2");
    check(history, 1, "value", "新名");
    check(history, 1, "numbers_sha256", DIGEST);
    check(history, 1, "opened_on", "2025-03-01");
    history_refuse(history, "wave_closed", "wave=1");
}

static void test_wave_counts_its_items_by_cause(void **state)
{
    struct history *history = with_two(state);
    uint64_t wave = history_add(history, "wave_opened", OPENING "2");
    history_add(history, "enterprise_name_changed", ONE NEW " cause=3");
    check(history, wave, "done", "1");
    check(history, wave, "failed", "");
    history_add(history, "wave_item_failed", TWO " code=certificate_expired cause=3");
    check(history, wave, "done", "1");
    check(history, wave, "failed", "1");
    history_refuse(history, "enterprise_name_changed", ONE NEW " cause=3"); /* one too many */
    history_refuse(history, "wave_item_failed", ONE " code=x cause=9");     /* no such wave */
    history_add(history, "wave_closed", "wave=3 done=1 failed=1 cause=3");
    history_refuse(history, "enterprise_name_changed", ONE NEW " cause=3"); /* closed */
}

static void test_wave_of_the_first_version_counts_at_its_end(void **state)
{
    struct history *history = with_two(state);
    uint64_t wave = history_add(history, "wave_opened", OPENING "2");
    history_add(history, "enterprise_name_changed", ONE NEW);
    history_add(history, "enterprise_name_changed", TWO NEW);
    check(history, wave, "done", "");
    history_add(history, "wave_closed", "wave=3 done=2");
    check(history, wave, "done", "2");
    check(history, wave, "closed", "true");
}

static void test_wave_keeps_codes_sorted_and_counted(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "wave_opened", "kind=validity value=2030-01-01 notice=N-1 count=4");
    history_add(history, "wave_item_failed", ONE " code=not_selected cause=1");
    history_add(history, "wave_item_failed", TWO " code=already_so cause=1");
    history_add(history, "wave_item_failed", ONE " code=not_selected cause=1");
    history_add(history, "wave_item_failed", ONE " code=certificate_expired cause=1");
    check(history, 1, "failed", "4");
    check(history, 1, "codes.0.code", "already_so");
    check(history, 1, "codes.0.count", "1");
    check(history, 1, "codes.1.code", "certificate_expired");
    check(history, 1, "codes.2.code", "not_selected");
    check(history, 1, "codes.2.count", "2");
    check(history, 1, "notice", "N-1");
}

static void test_wave_items_of_notices_change_certificates(void **state)
{
    struct history *history = with_two(state);
    struct view_key one = key_certificate(STR("沪建安B(2025)0000001"));
    uint64_t wave = history_add(history, "wave_opened",
                                "kind=category value=C3 category=c count=2 "
                                "valid_until_from=2025-01-01 valid_until_to=2025-12-31");
    history_add(history, "category_converted", ONE " category=c3 cause=3");
    history_add(history, "validity_extended", ONE " valid_until=2030-01-01 cause=3");
    check(history, wave, "done", "2");
    check(history, wave, "category", "c");
    check(history, wave, "valid_until_from", "2025-01-01");
    check(history, wave, "valid_until_to", "2025-12-31");
    assert_string_equal(history_field(history, VIEW_CERTIFICATE, one, "category"), "c3");
    assert_string_equal(history_field(history, VIEW_CERTIFICATE, one, "valid_until"), "2030-01-01");
    assert_string_equal(history_field(history, VIEW_CERTIFICATE, one, "version"), "3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_wave_is_open_until_it_is_closed),
        TEST_WITH_ARENA(test_wave_counts_its_items_by_cause),
        TEST_WITH_ARENA(test_wave_of_the_first_version_counts_at_its_end),
        TEST_WITH_ARENA(test_wave_keeps_codes_sorted_and_counted),
        TEST_WITH_ARENA(test_wave_items_of_notices_change_certificates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
