/* test_html - pages and charts put together in memory: what is text is escaped, what is nothing is
 * said, what is drawn lies within its picture. */
#include "core/base/html.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/chart.h"
#include "tests/support/test.h"

static bool has(const struct html *page, const char *text)
{
    return memmem(page->data, page->size, text, strlen(text)) != NULL;
}

static void test_html_text_escapes_what_would_be_markup(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    struct html page = {.arena = &arena};
    html_text(&page, STR("<script>\"a\" & 'b'</script>\x01鑫"));
    assert_true(has(&page, "&lt;script&gt;&quot;a&quot; &amp; 'b'&lt;/script&gt; 鑫"));
    assert_false(has(&page, "<"));
    arena_release(&arena);
}

static void test_html_count_groups_by_thousands(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        const char *text;
    } cases[] = {{0, "0"},
                 {999, "999"},
                 {1000, "1,000"},
                 {1234567, "1,234,567"},
                 {UINT64_MAX, "18,446,744,073,709,551,615"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        arena_init(&arena, 0);
        struct html page = {.arena = &arena};
        html_count(&page, cases[i].value);
        assert_int_equal(page.size, strlen(cases[i].text));
        assert_memory_equal(page.data, cases[i].text, page.size);
        arena_release(&arena);
    }
}

static void test_html_hundredths_writes_two_places(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    struct html page = {.arena = &arena};
    html_hundredths(&page, 5);
    HTML(&page, " ");
    html_hundredths(&page, -1234);
    assert_true(page.size == strlen("0.05 -12.34") && has(&page, "0.05 -12.34"));
    arena_release(&arena);
}

static void test_html_words_says_it_once_when_both_are_equal(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    struct html page = {.arena = &arena};
    html_words(&page, (struct html_words){STR("有效"), STR("valid")});
    assert_true(has(&page, "有效 <span class=\"en\" lang=\"en\">valid</span>"));
    page = (struct html){.arena = &arena};
    html_words(&page, (struct html_words){STR("A"), STR("A")});
    assert_int_equal(page.size, 1);
    arena_release(&arena);
}

static void test_html_grows(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    struct html page = {.arena = &arena};
    for (int i = 0; i < 100000; i++) {
        HTML(&page, "0123456789");
    }
    assert_int_equal(page.size, 1000000);
    assert_memory_equal(page.data + 999990, "0123456789", 10);
    arena_release(&arena);
}

/* The chart's numbers behind an attribute, as whole units: the largest of them. */
static double largest(const struct html *page, const char *attribute)
{
    double most = -1;
    str rest = html_str(page);
    for (;;) {
        const char *found = memmem(rest.data, rest.size, attribute, strlen(attribute));
        if (found == NULL) {
            return most;
        }
        double value = strtod(found + strlen(attribute), NULL);
        most = value > most ? value : most;
        rest = str_from(rest, (size_t)(found - rest.data) + 1);
    }
}

static void check_columns(const uint64_t *values, size_t count, const char *expected)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct html page = {.arena = &arena};
    struct html_words labels[60] = {0};
    struct chart_series series[2] = {{{STR("甲"), STR("one")}, values},
                                     {{STR("乙"), STR("two")}, values}};
    struct chart chart = {.id = "c",
                          .title = {STR("图"), STR("chart")},
                          .series = series,
                          .series_count = 2,
                          .labels = labels,
                          .count = count,
                          .nothing = {STR("无"), STR("none")}};
    chart_columns(&page, &chart);
    assert_true(has(&page, expected));
    assert_true(largest(&page, " y=\"") <= 256 && largest(&page, " x=\"") <= 720);
    assert_true(largest(&page, " height=\"") <= 190);
    page = (struct html){.arena = &arena};
    chart_bars(&page, &chart);
    assert_true(largest(&page, " width=\"") <= 720);
    arena_release(&arena);
}

static void test_chart_columns_fit_their_picture(void **state)
{
    (void)state;
    static const uint64_t none[60] = {0};
    static const uint64_t one[] = {1};
    static const uint64_t wide[] = {0, 1, 999999999999, 3};
    static uint64_t many[60];
    for (size_t i = 0; i < 60; i++) {
        many[i] = i * i;
    }
    check_columns(none, 0, "none");
    check_columns(none, 60, "none");
    check_columns(one, 1, ">2</text>");
    check_columns(wide, 4, "1,999,999,999,998");
    check_columns(many, 60, "class=\"grid\"");
}

static void test_chart_bars_show_what_is_small(void **state)
{
    (void)state;
    static const uint64_t values[] = {1, 100000};
    static const struct html_words labels[] = {{{"a<b", 3}, {0}}, {{"c", 1}, {"d", 1}}};
    struct arena arena;
    arena_init(&arena, 0);
    struct html page = {.arena = &arena};
    struct chart_series series = {{STR("甲"), {0}}, values};
    struct chart chart = {.id = "c",
                          .title = {STR("图"), STR("chart")},
                          .series = &series,
                          .series_count = 1,
                          .labels = labels,
                          .count = 2};
    chart_bars(&page, &chart);
    assert_true(has(&page, "a&lt;b"));
    assert_true(has(&page, "width=\"0.60\"")); /* not nothing */
    assert_true(has(&page, ">100,000</text>"));
    assert_false(has(&page, "figcaption")); /* of one series there is no legend */
    arena_release(&arena);
}

static void test_chart_survives_zeros_and_the_largest_values(void **state)
{
    (void)state;
    static const uint64_t zeros[] = {0, 0};
    static const uint64_t huge[] = {UINT64_MAX, 1};
    static const struct html_words labels[] = {{{"a", 1}, {0}}, {{"b", 1}, {"c", 1}}};
    struct arena arena;
    arena_init(&arena, 0);
    struct chart_series series[] = {{{STR("甲"), STR("one")}, zeros},
                                    {{STR("乙"), STR("two")}, zeros}};
    struct chart chart = {.id = "c",
                          .title = {STR("图"), STR("chart")},
                          .unit = {STR("件"), STR("pieces")},
                          .series = series,
                          .series_count = 2,
                          .labels = labels,
                          .count = 2,
                          .nothing = {STR("无"), STR("none")}};
    struct html nothing = {.arena = &arena};
    chart_columns(&nothing, &chart);
    chart_bars(&nothing, &chart);
    assert_false(has(&nothing, "<svg"));
    assert_true(has(&nothing, "none"));
    series[0].values = huge;
    series[1].values = huge;
    struct html page = {.arena = &arena};
    chart_columns(&page, &chart);
    chart_bars(&page, &chart);
    assert_true(has(&page, "1,000,000,000,000,000</text>"));
    assert_false(has(&page, "=\"-"));
    assert_true(has(&page, "pieces"));
    assert_true(has(&page, "<desc id=\"c-desc\">a  1,000,000,000,000,000; b c 2; </desc>"));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_html_text_escapes_what_would_be_markup),
        cmocka_unit_test(test_html_count_groups_by_thousands),
        cmocka_unit_test(test_html_hundredths_writes_two_places),
        cmocka_unit_test(test_html_words_says_it_once_when_both_are_equal),
        cmocka_unit_test(test_html_grows),
        cmocka_unit_test(test_chart_columns_fit_their_picture),
        cmocka_unit_test(test_chart_bars_show_what_is_small),
        cmocka_unit_test(test_chart_survives_zeros_and_the_largest_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
