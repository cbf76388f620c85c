/* test_timestamp - what is told of a time-stamping authority that fails: its server, never the rest
 * of its URL. What it gives when it does not is in tests/jobs/t1392-timestamps.sh. */
#include "tests/support/test.h"

#include "core/io/authority.h"
#include "core/io/messages.h"
#include "core/io/timestamp.h"
#include "tests/support/scratch.h"
#include "tests/support/web_server.h"

enum { FROM = 18000, UNTIL = 40000 };

static const char *roots(void)
{
    static const uint8_t seed[32] = {3};
    struct error err = {0};
    str key, pem;
    struct authority_subject subject = {AUTHORITY_ROOT, STR("Root"), STR(""), FROM, UNTIL};
    assert_true(
        authority_key_from_seed(AUTHORITY_KEY_P256, seed, &test_scratch.arena, &key, &err).ok);
    assert_true(authority_make_root(key, &subject, &test_scratch.arena, &pem, &err).ok);
    return scratch_write_text(&test_scratch, "roots.pem", arena_c_string(&test_scratch.arena, pem));
}

static void assert_fails(const char *answer, int code)
{
    const char *const answers[] = {answer, NULL};
    const uint8_t digest[32] = {1};
    struct error err = {0};
    struct timestamper *timestamper = NULL;
    struct web_server server;
    bytes token = {0};
    web_server_start(&server, answers);
    struct arena *arena = &test_scratch.arena;
    const char *shown = arena_format(arena, "http://127.0.0.1:%d", server.port).data;
    const struct timestamp_options options = {
        .url = arena_format(arena, "http://me:secret@127.0.0.1:%d/secret?key=secret", server.port)
                   .data,
        .roots = roots(),
        .tls_roots = "",
        .proxy = "",
        .tries = 1,
    };
    assert_true(timestamper_open(&options, &timestamper, &err).ok);
    assert_false(timestamper_stamp(timestamper, digest, arena, &token, &err).ok);
    timestamper_close(timestamper);
    web_server_stop(&server);
    assert_int_equal(err.class, ERROR_REMOTE);
    assert_int_equal(err.code, code);
    assert_string_equal(err.args[0].text, shown);
    assert_null(token.data);
}

static void test_a_failure_tells_the_server_only(void **state)
{
    (void)state;
    assert_fails("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", MESSAGE_POST_STATUS);
    assert_fails("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", MESSAGE_TIMESTAMP_FAILED);
    assert_fails("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", MESSAGE_TIMESTAMP_FAILED);
    assert_fails("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
                 MESSAGE_POST_STATUS);
    assert_fails("", MESSAGE_POST_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_a_failure_tells_the_server_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
