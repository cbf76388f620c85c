/* test_json - strict reading, ordered writing. */
#include "tests/support/test.h"

#include <string.h>

#include "core/io/json.h"
#include "core/io/messages.h"

static outcome parse(const char *text, struct json **ret, struct error *err)
{
    return json_parse(bytes_of(text, strlen(text)), ret, err);
}

static void assert_refused_bytes(bytes text, int code)
{
    struct error err = {0};
    JSON_AUTO root = NULL;
    assert_false(json_parse(text, &root, &err).ok);
    assert_null(root);
    assert_int_equal(err.class, ERROR_INVALID);
    assert_int_equal(err.code, code);
}

static void assert_refused(const char *text, int code)
{
    assert_refused_bytes(bytes_of(text, strlen(text)), code);
}

static void test_parse_gives_values_of_every_kind(void **state)
{
    (void)state;
    struct error err = {0};
    JSON_AUTO root = NULL;
    assert_true(parse("{\"text\":\"𠮷\\u00b7x\",\"number\":9223372036854775807,\"truth\":true,"
                      "\"none\":null,\"decimal\":1.5,\"list\":[1,\"b\"]}",
                      &root, &err)
                    .ok);
    assert_int_equal(json_kind(root), JSON_IS_RECORD);
    assert_int_equal(json_count(root), 6);
    assert_true(str_equal(json_text(json_member(root, "text")), STR("𠮷·x")));
    assert_true(json_number(json_member(root, "number")) == INT64_MAX);
    assert_true(json_truth(json_member(root, "truth")));
    assert_int_equal(json_kind(json_member(root, "none")), JSON_IS_NULL);
    assert_int_equal(json_kind(json_member(root, "decimal")), JSON_IS_DECIMAL);
    const struct json *list = json_member(root, "list");
    assert_int_equal(json_count(list), 2);
    assert_true(str_equal(json_text(json_element(list, 1)), STR("b")));
    assert_null(json_element(list, 2));
    assert_null(json_member(root, "absent"));
    assert_true(str_empty(json_text(list)));
}

static void test_walk_keeps_the_order_of_the_text(void **state)
{
    (void)state;
    struct error err = {0};
    JSON_AUTO root = NULL;
    assert_true(parse("{\"z\":1,\"a\":2,\"m\":3}", &root, &err).ok);
    char keys[8] = "";
    for (struct json_walk walk = json_walk(root); walk.value != NULL; json_walk_next(&walk)) {
        strncat(keys, walk.key.data, 1);
    }
    assert_string_equal(keys, "zam");
    JSON_AUTO empty = NULL;
    assert_true(parse("{}", &empty, &err).ok);
    assert_null(json_walk(empty).value);
}

static void test_parse_refuses_with_its_reason(void **state)
{
    (void)state;
    assert_refused("{\"a\":1,\"a\":2}", MESSAGE_JSON_DUPLICATE_KEY);
    assert_refused("{\"a\":{\"b\":1,\"b\":1}}", MESSAGE_JSON_DUPLICATE_KEY);
    assert_refused("{\"a\":\"\\ud800\"}", MESSAGE_JSON_BAD_TEXT);
    assert_refused("{\"a\":\"\\ud800\\u0041\"}", MESSAGE_JSON_BAD_TEXT);
    assert_refused("{\"a\":\"\\udc00\"}", MESSAGE_JSON_BAD_TEXT);
    assert_refused("{\"a\":\"x\\u0000y\"}", MESSAGE_JSON_BAD_TEXT);
    assert_refused("{\"x\\u0000\":1}", MESSAGE_JSON_BAD_TEXT);
    assert_refused("{\"a\":\"\xff\"}", MESSAGE_JSON_BAD_TEXT);
    assert_refused("{\"a\":1", MESSAGE_JSON_SYNTAX);
    assert_refused("{\"a\":1} x", MESSAGE_JSON_SYNTAX);
    assert_refused("{'a':1}", MESSAGE_JSON_SYNTAX);
    assert_refused("{\"a\":9223372036854775808}", MESSAGE_JSON_SYNTAX);
    assert_refused("", MESSAGE_JSON_SYNTAX);
    assert_refused_bytes(bytes_of("{\"a\":\"x\0y\"}", 11), MESSAGE_JSON_SYNTAX);
}

static void test_parse_names_line_and_column_only(void **state)
{
    (void)state;
    struct error err = {0};
    struct json *root = NULL;
    assert_false(parse("{\"name\":\n  王}", &root, &err).ok);
    assert_int_equal(err.args_count, 2);
    assert_string_equal(err.args[0].text, "2");
}

static void test_parse_limits_depth_and_size(void **state)
{
    (void)state;
    struct error err = {0};
    char text[80];
    memset(text, '[', 32);
    memset(text + 32, ']', 32);
    JSON_AUTO root = NULL;
    assert_true(json_parse(bytes_of(text, 64), &root, &err).ok);
    memset(text, '[', 33);
    memset(text + 33, ']', 33);
    assert_refused_bytes(bytes_of(text, 66), MESSAGE_JSON_TOO_DEEP);
    JSON_AUTO quoted = NULL;
    assert_true(parse("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"", &quoted, &err).ok);
    static char large[JSON_BYTES_MAX + 1];
    assert_refused_bytes(bytes_of(large, sizeof large), MESSAGE_JSON_TOO_LARGE);
}

static void test_dump_is_compact_and_ordered(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    JSON_AUTO root = json_new_record();
    json_put_text(root, "z", STR("王\"\n𠮷"));
    json_put_number(root, "n", -1);
    json_put_bool(root, "b", false);
    json_put_null(root, "e");
    json_put_decimal(root, "s", 1.25);
    json_put_text(json_put_record(root, "r"), "k", STR(""));
    struct json *list = json_put_list(root, "l");
    json_add_text(list, STR("a"));
    json_add_number(list, 2);
    json_put_number(json_add_record(list), "x", 3);
    assert_true(str_equal(json_dump(root, &arena),
                          STR("{\"z\":\"王\\\"\\n𠮷\",\"n\":-1,\"b\":false,\"e\":null,\"s\":1.25,"
                              "\"r\":{\"k\":\"\"},\"l\":[\"a\",2,{\"x\":3}]}")));
    assert_true(str_equal(json_dump(json_put_list(root, "l"), &arena), STR("[]")));
    arena_release(&arena);
}

/* What is put twice is there once, where it was; whatever kind it had. */
static void test_put_replaces_in_place(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    JSON_AUTO root = json_new_record();
    json_put_text(json_put_record(root, "a"), "inner", STR("x"));
    json_put_number(root, "b", 1);
    json_put_number(root, "a", 2);
    json_put_text(root, "b", STR("y"));
    json_put_bool(root, "", true); /* any text is a key */
    assert_int_equal(json_count(root), 3);
    assert_true(str_equal(json_dump(root, &arena), STR("{\"a\":2,\"b\":\"y\",\"\":true}")));
    assert_true(json_truth(json_member(root, "")));
    arena_release(&arena);
}

/* More than a block holds, in one text and in many values; a copy of what was given. */
static void test_trees_take_what_they_need(void **state)
{
    (void)state;
    enum { MANY = 5000, LONG = 300000 };
    struct error err = {0};
    struct arena arena;
    arena_init(&arena, 0);
    JSON_AUTO root = json_new_record();
    char *text = arena_new(&arena, LONG + 1);
    memset(text, 'x', LONG);
    json_put_text(root, "long", (str){text, LONG});
    memset(text, 'y', LONG);
    struct json *list = json_put_list(root, "list");
    for (int i = 0; i < MANY; i++) {
        json_add_number(list, i);
    }
    json_add_text(list, (str){"\xff", 1}); /* no text: a mark in its place */
    JSON_AUTO again = NULL;
    assert_true(json_parse(str_bytes(json_dump(root, &arena)), &again, &err).ok);
    const struct json *read = json_member(again, "list");
    assert_int_equal(json_count(read), MANY + 1);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(json_number(json_element(read, (size_t)i)), i);
    }
    assert_true(str_equal(json_text(json_element(read, MANY)), STR("\uFFFD")));
    assert_int_equal(json_text(json_member(again, "long")).size, LONG);
    assert_int_equal(json_text(json_member(again, "long")).data[LONG - 1], 'x');
    arena_release(&arena);
}

static void test_a_tree_in_an_arena(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    for (int round = 0; round < 2; round++) {
        struct json *root = json_new_record_in(&arena);
        json_put_text(json_put_record(root, "r"), "k", STR("王"));
        json_add_number(json_put_list(root, "l"), round);
        assert_true(str_equal(json_dump(root, &arena),
                              round == 0 ? STR("{\"r\":{\"k\":\"王\"},\"l\":[0]}")
                                         : STR("{\"r\":{\"k\":\"王\"},\"l\":[1]}")));
        json_release(root); /* allowed, and nothing */
        assert_int_equal(json_count(root), 2);
        arena_reset(&arena);
    }
    arena_release(&arena);
}

static void test_write_line_tells_of_a_closed_output(void **state)
{
    (void)state;
    struct error err = {0};
    JSON_AUTO root = json_new_record();
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    (void)setvbuf(full, NULL, _IONBF, 0);
    assert_false(json_write_line(root, full, &err).ok);
    assert_int_equal(err.class, ERROR_RESOURCE);
    (void)fclose(full);
    char text[16] = "";
    FILE *memory = fmemopen(text, sizeof text, "w");
    assert_non_null(memory);
    assert_true(json_write_line(root, memory, &err).ok);
    assert_int_equal(fclose(memory), 0);
    assert_string_equal(text, "{}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_gives_values_of_every_kind),
        cmocka_unit_test(test_walk_keeps_the_order_of_the_text),
        cmocka_unit_test(test_parse_refuses_with_its_reason),
        cmocka_unit_test(test_parse_names_line_and_column_only),
        cmocka_unit_test(test_parse_limits_depth_and_size),
        cmocka_unit_test(test_dump_is_compact_and_ordered),
        cmocka_unit_test(test_put_replaces_in_place),
        cmocka_unit_test(test_trees_take_what_they_need),
        cmocka_unit_test(test_a_tree_in_an_arena),
        cmocka_unit_test(test_write_line_tells_of_a_closed_output),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
