/* test_pages - the pages of certificates and proofs against their golden dumps (tests/golden).
 *
 * With ANZHENG_GOLDEN=write the dumps are written anew: look at the difference before a commit. */
#include "core/base/date.h"
#include "projections/certificate_page.h"
#include "projections/messages.h"
#include "projections/page_layout.h"
#include "projections/proof_page.h"
#include "projections/signature_page.h"
#include "tests/support/page_dump.h"
#include "tests/support/specimen.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check_golden(const char *name, const struct page *page, struct arena *arena)
{
    char path[128];
    (void)snprintf(path, sizeof path, "tests/golden/%s.txt", name); /* a short name */
    str dump = page_dump(page, arena);
    const char *wish = getenv("ANZHENG_GOLDEN");
    if (wish != NULL && strcmp(wish, "write") == 0) {
        FILE *out = fopen(path, "wb");
        assert_non_null(out);
        assert_int_equal(fwrite(dump.data, 1, dump.size, out), dump.size);
        assert_int_equal(fclose(out), 0);
    }
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = arena_new(arena, 100000);
    size_t size = fread(text, 1, 99999, file);
    (void)fclose(file); /* only read */
    assert_int_equal(size, dump.size);
    assert_memory_equal(text, dump.data, size);
}

static void test_certificate_page_matches_golden(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    uint8_t digest[32] = {1, 2, 3, 4};
    struct specimen specimen = {.number = 1234, .photo_sha256 = bytes_of(digest, sizeof digest)};
    struct page page = specimen_certificate(&specimen, &arena);
    check_golden("certificate", &page, &arena);
    arena_release(&arena);
}

/* R-PF-23. */
static void test_signature_page_matches_golden(void **state)
{
    (void)state;
    struct arena arena;
    struct error error;
    struct page page;
    struct signature_facts facts = {.name = STR("张一"),
                                    .id_number = STR("310101197102020034"),
                                    .person_id = STR("aaaaaaaaaaaaaaaaaaaaaaaa"),
                                    .created_us = 1700000000000000};
    arena_init(&arena, 0);
    assert_true(signature_page(&facts, &arena, &page, &error).ok);
    check_golden("signature_sheet", &page, &arena);
    facts.id_number = STR("");
    assert_false(signature_page(&facts, &arena, &page, &error).ok);
    assert_int_equal(error.code, MESSAGE_PAGE_FACT_MISSING);
    arena_release(&arena);
}

static void test_proof_pages_match_golden(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    struct page cancellation = specimen_cancellation("", &arena);
    struct page departure = specimen_departure(2, &arena);
    check_golden("cancellation_proof", &cancellation, &arena);
    check_golden("departure_proof", &departure, &arena);
    struct page many = specimen_departure(25, &arena);
    check_golden("departure_proof_two_sheets", &many, &arena);
    arena_release(&arena);
}

/* Is there a text item with exactly this text? */
static bool has_text(const struct page *page, str text)
{
    for (size_t i = 0; i < page->count; i++) {
        if (page->items[i].kind == PAGE_TEXT && str_equal(page->items[i].text, text)) {
            return true;
        }
    }
    return false;
}

/* R-CX-11, R-DP-08, R-DP-09 */
static void test_proof_pages_keep_the_wording_of_the_manual(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    struct page cancellation = specimen_cancellation("", &arena);
    struct page departure = specimen_departure(2, &arena);
    assert_true(has_text(&cancellation, STR("“三类人员”证书注销证明")));
    assert_true(has_text(&cancellation, STR("申请日期: 2020-7-5")));
    assert_true(has_text(&cancellation, STR("310101197503090018")));
    assert_true(has_text(&departure, STR("“三类人员”证书变更离沪证明")));
    assert_true(has_text(&departure, STR("申请日期：2020年7月5日")));
    assert_true(has_text(&departure, STR("同意变更离沪。")));
    assert_true(has_text(&departure, STR("项目负责人证，沪建安B(2018)0001235，")));
    assert_true(has_text(&departure, STR("有效期至：2021-06-13，发证日期：2018-06-14")));
    struct page many = specimen_departure(30, &arena);
    assert_true(has_text(&many, STR("项目负责人证，沪建安B(2018)0001263，"
                                    "有效期至：2021-06-13，发证日期：2018-06-14")));
    assert_false(has_text(&departure, STR("申请日期：2020年07月05日")));
    arena_release(&arena);
}

static void test_certificate_page_has_no_id_number_and_one_template(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    struct specimen one = {.number = 1}, other = {.number = 2, .name = "李四", .enterprise = "乙"};
    struct page first = specimen_certificate(&one, &arena);
    struct page second = specimen_certificate(&other, &arena);
    assert_null(strstr(page_dump(&first, &arena).data, "310101197503090018"));
    assert_true(
        bytes_equal(page_template_bytes(&first, &arena), page_template_bytes(&second, &arena)));
    assert_false(bytes_equal(page_bytes(&first, &arena), page_bytes(&second, &arena)));
    arena_release(&arena);
}

static void test_certificate_page_refuses_a_missing_name(void **state)
{
    (void)state;
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    CertificateView view;
    certificate_view__init(&view);
    view.certificate = (char *)(uintptr_t) "沪建安B(2018)0000001";
    struct certificate_facts facts = {.certificate = &view};
    struct page page = {.count = 9};
    assert_false(certificate_page(&facts, &arena, &page, &error).ok);
    assert_int_equal(error.code, MESSAGE_PAGE_FACT_MISSING);
    assert_string_equal(error.args[0].text, "name");
    assert_int_equal(page.count, 9);
    arena_release(&arena);
}

/* R-DP-09: are the lines of the certificates apart, above the opinion, large enough to read, and on
 * as many sheets as it takes, the opinion below the last ones? */
static void test_departure_proof_page_has_room_for_every_count(void **state)
{
    (void)state;
    for (size_t count = 1; count <= PROOF_CERTIFICATES_MAX; count += count < 131 ? 1 : 79) {
        struct arena arena;
        arena_init(&arena, 0);
        struct page page = specimen_departure(count, &arena);
        size_t seen = 0, on_sheet = 0, sheets = 1;
        int32_t before = 0, opinion = 0;
        for (size_t i = 0; i < page.count; i++) {
            const struct page_item *item = &page.items[i];
            if (item->kind == PAGE_SHEET) {
                sheets++;
                on_sheet = 0;
                before = 0;
            }
            if (item->kind == PAGE_TEXT && str_equal(item->text, STR("同意变更离沪。"))) {
                opinion = item->y_um;
            }
            if (item->kind != PAGE_TEXT || (!str_starts_with(item->text, STR("项目负责人证")) &&
                                            !str_starts_with(item->text, STR("有效期至")))) {
                continue;
            }
            seen++;
            on_sheet++;
            assert_true(item->size_um >= 3300); /* 9.4 pt */
            assert_true(item->y_um - before >= item->size_um * 5 / 4);
            assert_true(item->y_um <= 265000); /* the table's end */
            assert_true(page_text_half_ems(item->text) * item->size_um / 2 <= item->width_um);
            before = item->y_um;
        }
        assert_int_equal(seen, count <= 4 ? 2 * count : count);
        assert_true(on_sheet >= 2 && before < opinion && opinion < 220000);
        assert_int_equal(sheets, count <= 10 ? 1 : 1 + (count - 10 + 39) / 40);
        arena_release(&arena);
    }
}

/* R-CX-06..09: who signed the application is told, and nothing when nobody did. */
static void test_cancellation_proof_page_tells_the_signature(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    const str note = STR("证书注销申请表已由企业电子签名：2020年7月5日，"
                         "签名证书SHA-256摘要0123456789abcdef…");
    struct page without = specimen_cancellation("", &arena);
    struct page with = specimen_cancellation(
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", &arena);
    assert_true(has_text(&with, note));
    assert_false(has_text(&without, note));
    assert_int_equal(without.count + 1, with.count);
    assert_true(
        bytes_equal(page_template_bytes(&with, &arena), page_template_bytes(&without, &arena)));
    arena_release(&arena);
}

/* R-PF-23: it is printed, and signed by hand; a name of 50 characters is still to be read. */
static void test_signature_page_has_room_for_a_long_name(void **state)
{
    (void)state;
    const int32_t readable_um = 2100; /* 6 pt */
    struct arena arena;
    struct error error;
    struct page page;
    arena_init(&arena, 0);
    char name[151] = "";
    for (size_t i = 0; i < 50; i++) {
        memcpy(name + 3 * i, "乙", 4);
    }
    struct signature_facts facts = {
        .name = str_of(name), .id_number = STR("310101199001010010"), .person_id = STR("p")};
    assert_true(signature_page(&facts, &arena, &page, &error).ok);
    size_t size = 0;
    for (size_t i = 0; i < page.count; i++) {
        const struct page_item *item = &page.items[i];
        if (item->layer == PAGE_VARIABLE) {
            assert_true(item->size_um >= readable_um);
            assert_true(page_text_half_ems(item->text) * item->size_um / 2 <= item->width_um);
            size += item->text.size;
        }
    }
    assert_int_equal(size, 150 + 18);
    arena_release(&arena);
}

static void check_lines(const char *text, int32_t width_um, const char *first, const char *second)
{
    const struct text_style style = {PAGE_VARIABLE, PAGE_LEFT, PAGE_REGULAR, 5000, INK_BLACK};
    struct arena arena;
    struct page page;
    arena_init(&arena, 0);
    page_init(&page);
    layout_two_lines(&page, style, 0, 0, width_um, str_of(text), &arena);
    assert_int_equal(page.count, *second != 0 ? 2 : 1);
    assert_true(str_equal_c(page.items[0].text, first));
    if (page.count == 2) {
        assert_true(str_equal_c(page.items[1].text, second));
        assert_true(page.items[0].y_um < page.items[1].y_um);
    }
    arena_release(&arena);
}

static void test_layout_two_lines_breaks_where_one_may(void **state)
{
    (void)state;
    check_lines("甲乙丙丁戊己庚辛", 30000, "甲乙丙丁戊己", "庚辛");
    check_lines("甲乙丙丁戊己，庚辛", 30000, "甲乙丙丁戊", "己，庚辛");     /* no mark first */
    check_lines("甲乙丙丁戊（己庚）", 30000, "甲乙丙丁戊", "（己庚）");     /* none open last */
    check_lines("甲乙丙丁戊123庚辛", 30000, "甲乙丙丁戊", "123庚辛");       /* no cut number */
    check_lines("阿不都·买买提·吐尔逊", 35000, "阿不都·", "买买提·吐尔逊"); /* names stay whole */
    check_lines("ANNA MARIA EXAMPLE", 30000, "ANNA MARIA ", "EXAMPLE");     /* words neither */
    check_lines("Александр Сергеевич Пушкин", 80000, "Александр ", "Сергеевич Пушкин");
    check_lines("Nguyễn Thị Ánh Nguyệt", 35000, "Nguyễn Thị ", "Ánh Nguyệt");
    check_lines("阿不都·Ánh", 22000, "阿不都·", "Ánh"); /* a dot parts them all the same */
    check_lines("阿不都·吐尔逊", 35000, "阿不都·吐尔逊", "");
    check_lines("123456789012345678", 30000, "123456789012345678", ""); /* smaller, not cut */
    check_lines("ANNE-MARIE O-NEIL", 30000, "ANNE-MARIE ", "O-NEIL");
    check_lines("甲乙丙丁戊-庚辛", 30000, "甲乙丙丁", "戊-庚辛"); /* none behind a hyphen */
}

/* Two smaller lines as they stood before decision 0146: 18 hundredths nearer to the middle. */
static void test_layout_two_lines_as_before(void **state)
{
    (void)state;
    const struct text_style style = {PAGE_VARIABLE, PAGE_LEFT, PAGE_REGULAR, 5000, INK_BLACK};
    str text = STR("甲乙丙丁戊-庚辛");
    struct arena arena;
    struct page page, before;
    arena_init(&arena, 0);
    page_init(&page);
    page_init(&before);
    before.as_before = true;
    layout_two_lines(&page, style, 0, 90000, 15000, text, &arena);
    layout_two_lines(&before, style, 0, 90000, 15000, text, &arena);
    assert_int_equal(page.items[0].size_um, 3750);
    assert_int_equal(page.items[0].y_um, 90000 - 2325);
    assert_int_equal(page.items[1].y_um, 90000 + 2325);
    assert_int_equal(before.items[0].y_um, 90000 - 225 - 2325);
    assert_int_equal(before.items[1].y_um, 90000 - 225 + 2325);
    page_init(&before);
    before.as_before = true;
    layout_two_lines(&before, style, 0, 90000, 30000, text, &arena);
    assert_true(str_equal_c(before.items[0].text, "甲乙丙丁戊-"));
    arena_release(&arena);
}

static void test_layout_two_lines_never_cuts(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    const struct text_style style = {PAGE_VARIABLE, PAGE_LEFT, PAGE_REGULAR, 5000, INK_BLACK};
    char text[301] = "";
    for (size_t count = 1; count <= 100; count++) {
        memcpy(text + 3 * (count - 1), "乙", 4);
        struct page page;
        page_init(&page);
        layout_two_lines(&page, style, 0, 0, 100000, str_of(text), &arena);
        assert_int_equal(page.count, count <= 20 ? 1 : 2); /* 100 mm hold 20 ems of 5 mm */
        size_t size = 0;
        for (size_t i = 0; i < page.count; i++) {
            const struct page_item *item = &page.items[i];
            size += item->text.size;
            assert_true(page_text_half_ems(item->text) * item->size_um / 2 <= 100000);
        }
        assert_int_equal(size, strlen(text));
    }
    arena_release(&arena);
}

/* As many items as a description may have, in two lines each, and as little room as it may leave.
 */
static const struct template *crowded_template(struct arena *arena)
{
    static const char head[] =
        "anzheng-page 1\nkind departure_proof\ntitle \"证\"\n"
        "table x=25 y=79 width=160 stroke=0.4 after=1 bottom=268 next=41\n"
        "few \"{line.number}\" x=30 y=144 width=120 size=3 pitch=5 leading=2 below=4 most=10\n"
        "many \"{line.number}\" x=30 y=200 width=120 size=3 pitch=21 below=5 next=50\n"
        "seal \"章\" x=10 y=10 width=40\n";
    static const char text[] = "text \"{holder.name}{holder.id_number}{enterprise.name}"
                               "{authority.name}\" x=10 y=10 width=20 lines=2 size=3\n";
    struct error error;
    struct template *template = ARENA_NEW(arena, struct template);
    str all = str_of(head);
    for (size_t i = 4; i < TEMPLATE_ITEMS_MAX - TEMPLATE_SHEET_ITEMS_MAX; i++) {
        all = ARENA_JOIN(arena, all, str_of(text));
    }
    all = ARENA_JOIN(arena, all, STR("part every\n"));
    for (size_t i = 0; i < TEMPLATE_SHEET_ITEMS_MAX; i++) {
        all = ARENA_JOIN(arena, all, str_of(text));
    }
    if (!template_parse(STR("f"), all, arena, template, &error).ok) {
        fail_msg("%d: %s", error.code, error.args[1].text);
    }
    return template;
}

static void test_departure_proof_page_refuses_too_many(void **state)
{
    (void)state;
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    struct page page;
    CertificateView view;
    Date date;
    date__init(&date);
    certificate_view__init(&view);
    view.issued = view.valid_until = &date;
    view.certificate = arena_c_string(&arena, STR("沪建安B(2018)0000001"));
    const CertificateView *views[PROOF_CERTIFICATES_MAX + 1];
    for (size_t i = 0; i <= PROOF_CERTIFICATES_MAX; i++) {
        views[i] = &view;
    }
    struct proof_facts facts = {.document = STR("departure:1"),
                                .holder_name = STR("张三"),
                                .id_number = STR("1"),
                                .enterprise_name = STR("甲"),
                                .authority_name = STR("乙"),
                                .certificates = views,
                                .certificates_count = PROOF_CERTIFICATES_MAX + 1,
                                .template = specimen_template(TEMPLATE_DEPARTURE, &arena)};
    assert_false(departure_proof_page(&facts, &arena, &page, &error).ok);
    assert_int_equal(error.code, MESSAGE_PAGE_TOO_MANY);
    facts.certificates_count--;
    assert_true(departure_proof_page(&facts, &arena, &page, &error).ok);
    facts.template = crowded_template(&arena);
    facts.holder_name = STR("阿卜杜热合曼·买买提伊明·依布拉音");
    assert_true(departure_proof_page(&facts, &arena, &page, &error).ok);
    assert_true(page.count > PAGE_ITEMS_MAX * 4 / 5); /* all sheets crowded, and below the limit */
    struct page again;
    assert_true(page_parse(page_bytes(&page, &arena), &arena, &again, &error).ok);
    assert_int_equal(again.count, page.count);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_certificate_page_matches_golden),
        cmocka_unit_test(test_signature_page_matches_golden),
        cmocka_unit_test(test_signature_page_has_room_for_a_long_name),
        cmocka_unit_test(test_proof_pages_match_golden),
        cmocka_unit_test(test_proof_pages_keep_the_wording_of_the_manual),
        cmocka_unit_test(test_certificate_page_has_no_id_number_and_one_template),
        cmocka_unit_test(test_certificate_page_refuses_a_missing_name),
        cmocka_unit_test(test_layout_two_lines_never_cuts),
        cmocka_unit_test(test_departure_proof_page_has_room_for_every_count),
        cmocka_unit_test(test_cancellation_proof_page_tells_the_signature),
        cmocka_unit_test(test_layout_two_lines_breaks_where_one_may),
        cmocka_unit_test(test_layout_two_lines_as_before),
        cmocka_unit_test(test_departure_proof_page_refuses_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
