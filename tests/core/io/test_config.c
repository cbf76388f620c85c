/* test_config - anzheng.conf to a message and back, and every way in which it can be wrong. A
 * schema message of strings and numbers stands in for the options. */
#include "tests/support/test.h"

#include <event.pb-c.h>
#include <string.h>

#include "core/io/config.h"
#include "core/io/messages.h"
#include "tests/support/scratch.h"

static outcome read_text(const char *text, StoreCreated *ret, struct error *err)
{
    const char *path = scratch_write_text(&test_scratch, "anzheng.conf", text);
    store_created__init(ret);
    return config_read(path, &ret->base, &test_scratch.arena, err);
}

static void assert_refused(const char *text, int code, const char *line)
{
    struct error err = {0};
    StoreCreated message;
    assert_false(read_text(text, &message, &err).ok);
    assert_int_equal(err.class, ERROR_CONFIG);
    assert_int_equal(err.code, code);
    assert_string_equal(err.args[1].text, line);
}

static void test_read_sets_fields(void **state)
{
    (void)state;
    struct error err = {0};
    StoreCreated message;
    assert_true(read_text("# comment\n; another\n\nauthority_name = 示例市住建委\n"
                          "signatures_required=yes\n",
                          &message, &err)
                    .ok);
    assert_string_equal(message.authority_name, "示例市住建委");
    assert_true(message.signatures_required);
    assert_string_equal(message.origin, "");
}

static void test_read_names_the_wrong_line(void **state)
{
    (void)state;
    assert_refused("# x\norigin = a\ncolour = red\n", MESSAGE_CONFIG_UNKNOWN_KEY, "3");
    assert_refused("origin = a\norigin = b\n", MESSAGE_CONFIG_KEY_TWICE, "2");
    assert_refused("\nsignatures_required = perhaps\n", MESSAGE_CONFIG_BAD_VALUE, "2");
    assert_refused("origin = a\nwhat is this\n", MESSAGE_CONFIG_SYNTAX, "2");
    assert_refused("origin = a\n  b\n", MESSAGE_CONFIG_SYNTAX, "2");
    assert_refused("[store]\norigin = a\n", MESSAGE_CONFIG_UNKNOWN_KEY, "2");
}

static void test_read_refuses_lines_that_would_be_cut(void **state)
{
    (void)state;
    char text[256] = "origin = ";
    memset(text + 9, 'a', 190 - 9);
    struct error err = {0};
    StoreCreated message;
    assert_true(read_text(text, &message, &err).ok);
    assert_int_equal(strlen(message.origin), 190 - 9);
    memset(text + 9, 'a', 191 - 9);
    assert_refused(text, MESSAGE_CONFIG_LINE_TOO_LONG, "1");
}

static void test_read_refuses_what_is_no_text(void **state)
{
    (void)state;
    struct error err = {0};
    StoreCreated message;
    assert_false(read_text("origin = \xff\n", &message, &err).ok);
    assert_int_equal(err.code, MESSAGE_CONFIG_UNREADABLE);
    store_created__init(&message);
    const char *nothing = scratch_path(&test_scratch, "nothing.conf");
    assert_false(config_read(nothing, &message.base, &test_scratch.arena, &err).ok);
    assert_int_equal(err.class, ERROR_CONFIG);
    assert_int_equal(err.code, MESSAGE_CONFIG_UNREADABLE);
}

static void test_write_is_read_back(void **state)
{
    (void)state;
    static const struct config_key keys[] = {
        {"authority_name", "Who issues.\n发证机关"},
        {"origin", NULL},
    };
    struct error err = {0};
    StoreCreated message;
    store_created__init(&message);
    message.authority_name = arena_c_string(&test_scratch.arena, STR("示例市住建委"));
    const char *path = scratch_path(&test_scratch, "new.conf");
    assert_true(config_write(path, &message.base, keys, 2, &test_scratch.arena, &err).ok);
    bytes raw = scratch_read(&test_scratch, path);
    static const char expected[] =
        "# Who issues.\n# 发证机关\nauthority_name = 示例市住建委\n\n# origin = \n\n";
    assert_int_equal(raw.size, sizeof expected - 1);
    assert_memory_equal(raw.data, expected, raw.size);
    StoreCreated back;
    store_created__init(&back);
    assert_true(config_read(path, &back.base, &test_scratch.arena, &err).ok);
    assert_string_equal(back.authority_name, "示例市住建委");
    assert_false(config_write(path, &message.base, keys, 2, &test_scratch.arena, &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_read_sets_fields),
        scratch_unit_test(test_read_names_the_wrong_line),
        scratch_unit_test(test_read_refuses_lines_that_would_be_cut),
        scratch_unit_test(test_read_refuses_what_is_no_text),
        scratch_unit_test(test_write_is_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
