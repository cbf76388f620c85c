/* test_http - fetching from loopback and files; no other network. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/digest.h"
#include "core/io/http.h"
#include "core/io/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/web_server.h"

static struct scratch scratch;

static int setup(void **state)
{
    (void)state;
    scratch_open(&scratch);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    scratch_close(&scratch);
    return 0;
}

/* Fetches once from a server that gives `answer`. */
static outcome fetch_answer(const char *answer, const struct http_limits *limits, uint64_t *ret,
                            struct error *err)
{
    struct web_server server;
    const char *const answers[] = {answer, NULL};
    web_server_start(&server, answers);
    str url = arena_format(&scratch.arena, "http://127.0.0.1:%d/register.csv", server.port);
    outcome done = http_fetch(url.data, scratch_path(&scratch, "got"), limits, ret, err);
    web_server_stop(&server);
    return done;
}

static void assert_fails(const char *answer, const struct http_limits *limits, int code)
{
    struct error err = {0};
    uint64_t size = 77;
    assert_false(fetch_answer(answer, limits, &size, &err).ok);
    assert_int_equal(err.class, ERROR_REMOTE);
    assert_int_equal(err.code, code);
    assert_int_equal(size, 77);
    assert_int_not_equal(access(scratch_path(&scratch, "got"), F_OK), 0);
}

static void assert_not_allowed(const char *url)
{
    struct error err = {0};
    uint64_t size;
    struct http_limits limits = {0};
    assert_false(http_fetch(url, scratch_path(&scratch, "got"), &limits, &size, &err).ok);
    assert_int_equal(err.class, ERROR_USAGE);
    assert_int_equal(err.code, MESSAGE_URL_NOT_ALLOWED);
}

static void test_fetch_writes_the_body_privately(void **state)
{
    (void)state;
    struct error err = {0};
    uint64_t size = 0;
    struct http_limits limits = {.digest_wanted = true};
    struct digest digest = digest_sha256(bytes_of("hello", 5));
    memcpy(limits.sha256, digest.data, sizeof limits.sha256);
    assert_true(
        fetch_answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", &limits, &size, &err).ok);
    assert_int_equal(size, 5);
    const char *path = scratch_path(&scratch, "got");
    assert_memory_equal(scratch_read(&scratch, path).data, "hello", 5);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_fetch_keeps_nothing_of_a_failure(void **state)
{
    (void)state;
    struct http_limits limits = {0};
    assert_fails("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", &limits,
                 MESSAGE_REMOTE_STATUS);
    assert_fails("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut", &limits, MESSAGE_REMOTE_FAILED);
    assert_fails("", &limits, MESSAGE_REMOTE_FAILED);
    limits.bytes_max = 4;
    assert_fails("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", &limits,
                 MESSAGE_REMOTE_TOO_LARGE);
    assert_fails("HTTP/1.1 200 OK\r\n\r\nhello", &limits, MESSAGE_REMOTE_TOO_LARGE);
    limits = (struct http_limits){.digest_wanted = true};
    assert_fails("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", &limits,
                 MESSAGE_REMOTE_DIGEST);
}

static void test_fetch_follows_no_redirect_to_http(void **state)
{
    (void)state;
    struct http_limits limits = {.redirects_max = 3};
    assert_fails("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/x\r\n"
                 "Content-Length: 0\r\n\r\n",
                 &limits, MESSAGE_REMOTE_FAILED);
    assert_fails("HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\n"
                 "Content-Length: 0\r\n\r\n",
                 &limits, MESSAGE_REMOTE_FAILED);
    limits.redirects_max = 0;
    assert_fails("HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/x\r\n"
                 "Content-Length: 0\r\n\r\n",
                 &limits, MESSAGE_REMOTE_STATUS);
}

static void test_fetch_refuses_http_elsewhere(void **state)
{
    (void)state;
    assert_not_allowed("http://192.0.2.1/register.csv");
    assert_not_allowed("http://127.0.0.1@192.0.2.1/register.csv");
    assert_not_allowed("http://localhost.invalid/register.csv");
    assert_not_allowed("http://127.evil.invalid/register.csv");
    assert_not_allowed("ftp://127.0.0.1/register.csv");
    assert_not_allowed("register.csv");
    assert_not_allowed("https://");
}

static void test_fetch_reads_files(void **state)
{
    (void)state;
    struct error err = {0};
    uint64_t size = 0;
    struct http_limits limits = {0};
    const char *from = scratch_write_text(&scratch, "from", "x,y\n");
    str url = arena_format(&scratch.arena, "file://%s", from);
    const char *path = scratch_path(&scratch, "got");
    assert_true(http_fetch(url.data, path, &limits, &size, &err).ok);
    assert_int_equal(size, 4);
    assert_false(http_fetch(url.data, path, &limits, &size, &err).ok); /* it is there now */
    assert_int_equal(err.class, ERROR_CREATE);
    assert_false(
        http_fetch("file:///nothing/there", scratch_path(&scratch, "other"), &limits, &size, &err)
            .ok);
    assert_int_equal(err.class, ERROR_REMOTE);
}

static void test_is_url_knows_schemes(void **state)
{
    (void)state;
    assert_true(http_is_url(STR("https://example.invalid/x.csv")));
    assert_false(http_is_url(STR("httpsx/x.csv")));
    assert_false(http_is_url(STR("/tmp/http://x")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fetch_writes_the_body_privately, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fetch_keeps_nothing_of_a_failure, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fetch_follows_no_redirect_to_http, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fetch_refuses_http_elsewhere, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fetch_reads_files, setup, teardown),
        cmocka_unit_test(test_is_url_knows_schemes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
