/* test_qr - QR codes: the matrices of another encoder, every version read back by zbarimg where it
 * is installed, limits. */
#include "core/base/qr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/scratch.h"
#include "tests/support/test.h"

/* The most a version holds at level M. */
static const size_t sizes[QR_VERSION_MAX] = {
    14, 26, 42, 62, 84, 106, 122, 152, 180, 213, QR_TEXT_SIZE_MAX};

static int setup(void **state)
{
    struct arena *arena = test_calloc(1, sizeof *arena);
    arena_init(arena, 0);
    *state = arena;
    return 0;
}

static int teardown(void **state)
{
    arena_release(*state);
    test_free(*state);
    return 0;
}

static str text_of(size_t size, size_t salt, struct arena *arena)
{
    char *text = arena_new(arena, size + 1);
    for (size_t i = 0; i < size; i++) {
        text[i] = (char)('a' + (i * 7 + salt) % 26);
    }
    return (str){text, size};
}

static bool is_dark(const struct qr *qr, int x, int y)
{
    return (qr->rows[y] >> x & 1) != 0;
}

/* FNV-1a over the modules. */
static uint32_t hash_of(const struct qr *qr)
{
    uint32_t hash = 2166136261;
    for (int i = 0; i < qr->width * qr->width; i++) {
        hash = (hash ^ is_dark(qr, i % qr->width, i / qr->width)) * 16777619;
    }
    return hash;
}

/* The hashes are of what libqrencode 4.1.1 makes of the same texts. Where the two weigh masks
 * differently they may choose another one; of these texts the choice is the same. */
static void test_qr_encode_agrees_with_another_encoder(void **state)
{
    static const struct {
        size_t salt;
        uint32_t hash;
    } known[QR_VERSION_MAX] = {
        {0, 0x5d36eb5d}, {0, 0xdadab788}, {1, 0xbdffd363}, {0, 0x44318344},
        {1, 0x2550d6c9}, {0, 0x4caddc0e}, {1, 0x5856c9b3}, {0, 0xab1638e3},
        {0, 0xa6b69147}, {0, 0x7054783b}, {0, 0x540335f7},
    };
    for (int i = 0; i < QR_VERSION_MAX; i++) {
        struct qr qr;
        assert_true(qr_encode(text_of(sizes[i], known[i].salt, *state), *state, &qr));
        assert_int_equal(qr.width, 4 * (i + 1) + 17);
        assert_int_equal(hash_of(&qr), known[i].hash);
    }
}

static void test_qr_encode_takes_the_smallest_version(void **state)
{
    struct qr qr, again;
    for (int i = 0; i + 1 < QR_VERSION_MAX; i++) {
        assert_true(qr_encode(text_of(sizes[i], 3, *state), *state, &qr));
        assert_int_equal(qr.width, 4 * (i + 1) + 17);
        assert_true(qr_encode(text_of(sizes[i], 3, *state), *state, &again));
        assert_memory_equal(qr.rows, again.rows, (size_t)qr.width * sizeof *qr.rows);
        assert_true(qr_encode(text_of(sizes[i] + 1, 3, *state), *state, &qr));
        assert_int_equal(qr.width, 4 * (i + 2) + 17);
    }
}

static void test_qr_encode_refuses_what_does_not_fit(void **state)
{
    struct qr qr = {.width = 7};
    assert_true(qr_encode(text_of(1, 0, *state), *state, &qr));
    assert_int_equal(qr.width, 21);
    assert_true(qr_encode(text_of(QR_TEXT_SIZE_MAX, 0, *state), *state, &qr));
    qr.width = 7;
    assert_false(qr_encode(text_of(QR_TEXT_SIZE_MAX + 1, 0, *state), *state, &qr));
    assert_false(qr_encode(STR(""), *state, &qr));
    assert_int_equal(qr.width, 7); /* untouched on failure */
}

/* A picture of three pixels a module, quiet zone included. */
static void write_picture(const struct qr *qr, const char *path)
{
    enum { PIXELS = 3 };
    int side = (qr->width + 2 * QR_QUIET_MODULES) * PIXELS;
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    (void)fprintf(file, "P5 %d %d 255\n", side, side); /* fclose tells */
    for (int i = 0; i < side * side; i++) {
        int x = i % side / PIXELS - QR_QUIET_MODULES, y = i / side / PIXELS - QR_QUIET_MODULES;
        bool inside = x >= 0 && y >= 0 && x < qr->width && y < qr->width;
        (void)fputc(inside && is_dark(qr, x, y) ? 0 : 255, file); /* as above */
    }
    assert_int_equal(fclose(file), 0);
}

/* Two texts a version: one that fills it, one that leaves room. */
static void test_qr_encode_is_read_by_zbarimg(void **state)
{
    struct scratch scratch;
    struct arena *arena = *state;
    if (access("/usr/bin/zbarimg", X_OK) != 0) {
        print_message("zbarimg is not installed\n");
        skip();
    }
    scratch_open(&scratch);
    const char *picture = scratch_path(&scratch, "qr.pgm"), *out = scratch_path(&scratch, "out");
    for (int i = 0; i < 2 * QR_VERSION_MAX; i++) {
        struct qr qr;
        size_t size = sizes[i / 2];
        str text = i % 2 == 0 ? text_of(size, 5, arena) : text_of(size - 5, 11, arena);
        assert_true(qr_encode(text, arena, &qr));
        write_picture(&qr, picture);
        str command = arena_format(arena, "zbarimg -q --raw %s > %s 2> /dev/null", picture, out);
        assert_int_equal(system(command.data), 0);
        bytes read = scratch_read(&scratch, out);
        assert_int_equal(read.size, text.size + 1);
        assert_memory_equal(read.data, text.data, text.size);
    }
    scratch_close(&scratch);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_qr_encode_agrees_with_another_encoder),
        TEST(test_qr_encode_takes_the_smallest_version),
        TEST(test_qr_encode_refuses_what_does_not_fit),
        TEST(test_qr_encode_is_read_by_zbarimg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
