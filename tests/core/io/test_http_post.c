/* test_http_post - posting to loopback: what is sent, what counts as taken, what is tried again. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/io/http.h"
#include "core/io/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/web_server.h"

/* Posts once to a server that gives `answer`; its request stays in *server. */
static outcome post_answer(const char *answer, struct web_server *server, bool *ret_again,
                           struct error *err)
{
    const char *const answers[] = {answer, NULL};
    web_server_start(server, answers);
    str url = arena_format(&test_scratch.arena, "http://127.0.0.1:%d/sms?key=geheim", server->port);
    struct http_post post = {.url = url.data,
                             .body = str_bytes(STR("{\"code\":\"123456\"}")),
                             .authorization = "Bearer geheim"};
    outcome done = http_post(&post, ret_again, err);
    web_server_stop(server);
    return done;
}

static void assert_fails(const char *answer, int code, bool again)
{
    struct web_server server;
    struct error err = {0};
    bool found = !again;
    assert_false(post_answer(answer, &server, &found, &err).ok);
    assert_int_equal(err.class, ERROR_REMOTE);
    assert_int_equal(err.code, code);
    assert_int_equal(found, again);
    for (int i = 0; i < err.args_count; i++) {
        assert_null(strstr(err.args[i].text, "geheim"));
        assert_null(strstr(err.args[i].text, "123456"));
    }
}

static void test_post_sends_json_and_the_secret(void **state)
{
    (void)state;
    struct web_server server;
    struct error err = {0};
    bool again = true;
    assert_true(
        post_answer("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok", &server, &again, &err)
            .ok);
    assert_false(again);
    assert_non_null(strstr(server.request, "POST /sms?key=geheim HTTP/1.1\r\n"));
    assert_non_null(strstr(server.request, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(server.request, "\r\nAuthorization: Bearer geheim\r\n"));
    assert_null(strstr(server.request, "Expect:"));
    assert_non_null(strstr(server.request, "\r\n\r\n{\"code\":\"123456\"}"));
}

/* Nothing is what is sent then, and not what stands on stdin. */
static void test_post_of_nothing_reads_no_stdin(void **state)
{
    (void)state;
    static const char *const answers[] = {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", NULL};
    struct web_server server;
    struct error err = {0};
    bool again = true;
    int pipe_ends[2];
    int kept = dup(STDIN_FILENO);
    assert_int_equal(pipe(pipe_ends), 0);
    assert_int_equal(write(pipe_ends[1], "geheim", 6), 6);
    (void)close(pipe_ends[1]);
    assert_int_equal(dup2(pipe_ends[0], STDIN_FILENO), STDIN_FILENO);
    web_server_start(&server, answers);
    str url = arena_format(&test_scratch.arena, "http://127.0.0.1:%d/sms", server.port);
    struct http_post post = {.url = url.data};
    outcome done = http_post(&post, &again, &err);
    web_server_stop(&server);
    if (kept >= 0) {
        (void)dup2(kept, STDIN_FILENO);
        (void)close(kept);
    } else {
        (void)close(STDIN_FILENO);
    }
    (void)close(pipe_ends[0]);
    assert_true(done.ok);
    assert_non_null(strstr(server.request, "\r\nContent-Length: 0\r\n"));
    assert_null(strstr(server.request, "geheim"));
}

static void test_post_tells_what_may_be_tried_again(void **state)
{
    (void)state;
    assert_fails("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", MESSAGE_POST_STATUS, true);
    assert_fails("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", MESSAGE_POST_STATUS, true);
    assert_fails("HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", MESSAGE_POST_STATUS, true);
    assert_fails("", MESSAGE_POST_FAILED, true); /* hangs up */
    assert_fails("HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n", MESSAGE_POST_STATUS, false);
    assert_fails("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", MESSAGE_POST_STATUS, false);
    assert_fails(
        "HTTP/1.1 302 There\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        MESSAGE_POST_STATUS, false);
}

static void test_post_reads_no_endless_answer(void **state)
{
    (void)state;
    struct web_server server;
    struct error err = {0};
    bool again = true;
    enum { BODY = 200000 };
    char *answer = arena_new(&test_scratch.arena, BODY + 100);
    int head = snprintf(answer, 100, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", BODY);
    memset(answer + head, 'x', BODY);
    answer[head + BODY] = '\0';
    assert_true(post_answer(answer, &server, &again, &err).ok); /* its status was good */
}

static void test_post_goes_nowhere_in_the_clear(void **state)
{
    (void)state;
    static const char *const urls[] = {"http://192.0.2.1/sms?key=geheim", "file:///etc/passwd",
                                       "ftp://127.0.0.1/geheim", "geheim", ""};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct error err = {0};
        bool again = true;
        struct http_post post = {.url = urls[i], .body = str_bytes(STR("{}"))};
        assert_false(http_post(&post, &again, &err).ok);
        assert_int_equal(err.class, ERROR_USAGE);
        assert_int_equal(err.code, MESSAGE_URL_NOT_ALLOWED);
        assert_false(again);
        assert_null(strstr(err.args[0].text, "geheim"));
    }
}

/* RFC 3986, 3.1. That nobody answers is told of the server, not of the address. */
static void test_post_takes_a_scheme_in_capitals(void **state)
{
    (void)state;
    struct error err = {0};
    bool again = false;
    struct http_post post = {.url = "HTTPS://127.0.0.1:1/sms", .body = str_bytes(STR("{}"))};
    assert_false(http_post(&post, &again, &err).ok);
    assert_int_equal(err.code, MESSAGE_POST_FAILED);
    assert_true(again);
}

/* Asks once; the answer's body may have 16 bytes. */
static outcome ask_answer(const char *response, int *ret_status, bytes *ret_answer,
                          struct web_server *server, struct error *err)
{
    const char *const answers[] = {response, NULL};
    web_server_start(server, answers);
    str url = arena_format(&test_scratch.arena, "http://127.0.0.1:%d/add-checkpoint", server->port);
    const struct http_question question = {
        .url = url.data, .text = STR("old 0\n\nnote\n"), .bytes_max = 16};
    outcome done = http_ask(&question, &test_scratch.arena, ret_status, ret_answer, err);
    web_server_stop(server);
    return done;
}

static void test_ask_gives_status_and_answer(void **state)
{
    (void)state;
    struct web_server server;
    struct error err = {0};
    int status = 0;
    bytes answer = {0};
    assert_true(ask_answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nline", &status, &answer,
                           &server, &err)
                    .ok);
    assert_int_equal(status, 200);
    assert_true(bytes_equal(answer, str_bytes(STR("line"))));
    assert_non_null(strstr(server.request, "\r\nContent-Type: text/plain; charset=utf-8\r\n"));
    assert_non_null(strstr(server.request, "\r\n\r\nold 0\n\nnote\n"));
    assert_true(ask_answer("HTTP/1.1 409 Conflict\r\nContent-Length: 3\r\n\r\n12\n", &status,
                           &answer, &server, &err)
                    .ok);
    assert_int_equal(status, 409);
    assert_true(bytes_equal(answer, str_bytes(STR("12\n"))));
}

static void test_ask_fails_without_a_whole_answer(void **state)
{
    (void)state;
    struct web_server server;
    struct error err = {0};
    int status = 0;
    bytes answer = {0};
    assert_false(ask_answer("", &status, &answer, &server, &err).ok); /* hangs up */
    assert_int_equal(err.code, MESSAGE_POST_FAILED);
    assert_false(ask_answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nline", &status, &answer,
                            &server, &err)
                     .ok); /* is cut */
    assert_int_equal(err.code, MESSAGE_POST_FAILED);
    assert_false(ask_answer("HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n12345678901234567",
                            &status, &answer, &server, &err)
                     .ok);
    assert_int_equal(err.code, MESSAGE_REMOTE_TOO_LARGE);
    const struct http_question away = {
        .url = "http://192.0.2.1/", .text = STR("x"), .bytes_max = 1};
    assert_false(http_ask(&away, &test_scratch.arena, &status, &answer, &err).ok);
    assert_int_equal(err.code, MESSAGE_URL_NOT_ALLOWED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_post_sends_json_and_the_secret),
        scratch_unit_test(test_post_of_nothing_reads_no_stdin),
        scratch_unit_test(test_post_tells_what_may_be_tried_again),
        scratch_unit_test(test_post_reads_no_endless_answer),
        cmocka_unit_test(test_post_goes_nowhere_in_the_clear),
        cmocka_unit_test(test_post_takes_a_scheme_in_capitals),
        scratch_unit_test(test_ask_gives_status_and_answer),
        scratch_unit_test(test_ask_fails_without_a_whole_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
