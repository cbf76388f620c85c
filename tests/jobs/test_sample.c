/* test_sample - the sample repeats, its registers are readable, its signatures verify. That the
 * registry answers every wish as foreseen is an acceptance test on the program itself. */
#include "jobs/sample/sample.h"

#include <string.h>

#include "core/base/date.h"
#include "core/io/cms.h"
#include "core/io/csv.h"
#include "core/io/file.h"
#include "core/io/image.h"
#include "events/terms/credit_code.h"
#include "events/terms/identity.h"
#include "importers/registry.h"
#include "jobs/messages.h"
#include "jobs/sample/names.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

enum { PERSONS = 150, ENTERPRISES = 12, SIZE_MAX_READ = 64 * 1024 * 1024 };

static struct sample_summary made(struct scratch *scratch, const char *name, uint32_t persons,
                                  uint64_t seed)
{
    struct error err = {0};
    struct sample_summary summary = {0};
    struct sample_options options = {
        .out = scratch_path(scratch, name),
        .persons = persons,
        .enterprises = ENTERPRISES,
        .seed = seed,
        .today = date_from_civil((struct civil){2026, 3, 31}),
    };
    assert_true(sample_make(&options, &summary, &err).ok);
    return summary;
}

static str text_of(struct scratch *scratch, const char *sample, str name)
{
    const char *path =
        arena_format(&scratch->arena, "%s/%s/%.*s", scratch->dir, sample, STR_ARGS(name)).data;
    bytes content = scratch_read(scratch, path);
    return (str){(const char *)content.data, content.size};
}

static int setup(void **state)
{
    struct scratch *scratch = test_calloc(1, sizeof(*scratch));
    scratch_open(scratch);
    *state = scratch;
    (void)made(scratch, "one", PERSONS, 7);
    return 0;
}

static int teardown(void **state)
{
    scratch_close(*state);
    test_free(*state);
    return 0;
}

/* A line of a plan: words, the first of which is the date. */
struct step {
    str words[4];
    size_t count;
};

static struct step step_of(str line)
{
    struct step step = {.count = 0};
    str rest = line;
    while (rest.data != NULL && step.count < 4) {
        step.words[step.count++] = str_cut(&rest, ' ');
    }
    return step;
}

static void test_sample_make_repeats_every_byte(void **state)
{
    struct scratch *scratch = *state;
    struct sample_summary summary = made(scratch, "two", PERSONS, 7);
    str plan = text_of(scratch, "one", STR("plan-signed.txt"));
    assert_true(str_equal(plan, text_of(scratch, "two", STR("plan-signed.txt"))));
    assert_true(str_equal(text_of(scratch, "one", STR("plan.txt")),
                          text_of(scratch, "two", STR("plan.txt"))));
    assert_true(summary.wishes > PERSONS);
    assert_true(summary.refusals > 0);
    size_t files = 0;
    for (str line = str_cut(&plan, '\n'); plan.data != NULL; line = str_cut(&plan, '\n')) {
        struct step step = step_of(line);
        for (size_t i = 2; i < step.count; i++) {
            if (str_find_byte(step.words[i], '.') < step.words[i].size) {
                assert_true(str_equal(text_of(scratch, "one", step.words[i]),
                                      text_of(scratch, "two", step.words[i])));
                files++;
            }
        }
    }
    assert_in_range(files, 2 * summary.signatures, SIZE_MAX_READ);
}

static void test_sample_make_differs_with_the_seed(void **state)
{
    struct scratch *scratch = *state;
    (void)made(scratch, "other", 5, 8);
    assert_false(str_equal(text_of(scratch, "one", STR("identities.csv")),
                           text_of(scratch, "other", STR("identities.csv"))));
    assert_false(str_equal(text_of(scratch, "one", STR("trust/ca.pem")),
                           text_of(scratch, "other", STR("trust/ca.pem"))));
}

static void test_sample_make_refuses_to_write_over_a_sample(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    struct sample_summary summary = {0};
    struct sample_options options = {scratch_path(scratch, "one"), PERSONS, ENTERPRISES, 7, 20000};
    assert_false(sample_make(&options, &summary, &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
    assert_int_equal(err.code, MESSAGE_SAMPLE_EXISTS);
}

/* All rows of a file are what the importers want, and the dates in it have passed. */
static size_t read_rows(struct scratch *scratch, str kind_name, str file)
{
    struct error err = {0};
    struct import_header header = {.unknown_count = 0};
    const struct import_kind *kind = import_kind_find(kind_name);
    assert_non_null(kind);
    bool national = str_equal(kind_name, STR("national"));
    const char *path =
        arena_format(&scratch->arena, "%s/one/%.*s", scratch->dir, STR_ARGS(file)).data;
    struct csv *csv = NULL;
    assert_true(csv_open(path, national ? ENCODING_GB18030 : ENCODING_UTF8, NULL, &csv, &err).ok);
    size_t columns = 0;
    const str *names = csv_header(csv, &columns);
    assert_true(import_header_match(kind, names, columns, &scratch->arena, &header, &err).ok);
    assert_int_equal(header.unknown_count, 0);
    size_t rows = 0;
    for (bool more = true;;) {
        const str *cells = NULL;
        size_t count = 0;
        uint64_t number = 0;
        assert_true(csv_next(csv, &cells, &count, &number, &more, &err).ok);
        if (!more) {
            break;
        }
        struct import_row row = {.warnings_count = 0};
        Action action = ACTION__INIT;
        assert_true(
            import_row_read(kind, &header, cells, count, &scratch->arena, &row, &action, &err).ok);
        assert_int_equal(row.warnings_count, 0);
        rows++;
    }
    csv_close(csv);
    return rows;
}

static void test_sample_make_writes_registers_that_importers_read(void **state)
{
    struct scratch *scratch = *state;
    str plan = text_of(scratch, "one", STR("plan.txt"));
    size_t rows = 0;
    for (str line = str_cut(&plan, '\n'); plan.data != NULL; line = str_cut(&plan, '\n')) {
        struct step step = step_of(line);
        if (str_equal(step.words[1], STR("import"))) {
            assert_int_equal(step.count, 4);
            rows += read_rows(scratch, step.words[2], step.words[3]);
        }
    }
    assert_in_range(rows, 2 * PERSONS, SIZE_MAX_READ);
}

/* Who wishes the first line; every line of a file is one actor's. */
static str actor_of(str wishes)
{
    static const char *const keys[] = {"\"enterprise\":\"", "\"clerk\":\""};
    str line = str_cut(&wishes, '\n');
    for (size_t i = 0; i < 2; i++) {
        const char *at = memmem(line.data, line.size, keys[i], strlen(keys[i]));
        if (at != NULL) {
            str code = str_from(line, (size_t)(at - line.data) + strlen(keys[i]));
            return str_first(code, str_find_byte(code, '"'));
        }
    }
    return STR("");
}

static void test_sample_make_signs_what_each_actor_wishes(void **state)
{
    struct scratch *scratch = *state;
    struct error err = {0};
    bytes root = {0};
    struct cms_signer signer = {0};
    str pem = text_of(scratch, "one", STR("trust/ca.pem"));
    assert_true(
        trust_root_read(STR("ca"), str_bytes(pem), &scratch->arena, &root, &signer, &err).ok);
    struct trust trust = {.roots = &root, .roots_count = 1};
    str plan = text_of(scratch, "one", STR("plan-signed.txt"));
    size_t files = 0;
    size_t size = 0;
    for (str line = str_cut(&plan, '\n'); plan.data != NULL; line = str_cut(&plan, '\n')) {
        struct step step = step_of(line);
        int32_t day = 0;
        if (!str_equal(step.words[1], STR("submit"))) {
            continue;
        }
        assert_true(date_parse_strict(step.words[0], &day));
        str wishes = text_of(scratch, "one", step.words[2]);
        if (step.count == 3) { /* persons do not sign */
            assert_true(str_starts_with(step.words[2], STR("file/")));
            size += wishes.size;
            continue;
        }
        str signature = text_of(scratch, "one", step.words[3]);
        assert_true(cms_verify_detached(str_bytes(signature), str_bytes(wishes), &trust, day,
                                        &scratch->arena, &signer, &err)
                        .ok);
        assert_true(cms_signer_names(&signer, actor_of(wishes)));
        size += wishes.size;
        files++;
    }
    assert_in_range(files, PERSONS, SIZE_MAX_READ);
    /* The day files hold the same lines. */
    size_t days = 0;
    plan = text_of(scratch, "one", STR("plan.txt"));
    for (str line = str_cut(&plan, '\n'); plan.data != NULL; line = str_cut(&plan, '\n')) {
        struct step step = step_of(line);
        if (str_equal(step.words[1], STR("submit"))) {
            days += text_of(scratch, "one", step.words[2]).size;
        }
    }
    assert_int_equal(days, size);
}

static size_t count_of(str text, const char *part)
{
    size_t count = 0;
    for (const char *at = NULL; (at = memmem(text.data, text.size, part, strlen(part))) != NULL;) {
        text = str_from(text, (size_t)(at - text.data) + strlen(part));
        count++;
    }
    return count;
}

static void test_sample_make_writes_personnel_files_of_every_kind(void **state)
{
    static const char *const kinds[] = {"education", "degree", "title",  "skill",
                                        "post",      "work",   "project"};
    struct scratch *scratch = *state;
    str wishes = text_of(scratch, "one", STR("file/01-persons.jsonl"));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const char *part = arena_format(&scratch->arena, "\"kind\":\"%s\"", kinds[i]).data;
        assert_in_range(count_of(wishes, part), 1, PERSONS);
    }
    /* One person in twenty, less those whom nobody collected. */
    size_t persons = count_of(wishes, "\"kind\":\"work\"");
    assert_in_range(persons, PERSONS / 20 - 2, PERSONS / 20 + 1);
    assert_in_range(count_of(wishes, "upload_signature"), 1, persons);
    str seen = text_of(scratch, "one", STR("file/02-clerk.jsonl"));
    assert_in_range(count_of(seen, "\"verify_record\""), 1, PERSONS);
    str applied = text_of(scratch, "one", STR("file/09-enterprise-01.jsonl"));
    assert_int_equal(count_of(applied, "\"open_application\""), 1);
}

/* Every scan that is attached is there, a JPEG of the density that its kind wants; one is not. */
static void test_sample_make_writes_scans_that_registries_take(void **state)
{
    struct scratch *scratch = *state;
    str rest = text_of(scratch, "one", STR("file/01-persons.jsonl"));
    size_t scans = 0;
    for (str line = str_cut(&rest, '\n'); rest.data != NULL; line = str_cut(&rest, '\n')) {
        const char *at = memmem(line.data, line.size, "\"file\":\"", strlen("\"file\":\""));
        if (at == NULL) {
            continue;
        }
        str name = str_from(line, (size_t)(at - line.data) + strlen("\"file\":\""));
        name = str_first(name, str_find_byte(name, '"'));
        str path = arena_format(&scratch->arena, "file/%.*s", STR_ARGS(name));
        str jpeg = text_of(scratch, "one", path);
        struct image_facts facts = image_look(str_bytes(jpeg));
        bool signature = count_of(line, "upload_signature") == 1;
        bool coarse = count_of(line, "coarse") == 1;
        assert_null(facts.wrong);
        assert_int_equal(facts.density.x, signature ? 150 : coarse ? 60 : 100);
        assert_int_equal(facts.density.y, facts.density.x);
        assert_in_range(jpeg.size, 1, 300 * 1024);
        scans++;
    }
    assert_in_range(scans, PERSONS / 20, PERSONS);
}

static void test_number_resident_is_right_and_never_the_same(void **state)
{
    struct scratch *scratch = *state;
    str last = STR("");
    for (uint32_t i = 0; i < 40000; i += 7) {
        int32_t birth = 0;
        Sex__Code sex = i % 2 == 0 ? SEX__CODE__MALE : SEX__CODE__FEMALE;
        str number = number_resident(i, sex, &scratch->arena, &birth);
        assert_true(identity_check_digit_is_right(ID_TYPE__CODE__RESIDENT, number));
        struct civil born = date_to_civil(birth);
        str day = arena_format(&scratch->arena, "%04d%02d%02d", born.year, born.month, born.day);
        assert_memory_equal(number.data + 6, day.data, day.size);
        assert_int_equal(number.data[16] % 2 == 1, sex == SEX__CODE__MALE); /* '0' is even */
        assert_false(str_equal(number, last));
        last = number;
    }
    /* One round of birthdays later the order number differs. */
    int32_t birth = 0;
    str first = number_resident(0, SEX__CODE__MALE, &scratch->arena, &birth);
    str again = number_resident(14610, SEX__CODE__MALE, &scratch->arena, &birth);
    assert_false(str_equal(str_first(first, 17), str_first(again, 17)));
}

static void test_code_enterprise_has_the_known_form(void **state)
{
    struct scratch *scratch = *state;
    assert_string_equal(code_enterprise(16, &scratch->arena).data, "91310101MATEX00109");
    assert_string_equal(code_enterprise(32, &scratch->arena).data, "91310101MATEX00296");
    for (uint32_t i = 0; i < SAMPLE_ENTERPRISES_MAX; i += 997) {
        assert_true(credit_code_check_is_right(code_enterprise(i, &scratch->arena)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sample_make_repeats_every_byte),
        cmocka_unit_test(test_sample_make_differs_with_the_seed),
        cmocka_unit_test(test_sample_make_refuses_to_write_over_a_sample),
        cmocka_unit_test(test_sample_make_writes_registers_that_importers_read),
        cmocka_unit_test(test_sample_make_signs_what_each_actor_wishes),
        cmocka_unit_test(test_sample_make_writes_personnel_files_of_every_kind),
        cmocka_unit_test(test_sample_make_writes_scans_that_registries_take),
        cmocka_unit_test(test_number_resident_is_right_and_never_the_same),
        cmocka_unit_test(test_code_enterprise_has_the_known_form),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
