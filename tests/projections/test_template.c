/* test_template - page descriptions: what is read, what is refused and where, texts filled, colours
 * by class, pages that differ by their description alone. */
#include "projections/template.h"

#include <stdio.h>
#include <string.h>

#include "projections/messages.h"
#include "tests/support/specimen.h"
#include "tests/support/test.h"

#define HEAD                                                                                       \
    "anzheng-page 1\nkind certificate\ntitle \"证\"\n"                                            \
    "text \"{certificate.number}{holder.name}{enterprise.name}{authority.name}"                    \
    "{certificate.valid_until}\" x=10 y=10 size=14pt\nseal \"章\" x=10 y=10 width=40\n"           \
    "qr x=10 y=60 width=30 height=30\n"

#define SEAL  "seal \"章\" x=10 y=10 width=40\n"
#define TABLE "table x=25 y=79 width=160 stroke=0.4 after=60 bottom=268 next=41\n"
#define PROOF                                                                                      \
    "anzheng-page 1\nkind cancellation_proof\ntitle \"证\"\n"                                     \
    "text \"{certificate.number}{holder.name}{holder.id_number}{enterprise.name}"                  \
    "{authority.name}\" x=10 y=10 size=14pt\n" SEAL
#define DEPARTURE                                                                                  \
    "anzheng-page 1\nkind departure_proof\ntitle \"证\"\n"                                        \
    "text \"{holder.name}{holder.id_number}{enterprise.name}{authority.name}\" x=10 y=10 "         \
    "size=14pt\n" TABLE
#define FEW(text)  "few \"" text "\" x=30 y=144 width=120 size=3 pitch=15 leading=6 below=4 most=4\n"
#define MANY(text) "many \"" text "\" x=30 y=150 width=120 size=3 pitch=5 below=5 next=50\n"

static int refused(const char *text, char line[ERROR_ARG_SIZE])
{
    struct arena arena;
    struct template template;
    struct error err = {0};
    arena_init(&arena, 0);
    bool good = template_parse(STR("f.page"), str_of(text), &arena, &template, &err).ok;
    arena_release(&arena);
    if (good) {
        return 0;
    }
    assert_int_equal(err.class, ERROR_MALFORMED);
    assert_string_equal(err.args[0].text, "f.page");
    (void)snprintf(line, ERROR_ARG_SIZE, "%s", err.args_count > 1 ? err.args[1].text : "");
    return err.code;
}

static void test_template_parse_reads_lengths_sizes_and_colours(void **state)
{
    (void)state;
    struct arena arena;
    struct template template;
    struct error err;
    arena_init(&arena, 0);
    assert_true(template_parse(STR("f"),
                               STR(HEAD "class A=#102030\n# a remark\n"
                                        "line x=72.3 y=103.5 width=-5.25 stroke=0.4 colour=class\n"
                                        "text \"甲\" x=1 y=2 width=50 lines=2 size=10.5pt "
                                        "align=right weight=bold spacing=1\n"),
                               &arena, &template, &err)
                    .ok);
    assert_int_equal(template.count, 5);
    assert_int_equal(template.items[0].size_um, 4939);
    assert_false(template.items[0].is_static);
    assert_true(template.items[1].is_static);
    assert_int_equal(template.items[3].x_um, 72300);
    assert_int_equal(template.items[3].width_um, -5250);
    assert_false(template.items[3].is_static); /* its colour is the class's */
    assert_int_equal(template.items[4].size_um, 3704);
    assert_int_equal(template.items[4].align, PAGE_RIGHT);
    assert_int_equal(template.items[4].weight, PAGE_BOLD);
    assert_false(template.items[4].is_static); /* read behind values, so drawn behind them */
    assert_int_equal(template.classes[0].colour, 0x102030);
    arena_release(&arena);
}

/* Texts are extracted in the order in which they are drawn, the static ones first. */
static void test_template_parse_keeps_texts_in_the_order_in_which_they_are_read(void **state)
{
    (void)state;
    struct arena arena;
    struct template template;
    struct error err;
    arena_init(&arena, 0);
    assert_true(template_parse(STR("f"),
                               STR("anzheng-page 1\nkind certificate\ntitle \"证\"\n"
                                   "text \"题\" x=1 y=1 size=3\n"
                                   "text \"{holder.name}{certificate.number}{enterprise.name}"
                                   "{authority.name}{certificate.valid_until}\" x=1 y=2 size=3\n"
                                   "text \"脚\" x=1 y=3 size=3\nline x=1 y=4 width=9 stroke=1\n"
                                   "seal \"章\" x=10 y=10 width=40\n"
                                   "qr x=10 y=60 width=30 height=30\n"),
                               &arena, &template, &err)
                    .ok);
    assert_true(template.items[0].is_static);
    assert_false(template.items[1].is_static);
    assert_false(template.items[2].is_static);
    assert_true(template.items[3].is_static); /* no text */
    assert_true(template.items[4].is_static); /* what is written behind it covers it */
    assert_true(memmem(template.alphabet.data, template.alphabet.size, "脚", 3) != NULL);
    arena_release(&arena);
}

static void test_template_parse_names_the_line_that_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text, *line;
        int code;
    } cases[] = {
        {"anzheng-page 2\n", "61440", MESSAGE_TEMPLATE_HEAD},
        {"anzheng-page 1\ntext \"a\" x=1 y=1 size=3\n", "2", MESSAGE_TEMPLATE_LACKS},
        {"anzheng-page 1\nkind diploma\n", "2", MESSAGE_TEMPLATE_VALUE},
        {HEAD "circle x=1\n", "7", MESSAGE_TEMPLATE_LINE},
        {HEAD "\ntext \"a\" x=1 y=1 size=3 blink=yes\n", "8", MESSAGE_TEMPLATE_ATTRIBUTE},
        {HEAD "text \"a\" x=1 x=1 y=1 size=3\n", "7", MESSAGE_TEMPLATE_ATTRIBUTE},
        {HEAD "photo x=1 y=1 width=27 height=35 size=3\n", "7", MESSAGE_TEMPLATE_ATTRIBUTE},
        {HEAD "line x=1 y=1 width=9 stroke=1 align=left\n", "7", MESSAGE_TEMPLATE_ATTRIBUTE},
        {HEAD "text \"a\" x=1 y=1 size=3 align\n", "7", MESSAGE_TEMPLATE_ATTRIBUTE},
        {HEAD "text \"a\" x=1 y=1\n", "7", MESSAGE_TEMPLATE_LACKS},
        {HEAD "text x=1 y=1 size=3\n", "7", MESSAGE_TEMPLATE_LACKS},
        {HEAD "text \"a x=1 y=1 size=3\n", "7", MESSAGE_TEMPLATE_QUOTE},
        {HEAD "text \"a\" x=1,5 y=1 size=3\n", "7", MESSAGE_TEMPLATE_VALUE},
        {HEAD "text \"a\" x=1.2345 y=1 size=3\n", "7", MESSAGE_TEMPLATE_VALUE},
        {HEAD "text \"a\" x=1 y=1 size=0.1\n", "7", MESSAGE_TEMPLATE_VALUE},
        {HEAD "text \"a\" x=1 y=1 size=3 colour=red\n", "7", MESSAGE_TEMPLATE_VALUE},
        {HEAD "text \"a\" x=1 y=1 width=9 size=3 lines=0\n", "7", MESSAGE_TEMPLATE_VALUE},
        {HEAD "text \"a\" x=1 y=1 width=9 size=3 lines=11\n", "7", MESSAGE_TEMPLATE_VALUE},
        {HEAD "text \"a\" x=1 y=1 size=3 lines=2\n", "7", MESSAGE_TEMPLATE_MEASURE},
        {HEAD "text \"a\" x=211 y=1 size=3\n", "7", MESSAGE_TEMPLATE_OUTSIDE},
        {HEAD "photo x=200 y=1 width=27 height=35\n", "7", MESSAGE_TEMPLATE_OUTSIDE},
        {HEAD "photo x=1 y=270 width=27 height=35\n", "7", MESSAGE_TEMPLATE_OUTSIDE},
        {PROOF "seal \"b\" x=1 y=260 width=40\n", "6", MESSAGE_TEMPLATE_OUTSIDE},
        {HEAD "line x=9 y=1 width=-9.5 stroke=1\n", "7", MESSAGE_TEMPLATE_OUTSIDE},
        {HEAD "line x=-1 y=1 width=9 stroke=1\n", "7", MESSAGE_TEMPLATE_OUTSIDE},
        {HEAD "line x=211 y=1 width=-9 stroke=1\n", "7", MESSAGE_TEMPLATE_OUTSIDE},
        {HEAD "rectangle x=9 y=9 width=-2 height=2 stroke=1\n", "7", MESSAGE_TEMPLATE_MEASURE},
        {HEAD "rectangle x=9 y=9 width=2 height=2 stroke=-1\n", "7", MESSAGE_TEMPLATE_MEASURE},
        {HEAD "text \"a\" x=9 y=9 width=-1 size=3\n", "7", MESSAGE_TEMPLATE_MEASURE},
        {HEAD "line x=1 y=1 width=9 stroke=0\n", "7", MESSAGE_TEMPLATE_MEASURE},
        {HEAD "photo x=1 y=1 width=0 height=35\n", "7", MESSAGE_TEMPLATE_MEASURE},
        {HEAD "seal \"b\" x=1 y=1 width=9.999\n", "7", MESSAGE_TEMPLATE_MEASURE},
        {HEAD "qr x=1 y=1 width=14.999 height=14.999\n", "7", MESSAGE_TEMPLATE_MEASURE},
        {HEAD "qr x=1 y=1 width=30 height=31\n", "7", MESSAGE_TEMPLATE_MEASURE},
        {HEAD "text \"{holder.id_number}\" x=1 y=1 size=3\n", "7", MESSAGE_TEMPLATE_FIELD},
        {HEAD "text \"{holder.name\" x=1 y=1 size=3\n", "7", MESSAGE_TEMPLATE_BRACKET},
        {HEAD "text \"[a\" x=1 y=1 size=3\n", "7", MESSAGE_TEMPLATE_BRACKET},
        {HEAD "text \"a]\" x=1 y=1 size=3\n", "7", MESSAGE_TEMPLATE_BRACKET},
        {HEAD "part end\n", "7", MESSAGE_TEMPLATE_VALUE},
        {HEAD "rectangle \"a\" x=1 y=1 width=9 height=9\n", "7", MESSAGE_TEMPLATE_ATTRIBUTE},
        {HEAD "text \"a\" x=1 y=1 size=3 spacing=1000.5\n", "7", MESSAGE_TEMPLATE_VALUE},
        {HEAD "line x=1 y=1 width=9 stroke=1000.001\n", "7", MESSAGE_TEMPLATE_VALUE},
        {HEAD "title \"a\x1f\"\n", "7", MESSAGE_TEMPLATE_CHARACTER},
        {HEAD "# a\xef\xbf\xbf\n", "7", MESSAGE_TEMPLATE_CHARACTER},
        {HEAD "photo x=1 y=1 width=27 height=35 \"{holder.name}\"\n", "7",
         MESSAGE_TEMPLATE_ATTRIBUTE},
        {HEAD TABLE TABLE, "certificate", MESSAGE_TEMPLATE_MUST_SHOW},
        {PROOF TABLE, "cancellation_proof", MESSAGE_TEMPLATE_MUST_SHOW},
        {PROOF "qr x=10 y=60 width=30 height=30\n", "cancellation_proof",
         MESSAGE_TEMPLATE_MUST_SHOW},
        {PROOF "photo x=10 y=60 width=30 height=30\n", "cancellation_proof",
         MESSAGE_TEMPLATE_MUST_SHOW},
        {DEPARTURE FEW("{line.number}")
             MANY("{line.number}") "text \"{line.number}\" x=1 y=1 size=3\n",
         "8", MESSAGE_TEMPLATE_FIELD},
        {DEPARTURE FEW("{line.number}") MANY("{line.issued}") SEAL, "departure_proof",
         MESSAGE_TEMPLATE_MUST_SHOW},
        {DEPARTURE FEW("{line.issued}") MANY("{line.number}") SEAL, "departure_proof",
         MESSAGE_TEMPLATE_MUST_SHOW},
        {DEPARTURE FEW("{line.number}") MANY("{line.number}") "part next\n" SEAL, "departure_proof",
         MESSAGE_TEMPLATE_MUST_SHOW},
        {HEAD "seal \"b\" x=10 y=10 width=40\n", "certificate", MESSAGE_TEMPLATE_MUST_SHOW},
        {"anzheng-page 1\nkind certificate\ntitle \"a\"\n", "certificate",
         MESSAGE_TEMPLATE_MUST_SHOW},
    };
    char line[ERROR_ARG_SIZE];
    assert_int_equal(refused(HEAD, line), 0);
    assert_int_equal(refused(PROOF, line), 0);
    assert_int_equal(refused(DEPARTURE FEW("{line.number}") MANY("{line.number}") SEAL, line), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int code = refused(cases[i].text, line);
        if (code != cases[i].code || strcmp(line, cases[i].line) != 0) {
            fail_msg("case %zu: code %d at %s", i, code, line);
        }
    }
}

/* A line of the frame and the two kinds of lists, with other measures; what is refused of them. */
static int room(const char *table, const char *few, const char *many)
{
    char text[2048], line[ERROR_ARG_SIZE];
    (void)snprintf(text, sizeof text,
                   "anzheng-page 1\nkind departure_proof\ntitle \"证\"\n"
                   "text \"{holder.name}{holder.id_number}{enterprise.name}{authority.name}\" "
                   "x=10 y=10 size=14pt\n" SEAL "table x=25 y=79 %s\n"
                   "few \"{line.number}\" x=30 width=120 size=3 leading=6 below=4 %s\n"
                   "many \"{line.number}\" x=30 width=120 size=3 below=5 %s\n",
                   table, few, many);
    return refused(text, line);
}

/* To the hair's breadth: what just fits and what just does not. */
static void test_template_parse_wants_room_for_certificates(void **state)
{
    (void)state;
    static const char table[] = "width=160 stroke=0.4 after=60 bottom=268 next=41";
    static const char few[] = "y=153 pitch=15 most=4", many[] = "y=203 pitch=5 next=153";
    assert_int_equal(room(table, few, many), 0);
    assert_int_equal(room("width=160 stroke=0.4 after=89 bottom=297 next=0", few, many), 0);
    assert_int_equal(room(table, few, "y=203 pitch=5 next=0"), 0);
    static const char *const others[][3] = {
        {"width=160 stroke=0.4 after=89 bottom=297.001 next=41", few, many},
        {"width=160 stroke=0.4 after=60 bottom=268 next=-0.001", few, many},
        {"width=160 stroke=0.4 after=60.001 bottom=268 next=41", few, many},
        {table, "y=153.001 pitch=15 most=4", many},
        {table, "y=153 pitch=15 most=5", many},
        {table, "y=153 pitch=15 most=1 room=5", many},
        {table, few, "y=203.001 pitch=5 next=153"},
        {table, few, "y=203 pitch=5 next=153.001"},
        {table, few, "y=203 pitch=5 next=-0.001"},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (room(others[i][0], others[i][1], others[i][2]) != MESSAGE_TEMPLATE_ROOM) {
            fail_msg("case %zu", i);
        }
    }
    static const char *const measures[][3] = {
        {"width=0 stroke=0.4 after=60 bottom=268 next=41", few, many},
        {"width=160 stroke=0 after=60 bottom=268 next=41", few, many},
        {"width=160 stroke=0.4 after=0 bottom=268 next=41", few, many},
        {table, "y=153 pitch=0 most=4", many},
        {table, few, "y=203 pitch=0 next=153"},
    };
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        if (room(measures[i][0], measures[i][1], measures[i][2]) != MESSAGE_TEMPLATE_MEASURE) {
            fail_msg("measure %zu", i);
        }
    }
}

/* No description can ask for more than a page has room for. */
static void test_template_parse_bounds_the_items(void **state)
{
    (void)state;
    char text[32768], line[ERROR_ARG_SIZE];
    size_t size = strlen(HEAD);
    memcpy(text, HEAD, size);
    for (int i = 3; i < TEMPLATE_ITEMS_MAX; i++) {
        size += (size_t)sprintf(text + size, "line x=1 y=1 width=9 stroke=1\n");
    }
    assert_int_equal(refused(text, line), 0);
    (void)strcpy(text + size, "line x=1 y=1 width=9 stroke=1\n");
    assert_int_equal(refused(text, line), MESSAGE_TEMPLATE_TOO_MANY);
}

static str filled(const char *text, const struct template_values *values, struct arena *arena)
{
    str result = {0};
    struct error err;
    assert_true(template_fill(str_of(text), values, arena, &result, &err).ok);
    return result;
}

static void test_template_fill_leaves_out_what_is_empty(void **state)
{
    (void)state;
    struct arena arena;
    struct error err;
    str result = {0};
    arena_init(&arena, 0);
    struct template_values values = {.field[FIELD_HOLDER_NAME] = STR("张三")};
    assert_true(str_equal_c(filled("姓名：{holder.name}。", &values, &arena), "姓名：张三。"));
    assert_true(str_equal_c(filled("a[b{certificate.post}]c", &values, &arena), "ac"));
    assert_true(str_equal_c(filled("a[b{holder.name}]c", &values, &arena), "ab张三c"));
    values.field[FIELD_POST] = STR("Jose\xcc\x81"); /* a letter and its mark are one to draw */
    assert_true(str_equal_c(filled("{certificate.post}", &values, &arena), "Jos\xc3\xa9"));
    assert_true(str_empty(filled("[标识：{certificate.identifier}]", &values, &arena)));
    char *name = arena_new(&arena, PAGE_TEXT_SIZE_MAX + 1);
    memset(name, 'a', PAGE_TEXT_SIZE_MAX);
    values.field[FIELD_HOLDER_NAME] = str_of(name);
    assert_int_equal(filled("{holder.name}", &values, &arena).size, PAGE_TEXT_SIZE_MAX);
    assert_false(template_fill(STR("{holder.name}b"), &values, &arena, &result, &err).ok);
    assert_int_equal(err.code, MESSAGE_TEMPLATE_TEXT_LONG);
    arena_release(&arena);
}

struct drawing {
    struct arena arena;
    struct template template;
    struct page page;
};

static void draw(struct drawing *drawing, struct template_values values)
{
    struct error err;
    struct template_place place = {.part = PART_PAGE};
    assert_true(
        template_draw(&drawing->template, place, &values, &drawing->arena, &drawing->page, &err)
            .ok);
}

static void open_drawing(struct drawing *ret, str text)
{
    struct error err;
    arena_init(&ret->arena, 0);
    assert_true(template_parse(STR("f"), text, &ret->arena, &ret->template, &err).ok);
    template_open(&ret->template, &ret->page);
}

static void test_template_draw_spaces_both_lines(void **state)
{
    (void)state;
    struct drawing drawing;
    const struct page *page = &drawing.page;
    open_drawing(&drawing, STR(HEAD "text \"甲乙丙丁戊己庚辛\" x=1 y=20 size=5 width=30 lines=2 "
                                    "spacing=1\n"));
    draw(&drawing, (struct template_values){.field[FIELD_HOLDER_NAME] = STR("张三")});
    assert_int_equal(page->items[page->count - 2].spacing_um, 1000);
    assert_int_equal(page->items[page->count - 1].spacing_um, 1000);
    assert_true(str_equal_c(page->items[page->count - 1].text, "庚辛"));
    assert_int_equal(page->items[0].spacing_um, 0);
    arena_release(&drawing.arena);
}

static void test_template_draw_colours_by_class(void **state)
{
    (void)state;
    struct drawing drawing;
    const struct page *page = &drawing.page;
    open_drawing(&drawing, STR(HEAD "class A=#112233 B=#445566\nrectangle x=1 y=1 width=9 "
                                    "height=1 colour=class\n"));
    struct template_values values = {.class_code = STR("B"), .field[FIELD_NUMBER] = STR("1")};
    draw(&drawing, values);
    assert_int_equal(page->items[page->count - 1].colour, 0x445566);
    values.class_code = STR("C1"); /* has none */
    draw(&drawing, values);
    assert_int_equal(page->items[page->count - 1].colour, 0x1a1a1a);
    arena_release(&drawing.arena);
}

static void test_template_draw_fills_the_seal(void **state)
{
    (void)state;
    struct arena arena;
    struct template template;
    struct error err;
    struct page page;
    arena_init(&arena, 0);
    str text = STR("anzheng-page 1\nkind certificate\ntitle \"证\"\n"
                   "text \"{certificate.number}{holder.name}{enterprise.name}{authority.name}"
                   "{certificate.valid_until}\" x=10 y=10 size=14pt\n"
                   "seal \"{certificate.class}专用章[（{certificate.post}）]\" x=10 y=10 width=40\n"
                   "qr x=10 y=60 width=30 height=30\n");
    assert_true(template_parse(STR("f"), text, &arena, &template, &err).ok);
    struct template_values values = {.field[FIELD_CLASS] = STR("甲类"),
                                     .field[FIELD_AUTHORITY_NAME] = STR("示范委")};
    struct template_place place = {.part = PART_PAGE};
    template_open(&template, &page);
    assert_true(template_draw(&template, place, &values, &arena, &page, &err).ok);
    assert_true(str_equal_c(page.items[1].text, "示范委\n甲类专用章"));
    assert_int_equal(page.items[1].layer, PAGE_VARIABLE);
    char *name = arena_new(&arena, PAGE_TEXT_SIZE_MAX + 1);
    memset(name, 'a', PAGE_TEXT_SIZE_MAX - 10);
    values.field[FIELD_CLASS] = str_of(name); /* fits by itself, not with the authority */
    assert_false(template_draw(&template, place, &values, &arena, &page, &err).ok);
    assert_int_equal(err.code, MESSAGE_TEMPLATE_TEXT_LONG);
    arena_release(&arena);
}

/* The mark alone makes it another template: variable items are part of a description too. */
static void test_template_mark_makes_another_page(void **state)
{
    (void)state;
    struct arena arena;
    struct error err;
    struct page back;
    arena_init(&arena, 0);
    struct specimen specimen = {.number = 7};
    struct page page = specimen_certificate(&specimen, &arena);
    bytes plain = page_template_bytes(&page, &arena);
    page.mark = STR("0123456789abcdef");
    assert_false(bytes_equal(plain, page_template_bytes(&page, &arena)));
    bytes marked = page_bytes(&page, &arena);
    assert_true(page_parse(marked, &arena, &back, &err).ok);
    assert_true(str_equal(back.mark, page.mark));
    assert_true(bytes_equal(page_bytes(&back, &arena), marked));
    page.mark = STR("");
    assert_true(bytes_equal(plain, page_template_bytes(&page, &arena)));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_template_parse_reads_lengths_sizes_and_colours),
        cmocka_unit_test(test_template_parse_keeps_texts_in_the_order_in_which_they_are_read),
        cmocka_unit_test(test_template_parse_names_the_line_that_is_wrong),
        cmocka_unit_test(test_template_parse_wants_room_for_certificates),
        cmocka_unit_test(test_template_parse_bounds_the_items),
        cmocka_unit_test(test_template_fill_leaves_out_what_is_empty),
        cmocka_unit_test(test_template_draw_spaces_both_lines),
        cmocka_unit_test(test_template_draw_colours_by_class),
        cmocka_unit_test(test_template_draw_fills_the_seal),
        cmocka_unit_test(test_template_mark_makes_another_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
