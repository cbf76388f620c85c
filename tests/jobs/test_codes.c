/* test_codes - what the engine fills into wishes about phones: keyed, exact, and nothing that could
 * be told from the content of a wish. */
#include "jobs/engine/judging/codes.h"

#include <string.h>

#include "core/base/record.h"
#include "jobs/engine/judging/wish.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

static struct scratch scratch;
static struct people *people;

static int setup(void **state)
{
    (void)state;
    struct error err;
    scratch_open(&scratch);
    assert_true(people_make(scratch.dir, &err).ok);
    assert_true(people_open(scratch.dir, STORE_READ, &people, &err).ok);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    people_close(people);
    scratch_close(&scratch);
    return 0;
}

static Action *parsed(const char *line)
{
    struct error err;
    Action *action = RECORD_NEW(&scratch.arena, Action, action);
    str id, name;
    assert_true(wish_parse(str_of(line), &scratch.arena, action, &id, &name, &err).ok);
    wish_normalise(action, people, &scratch.arena);
    return action;
}

#define PERSON                                                                                     \
    "\"person\":{\"name\":\"张三\",\"id_type\":\"身份证\",\"id_number\":\"310101189912310017\"}"

static Action *registering(const char *id_number, const char *code, const char *address)
{
    str line = arena_format(&scratch.arena,
                            "{\"id\":\"r1\",\"action\":\"register_phone\"," PERSON
                            ",\"phone\":\"13500000000\",\"code\":\"%s\",\"name\":\"张三\","
                            "\"id_number\":\"%s\",\"address\":\"%s\",\"issuer\":\"乙\","
                            "\"valid_from\":\"2016-01-01\",\"valid_to\":\"长期\"}",
                            code, id_number, address);
    return parsed(line.data);
}

static bool same_content(const Action *a, const Action *b)
{
    struct digest x = wish_content(a, &scratch.arena);
    struct digest y = wish_content(b, &scratch.arena);
    return digest_equal(&x, &y);
}

static void test_draw_gives_six_digits_that_differ(void **state)
{
    (void)state;
    bool differ = false;
    char first[8] = "";
    for (int i = 0; i < 50; i++) {
        Action *action = parsed("{\"id\":\"q\",\"action\":\"request_code\"," PERSON
                                ",\"phone\":\"13500000000\"}");
        assert_string_equal(action->request_code->sent_code, "");
        codes_draw(action, people, &scratch.arena);
        const char *code = action->request_code->sent_code;
        assert_int_equal(strspn(code, "0123456789"), 6);
        assert_int_equal(strlen(code), 6);
        differ = differ || (first[0] != 0 && strcmp(first, code) != 0);
        memcpy(first, code, 7);
        /* what was sent is what is accepted */
        Action *typed = registering("310101189912310017", code, "甲");
        assert_int_equal(typed->register_phone->code_hash.len, DIGEST_SIZE);
        assert_memory_equal(typed->register_phone->code_hash.data,
                            action->request_code->code_hash.data, DIGEST_SIZE);
    }
    assert_true(differ);
}

static void test_fill_tells_the_number_that_is_exact(void **state)
{
    (void)state;
    const char *person =
        registering("310101189912310017", "123456", "甲")->register_phone->person->person_id;
    assert_string_equal(
        registering("310101189912310017", "123456", "甲")->register_phone->number_id, person);
    assert_string_equal(
        registering("３10101189912310017", "123456", "甲")->register_phone->number_id, "");
    assert_string_equal(
        registering(" 310101189912310017", "123456", "甲")->register_phone->number_id, "");
    assert_string_equal(registering("nothing", "123456", "甲")->register_phone->number_id, "");
    assert_string_not_equal(
        registering("310101189912310025", "123456", "甲")->register_phone->number_id, person);
}

/* An id that is used again with another phone, code or address is another wish (D38). */
static void test_content_knows_every_field_and_shows_none(void **state)
{
    (void)state;
    Action *wish = registering("310101189912310017", "123456", "甲");
    assert_true(same_content(wish, registering("310101189912310017", "123456", "甲")));
    assert_false(same_content(wish, registering("310101189912310017", "123457", "甲")));
    assert_false(same_content(wish, registering("310101189912310017", "123456", "乙")));
    assert_false(same_content(wish, registering("310101189912310025", "123456", "甲")));
    Action *copy = (Action *)(void *)record_copy(&wish->base, &scratch.arena);
    codes_strip(copy, &scratch.arena);
    bytes packed = record_pack(&copy->base, &scratch.arena);
    assert_null(memmem(packed.data, packed.size, "13500000000", 11));
    assert_null(memmem(packed.data, packed.size, "123456", 6));
    assert_null(memmem(packed.data, packed.size, "甲", strlen("甲")));
    Action *asked =
        parsed("{\"id\":\"q\",\"action\":\"request_code\"," PERSON ",\"phone\":\"13500000000\"}");
    Action *other =
        parsed("{\"id\":\"q\",\"action\":\"request_code\"," PERSON ",\"phone\":\"13500000001\"}");
    assert_false(same_content(asked, other));
}

/* Ids are unique per actor: of a person, of a clerk, of an enterprise. */
static void test_id_key_knows_the_actor(void **state)
{
    (void)state;
    const char *rest =
        "\"id\":\"q\",\"action\":\"request_code\"," PERSON ",\"phone\":\"13500000000\"}";
    bytes person =
        wish_id_key(parsed(arena_format(&scratch.arena, "{%s", rest).data), &scratch.arena);
    bytes clerk = wish_id_key(
        parsed(arena_format(&scratch.arena, "{\"clerk\":\"SH1\",%s", rest).data), &scratch.arena);
    assert_int_equal(person.data[0], 'p');
    assert_int_equal(clerk.data[0], 'c');
    assert_false(bytes_equal(person, clerk));
    assert_null(memmem(person.data, person.size, "310101189912310017", 18));
}

/* What the engine fills in nobody else does. */
static void test_engine_fields_are_no_fields(void **state)
{
    (void)state;
    static const char *const fields[] = {"phone_id",  "sent_code", "code_hash",
                                         "number_id", "form_hash", "code"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        struct error err = {0};
        str id, name;
        Action *action = RECORD_NEW(&scratch.arena, Action, action);
        str line = arena_format(&scratch.arena,
                                "{\"id\":\"q\",\"action\":\"request_code\"," PERSON
                                ",\"phone\":\"13500000000\",\"%s\":\"123456\"}",
                                fields[i]);
        assert_false(wish_parse(line, &scratch.arena, action, &id, &name, &err).ok);
        assert_int_equal(err.class, ERROR_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_draw_gives_six_digits_that_differ, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fill_tells_the_number_that_is_exact, setup, teardown),
        cmocka_unit_test_setup_teardown(test_content_knows_every_field_and_shows_none, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_id_key_knows_the_actor, setup, teardown),
        cmocka_unit_test_setup_teardown(test_engine_fields_are_no_fields, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
