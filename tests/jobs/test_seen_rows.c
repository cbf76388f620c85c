/* test_seen_rows - rows that need not be read again: what is remembered of a row is what reading it
 * gives, for the hard files of tests/importers/corpus and for thousands of rows thrown together
 * from odd cells, whatever was changed, added, taken away or sorted since. */
#include "jobs/engine/parts/seen_rows.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/record.h"
#include "core/io/file.h"
#include "jobs/engine/intake/intake_rows.h"
#include "projections/registry.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

enum { ROWS = 4000, FILES_MIN = 20, COLUMNS = 12, ODD = 12, READERS_MAX = 1024 };

struct fixture {
    struct scratch scratch;
    struct people *people;
    struct log *log; /* without events: nothing in it writes a record */
    const struct import_kind *kind;
    const char *memory; /* the file of seen rows */
    unsigned rows;      /* of odd cells, that are written */
    struct error err;
};

#define NEED(call)                                                                                 \
    do {                                                                                           \
        outcome result = (call);                                                                   \
        if (!result.ok) {                                                                          \
            fail_msg("error %d at %s", err->code, err->trace_count > 0 ? err->trace[0] : "?");     \
        }                                                                                          \
    } while (0)

static void open_people(struct fixture *fixture, const char *name)
{
    struct error *err = &fixture->err;
    const char *dir = scratch_path(&fixture->scratch, name);
    people_close(fixture->people);
    NEED(directory_make(dir, 0700, err));
    NEED(people_make(dir, err));
    NEED(people_open(dir, STORE_WRITE, &fixture->people, err));
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    scratch_open(&fixture->scratch);
    fixture->memory = scratch_path(&fixture->scratch, "seen");
    fixture->kind = import_kind_find(STR("national"));
    fixture->rows = ROWS;
    open_people(fixture, "keys");
    const char *log = scratch_path(&fixture->scratch, "log");
    assert_true(log_open(log, STORE_WRITE, &fixture->log, &fixture->err).ok);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    people_close(fixture->people);
    log_close(fixture->log);
    scratch_close(&fixture->scratch);
    free(fixture);
    return 0;
}

/* --- reading a file ---------------------------------------------------------------------------
 */

/* All that is known of the rows of a file. */
struct told {
    struct digest rows[2 * ROWS]; /* each row, read */
    size_t count;
    size_t good; /* rows that may be remembered */
    size_t seen; /* rows that were */
};

static void add(struct digester *digester, bytes b)
{
    uint64_t size = b.size;
    digester_update(digester, bytes_of(&size, sizeof size));
    digester_update(digester, b);
}

static struct digest tell(const struct intake_row *row, struct arena *arena)
{
    struct digester digester;
    digester_init(&digester);
    add(&digester, bytes_of(&row->number, sizeof row->number));
    for (size_t i = 0; i < row->count; i++) {
        add(&digester, str_bytes(row->cells[i]));
    }
    add(&digester, bytes_of(&row->private_use, 1));
    add(&digester, row->raw);
    add(&digester, str_bytes(row->told));
    if (row->reason != NULL) {
        add(&digester, bytes_of(&row->reason->code, sizeof row->reason->code));
        for (int i = 0; i < row->reason->args_count; i++) {
            add(&digester, str_bytes(str_of(row->reason->args[i].text)));
        }
    } else {
        add(&digester, record_pack(&row->action->base, arena));
        add(&digester, row->record);
        add(&digester, bytes_of(row->import.warnings,
                                sizeof *row->import.warnings * (size_t)row->import.warnings_count));
    }
    return digester_final(&digester);
}

/* What an entry says is what reading the row says. */
static void assert_entry(const struct seen_rows *seen, const struct seen_entry *entry,
                         const struct intake_row *row)
{
    assert_null(row->reason);
    const NationalRecorded *national = row->action->record_national->row;
    struct view_key key =
        key_national(str_of(national->person_id), str_of(national->record->certificate));
    assert_int_equal(entry->key_size, key.size);
    assert_memory_equal(entry->key, key.data, key.size);
    assert_int_equal(entry->masked, national->record->masked);
    assert_int_equal(row->import.warnings_count, 0);
    assert_false(row->private_use);
    assert_true(seen_rows_hold(seen, entry, views_watch_mark(bytes_of(key.data, key.size))));
}

/* Reads a file, with a memory or without; `sound`: the memory is as it was written. */
static struct told *read_file(struct fixture *fixture, const char *path, bool remembers, bool sound)
{
    struct error *err = &fixture->err;
    struct arena arena;
    struct import_header header;
    struct intake_rows *rows = NULL;
    const struct intake_row *row = NULL;
    struct csv *csv = NULL;
    size_t count = 0;
    struct told *told = calloc(1, sizeof *told);
    struct csv_options options = {.known = import_header_known, .context = fixture->kind};
    arena_init(&arena, 0);
    NEED(csv_open(path, ENCODING_FIND, &options, &csv, err));
    const str *cells = csv_header(csv, &count);
    NEED(import_header_match(fixture->kind, cells, count, &arena, &header, err));
    struct seen_memory *memory = NULL;
    if (remembers) {
        NEED(seen_memory_open(fixture->memory, fixture->people, fixture->log, true, &memory, err));
    }
    struct seen_rows *seen = seen_rows_open(memory, csv, fixture->kind, fixture->people);
    assert_true(!remembers || seen != NULL); /* else this program has no build id */
    NEED(intake_rows_open(csv, fixture->kind, &header, fixture->people, seen, &rows, err));
    for (;;) {
        NEED(intake_rows_next(rows, &row, err));
        if (row == NULL) {
            break;
        }
        const struct seen_entry *entry = row->seen;
        assert_true(entry == NULL || row->holds);
        NEED(intake_rows_read(rows, &row, err));
        assert_null(row->seen);
        told->seen += entry != NULL;
        told->good += row->entry.key_size > 0;
        if (entry != NULL && sound) {
            assert_entry(seen, entry, row);
        }
        seen_rows_note(seen, &row->entry);
        assert_true(told->count < sizeof told->rows / sizeof *told->rows);
        told->rows[told->count++] = tell(row, &arena);
    }
    intake_rows_close(rows);
    seen_rows_close(seen);
    seen_memory_keep(memory);
    seen_memory_close(memory);
    csv_close(csv);
    arena_release(&arena);
    return told;
}

static struct told *read_plain(struct fixture *fixture, const char *path)
{
    struct told *plain = read_file(fixture, path, false, true);
    assert_int_equal(plain->seen, 0);
    assert_int_equal(plain->good, 0);
    return plain;
}

/* The file read with a memory is what it is without; gives how many rows were seen. */
static size_t seen_beside(struct fixture *fixture, const struct told *plain, const char *path,
                          bool sound, size_t *ret_good)
{
    struct told *told = read_file(fixture, path, true, sound);
    size_t seen = told->seen;
    assert_int_equal(told->count, plain->count);
    assert_memory_equal(told->rows, plain->rows, plain->count * sizeof *plain->rows);
    *ret_good = told->good;
    free(told);
    return seen;
}

static size_t seen_of(struct fixture *fixture, const char *path, bool sound, size_t *ret_good)
{
    struct told *plain = read_plain(fixture, path);
    size_t seen = seen_beside(fixture, plain, path, sound, ret_good);
    free(plain);
    return seen;
}

static void test_hard_files(void **state)
{
    struct fixture *fixture = *state;
    glob_t files;
    size_t all = 0;
    assert_int_equal(glob("tests/importers/corpus/national-*.csv", 0, NULL, &files), 0);
    assert_true(files.gl_pathc >= FILES_MIN);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        size_t good = 0;
        (void)remove(fixture->memory); /* some files hold rows of others */
        assert_int_equal(seen_of(fixture, files.gl_pathv[i], true, &good), 0);
        assert_int_equal(seen_of(fixture, files.gl_pathv[i], true, &good), good);
        all += good;
    }
    assert_true(all > FILES_MIN);
    globfree(&files);
}

/* --- rows of odd cells ------------------------------------------------------------------------
 */

/* What may stand in a column; the first ones are good and come oftener. %d is the row's. */
static const char *const odd_cells[COLUMNS][ODD] = {
    {"京建安B（2019）%07d", "京建安C1（2021）%07d", "京建安B(2019)%07d", "京建安b（2019）%07d",
     "３.10101E+17", "%d", ""},
    {"张三", "欧阳示例", "买买提·示例", "孙•三", "李?", "\"王\n五\"", "\"赵\"\"六\"", "㐂示例",
     "\xef\xbf\xbd示", "\xff\xfe", "\xee\x80\x80示"},
    {"外国护照", "外国护照", "身份证", "其他", "", "什么"},
    {"E%07d", "3101**********00%d", "11010119600101000%d", "110101196001010003",
     "110101196001019000", "１１０１０１１９６００１０１０００３", "1.10101E+17", "'E%07d", ""},
    {"B", "C1", "A", "b类", "Z9", "D"},
    {"北京示例公司", "\"北京,示例公司\"", "北京示例公司%d", "'北京示例", "#N/A", ""},
    {"91310107MATEX00025", "", "91310107MATEX00026", "9.13E+17", "短"},
    {"示例厅", "", "\xe2\x80\x8b示例厅"},
    {"2019-04-27", "", "2019/4/27", "43265", "2019-04-27 00:00"},
    {"2022-04-27", "2022年4月27日", "2022-13-01", "20220427"},
    {"2025-04-26", "2025-04-26", "2021-01-01", ""},
    {"有效", "注销", "暂扣", "　有效 ", "胡说", "合计"},
};

static uint32_t dice(uint64_t *seed, uint32_t sides)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % sides;
}

/* A row of its own for each number and edition. */
static void put_row(FILE *out, unsigned number, unsigned edition, char delimiter)
{
    uint64_t seed = (uint64_t)number << 20 | edition;
    for (int column = 0; column < COLUMNS; column++) {
        size_t count = 0;
        while (count < ODD && odd_cells[column][count] != NULL) {
            count++;
        }
        uint32_t which = dice(&seed, 12) > 0 ? 0 : dice(&seed, (uint32_t)count);
        if (column > 0) {
            (void)fputc(delimiter, out);
        }
        for (const char *at = odd_cells[column][which]; *at != 0; at++) {
            bool digits = strncmp(at, "%07d", 4) == 0;
            if (digits || strncmp(at, "%d", 2) == 0) {
                (void)fprintf(out, digits ? "%07u" : "%u", digits ? number : number % 10);
                at += digits ? 3 : 1;
            } else {
                (void)fputc(*at, out);
            }
        }
    }
    (void)fputs(number % 7 == 0 ? "\r\n" : "\n", out);
    if (number % 501 == 0) {
        (void)fputs("\n", out);
    }
}

enum what { AS_IT_WAS, ONE_NIGHT_LATER, SORTED, DELIMITED, WITH_A_COLUMN };

static const char *write_rows(struct fixture *fixture, enum what what)
{
    static const char *const headers[] = {"证书编号",     "姓名",     "证件类型", "证件号码",
                                          "类别",         "企业名称", "企业代码", "发证机关",
                                          "初次领证日期", "发证日期", "有效期至", "状态"};
    const char *path = scratch_path(&fixture->scratch, "rows.csv");
    char delimiter = what == DELIMITED ? ';' : ',';
    FILE *out = fopen(path, "we");
    assert_non_null(out);
    for (int i = 0; i < COLUMNS; i++) {
        (void)fprintf(out, "%s%c", i == 6 ? "统一社会信用代码" : headers[i],
                      i + 1 < COLUMNS         ? delimiter
                      : what == WITH_A_COLUMN ? ','
                                              : '\n');
    }
    (void)fputs(what == WITH_A_COLUMN ? "备注\n" : "", out);
    for (unsigned i = 1; i <= fixture->rows; i++) {
        unsigned number = what == SORTED ? i * 1999 % ROWS + 1 : i;
        bool later = what == ONE_NIGHT_LATER;
        if (later && i % 101 == 0) { /* gone */
            continue;
        }
        if (later && i % 103 == 0) { /* new ones, and one twice */
            put_row(out, ROWS + i, 0, delimiter);
            put_row(out, i - 1, 0, delimiter);
        }
        put_row(out, number, later && i % 107 == 0, delimiter);
    }
    assert_int_equal(fclose(out), 0);
    return path;
}

static void test_one_night_later(void **state)
{
    struct fixture *fixture = *state;
    size_t good = 0;
    size_t first = 0;
    assert_int_equal(seen_of(fixture, write_rows(fixture, AS_IT_WAS), true, &first), 0);
    assert_true(first > ROWS / 4);
    assert_true(first < ROWS * 3 / 4);
    assert_int_equal(seen_of(fixture, write_rows(fixture, AS_IT_WAS), true, &good), first);
    size_t seen = seen_of(fixture, write_rows(fixture, ONE_NIGHT_LATER), true, &good);
    assert_true(seen > good * 95 / 100);
    assert_true(seen < good); /* what is new */
    seen = seen_of(fixture, write_rows(fixture, AS_IT_WAS), true, &good);
    assert_true(seen > good * 95 / 100 && seen < good);
    assert_int_equal(seen_of(fixture, write_rows(fixture, SORTED), true, &good), first);
}

/* The same bytes under another header, another delimiter or another key are other rows. */
static void test_another_context(void **state)
{
    struct fixture *fixture = *state;
    size_t good = 0;
    size_t first = 0;
    (void)seen_of(fixture, write_rows(fixture, AS_IT_WAS), true, &first);
    assert_int_equal(seen_of(fixture, write_rows(fixture, WITH_A_COLUMN), true, &good), 0);
    assert_int_equal(good, first);
    assert_int_equal(seen_of(fixture, write_rows(fixture, DELIMITED), true, &good), 0);
    assert_int_equal(seen_of(fixture, write_rows(fixture, DELIMITED), true, &good), good);
    open_people(fixture, "other-keys");
    assert_int_equal(seen_of(fixture, write_rows(fixture, DELIMITED), true, &good), 0);
}

/* Whatever became of the file: less is seen, and nothing else is read. */
static void test_a_torn_memory(void **state)
{
    struct fixture *fixture = *state;
    uint64_t seed = 1;
    size_t good = 0;
    size_t first = 0;
    fixture->rows = ROWS / 8; /* it is read again for every tear */
    const char *path = write_rows(fixture, AS_IT_WAS);
    struct told *plain = read_plain(fixture, path);
    (void)seen_beside(fixture, plain, path, true, &first);
    bytes memory = scratch_read(&fixture->scratch, fixture->memory);
    uint8_t *torn = arena_new_raw(&fixture->scratch.arena, memory.size);
    memcpy(torn, memory.data, memory.size);
    for (size_t i = 0; i < memory.size / 200; i++) { /* behind the header */
        torn[2 * sizeof(struct seen_entry) + dice(&seed, (uint32_t)memory.size - 160)] ^= 0x5a;
    }
    (void)scratch_write(&fixture->scratch, "seen", torn, memory.size);
    size_t seen = seen_beside(fixture, plain, path, false, &good);
    assert_true(seen > 0 && seen < first);
    for (size_t size = 0; size < 5 * sizeof(struct seen_entry); size += 40) { /* cut short */
        (void)scratch_write(&fixture->scratch, "seen", memory.data,
                            size % 80 == 0 ? size : memory.size - size);
        assert_int_equal(seen_beside(fixture, plain, path, true, &good), 0);
        assert_int_equal(good, first);
    }
    for (size_t at = 0; at < 152; at += 7) { /* the header, but for what is unused of it */
        memcpy(torn, memory.data, memory.size);
        torn[at] ^= 1;
        (void)scratch_write(&fixture->scratch, "seen", torn, memory.size);
        assert_int_equal(seen_beside(fixture, plain, path, true, &good), 0);
    }
    free(plain);
}

/* A small file does not take the place of a large one's memory. */
static void test_a_small_file_between(void **state)
{
    struct fixture *fixture = *state;
    size_t good = 0;
    size_t first = 0;
    const char *path = write_rows(fixture, AS_IT_WAS);
    (void)seen_of(fixture, path, true, &first);
    bytes all = scratch_read(&fixture->scratch, path);
    const char *some = scratch_write(&fixture->scratch, "some.csv", all.data, all.size / 3);
    size_t seen = seen_of(fixture, some, true, &good);
    assert_int_equal(seen, good);
    assert_int_equal(seen_of(fixture, path, true, &good), first);
}

/* A run that is done stays done where nobody can say how far the log has gone. */
static void test_a_log_that_cannot_be_asked(void **state)
{
    struct fixture *fixture = *state;
    struct error *err = &fixture->err;
    struct seen_memory *memory = NULL;
    struct log_txn *readers[READERS_MAX];
    size_t count = 0;
    NEED(seen_memory_open(fixture->memory, fixture->people, fixture->log, true, &memory, err));
    while (count < READERS_MAX && log_begin(fixture->log, STORE_READ, &readers[count], err).ok) {
        count++;
    }
    assert_in_range(count, 1, READERS_MAX - 1); /* more than there is room for */
    seen_memory_keep(memory);
    while (count > 0) {
        log_abort(readers[--count]);
    }
    seen_memory_close(memory);
    assert_false(file_exists(fixture->memory));
    assert_false(file_exists(scratch_path(&fixture->scratch, "seen.tmp")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_hard_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_one_night_later, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_another_context, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_torn_memory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_small_file_between, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_log_that_cannot_be_asked, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
