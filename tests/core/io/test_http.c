/* test_http - fetching from loopback and files; no other network. */
#include "tests/support/test.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/digest.h"
#include "core/io/http.h"
#include "core/io/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/web_server.h"

/* Fetches from a server that gives `answers` in turn; NULL ends them. */
static outcome fetch_answers(const char *const *answers, struct http_fetch fetch,
                             struct http_fetched *ret, char request[8192], struct error *err)
{
    struct web_server server;
    web_server_start(&server, answers);
    str url = arena_format(&test_scratch.arena, "http://127.0.0.1:%d/register.csv?key=secret",
                           server.port);
    fetch.url = url.data;
    fetch.path = scratch_path(&test_scratch, "got");
    fetch.pause_ms = 1;
    outcome done = http_fetch(&fetch, ret, err);
    web_server_stop(&server);
    if (request != NULL) {
        memcpy(request, server.request, sizeof server.request);
    }
    return done;
}

static outcome fetch_answer(const char *answer, struct http_fetch fetch, struct http_fetched *ret,
                            struct error *err)
{
    const char *const answers[] = {answer, NULL};
    return fetch_answers(answers, fetch, ret, NULL, err);
}

static bool is_there(const char *name)
{
    return access(scratch_path(&test_scratch, name), F_OK) == 0;
}

static void assert_fails(const char *answer, struct http_fetch fetch, int code)
{
    struct error err = {0};
    struct http_fetched fetched = {.bytes = 77};
    assert_false(fetch_answer(answer, fetch, &fetched, &err).ok);
    assert_int_equal(err.class, ERROR_REMOTE);
    assert_int_equal(err.code, code);
    assert_null(strstr(err.args[0].text, "secret"));
    assert_int_equal(fetched.bytes, 77);
    assert_false(is_there("got") || is_there("got.part") || is_there("got.from"));
}

static void assert_not_allowed(const char *url)
{
    struct error err = {0};
    struct http_fetched fetched;
    const struct http_fetch fetch = {.url = url, .path = scratch_path(&test_scratch, "got")};
    assert_false(http_fetch(&fetch, &fetched, &err).ok);
    assert_int_equal(err.class, ERROR_USAGE);
    assert_int_equal(err.code, MESSAGE_URL_NOT_ALLOWED);
}

static void assert_got(const char *text)
{
    const char *path = scratch_path(&test_scratch, "got");
    bytes content = scratch_read(&test_scratch, path);
    assert_int_equal(content.size, strlen(text));
    assert_memory_equal(content.data, text, content.size);
    assert_false(is_there("got.part") || is_there("got.from"));
}

static void test_fetch_writes_the_body_privately(void **state)
{
    (void)state;
    struct error err = {0};
    struct http_fetched fetched = {0};
    struct digest digest = digest_sha256(bytes_of("hello", 5));
    assert_true(fetch_answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"a\"\r\n"
                             "last-modified:  Thu, 26 Nov 2026 08:00:00 GMT \r\n\r\nhello",
                             (struct http_fetch){.sha256 = digest.data}, &fetched, &err)
                    .ok);
    assert_int_equal(fetched.bytes, 5);
    assert_false(fetched.unchanged);
    assert_string_equal(fetched.state.etag, "\"a\"");
    assert_string_equal(fetched.state.modified, "Thu, 26 Nov 2026 08:00:00 GMT");
    assert_got("hello");
    struct stat status;
    assert_int_equal(stat(scratch_path(&test_scratch, "got"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_fetch_keeps_nothing_of_a_failure(void **state)
{
    (void)state;
    struct digest other = {{1}};
    struct http_fetch fetch = {.keeps_part = true};
    assert_fails("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", fetch,
                 MESSAGE_REMOTE_STATUS);
    assert_fails("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut", fetch, MESSAGE_REMOTE_FAILED);
    assert_fails("", fetch, MESSAGE_REMOTE_FAILED);
    fetch.bytes_max = 4;
    assert_fails("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\nhello", fetch,
                 MESSAGE_REMOTE_TOO_LARGE);
    assert_fails("HTTP/1.1 200 OK\r\nETag: \"a\"\r\n\r\nhello", fetch, MESSAGE_REMOTE_TOO_LARGE);
    fetch = (struct http_fetch){.sha256 = other.data, .keeps_part = true};
    assert_fails("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\nhello", fetch,
                 MESSAGE_REMOTE_DIGEST);
}

#define BROKEN(tag) "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n" tag "\r\nabcd"
#define REST(from, text)                                                                           \
    "HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\nContent-Range: bytes " from              \
    "-8/9\r\nETag: \"a\"\r\n\r\n" text
#define UNNAMED(range, size, text)                                                                 \
    "HTTP/1.1 206 Partial Content\r\nContent-Length: " size "\r\nContent-Range: bytes " range      \
    "\r\n\r\n" text
#define PART(range, tag, size, text) UNNAMED(range "\r\nETag: " tag, size, text)
#define WHOLE                        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nETag: \"b\"\r\n\r\nABCDEFGHI"

static void test_fetch_goes_on_where_it_broke(void **state)
{
    (void)state;
    char request[8192];
    struct error err = {0};
    struct http_fetched fetched = {0};
    const char *const answers[] = {BROKEN("ETag: \"a\"\r\n"), REST("4", "efghi"), NULL};
    assert_true(
        fetch_answers(answers, (struct http_fetch){.tries = 2}, &fetched, request, &err).ok);
    assert_got("abcdefghi");
    assert_int_equal(fetched.bytes, 9);
    assert_string_equal(fetched.state.etag, "\"a\"");
    assert_non_null(strstr(request, "\r\nRange: bytes=4-\r\n"));
    assert_non_null(strstr(request, "\r\nIf-Range: \"a\"\r\n"));
}

/* The file has changed, the server cannot say which it was, or it sends what was not asked for. */
static void test_fetch_puts_no_two_files_together(void **state)
{
    (void)state;
    static const char *const cases[][4] = {
        {BROKEN("ETag: \"a\"\r\n"), WHOLE, NULL},
        {BROKEN("ETag: W/\"a\"\r\n"), WHOLE, NULL},
        {BROKEN(""), WHOLE, NULL},
        {BROKEN("ETag: \"a\"\r\n"), REST("3", "wrong"), WHOLE, NULL},
        {BROKEN("ETag: \"a\"\r\n"), "HTTP/1.1 416 No\r\nContent-Length: 0\r\n\r\n", WHOLE, NULL},
        {BROKEN("ETag: \"a\"\r\n"), PART("4-8/9", "\"z\"", "5", "EFGHI"), WHOLE, NULL},
        {BROKEN("ETag: \"a\"\r\n"), PART("4-6/9", "\"a\"", "3", "efg"), WHOLE, NULL},
        {BROKEN("ETag: \"a\"\r\n"), PART("4-8/9", "\"a\"", "3", "efg"), WHOLE, NULL},
        {BROKEN("ETag: \"a\"\r\n"), PART("4-8/9", "\"a\"", "0", ""), WHOLE, NULL},
        {BROKEN("ETag: \"a\"\r\n"), PART("4-8/*", "\"a\"", "5", "efghi"), WHOLE, NULL},
        {PART("0-3/9", "\"a\"", "4", "abcd"), WHOLE, NULL},
        {BROKEN("ETag: \"a\"\r\n"), UNNAMED("4-8/9", "5", "EFGHI"), WHOLE, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char request[8192];
        struct error err = {0};
        struct http_fetched fetched = {0};
        assert_true(
            fetch_answers(cases[i], (struct http_fetch){.tries = 3}, &fetched, request, &err).ok);
        assert_got("ABCDEFGHI");
        assert_string_equal(fetched.state.etag, "\"b\"");
        assert_true(i == 0 || strstr(request, "Range") == NULL);
        assert_int_equal(unlink(scratch_path(&test_scratch, "got")), 0);
    }
}

static void test_fetch_goes_on_with_what_an_earlier_one_left(void **state)
{
    (void)state;
    struct error err = {0};
    struct http_fetched fetched = {0};
    const struct http_fetch fetch = {.keeps_part = true};
    assert_false(fetch_answer(BROKEN("Last-Modified: yesterday\r\n"), fetch, &fetched, &err).ok);
    assert_true(is_there("got.part") && is_there("got.from") && !is_there("got"));
    char request[8192];
    const char *const answers[] = {REST("4", "efghi"), NULL};
    assert_true(fetch_answers(answers, fetch, &fetched, request, &err).ok);
    assert_non_null(strstr(request, "\r\nIf-Range: yesterday\r\n"));
    assert_got("abcdefghi");
}

static void test_fetch_leaves_what_is_known(void **state)
{
    (void)state;
    char request[8192];
    struct error err = {0};
    struct http_fetched fetched = {0};
    struct http_fetch fetch = {.known = {"\"a\"", "yesterday"}};
    const char *const answers[] = {"HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n", NULL};
    assert_true(fetch_answers(answers, fetch, &fetched, request, &err).ok);
    assert_true(fetched.unchanged);
    assert_non_null(strstr(request, "\r\nIf-None-Match: \"a\"\r\n"));
    assert_non_null(strstr(request, "\r\nIf-Modified-Since: yesterday\r\n"));
    assert_false(is_there("got") || is_there("got.part") || is_there("got.from"));
}

/* Nobody asked whether it had changed: "it has not" is no file. */
static void test_fetch_takes_no_unchanged_that_was_not_asked_for(void **state)
{
    (void)state;
    assert_fails("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n",
                 (struct http_fetch){.keeps_part = true}, MESSAGE_REMOTE_STATUS);
    struct error err = {0};
    struct http_fetched fetched = {0};
    struct http_fetch fetch = {.known = {"\"z\"", ""}, .tries = 2};
    const char *const answers[] = {BROKEN("ETag: \"a\"\r\n"), "HTTP/1.1 304 Not Modified\r\n\r\n",
                                   NULL};
    assert_false(fetch_answers(answers, fetch, &fetched, NULL, &err).ok);
    assert_int_equal(err.code, MESSAGE_REMOTE_STATUS);
    assert_false(fetched.unchanged);
}

/* "I shall see to it", "there is nothing", "parts of many": good news, but not the file. */
static void test_fetch_takes_only_answers_that_hold_the_file(void **state)
{
    (void)state;
    const struct http_fetch fetch = {.keeps_part = true};
    assert_fails("HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\nlater", fetch,
                 MESSAGE_REMOTE_STATUS);
    assert_fails("HTTP/1.1 204 No Content\r\nETag: \"a\"\r\n\r\n", fetch, MESSAGE_REMOTE_STATUS);
    assert_fails("HTTP/1.1 207 Multi-Status\r\nContent-Length: 1\r\n\r\n<", fetch,
                 MESSAGE_REMOTE_STATUS);
}

static void test_fetch_tries_again_what_may_help(void **state)
{
    (void)state;
    struct error err = {0};
    struct http_fetched fetched = {0};
    const char *const busy[] = {"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno", WHOLE, NULL};
    assert_true(fetch_answers(busy, (struct http_fetch){.tries = 2}, &fetched, NULL, &err).ok);
    assert_got("ABCDEFGHI");
    assert_int_equal(unlink(scratch_path(&test_scratch, "got")), 0);
    const char *const gone[] = {"HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n", WHOLE, NULL};
    assert_false(fetch_answers(gone, (struct http_fetch){.tries = 2}, &fetched, NULL, &err).ok);
    assert_int_equal(err.code, MESSAGE_REMOTE_STATUS);
}

static void test_fetch_follows_no_redirect_to_http(void **state)
{
    (void)state;
    struct http_fetch fetch = {.redirects_max = 3};
    assert_fails("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/x\r\n"
                 "Content-Length: 0\r\n\r\n",
                 fetch, MESSAGE_REMOTE_FAILED);
    assert_fails("HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\n"
                 "Content-Length: 0\r\n\r\n",
                 fetch, MESSAGE_REMOTE_FAILED);
    fetch.redirects_max = 0;
    assert_fails("HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/x\r\n"
                 "Content-Length: 0\r\n\r\n",
                 fetch, MESSAGE_REMOTE_STATUS);
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
    struct http_fetched fetched = {0};
    const char *from = scratch_write_text(&test_scratch, "from", "x,y\n");
    str url = arena_format(&test_scratch.arena, "file://%s", from);
    struct http_fetch fetch = {.url = url.data, .path = scratch_path(&test_scratch, "got")};
    assert_true(http_fetch(&fetch, &fetched, &err).ok);
    assert_int_equal(fetched.bytes, 4);
    assert_false(http_fetch(&fetch, &fetched, &err).ok); /* it is there now */
    assert_int_equal(err.class, ERROR_CREATE);
    fetch = (struct http_fetch){.url = "file:///nothing/there",
                                .path = scratch_path(&test_scratch, "other")};
    assert_false(http_fetch(&fetch, &fetched, &err).ok);
    assert_int_equal(err.class, ERROR_REMOTE);
    const char *nothing = scratch_write_text(&test_scratch, "nothing", "");
    url = arena_format(&test_scratch.arena, "file://%s", nothing);
    fetch = (struct http_fetch){.url = url.data, .path = scratch_path(&test_scratch, "empty")};
    assert_true(http_fetch(&fetch, &fetched, &err).ok);
    assert_int_equal(fetched.bytes, 0);
    assert_true(is_there("empty"));
}

static void test_a_url_is_shown_without_secrets(void **state)
{
    (void)state;
    struct arena *arena = &test_scratch.arena;
    str shown = http_url_shown("https://user:word@example.org:8443/a/b.csv?key=secret#x", arena);
    assert_true(str_equal_c(shown, "https://example.org:8443/a/b.csv"));
    assert_true(str_equal_c(http_url_shown("file:///tmp/none.csv", arena), "file:///tmp/none.csv"));
    assert_true(str_equal_c(http_url_shown("http://[", arena), "?"));
}

static void test_is_url_knows_schemes(void **state)
{
    (void)state;
    assert_true(http_is_url(STR("https://example.invalid/x.csv")));
    assert_true(http_is_url(STR("HTTPS://example.invalid/x.csv"))); /* RFC 3986, 3.1 */
    assert_false(http_is_url(STR("httpsx/x.csv")));
    assert_false(http_is_url(STR("/tmp/http://x")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_fetch_writes_the_body_privately),
        scratch_unit_test(test_fetch_keeps_nothing_of_a_failure),
        scratch_unit_test(test_fetch_goes_on_where_it_broke),
        scratch_unit_test(test_fetch_puts_no_two_files_together),
        scratch_unit_test(test_fetch_goes_on_with_what_an_earlier_one_left),
        scratch_unit_test(test_fetch_leaves_what_is_known),
        scratch_unit_test(test_fetch_takes_no_unchanged_that_was_not_asked_for),
        scratch_unit_test(test_fetch_takes_only_answers_that_hold_the_file),
        scratch_unit_test(test_fetch_tries_again_what_may_help),
        scratch_unit_test(test_a_url_is_shown_without_secrets),
        scratch_unit_test(test_fetch_follows_no_redirect_to_http),
        scratch_unit_test(test_fetch_refuses_http_elsewhere),
        scratch_unit_test(test_fetch_reads_files),
        cmocka_unit_test(test_is_url_knows_schemes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
