/* test_workers - pages over pipes: what comes back, what a worker that dies costs, what stops a
 * start. Workers are spawned from /proc/self/exe, so this program is one too: see main. */
#include "jobs/engine/rendering/workers.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/io/authority.h"
#include "core/io/blob.h"
#include "core/io/image.h"
#include "core/io/stop.h"
#include "jobs/engine/rendering/render_pipe.h"
#include "jobs/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/specimen.h"
#include "tests/support/test.h"

/* Instead of a colour profile: the worker is the one below, which needs no fonts. */
#define PRETENDER "pretend"

enum { HANG_SECONDS = 600 };

/* Dies of a photo "die", never comes back from "hang", fails every other page. */
static int pretend_to_work(void)
{
    struct error err;
    struct arena arena;
    struct render_request request = {.folder = ""};
    bool more = true;
    arena_init(&arena, 0);
    bool ok = render_pipe_send_ready(1, &err).ok;
    while (ok && render_pipe_take_request(0, &arena, &request, &more, &err).ok && more) {
        struct error failure;
        if (bytes_equal(request.photo, str_bytes(STR("die")))) {
            _exit(3);
        }
        if (bytes_equal(request.photo, str_bytes(STR("hang")))) {
            (void)mkdir(arena_format(&arena, "%s/hangs", request.folder).data, 0700); /* awaited */
            (void)sleep(HANG_SECONDS);                                                /* killed */
        }
        (void)ERROR_SET(&failure, INVALID, MESSAGE_PHOTO_MISSING,
                        ARG_INT("size", request.page.size)); /* fails */
        ok = render_pipe_send_failed(1, &failure, &err).ok;
    }
    arena_release(&arena);
    return 0;
}

struct fixture {
    struct scratch scratch;
    struct arena arena;
    struct worker_setup setup;
};

static int setup(void **state)
{
    static const uint8_t seed[32] = {1};
    struct fixture *f = test_calloc(1, sizeof *f);
    struct error err;
    str key, certificate;
    struct authority_subject subject = {
        .purpose = AUTHORITY_ROOT, .name = STR("示范"), .valid_from = 18000, .valid_until = 25000};
    scratch_open(&f->scratch);
    arena_init(&f->arena, 0);
    assert_true(authority_key_from_seed(AUTHORITY_KEY_RSA_2048, seed, &f->arena, &key, &err).ok);
    assert_true(authority_make_root(key, &subject, &f->arena, &certificate, &err).ok);
    f->setup = (struct worker_setup){
        scratch_write(&f->scratch, "document.key", key.data, key.size),
        scratch_write(&f->scratch, "document.pem", certificate.data, certificate.size),
        "",
        "",
        {.url = "", .roots = "", .tls_roots = "", .proxy = ""}};
    stop_install(); /* a pipe that is gone is an error, not the end */
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    stop_uninstall();
    arena_release(&f->arena);
    scratch_close(&f->scratch);
    test_free(f);
    return 0;
}

static struct render_job *submit(struct fixture *f, struct workers *workers, bytes page,
                                 bytes photo)
{
    struct render_job *job = ARENA_NEW(&f->arena, struct render_job);
    job->request = (struct render_request){
        .page = page, .photo = photo, .folder = f->scratch.dir, .mode = 0600};
    workers_submit(workers, job, ARENA_NEW(&f->arena, struct render_count));
    return job;
}

static int code_of(struct workers *workers, struct render_job *job)
{
    workers_wait(workers, job->count);
    return job->failure.class == ERROR_NONE ? 0 : job->failure.code;
}

static void test_workers_submit_draws_what_renderer_draws(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct workers *workers = NULL;
    bytes photo;
    assert_true(image_paint_portrait(1, &f->arena, &photo, &err).ok);
    struct digest digest = digest_sha256(photo);
    const struct specimen specimen = {.number = 1, .photo_sha256 = digest_bytes(&digest)};
    struct page page = specimen_certificate(&specimen, &f->arena);
    bytes stored = page_bytes(&page, &f->arena);
    if (!workers_start(&f->setup, 2, &workers, &err).ok) {
        assert_int_equal(err.code, MESSAGE_FONT_UNUSABLE);
        print_message("a font of the default chain is not installed\n");
        skip();
    }
    struct render_job *drawn = submit(f, workers, stored, photo);
    struct render_job *unreadable = submit(f, workers, str_bytes(STR("no page")), photo);
    struct render_job *without = submit(f, workers, stored, str_bytes(STR("")));
    struct render_job *nowhere = ARENA_NEW(&f->arena, struct render_job);
    nowhere->request = (struct render_request){
        .page = stored, .photo = photo, .folder = "/proc/nowhere", .mode = 0600};
    workers_submit(workers, nowhere, ARENA_NEW(&f->arena, struct render_count));
    assert_int_equal(code_of(workers, drawn), 0);
    struct digest pdf;
    memcpy(pdf.data, drawn->drawn.pdf_sha256, DIGEST_SIZE);
    const char *path = blob_path(f->scratch.dir, &pdf, ".pdf", &f->arena);
    bytes file = scratch_read(&f->scratch, arena_format(&f->arena, "%s.tmp", path).data);
    struct digest actual = digest_sha256(file);
    assert_true(digest_equal(&actual, &pdf));
    assert_int_equal(file.size, drawn->drawn.size);
    assert_true(page_parse(stored, &f->arena, &page, &err).ok);
    digest = digest_sha256(stored);
    assert_memory_equal(drawn->drawn.page_sha256, digest.data, DIGEST_SIZE);
    assert_int_equal(code_of(workers, unreadable), MESSAGE_BAD_RECORD);
    assert_int_equal(code_of(workers, without), MESSAGE_PHOTO_MISSING);
    assert_int_equal(code_of(workers, nowhere), MESSAGE_FILE_NOT_CREATED);
    assert_int_equal(nowhere->failure.class, ERROR_CREATE); /* the run's, not the document's */
    assert_int_equal(nowhere->failure.args_count, 2);
    workers_stop(workers);
}

/* Whoever waits after a stop waits for the pages that workers have, but not for ever. */
static void test_workers_leave_what_they_have_not_begun_at_a_stop(void **state)
{
    enum { PAGES = 100 };
    struct fixture *f = *state;
    struct error err;
    struct workers *workers = NULL;
    struct render_job *jobs[PAGES];
    f->setup.color_profile = PRETENDER;
    assert_true(workers_start(&f->setup, 2, &workers, &err).ok);
    for (int i = 0; i < PAGES; i++) {
        jobs[i] = submit(f, workers, str_bytes(STR("page")), str_bytes(STR("hang")));
    }
    const char *hangs = arena_format(&f->arena, "%s/hangs", f->scratch.dir).data;
    while (access(hangs, F_OK) != 0) {
        (void)usleep(1000); /* until a worker has one */
    }
    (void)raise(SIGTERM);
    int undone = 0;
    for (int i = 0; i < PAGES; i++) {
        workers_wait(workers, jobs[i]->count);
        undone += jobs[i]->left_undone;
        assert_int_equal(jobs[i]->failure.class, ERROR_NONE);
    }
    assert_int_equal(undone, PAGES);
    assert_true(workers_were_killed(workers));
    struct render_job *late = submit(f, workers, str_bytes(STR("page")), str_bytes(STR("")));
    workers_wait(workers, late->count);
    assert_true(late->left_undone);
    workers_stop(workers);
}

static void test_workers_finish_what_they_have_at_a_stop(void **state)
{
    enum { PAGES = 2000, SENT_MOST = 8 /* two workers, four pages ahead each */ };
    struct fixture *f = *state;
    struct error err;
    struct workers *workers = NULL;
    struct render_job *jobs[PAGES];
    f->setup.color_profile = PRETENDER;
    assert_true(workers_start(&f->setup, 2, &workers, &err).ok);
    (void)raise(SIGTERM);
    for (int i = 0; i < PAGES; i++) {
        jobs[i] = submit(f, workers, str_bytes(STR("page")), str_bytes(STR("")));
    }
    int done = 0;
    for (int i = 0; i < PAGES; i++) {
        workers_wait(workers, jobs[i]->count);
        assert_true(jobs[i]->left_undone == (jobs[i]->failure.class == ERROR_NONE));
        done += !jobs[i]->left_undone;
    }
    assert_in_range(done, 0, SENT_MOST);
    assert_false(workers_were_killed(workers));
    workers_stop(workers);
}

static void test_workers_replace_one_that_dies(void **state)
{
    enum { PAGES = 20 };
    struct fixture *f = *state;
    struct error err;
    struct workers *workers = NULL;
    struct render_job *jobs[PAGES];
    bytes page = str_bytes(STR("page"));
    f->setup.color_profile = PRETENDER;
    assert_true(workers_start(&f->setup, 2, &workers, &err).ok);
    for (int i = 0; i < PAGES; i++) {
        jobs[i] = submit(f, workers, page, str_bytes(i % 5 == 2 ? STR("die") : STR("live")));
    }
    for (int i = 0; i < PAGES; i++) {
        int wanted = i % 5 == 2 ? MESSAGE_RENDERER_CRASHED : MESSAGE_PHOTO_MISSING;
        assert_int_equal(code_of(workers, jobs[i]), wanted);
        assert_int_equal(jobs[i]->failure.class, ERROR_INVALID); /* the document's, not the run's */
        assert_string_equal(jobs[i]->failure.args_count > 0 ? jobs[i]->failure.args[0].text : "4",
                            "4");
    }
    workers_stop(workers);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left */
}

static void test_workers_start_tells_what_is_unusable(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct workers *workers = NULL;
    struct worker_setup bad = f->setup;
    bad.fonts = "/nowhere/no.ttf";
    assert_false(workers_start(&bad, 2, &workers, &err).ok);
    assert_int_equal(err.class, ERROR_CONFIG);
    assert_int_equal(err.code, MESSAGE_FONT_UNUSABLE);
    bad = f->setup;
    bad.document_key = scratch_write_text(&f->scratch, "bad.key", "no key\n");
    assert_false(workers_start(&bad, 2, &workers, &err).ok);
    assert_int_equal(err.class, ERROR_CONFIG);
    assert_null(workers);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(test_workers_submit_draws_what_renderer_draws),
        TEST(test_workers_leave_what_they_have_not_begun_at_a_stop),
        TEST(test_workers_finish_what_they_have_at_a_stop),
        TEST(test_workers_replace_one_that_dies),
        TEST(test_workers_start_tells_what_is_unusable),
    };
    /* whatever else it is given: a worker that ran the tests would start workers without end */
    if (argc > 1 && strcmp(argv[1], "render-worker") == 0) {
        bool pretends = argc == ARGUMENTS_COUNT && strcmp(argv[ARGUMENT_PROFILE], PRETENDER) == 0;
        return pretends ? pretend_to_work() : worker_main(argc, argv);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
