/* test_han - every Han character of GB 18030-2022 in names on pages: drawn with an outline of its
 * own, extracted as itself; variation sequences too (decision 0056). Needs the fonts of Debian and
 * pdftotext. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/character.h"
#include "core/io/messages.h"
#include "core/io/pdf.h"
#include "tests/support/scratch.h"
#include "tests/support/smaller.h"
#include "tests/support/specimen.h"
#include "tests/support/test.h"

enum {
    GB_18030_HAN = 87887,
    NAME_LENGTH = 50,
    NAMES_OF_A_PAGE = 40,
    PAGE_LENGTH = NAME_LENGTH * NAMES_OF_A_PAGE,
};

struct range {
    const char *name;
    uint32_t first, last;
};

/* GB 18030-2022, implementation level 3. */
static const struct range gb_18030[] = {
    {"unified", 0x4e00, 0x9fef},       {"extension A", 0x3400, 0x4db5},
    {"extension B", 0x20000, 0x2a6d6}, {"extension C", 0x2a700, 0x2b734},
    {"extension D", 0x2b740, 0x2b81d}, {"extension E", 0x2b820, 0x2cea1},
    {"extension F", 0x2ceb0, 0x2ebe0}, {"compatibility", 0xfa0e, 0xfa0f},
    {"compatibility", 0xfa11, 0xfa11}, {"compatibility", 0xfa13, 0xfa14},
    {"compatibility", 0xfa1f, 0xfa1f}, {"compatibility", 0xfa21, 0xfa21},
    {"compatibility", 0xfa23, 0xfa24}, {"compatibility", 0xfa27, 0xfa29},
};

/* Beyond the standard; what fonts have of it may be drawn, the rest fails the document. */
static const struct range beyond[] = {
    {"unified, Unicode 13 and 14", 0x9ff0, 0x9fff},
    {"extension A, Unicode 13", 0x4db6, 0x4dbf},
    {"extension B, Unicode 13 and 14", 0x2a6d7, 0x2a6df},
    {"extension C, Unicode 14 and 15", 0x2b735, 0x2b739},
    {"extension G", 0x30000, 0x3134a},
    {"extension H", 0x31350, 0x323af},
    {"compatibility", 0xf900, 0xfa6d},
};

struct fixture {
    struct scratch scratch;
    struct arena arena;
    struct font_chain chain;
    struct pdf_printer *printer;
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    struct error error;
    const struct pdf_options options = {.signature_size = 0};
    const struct font_choice *choices = NULL;
    size_t count = font_choices_default(&choices);
    arena_init(&f->arena, 0);
    scratch_open(&f->scratch);
    if (pdf_open(&options, &f->printer, &error).ok) {
        assert_true(font_chain_open(choices, count, &f->arena, &f->chain, &error).ok);
    } else { /* no fonts: every test skips */
        assert_int_equal(error.code, MESSAGE_FONT_UNUSABLE);
    }
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    pdf_close(f->printer);
    font_chain_close(&f->chain);
    scratch_close(&f->scratch);
    arena_release(&f->arena);
    test_free(f);
    return 0;
}

static struct fixture *with_fonts(void **state)
{
    struct fixture *f = *state;
    if (f->printer == NULL || access("/usr/bin/pdftotext", X_OK) != 0) {
        print_message("a font of the default chain or pdftotext is not installed\n");
        skip();
    }
    return f;
}

/* What Unicode encodes twice, or apart only by parts that print gives one form (the flesh and the
 * moon): no font of the chain tells these apart to the eye. In the text they are themselves. */
static const uint32_t alike[][2] = {
    {0x363d, 0x39b3},   {0x3588, 0x439b},   {0x3db7, 0x2420e},  {0x43de, 0x2669c},
    {0x4c17, 0x29c18},  {0x58c4, 0x21428},  {0x7589, 0x24d01},  {0x813c, 0x23377},
    {0x8192, 0x267fe},  {0x8481, 0x26cef},  {0x204f2, 0x23515}, {0x21018, 0x2103c},
    {0x21f37, 0x2439a}, {0x247ec, 0x2de17}, {0x249bc, 0x249e9}, {0x24bd2, 0x2a415},
    {0x26065, 0x260b2}, {0x26842, 0x26866}, {0x27eaf, 0xfa23},  {0x29fce, 0x29fd7},
};

static bool may_look_alike(uint32_t one, uint32_t other)
{
    for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++) {
        if ((alike[i][0] == one && alike[i][1] == other) ||
            (alike[i][1] == one && alike[i][0] == other)) {
            return true;
        }
    }
    return false;
}

/* --- outlines --------------------------------------------------------------------------------- */

struct outline {
    bytes data;
    uint32_t code_point;
};

static int by_outline(const void *a, const void *b)
{
    const struct outline *first = a, *second = b;
    return bytes_compare(first->data, second->data);
}

static bytes outline_of(const struct font_chain *chain, uint32_t character)
{
    int index = font_chain_find(chain, character);
    if (index == FONT_NONE) {
        return (bytes){NULL, 0};
    }
    const struct truetype *face = &chain->fonts[index].face;
    bytes outline = truetype_outline(face, truetype_glyph(face, character));
    return bytes_equal(outline, truetype_outline(face, 0)) ? (bytes){NULL, 0} : outline;
}

static void test_font_chain_has_every_han_character_with_its_own_outline(void **state)
{
    struct fixture *f = with_fonts(state);
    struct outline *outlines = ARENA_ARRAY(&f->arena, struct outline, GB_18030_HAN);
    size_t count = 0, bad = 0, twins = 0;
    for (size_t i = 0; i < sizeof gb_18030 / sizeof gb_18030[0]; i++) {
        for (uint32_t c = gb_18030[i].first; c <= gb_18030[i].last; c++) {
            bytes outline = outline_of(&f->chain, c);
            if (outline.size == 0) {
                print_message("%s: U+%04X has no outline\n", gb_18030[i].name, c);
                bad++;
            }
            assert_true(count < GB_18030_HAN);
            outlines[count++] = (struct outline){outline, c};
        }
    }
    assert_int_equal(count, GB_18030_HAN);
    qsort(outlines, count, sizeof outlines[0], by_outline);
    for (size_t i = 1; i < count; i++) {
        bool same = bytes_equal(outlines[i - 1].data, outlines[i].data);
        if (same && may_look_alike(outlines[i - 1].code_point, outlines[i].code_point)) {
            twins++;
        } else if (same) {
            print_message("U+%04X and U+%04X look the same\n", outlines[i - 1].code_point,
                          outlines[i].code_point);
            bad++;
        }
    }
    assert_int_equal(bad, 0);
    assert_int_equal(twins, sizeof alike / sizeof alike[0]);
}

/* --- extraction ------------------------------------------------------------------------------- */

struct sheet {
    struct page page;
    char *text; /* all of it, without line ends */
    size_t size, count;
};

static void begin(struct sheet *sheet, struct arena *arena)
{
    *sheet = (struct sheet){.text = arena_new(arena, PAGE_LENGTH * 4 + 1)};
    page_init(&sheet->page);
    sheet->page.title = STR("names");
    sheet->page.number = STR("1");
}

/* The text that a reader gets, without blanks and line ends. */
static str extracted(struct fixture *f, const struct page *page)
{
    struct pdf_document document;
    struct error error;
    assert_true(
        pdf_draw(f->printer, page, (bytes){NULL, 0}, NULL, &f->arena, &document, &error).ok);
    const char *file = scratch_write(&f->scratch, "a.pdf", document.data, document.size);
    const char *out = scratch_path(&f->scratch, "out.txt");
    str command = arena_format(&f->arena, "pdftotext -raw %s %s", file, out);
    assert_int_equal(system(command.data), 0);
    bytes output = scratch_read(&f->scratch, out);
    char *text = arena_new(&f->arena, output.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < output.size; i++) {
        if (output.data[i] > ' ') {
            text[size++] = (char)output.data[i];
        }
    }
    return (str){text, size};
}

static void end(struct fixture *f, struct sheet *sheet)
{
    if (sheet->count > 0) {
        str text = extracted(f, &sheet->page);
        assert_int_equal(text.size, sheet->size);
        assert_memory_equal(text.data, sheet->text, sheet->size);
    }
    begin(sheet, &f->arena);
}

/* The character as the next one of a name; every name is a line. */
static void put(struct fixture *f, struct sheet *sheet, uint32_t code_point)
{
    if (sheet->count == PAGE_LENGTH) {
        end(f, sheet);
    }
    size_t line = sheet->count / NAME_LENGTH;
    if (sheet->count % NAME_LENGTH == 0) {
        struct page_item *item = page_add(&sheet->page, PAGE_TEXT, PAGE_VARIABLE, &f->arena);
        item->x_um = 15000;
        item->y_um = 20000 + 6500 * (int32_t)line;
        item->size_um = 3500;
        item->text.data = sheet->text + sheet->size;
    }
    size_t size = utf8_encode(code_point, sheet->text + sheet->size);
    sheet->page.items[line].text.size += size;
    sheet->size += size;
    sheet->count++;
}

static void test_pdf_draw_lets_every_han_character_be_extracted(void **state)
{
    struct fixture *f = with_fonts(state);
    struct sheet sheet;
    unsigned part = smaller_part();
    begin(&sheet, &f->arena);
    for (size_t i = 0; i < sizeof gb_18030 / sizeof gb_18030[0]; i++) {
        for (uint32_t c = gb_18030[i].first; c <= gb_18030[i].last; c++) {
            if (part == 0 || c % SMALLER_PARTS == part - 1) {
                put(f, &sheet, c);
            }
        }
    }
    end(f, &sheet);
}

static void test_pdf_draw_takes_or_names_what_is_beyond_the_standard(void **state)
{
    struct fixture *f = with_fonts(state);
    struct sheet sheet;
    begin(&sheet, &f->arena);
    for (size_t i = 0; i < sizeof beyond / sizeof beyond[0]; i++) {
        size_t drawn = 0, lacking = 0;
        for (uint32_t c = beyond[i].first; c <= beyond[i].last; c++) {
            char text[5] = "", name[16];
            struct error error;
            str alone = {text, utf8_encode(c, text)};
            if (font_chain_find(&f->chain, c) != FONT_NONE) {
                assert_true(outline_of(&f->chain, c).size > 0);
                put(f, &sheet, c);
                drawn++;
                continue;
            }
            (void)snprintf(name, sizeof name, "U+%04X", c); /* fits */
            assert_false(font_chain_check(&f->chain, alone, &error).ok);
            assert_int_equal(error.code, MESSAGE_GLYPH_MISSING);
            assert_string_equal(error.args[0].text, name);
            lacking++;
        }
        print_message("%s: %zu drawn, %zu in no font\n", beyond[i].name, drawn, lacking);
        assert_true(drawn > 0 || lacking < 16);
    }
    end(f, &sheet);
}

/* --- variation sequences ---------------------------------------------------------------------- */

static uint32_t sequence(const char *text)
{
    str rest = str_of(text);
    uint32_t character = character_next(&rest);
    assert_int_equal(rest.size, 0);
    return character;
}

static void test_font_chain_find_knows_variation_sequences(void **state)
{
    struct fixture *f = with_fonts(state);
    /* 神 with U+FE00 has 示 on its left; HanaMinA has it, AR PL UMing knows nothing of it */
    bytes bare = outline_of(&f->chain, 0x795e);
    bytes variant = outline_of(&f->chain, sequence("神\xef\xb8\x80"));
    assert_true(bare.size > 0 && variant.size > 0);
    assert_false(bytes_equal(bare, variant));
    /* a selector that no font knows behind 张: the bare one */
    assert_true(bytes_equal(outline_of(&f->chain, sequence("张\xf3\xa0\x87\xaf")),
                            outline_of(&f->chain, 0x5f20)));
    struct error error;
    assert_false(font_chain_check(&f->chain, STR("\xf3\xa0\x84\x80张"), &error).ok);
    assert_string_equal(error.args[0].text, "U+E0100");
    assert_false(font_chain_check(&f->chain, STR("张\xef\xb8\x80\xef\xb8\x80"), &error).ok);
    assert_string_equal(error.args[0].text, "U+FE00");
    assert_int_equal(font_chain_width(&f->chain, STR("张\xf3\xa0\x84\x80三")),
                     font_chain_width(&f->chain, STR("张三")));
}

static void test_pdf_draw_keeps_selectors_in_the_text(void **state)
{
    struct fixture *f = with_fonts(state);
    static const char *const names[] = {
        "㐂\xf3\xa0\x84\x80㐂",         /* a variant, and without */
        "葛\xf3\xa0\x84\x80城",         /* by the first selector of the second kind */
        "𠮷\xf3\xa0\x84\x80·买",        /* beyond U+FFFF */
        "神\xef\xb8\x80\xe7\xa5\x9e乐", /* U+FE00: a standardised compatibility variant */
        "张\xf3\xa0\x87\xaf三",         /* one that no font knows */
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct specimen specimen = {.name = names[i], .number = 1};
        struct page page = specimen_certificate(&specimen, &f->arena);
        str text = extracted(f, &page);
        assert_non_null(memmem(text.data, text.size, names[i], strlen(names[i])));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_font_chain_has_every_han_character_with_its_own_outline),
        TEST(test_pdf_draw_lets_every_han_character_be_extracted),
        TEST(test_pdf_draw_takes_or_names_what_is_beyond_the_standard),
        TEST(test_font_chain_find_knows_variation_sequences),
        TEST(test_pdf_draw_keeps_selectors_in_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
