/* test_font - faces, subsets and the chain, with the fonts of Debian; without them the tests that
 * need them are skipped. */
#include "core/io/font.h"

#include <string.h>
#include <unistd.h>

#include "core/io/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

struct fixture {
    struct arena arena;
    struct font_chain chain;
    bool there;
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    const struct font_choice *choices = NULL;
    size_t count = font_choices_default(&choices);
    struct error error;
    arena_init(&f->arena, 0);
    f->there = true;
    for (size_t i = 0; i < count; i++) {
        f->there = f->there && access(arena_c_string(&f->arena, choices[i].path), R_OK) == 0;
    }
    if (f->there) {
        assert_true(font_chain_open(choices, count, &f->arena, &f->chain, &error).ok);
    }
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    font_chain_close(&f->chain);
    arena_release(&f->arena);
    test_free(f);
    return 0;
}

static struct fixture *with_fonts(void **state)
{
    struct fixture *f = *state;
    if (!f->there) {
        print_message("a font of the default chain is not installed\n");
        skip();
    }
    return f;
}

static void test_font_chain_find_takes_the_first_font_that_has_it(void **state)
{
    struct fixture *f = with_fonts(state);
    assert_int_equal(font_chain_find(&f->chain, 0x5f20), 0);         /* 张: everywhere */
    assert_true(font_chain_find(&f->chain, 0x20bb7) > 0);            /* Ext B */
    assert_true(font_chain_find(&f->chain, 0x2b36f) > 0);            /* Ext C */
    assert_true(font_chain_find(&f->chain, 0x2cb5a) > 0);            /* Ext E */
    assert_true(font_chain_find(&f->chain, 0x2eba0) > 0);            /* Ext F */
    assert_int_equal(font_chain_find(&f->chain, 0xff0c), 0);         /* ， */
    assert_true(font_chain_find(&f->chain, 0x3002) > 0);             /* 。 of the mainland */
    assert_int_equal(font_chain_find(&f->chain, 0xe000), FONT_NONE); /* private use */
    assert_int_equal(font_chain_find(&f->chain, 0x10ffff), FONT_NONE);
    assert_string_equal(arena_c_string(&f->arena, f->chain.fonts[0].name), "ARPLUMingCN");
}

static void test_font_chain_check_names_the_missing_character(void **state)
{
    struct fixture *f = with_fonts(state);
    struct error error;
    assert_true(font_chain_check(&f->chain, STR("𠮷䶮堃·B(1)"), &error).ok);
    assert_false(font_chain_check(&f->chain, STR("张\xf3\xa0\x80\x81三"), &error).ok);
    assert_int_equal(error.code, MESSAGE_GLYPH_MISSING);
    assert_string_equal(error.args[0].text, "U+E0001");
}

/* A mark stands over its letter, or the text cannot be drawn. */
static void test_font_chain_draws_no_mark_beside_its_letter(void **state)
{
    struct fixture *f = with_fonts(state);
    for (uint32_t mark = 0x300; mark <= 0x36f; mark++) {
        int index = font_chain_find(&f->chain, mark);
        if (index != FONT_NONE) {
            const struct truetype *face = &f->chain.fonts[index].face;
            assert_int_equal(truetype_advance(face, truetype_glyph(face, mark)), 0);
        }
    }
    assert_true(font_chain_find(&f->chain, 0xe9) != FONT_NONE); /* a letter with its mark */
}

/* A grave accent over an O of half a square; over an ideograph it is as its font has it. */
static void test_font_chain_narrows_a_mark_with_its_letter(void **state)
{
    const uint32_t grave = 0x300, over_two = 0x361, kana = 0x309a, selected = 0x845b;
    struct fixture *f = with_fonts(state);
    assert_int_equal(font_chain_mark_width(&f->chain, 'O', grave), 50);
    assert_int_equal(font_chain_mark_width(&f->chain, 0x1ecc, grave), 50); /* O with a dot below */
    assert_int_equal(font_chain_mark_width(&f->chain, selected, grave), 100);
    assert_int_equal(font_chain_mark_width(&f->chain, 0x411, grave), 100); /* Be: a whole square */
    assert_int_equal(font_chain_mark_width(&f->chain, 0, grave), 100);     /* of no letter */
    assert_int_equal(font_chain_mark_width(&f->chain, 'O', 'O'), 100);
    assert_int_equal(font_chain_mark_width(&f->chain, 'O', over_two), 100);
    assert_int_equal(font_chain_mark_width(&f->chain, 'O', kana), 100);
}

static void test_font_chain_open_refuses_what_is_no_font(void **state)
{
    struct fixture *f = *state;
    struct scratch scratch;
    struct error error;
    struct font_chain chain;
    scratch_open(&scratch);
    struct font_choice choice = {
        .path = str_of(scratch_write_text(&scratch, "a.ttf", "this is no font at all")),
    };
    assert_false(font_chain_open(&choice, 1, &f->arena, &chain, &error).ok);
    assert_int_equal(error.code, MESSAGE_FONT_UNUSABLE);
    choice.path = STR("/nowhere/at/all.ttf");
    assert_false(font_chain_open(&choice, 1, &f->arena, &chain, &error).ok);
    assert_int_equal(error.code, MESSAGE_FONT_UNUSABLE);
    scratch_close(&scratch);
}

static void test_font_chain_open_wants_the_named_face(void **state)
{
    struct fixture *f = with_fonts(state);
    const struct font_choice *choices = NULL;
    struct font_chain chain;
    struct error error;
    (void)font_choices_default(&choices); /* the first is enough */
    struct font_choice choice = {.path = choices[0].path, .face = STR("AR PL Nobody")};
    assert_false(font_chain_open(&choice, 1, &f->arena, &chain, &error).ok);
    assert_int_equal(error.code, MESSAGE_FONT_NO_FACE);
    choice.face = STR("AR PL UMing TW");
    assert_true(font_chain_open(&choice, 1, &f->arena, &chain, &error).ok);
    font_chain_close(&chain);
}

/* The subset is itself read as a face: outlines must be those of the whole font. */
static void test_subset_build_keeps_outlines(void **state)
{
    struct fixture *f = with_fonts(state);
    const struct truetype *face = &f->chain.fonts[0].face;
    struct subset subset;
    subset_init(&subset, face, &f->arena);
    uint16_t first = subset_add(&subset, 0x5f20), second = subset_add(&subset, 0x4e09);
    assert_int_equal(first, 1);
    assert_int_equal(second, 2);
    assert_int_equal(subset_add(&subset, 0x5f20), 1);
    assert_int_equal(subset_find(&subset, 0x4e8c), 0);
    bytes file;
    assert_true(subset_build(&subset, &f->arena, &file));
    assert_int_equal(truetype_count(file), 1);
    assert_true(file.size < 10000);
    bytes outline = truetype_outline(face, truetype_glyph(face, 0x5f20));
    assert_true(outline.size > 0);
    assert_non_null(memmem(file.data, file.size, outline.data, outline.size));
    subset_reset(&subset);
    assert_int_equal(subset_find(&subset, 0x5f20), 0);
    assert_int_equal(subset.count, 1);
}

static void test_subset_to_unicode_uses_surrogate_pairs(void **state)
{
    struct fixture *f = with_fonts(state);
    struct subset subset;
    int index = font_chain_find(&f->chain, 0x20bb7);
    subset_init(&subset, &f->chain.fonts[index].face, &f->arena);
    assert_int_equal(subset_add(&subset, 0x20bb7), 1);
    bytes map = subset_to_unicode(&subset, &f->arena);
    assert_non_null(memmem(map.data, map.size, "<0001><D842DFB7>", 16));
    assert_null(memmem(map.data, map.size, "<0001><0020>", 12));
}

static void test_truetype_open_survives_damage(void **state)
{
    struct fixture *f = with_fonts(state);
    struct subset subset;
    struct error error;
    struct truetype face;
    subset_init(&subset, &f->chain.fonts[0].face, &f->arena);
    assert_int_equal(subset_add(&subset, 0x5f20), 1);
    bytes file;
    assert_true(subset_build(&subset, &f->arena, &file));
    uint8_t *copy = arena_new(&f->arena, file.size);
    struct arena item;
    arena_init(&item, 0);
    /* a subset has no cmap: it is refused as a font, whatever else is damaged */
    for (size_t i = 0; i < file.size; i++) {
        memcpy(copy, file.data, file.size);
        copy[i] ^= 0xff;
        assert_false(truetype_open((bytes){copy, file.size}, STR("x"), 0, &item, &face, &error).ok);
        assert_false(truetype_open((bytes){file.data, i}, STR("x"), 0, &item, &face, &error).ok);
        arena_reset(&item);
    }
    arena_release(&item);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_font_chain_draws_no_mark_beside_its_letter),
        TEST(test_font_chain_narrows_a_mark_with_its_letter),
        TEST(test_font_chain_find_takes_the_first_font_that_has_it),
        TEST(test_font_chain_check_names_the_missing_character),
        TEST(test_font_chain_open_refuses_what_is_no_font),
        TEST(test_font_chain_open_wants_the_named_face),
        TEST(test_subset_build_keeps_outlines),
        TEST(test_subset_to_unicode_uses_surrogate_pairs),
        TEST(test_truetype_open_survives_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
