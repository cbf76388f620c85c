/* test_national_line - what an answer of the national platform means: for the record, and for the
 * line. A record that is refused lets the others through; a line that is busy is asked again. */
#include "jobs/platform/national_line.h"

#include "jobs/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"
#include "tests/support/web_server.h"

#define TAKEN "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"code\":1}"

/* Sends a record to a platform that gives `first`, and code 1 to who asks again. */
static outcome send_once(const char *first, struct national_reply *ret, bool *ret_again,
                         struct error *err)
{
    const char *const answers[] = {first, TAKEN, NULL};
    struct web_server server;
    web_server_start(&server, answers);
    str url = arena_format(&test_scratch.arena, "http://127.0.0.1:%d/records", server.port);
    struct national_line line = {.tries = 2, .post = {.url = url.data, .timeout_ms = 20000}};
    ret->body = (bytes){NULL, 0};
    outcome done = national_line_send(&line, "key-1", STR("{\"certNum\":\"x\"}"),
                                      &test_scratch.arena, ret, err);
    web_server_stop(&server);
    *ret_again = done.ok && bytes_equal(ret->body, str_bytes(STR("{\"code\":1}"))) &&
                 !str_ends_with(str_of(first), STR("{\"code\":1}"));
    return done;
}

static str with_status(int status)
{
    return arena_format(&test_scratch.arena, "HTTP/1.1 %d x\r\nContent-Length: 2\r\n\r\n{}",
                        status);
}

static str with_body(const char *body)
{
    return arena_format(&test_scratch.arena, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
                        str_of(body).size, body);
}

static void test_send_reads_the_verdict(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        enum national_verdict verdict;
    } rows[] = {
        {"{\"code\":1}", NATIONAL_TAKEN},           {"{\"code\":\"1\"}", NATIONAL_TAKEN},
        {"{\"code\":2}", NATIONAL_WARNED},          {"{\"code\":\"2\"}", NATIONAL_WARNED},
        {"{\"code\":0}", NATIONAL_REFUSED},         {"{\"code\":\"0\"}", NATIONAL_REFUSED},
        {"{\"x\":9,\"code\":0}", NATIONAL_REFUSED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error err = {0};
        struct national_reply reply = {0};
        bool again = false;
        assert_true(send_once(with_body(rows[i].body).data, &reply, &again, &err).ok);
        assert_int_equal(reply.verdict, rows[i].verdict);
        assert_true(bytes_equal(reply.body, str_bytes(str_of(rows[i].body))));
        assert_false(again);
    }
}

static void test_send_takes_no_answer_for_a_verdict(void **state)
{
    (void)state;
    static const char *const bodies[] = {"{\"code\":3}",
                                         "{\"code\":\"x\"}",
                                         "{\"code\":-1}",
                                         "{\"code\":true}",
                                         "{\"codes\":1}",
                                         "[1]",
                                         "1",
                                         "ok",
                                         ""};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct error err = {0};
        struct national_reply reply = {0};
        bool again = false;
        assert_false(send_once(with_body(bodies[i]).data, &reply, &again, &err).ok);
        assert_int_equal(err.class, ERROR_REMOTE);
        assert_int_equal(err.code, MESSAGE_NATIONAL_ANSWER);
    }
}

static void test_send_tells_the_record_from_the_line(void **state)
{
    (void)state;
    enum what { REFUSES, ENDS, AGAIN };
    static const struct {
        int status;
        enum what what;
    } rows[] = {{400, REFUSES}, {422, REFUSES}, {401, ENDS},  {403, ENDS},
                {404, ENDS},    {302, ENDS},    {408, AGAIN}, {409, AGAIN},
                {425, AGAIN},   {429, AGAIN},   {500, AGAIN}, {503, AGAIN}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error err = {0};
        struct national_reply reply = {0};
        bool again = false;
        outcome done = send_once(with_status(rows[i].status).data, &reply, &again, &err);
        assert_int_equal(done.ok, rows[i].what != ENDS);
        assert_int_equal(again, rows[i].what == AGAIN);
        if (done.ok) {
            assert_int_equal(reply.verdict, again ? NATIONAL_TAKEN : NATIONAL_REFUSED);
        } else {
            assert_int_equal(err.class, ERROR_REMOTE);
            assert_int_equal(err.code, MESSAGE_NATIONAL_STATUS);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_send_reads_the_verdict),
        scratch_unit_test(test_send_takes_no_answer_for_a_verdict),
        scratch_unit_test(test_send_tells_the_record_from_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
