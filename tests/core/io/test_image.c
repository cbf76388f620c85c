/* test_image - the JPEG check and the synthetic portrait. */
#include "core/io/image.h"

#include <string.h>

#include "core/io/messages.h"
#include "tests/support/test.h"

struct fixture {
    struct arena arena;
    bytes jpeg;
    uint8_t *copy; /* writable, with one byte more */
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    struct error error;
    arena_init(&f->arena, 0);
    assert_true(image_paint_portrait(7, &f->arena, &f->jpeg, &error).ok);
    f->copy = arena_new(&f->arena, f->jpeg.size + 1);
    memcpy(f->copy, f->jpeg.data, f->jpeg.size);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    arena_release(&f->arena);
    test_free(f);
    return 0;
}

static void assert_refused(bytes jpeg, const char *reason)
{
    struct error error;
    struct image_size size = {.width = -1};
    assert_false(image_check_jpeg(jpeg, &size, &error).ok);
    assert_int_equal(error.code, MESSAGE_PHOTO_INVALID);
    assert_int_equal(error.class, ERROR_INVALID);
    assert_string_equal(error.args[0].text, reason);
    assert_int_equal(size.width, -1);
}

/* Offset of the frame header's marker. */
static size_t frame_at(const struct fixture *f)
{
    for (size_t i = 0; i + 1 < f->jpeg.size; i++) {
        if (f->copy[i] == 0xff && f->copy[i + 1] == 0xc0) {
            return i;
        }
    }
    fail();
    return 0;
}

static void test_image_check_jpeg_takes_the_portrait(void **state)
{
    struct fixture *f = *state;
    struct error error;
    struct image_size size;
    assert_true(image_check_jpeg(f->jpeg, &size, &error).ok);
    assert_int_equal(size.width, 295);
    assert_int_equal(size.height, 413);
    assert_int_equal(size.components, 3);
    assert_true(f->jpeg.size < 20000);
}

static void test_image_check_jpeg_refuses_every_truncation(void **state)
{
    struct fixture *f = *state;
    struct error error;
    struct image_size size;
    assert_refused((bytes){NULL, 0}, "empty");
    assert_refused((bytes){f->jpeg.data, 2}, "not_jpeg");
    assert_refused((bytes){f->jpeg.data, f->jpeg.size / 2}, "truncated");
    for (size_t i = 0; i < f->jpeg.size; i++) {
        assert_false(image_check_jpeg((bytes){f->jpeg.data, i}, &size, &error).ok);
    }
}

static void test_image_check_jpeg_refuses_what_is_no_photo(void **state)
{
    struct fixture *f = *state;
    bytes whole = {f->copy, f->jpeg.size};
    size_t frame = frame_at(f);
    assert_refused(bytes_of("%PDF-1.4 no JPEG", 16), "not_jpeg");
    f->copy[f->jpeg.size] = 1;
    assert_refused((bytes){f->copy, f->jpeg.size + 1}, "data_behind_the_end");
    f->copy[frame + 1] = 0xc3; /* lossless */
    assert_refused(whole, "not_baseline_or_progressive");
    f->copy[frame + 1] = 0xc0;
    f->copy[frame + 9] = 4;
    assert_refused(whole, "components");
    f->copy[frame + 9] = 3;
    f->copy[frame + 5] = f->copy[frame + 6] = 0; /* height */
    assert_refused(whole, "dimensions");
}

static void test_image_check_jpeg_refuses_what_is_too_large(void **state)
{
    struct fixture *f = *state;
    uint8_t *large = arena_new(&f->arena, IMAGE_SIZE_MAX + 1);
    memcpy(large, f->jpeg.data, f->jpeg.size);
    assert_refused((bytes){large, IMAGE_SIZE_MAX + 1}, "too_large");
}

static void test_image_paint_sheet_says_its_density(void **state)
{
    struct fixture *f = *state;
    struct error error;
    bytes sheet = {0}, same = {0}, other = {0};
    assert_true(image_paint_sheet(7, 100, &f->arena, &sheet, &error).ok);
    assert_true(image_paint_sheet(7, 100, &f->arena, &same, &error).ok);
    assert_true(image_paint_sheet(8, 300, &f->arena, &other, &error).ok);
    struct image_facts facts = image_look(sheet);
    assert_null(facts.wrong);
    assert_int_equal(facts.density.x, 100);
    assert_int_equal(facts.density.y, 100);
    assert_string_equal(facts.density.source, "JFIF");
    assert_int_equal(image_look(other).density.x, 300);
    assert_int_equal(sheet.size, same.size);
    assert_memory_equal(sheet.data, same.data, sheet.size);
    assert_true(sheet.size != other.size || memcmp(sheet.data, other.data, sheet.size) != 0);
    assert_int_equal(image_look(f->jpeg).density.x, 0); /* a portrait says none */
}

static void test_image_paint_portrait_depends_on_its_seed_only(void **state)
{
    struct fixture *f = *state;
    struct error error;
    bytes same, other;
    assert_true(image_paint_portrait(7, &f->arena, &same, &error).ok);
    assert_true(image_paint_portrait(8, &f->arena, &other, &error).ok);
    assert_true(bytes_equal(same, f->jpeg));
    assert_false(bytes_equal(other, f->jpeg));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_image_check_jpeg_takes_the_portrait),
        TEST(test_image_check_jpeg_refuses_every_truncation),
        TEST(test_image_check_jpeg_refuses_what_is_no_photo),
        TEST(test_image_check_jpeg_refuses_what_is_too_large),
        TEST(test_image_paint_portrait_depends_on_its_seed_only),
        TEST(test_image_paint_sheet_says_its_density),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
