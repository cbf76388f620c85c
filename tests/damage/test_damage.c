/* test_damage - single bits flipped and files cut short at random places over the log and the views
 * of a store: never a crash or a hang, every flip in a live byte told, every other without effect.
 *
 *   test_damage          COUNT trials (2 000) from SEED (1); TAP
 *
 * The store is the one of the golden log, its views caught up, in /dev/shm. live_map.h says which
 * bytes are live. A trial is repeatable: trial N of a seed is the same whatever came before.
 * Children do the trials; one that dies or takes more than ten seconds is a crash or a hang, and
 * another goes on behind it. One trial in READER is read as a verb reads, without the full check of
 * the pages: it may end with 79 by the handler of core/io/damage.h, and not otherwise. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/record.h"
#include "core/io/damage.h"
#include "core/io/pages.h"
#include "jobs/checkpoints/checkpoints.h"
#include "jobs/engine/project.h"
#include "tests/damage/golden_store.h"
#include "tests/damage/live_map.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

enum { FILES = 2, READER = 20, CUT = 16, TRIAL_SECONDS = 10, DAMAGED = 79 };

static const char *const NAMES[FILES] = {"log", "views"};

/* What was told, by what it was named. */
enum told { TOLD_NOT, TOLD_PAGE, TOLD_EVENT, TOLD_PART, TOLD_VIEW, TOLD_KINDS };

struct sound {
    const char *dir;
    const char *path;
    uint8_t *bytes;
    uint8_t *kinds;
    size_t size;
    size_t *used; /* where bytes are not free */
    size_t used_count;
};

/* In memory that the children share. */
struct progress_page {
    uint64_t current;
    uint64_t told[FILES][TOLD_KINDS];
    uint64_t live, either, harmless, cuts, readers, ended;
    uint64_t wrong;
};

struct bench {
    struct scratch scratch;
    const char *store; /* its views are damaged */
    const char *copy;  /* its log: no process opens the same environment twice */
    struct sound files[FILES];
    struct digest root;
    struct progress_page *shared;
    uint64_t seed;
    uint64_t count;
};

/* --- the store ------------------------------------------------------------------------------- */

static void take(struct bench *bench, int which)
{
    struct sound *file = &bench->files[which];
    struct arena *arena = &bench->scratch.arena;
    const char *store = which == 0 ? bench->copy : bench->store;
    file->dir = arena_format(arena, "%s/%s", store, NAMES[which]).data;
    file->path = arena_format(arena, "%s/data.mdb", file->dir).data;
    bytes content = scratch_read(&bench->scratch, file->path);
    file->size = content.size;
    file->bytes = arena_new(arena, content.size);
    memcpy(file->bytes, content.data, content.size);
    file->kinds = arena_new(arena, content.size);
    file->used = ARENA_ARRAY(arena, size_t, content.size);
    live_map(file->bytes, file->size, file->kinds);
    for (size_t i = 0; i < file->size; i++) {
        if (file->kinds[i] != BYTE_FREE) {
            file->used[file->used_count++] = i;
        }
    }
    printf("# %s: %zu bytes, %zu of them in use\n", NAMES[which], file->size, file->used_count);
}

static void open_bench(struct bench *bench)
{
    scratch_open(&bench->scratch);
    assert_int_equal(mkdir(scratch_path(&bench->scratch, "copy"), 0700), 0);
    golden_store_unpack(bench->scratch.dir);
    golden_store_unpack(scratch_path(&bench->scratch, "copy"));
    bench->store = scratch_path(&bench->scratch, "store");
    bench->copy = scratch_path(&bench->scratch, "copy/store");
    golden_store_renew_ids(scratch_path(&bench->scratch, "copy/store/log"), &bench->scratch.arena);
    golden_store_catch_up(bench->store);
    bench->shared = mmap(NULL, sizeof *bench->shared, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(bench->shared != MAP_FAILED);
    for (int i = 0; i < FILES; i++) {
        take(bench, i);
    }
}

/* --- a trial --------------------------------------------------------------------------------- */

struct trial {
    uint64_t number;
    int file;
    bool is_cut;
    size_t at;
    unsigned bit;
    enum byte_kind kind; /* of a cut: of what it took away */
};

static uint64_t mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
}

/* Half of the flips go anywhere, half where something is in use. */
static struct trial draw(const struct bench *bench, uint64_t number)
{
    uint64_t random = mix(bench->seed * 0x2545F4914F6CDD1DU + number);
    struct trial trial = {.number = number, .file = (int)(random & 1)};
    const struct sound *file = &bench->files[trial.file];
    uint64_t place = mix(random);
    trial.is_cut = (random >> 1) % CUT == 0;
    trial.at = (random >> 8 & 1) != 0 ? file->used[place % file->used_count] : place % file->size;
    trial.bit = (unsigned)(random >> 16 & 7);
    trial.kind = (enum byte_kind)file->kinds[trial.at];
    if (trial.is_cut) {
        size_t last_live = file->used[file->used_count - 1];
        trial.kind = trial.at <= last_live ? BYTE_LIVE : BYTE_EITHER;
    }
    return trial;
}

static void damage(const struct sound *file, const struct trial *trial)
{
    uint8_t byte = (uint8_t)(file->bytes[trial->at] ^ 1U << trial->bit);
    if (trial->is_cut) {
        assert_int_equal(truncate(file->path, (off_t)trial->at), 0);
        return;
    }
    int fd = open(file->path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, &byte, 1, (off_t)trial->at), 1);
    (void)close(fd);
}

static void mend(const struct sound *file, size_t from, size_t size)
{
    int fd = open(file->path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, file->bytes + from, size, (off_t)from), size);
    (void)close(fd);
}

static enum told told_by(const struct error *err)
{
    static const struct {
        const char *name;
        enum told told;
    } places[] = {{"page", TOLD_PAGE}, {"event", TOLD_EVENT}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        for (int j = 0; j < err->args_count; j++) {
            if (strcmp(err->args[j].name, places[i].name) == 0) {
                return places[i].told;
            }
        }
    }
    return TOLD_PART;
}

static outcome verify_log(const struct bench *bench, struct log_txn *txn, struct error *err)
{
    struct log_report report;
    uint64_t checkpoints = 0;
    uint64_t last = 0;
    TRY(log_verify(txn, (struct log_progress){0}, &report, err));
    TRY(log_verify_ids(txn, err));
    TRY(checkpoints_verify(bench->copy, txn, NULL, 0, &checkpoints, &last, err));
    assert_true(digest_equal(&report.root, &bench->root));
    return OK;
}

static enum told judge_log(const struct bench *bench)
{
    struct pages_report pages;
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    struct error err;
    if (!pages_check(bench->files[0].path, PAGES_FULL, &pages, &err).ok ||
        !log_open(bench->files[0].dir, STORE_READ, &log, &err).ok) {
        return told_by(&err);
    }
    bool sound = log_begin(log, STORE_READ, &txn, &err).ok;
    if (sound) {
        sound = verify_log(bench, txn, &err).ok;
        log_abort(txn);
    }
    log_close(log);
    return sound ? TOLD_NOT : told_by(&err);
}

static enum told compare(struct engine *engine)
{
    struct project_difference difference = {0};
    struct fold_options options = {.as_of = INT32_MAX};
    struct error err;
    uint64_t last = 0;
    options.until = views_applied(engine_views(engine));
    if (options.until != log_size(engine_log_txn(engine)) ||
        !project_compare(engine, &options, &difference, &last, &err).ok) {
        return TOLD_VIEW;
    }
    return difference.first_view != NULL ? TOLD_VIEW : TOLD_NOT;
}

static enum told judge_views(const struct bench *bench, struct engine *engine)
{
    struct pages_report pages;
    struct error err;
    if (!pages_check(bench->files[1].path, PAGES_FULL, &pages, &err).ok) {
        return told_by(&err);
    }
    if (!engine_swap_views(engine, bench->files[1].dir, &err).ok) {
        return TOLD_VIEW;
    }
    enum told told = TOLD_VIEW;
    if (engine_begin(engine, &err).ok) {
        told = compare(engine);
        engine_abort(engine);
    }
    engine_close_views(engine);
    return told;
}

/* --- as a verb reads ------------------------------------------------------------------------- */

static outcome read_views(const char *dir, struct error *err)
{
    struct views *views = NULL;
    const struct view_key all = {0};
    TRY(views_open(dir, STORE_READ, &views, err));
    TRY(views_begin(views, err));
    for (int view = 0; view <= VIEW_INDEX; view++) {
        struct views_scan scan = {0};
        bool more = true;
        TRY(views_scan_open(views, (enum view_id)view, &all, (bytes){0}, &scan, err));
        while (more) {
            TRY(views_scan_next(&scan, &more, err));
        }
        views_scan_close(&scan);
    }
    views_abort(views);
    views_close(views);
    return OK;
}

static outcome read_log(const char *dir, struct error *err)
{
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    struct log_cursor *cursor = NULL;
    bool found = true;
    TRY(log_open(dir, STORE_READ, &log, err));
    TRY(log_begin(log, STORE_READ, &txn, err));
    TRY(log_cursor_open(txn, 1, &cursor, err));
    while (found) {
        uint64_t sequence = 0;
        bytes payload;
        TRY(log_cursor_next(cursor, &found, &sequence, &payload, err));
    }
    TRY(log_verify_ids(txn, err));
    return OK;
}

static void read_as_verb(struct bench *bench, const struct trial *trial)
{
    int status = 0;
    const char *dir = bench->files[trial->file].dir;
    pid_t child = fork();
    if (child == 0) {
        struct error err;
        int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
        (void)dup2(quiet, STDERR_FILENO);
        (void)alarm(TRIAL_SECONDS);
        (void)damage_install();
        bool read = trial->file == 0 ? read_log(dir, &err).ok : read_views(dir, &err).ok;
        _exit(read ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    bench->shared->readers++;
    if (!WIFEXITED(status)) {
        bench->shared->wrong++;
        printf("# trial %llu: a reader ended with signal %d\n", (unsigned long long)trial->number,
               WTERMSIG(status));
    } else if (WEXITSTATUS(status) == DAMAGED) {
        bench->shared->ended++;
    }
}

/* --- all trials ------------------------------------------------------------------------------ */

static void note(struct bench *bench, const struct trial *trial, enum told told)
{
    static const char *const kinds[] = {"free", "live", "either"};
    struct progress_page *shared = bench->shared;
    bool wrong =
        trial->kind == BYTE_LIVE ? told == TOLD_NOT : trial->kind == BYTE_FREE && told != TOLD_NOT;
    shared->told[trial->file][told]++;
    shared->cuts += trial->is_cut;
    shared->live += trial->kind == BYTE_LIVE;
    shared->either += trial->kind == BYTE_EITHER;
    shared->harmless += trial->kind != BYTE_LIVE && told == TOLD_NOT;
    if (wrong) {
        shared->wrong++;
        printf("# trial %llu: %s, %s %zu bit %u (page %zu + %zu), %s: %s\n",
               (unsigned long long)trial->number, NAMES[trial->file],
               trial->is_cut ? "cut at" : "byte", trial->at, trial->bit, trial->at / 4096,
               trial->at % 4096, kinds[trial->kind], told == TOLD_NOT ? "not told" : "told");
    }
}

static void work(struct bench *bench, uint64_t from)
{
    struct engine *engine = NULL;
    struct error err;
    struct engine_options options = {
        .dir = bench->store, .mode = STORE_READ, .verb = "test", .without_views = true};
    bool handled = damage_install();
    damage_uninstall();
    assert_true(engine_open(&options, &engine, &err).ok);
    for (uint64_t i = from; i < bench->count; i++) {
        struct trial trial = draw(bench, i);
        const struct sound *file = &bench->files[trial.file];
        bench->shared->current = i;
        (void)alarm(TRIAL_SECONDS);
        damage(file, &trial);
        enum told told = TOLD_NOT;
        told = trial.file == 0 ? judge_log(bench) : judge_views(bench, engine);
        note(bench, &trial, told);
        if (handled && i % READER == 0) {
            read_as_verb(bench, &trial);
        }
        mend(file, trial.at, trial.is_cut ? file->size - trial.at : 1);
    }
    (void)fflush(stdout);
    _exit(0);
}

/* Children until all trials are done; each goes on behind the one that ended the last. */
static void run_all(struct bench *bench)
{
    uint64_t from = 0;
    while (from < bench->count) {
        int status = 0;
        (void)fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            work(bench, from);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
            return;
        }
        struct trial trial = draw(bench, bench->shared->current);
        printf("# trial %llu: %s, byte %zu bit %u%s: %s %d\n", (unsigned long long)trial.number,
               NAMES[trial.file], trial.at, trial.bit, trial.is_cut ? " (cut)" : "",
               WIFSIGNALED(status) ? "signal" : "ended with",
               WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        bench->shared->wrong++;
        mend(&bench->files[trial.file], 0, bench->files[trial.file].size);
        from = bench->shared->current + 1;
    }
}

static void report(const struct bench *bench)
{
    const struct progress_page *shared = bench->shared;
    for (int i = 0; i < FILES; i++) {
        printf("# %s: told by page %llu, event %llu, part %llu, view %llu; not told %llu\n",
               NAMES[i], (unsigned long long)shared->told[i][TOLD_PAGE],
               (unsigned long long)shared->told[i][TOLD_EVENT],
               (unsigned long long)shared->told[i][TOLD_PART],
               (unsigned long long)shared->told[i][TOLD_VIEW],
               (unsigned long long)shared->told[i][TOLD_NOT]);
    }
    printf("# in live bytes %llu, either %llu, without effect %llu, cut %llu; read as a verb %llu,"
           " of which %llu ended with 79\n",
           (unsigned long long)shared->live, (unsigned long long)shared->either,
           (unsigned long long)shared->harmless, (unsigned long long)shared->cuts,
           (unsigned long long)shared->readers, (unsigned long long)shared->ended);
}

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    uint64_t value = 0;
    return text != NULL && str_to_uint64(str_of(text), &value) ? value : otherwise;
}

static struct digest sound_root(const struct bench *bench)
{
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    struct error err;
    assert_true(log_open(bench->files[0].dir, STORE_READ, &log, &err).ok);
    assert_true(log_begin(log, STORE_READ, &txn, &err).ok);
    struct digest root = log_root(txn);
    log_abort(txn);
    log_close(log);
    return root;
}

static void test_damage_is_told_and_never_a_crash(void **state)
{
    struct bench bench = {.seed = from_environment("SEED", 1),
                          .count = from_environment("COUNT", damage_install() ? 2000 : 300)};
    damage_uninstall();
    (void)state; /* its own */
    printf("# SEED=%llu COUNT=%llu\n", (unsigned long long)bench.seed,
           (unsigned long long)bench.count);
    open_bench(&bench);
    bench.root = sound_root(&bench);
    run_all(&bench);
    report(&bench);
    assert_int_equal(bench.shared->wrong, 0);
    for (int i = 0; i < FILES; i++) { /* no trial left anything behind */
        bytes now = scratch_read(&bench.scratch, bench.files[i].path);
        assert_true(bytes_equal(now, bytes_of(bench.files[i].bytes, bench.files[i].size)));
    }
    (void)munmap(bench.shared, sizeof *bench.shared);
    scratch_close(&bench.scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damage_is_told_and_never_a_crash),
    };
    if (getenv("TMPDIR") == NULL) {
        assert_int_equal(setenv("TMPDIR", "/dev/shm", 0), 0);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
