/* fuzz_lines - any bytes as a file of wishes (JSON lines), judged against a small store in a dry
 * run: each line that is not blank gets one answer, which is one JSON line, and nothing is left.
 *
 * The store is made once, in a folder of its own below TMPDIR. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "jobs/session.h"
#include "jobs/wishes/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATH_ROOM = 64, LINE_ROOM = 1024, WORDS_MAX = 12 };

#define COMMON "--today=2026-05-05 --quiet"

static const char enterprises[] =
    "统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,法定代表人证件号码\n"
    "91310101MATEX00109,上海甲示范建设有限公司,王测试,身份证,310101189912310017\n"
    "91310101MATEX00296,上海乙示范建设有限公司,李测试,身份证,310101189912310025\n";
static const char clerks[] = "工号,姓名,部门,部门级别,状态\nSH1,石窗口,示范窗口,市,在岗\n";
static const char paper[] =
    "证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,初次领证日期,"
    "发证日期,有效期至,状态\n"
    "沪建安B(2019)0000001,B,王测试,身份证,310101189912310017,91310101MATEX00109,"
    "上海甲示范建设有限公司,,2019-01-05,2025-01-05,2028-01-04,有效\n";

/* The words of a command line without quotes, which are cut out of `line`. */
static int words_of(char *line, char *ret[WORDS_MAX])
{
    int count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(line, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        BUG_UNLESS(count < WORDS_MAX);
        ret[count++] = word;
    }
    return count;
}

static void run_verb(const char *form, const char *dir)
{
    struct session session;
    struct error err;
    char line[LINE_ROOM];
    char *words[WORDS_MAX];
    (void)snprintf(line, sizeof line, "anzheng %s " COMMON " --store=%s/s", form, dir);
    int count = words_of(line, words);
    session_init(&session, count, words);
    BUG_UNLESS(session_open(&session, count, words, &err).ok);
    BUG_UNLESS(session.verb->run(&session, &err).ok && session.status == 0);
    session_close(&session);
}

static void import_text(const char *dir, const char *kind, const char *text)
{
    char path[LINE_ROOM / 2];
    char form[LINE_ROOM];
    (void)snprintf(path, sizeof path, "%s/%s.csv", dir, kind);
    (void)snprintf(form, sizeof form, "import %s %s", kind, path);
    FILE *file = fopen(path, "w");
    BUG_UNLESS(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
    run_verb(form, dir);
}

/* The store, open for writing. */
static struct session *shared_session(void)
{
    static struct session session;
    static char line[LINE_ROOM];
    char dir[LINE_ROOM / 4];
    char *words[WORDS_MAX];
    struct error err;
    if (session.engine != NULL) {
        return &session;
    }
    const char *parent = getenv("TMPDIR");
    (void)snprintf(dir, sizeof dir, "%s/lines.XXXXXX", parent != NULL ? parent : "/tmp");
    BUG_UNLESS(mkdtemp(dir) != NULL && freopen("/dev/null", "w", stdout) != NULL);
    run_verb("init --signatures=optional --clock=free", dir);
    import_text(dir, "enterprises", enterprises);
    import_text(dir, "clerks", clerks);
    import_text(dir, "paper", paper);
    (void)snprintf(line, sizeof line, "anzheng submit %s/paper.csv " COMMON " --store=%s/s", dir,
                   dir); /* any file that is there: lines come from elsewhere */
    int count = words_of(line, words);
    session_init(&session, count, words);
    BUG_UNLESS(session_open(&session, count, words, &err).ok);
    return &session;
}

/* --- one file ----------------------------------------------------------------------------------
 */

struct answers {
    struct session *session;
    uint64_t count;
    uint64_t last_line;
    size_t lines;
};

static outcome write_answer(void *state, const struct answer *answer, FILE *file, struct error *err)
{
    struct answers *answers = state;
    BUG_UNLESS(answer->line > answers->last_line);
    answers->last_line = answer->line;
    answers->count++;
    struct json *record = answer_record(answers->session, answer, &answers->session->item_arena);
    outcome written = json_write_line(record, file, err);
    json_release(record);
    arena_reset(&answers->session->item_arena);
    return written;
}

/* Each answer is one line of JSON. */
static outcome read_answers(void *state, str text, struct error *err)
{
    struct answers *answers = state;
    (void)err; /* nothing can fail: what is wrong is a mistake of ours */
    while (!str_empty(text)) {
        struct error wrong;
        struct json *root = NULL;
        str line = str_cut(&text, '\n');
        BUG_UNLESS(json_parse_limited(str_bytes(line), SIZE_MAX, &root, &wrong).ok);
        json_release(root);
        answers->lines++;
    }
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct session *session = shared_session();
    struct answers answers = {.session = session};
    struct submission_report report = {0};
    struct error err;
    char path[PATH_ROOM];
    int descriptor = memfd_create("fuzz", MFD_CLOEXEC);
    BUG_UNLESS(descriptor >= 0);
    if (write(descriptor, data, size) != (ssize_t)size) {
        abort();
    }
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    struct submission_request request = {.path = path,
                                         .dry_run = true,
                                         .run = &session->run,
                                         .state = &answers,
                                         .write = write_answer,
                                         .deliver = read_answers};
    if (submission_run(session->engine, &request, &report, &err).ok) {
        BUG_UNLESS(answers.lines == answers.count && report.tally.rows == answers.count);
    } else {
        BUG_UNLESS(err.class == ERROR_MALFORMED && size == 0);
    }
    (void)close(descriptor);
    return 0;
}
