/* test_replay_cells - an object's values in the columns of a table, whatever shape it has. */
#include "jobs/audit/replay_cells.h"

#include "tests/support/test.h"

static const char *const paths[] = {"name", "person.name", "person.home.town", "events", NULL};
enum { COLUMNS = 4 };

static void assert_row(struct replay_columns *columns, const char *text, const char *const *wanted)
{
    struct arena arena;
    struct error err = {0};
    JSON_AUTO object = NULL;
    str cells[COLUMNS];
    arena_init(&arena, 0);
    assert_true(json_parse(str_bytes(str_of(text)), &object, &err).ok);
    replay_cells(columns, object, &arena, cells);
    for (size_t i = 0; i < COLUMNS; i++) {
        assert_true(str_equal_c(cells[i], wanted[i]));
    }
    arena_release(&arena);
}

#define ROW(text, ...) assert_row(columns, text, (const char *const[]){__VA_ARGS__})

/* Objects that have more, less, or the same in another order than the one before. */
static void test_replay_cells_finds_each_value(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    struct replay_columns *columns = replay_columns(paths, &arena);
    assert_int_equal(replay_columns_count(columns), COLUMNS);
    ROW("{}", "", "", "", "");
    ROW("{\"name\":\"a\",\"person\":{\"name\":\"b\",\"home\":{\"town\":\"c\"}},\"events\":[1,-22,3]"
        "}",
        "a", "b", "c", "1 -22 3");
    ROW("{\"name\":\"a\",\"person\":null,\"events\":[]}", "a", "", "", "");
    ROW("{\"events\":[\"x\",true],\"person\":{\"home\":{\"name\":\"no\",\"town\":7},\"name\":\"b\"}"
        ","
        "\"name\":false}",
        "false", "b", "7", "x true");
    ROW("{\"blocked\":true,\"name\":\"a\",\"person\":{\"new\":1,\"name\":\"b\"},\"events\":[9]}",
        "a", "b", "", "9");
    ROW("{\"person\":{\"person\":{\"name\":\"deep\"}},\"home\":{\"town\":\"no\"}}", "", "", "", "");
    ROW("{\"name\":\"a\",\"person\":\"text\",\"events\":[-9223372036854775808,9223372036854775807]"
        "}",
        "a", "", "", "-9223372036854775808 9223372036854775807");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replay_cells_finds_each_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
