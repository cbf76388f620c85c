/* test_photo - what becomes of every kind of photo (decision 0055): taken, refused with its reason,
 * or set right when it is drawn. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>
#include <unistd.h>

#include "core/io/image.h"
#include "core/io/messages.h"
#include "core/io/pdf.h"
#include "tests/support/scratch.h"
#include "tests/support/specimen.h"
#include "tests/support/test.h"

enum { WIDE = 48, HIGH = 64, DPI = 72 };

struct fixture {
    struct scratch scratch;
    struct arena arena;
    struct pdf_printer *printer;
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    struct error error;
    const struct pdf_options options = {.signature_size = 0};
    arena_init(&f->arena, 0);
    scratch_open(&f->scratch);
    if (!pdf_open(&options, &f->printer, &error).ok) { /* no fonts: what draws skips */
        assert_int_equal(error.code, MESSAGE_FONT_UNUSABLE);
    }
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    pdf_close(f->printer);
    scratch_close(&f->scratch);
    arena_release(&f->arena);
    test_free(f);
    return 0;
}

/* Four quarters: dark red, dark green; dark blue, nearly white. */
static bytes quarters(struct fixture *f, int width, int height, int sampling, int flags)
{
    static const uint8_t colours[4][3] = {{160, 0, 0}, {0, 120, 0}, {0, 0, 160}, {240, 240, 240}};
    uint8_t *pixels = arena_new(&f->arena, (size_t)width * (size_t)height * 3);
    for (int i = 0; i < width * height; i++) {
        int row = i / width * 2 / height, column = i % width * 2 / width;
        memcpy(pixels + (size_t)i * 3, colours[row * 2 + column], 3);
    }
    tjhandle writer = tjInitCompress();
    unsigned char *data = NULL;
    unsigned long size = 0;
    assert_non_null(writer);
    assert_int_equal(
        tjCompress2(writer, pixels, width, 0, height, TJPF_RGB, &data, &size, sampling, 95, flags),
        0);
    bytes jpeg = arena_bytes(&f->arena, (bytes){data, size});
    tjFree(data);
    (void)tjDestroy(writer); /* frees; nothing to report */
    return jpeg;
}

static bytes cmyk(struct fixture *f)
{
    uint8_t *pixels = arena_new(&f->arena, (size_t)WIDE * HIGH * 4);
    tjhandle writer = tjInitCompress();
    unsigned char *data = NULL;
    unsigned long size = 0;
    assert_non_null(writer);
    assert_int_equal(
        tjCompress2(writer, pixels, WIDE, 0, HIGH, TJPF_CMYK, &data, &size, TJSAMP_444, 95, 0), 0);
    bytes jpeg = arena_bytes(&f->arena, (bytes){data, size});
    tjFree(data);
    (void)tjDestroy(writer); /* frees; nothing to report */
    return jpeg;
}

/* The JPEG with a segment behind SOI. */
static bytes with_segment(struct fixture *f, bytes jpeg, uint8_t marker, bytes content)
{
    uint8_t *out = arena_new(&f->arena, jpeg.size + content.size + 4);
    uint8_t head[6] = {
        0xff, 0xd8, 0xff, marker, (uint8_t)((content.size + 2) >> 8), (uint8_t)(content.size + 2)};
    memcpy(out, head, sizeof head);
    memcpy(out + 6, content.data, content.size);
    memcpy(out + 6 + content.size, jpeg.data + 2, jpeg.size - 2);
    return (bytes){out, jpeg.size + content.size + 4};
}

/* EXIF of one entry: the orientation. */
static bytes rotated(struct fixture *f, bytes jpeg, int orientation, bool big_endian)
{
    uint8_t little[] = "Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0";
    uint8_t big[] = "Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x01\0\0\0\0\0\0";
    little[24] = (uint8_t)orientation;
    big[25] = (uint8_t)orientation;
    return with_segment(f, jpeg, 0xe1, bytes_of(big_endian ? big : little, sizeof little - 1));
}

/* The bytes with one of them, `by` behind the frame header's marker, set. */
static bytes with_frame_byte(struct fixture *f, bytes jpeg, size_t by, uint8_t value)
{
    uint8_t *out = arena_new(&f->arena, jpeg.size);
    memcpy(out, jpeg.data, jpeg.size);
    for (size_t i = 0; i + by < jpeg.size; i++) {
        if (out[i] == 0xff && out[i + 1] == 0xc0) {
            out[i + by] = value;
            return (bytes){out, jpeg.size};
        }
    }
    fail_msg("no frame header");
    return (bytes){NULL, 0};
}

static void assert_taken(bytes jpeg, int components)
{
    struct error error;
    struct image_size size = {0};
    assert_true(image_check_jpeg(jpeg, &size, &error).ok);
    assert_int_equal(size.components, components);
}

static void assert_refused(bytes jpeg, const char *reason)
{
    struct error error;
    struct image_size size = {0};
    assert_false(image_check_jpeg(jpeg, &size, &error).ok);
    assert_int_equal(error.code, MESSAGE_PHOTO_INVALID);
    assert_string_equal(error.args[0].text, reason);
}

static void test_image_check_jpeg_takes_photos_of_every_usual_kind(void **state)
{
    struct fixture *f = *state;
    bytes baseline = quarters(f, WIDE, HIGH, TJSAMP_444, 0);
    assert_taken(baseline, 3);
    assert_taken(quarters(f, WIDE, HIGH, TJSAMP_420, 0), 3);
    assert_taken(quarters(f, WIDE, HIGH, TJSAMP_444, TJFLAG_PROGRESSIVE), 3);
    assert_taken(quarters(f, WIDE, HIGH, TJSAMP_GRAY, 0), 1);
    assert_taken(quarters(f, HIGH, WIDE, TJSAMP_444, 0), 3); /* wrong ratio: fitted into the box */
    assert_taken(quarters(f, 60, 20, TJSAMP_444, 0), 3);
    for (int i = 1; i <= 8; i++) {
        assert_taken(rotated(f, baseline, i, i % 2 == 0), 3);
    }
}

static void test_image_check_jpeg_refuses_the_others_with_their_reason(void **state)
{
    struct fixture *f = *state;
    bytes baseline = quarters(f, WIDE, HIGH, TJSAMP_444, 0);
    assert_refused((bytes){NULL, 0}, "empty");
    assert_refused((bytes){baseline.data, baseline.size - 1}, "truncated");
    assert_refused((bytes){baseline.data, baseline.size / 2}, "truncated");
    assert_refused(cmyk(f), "components");
    assert_refused(with_frame_byte(f, baseline, 4, 12), "precision");
    assert_refused(with_frame_byte(f, baseline, 4, 16), "precision");
    assert_refused(with_frame_byte(f, baseline, 1, 0xc9), "not_baseline_or_progressive");
    assert_refused(with_frame_byte(f, baseline, 1, 0xca), "not_baseline_or_progressive");
    assert_refused(with_frame_byte(f, baseline, 1, 0xc3), "not_baseline_or_progressive");
    assert_refused(with_frame_byte(f, baseline, 5, 0x20), "dimensions"); /* 8256 rows */
    assert_refused(quarters(f, 16, 16, TJSAMP_444, 0), "dimensions");
    assert_refused(quarters(f, 64, 21, TJSAMP_444, 0), "proportions");
    assert_refused(quarters(f, 21, 64, TJSAMP_444, 0), "proportions");
    assert_refused(bytes_of("\x89PNG\r\n\x1a\n", 8), "not_jpeg");
    uint8_t *longer = arena_new(&f->arena, baseline.size + 3);
    memcpy(longer, baseline.data, baseline.size);
    longer[baseline.size + 2] = 1;
    assert_refused((bytes){longer, baseline.size + 3}, "data_behind_the_end");
}

static void test_image_orientation_reads_both_byte_orders(void **state)
{
    struct fixture *f = *state;
    bytes baseline = quarters(f, WIDE, HIGH, TJSAMP_444, 0);
    assert_int_equal(image_orientation(baseline), 1);
    for (int i = 1; i <= 8; i++) {
        assert_int_equal(image_orientation(rotated(f, baseline, i, false)), i);
        assert_int_equal(image_orientation(rotated(f, baseline, i, true)), i);
    }
    assert_int_equal(image_orientation(rotated(f, baseline, 0, false)), 1);
    assert_int_equal(image_orientation(rotated(f, baseline, 9, true)), 1);
    assert_int_equal(image_orientation(with_segment(f, baseline, 0xe1, bytes_of("Exif\0\0II", 8))),
                     1);
    assert_int_equal(image_orientation((bytes){NULL, 0}), 1);
}

static void test_image_bare_leaves_the_picture_alone(void **state)
{
    struct fixture *f = *state;
    bytes plain = quarters(f, WIDE, HIGH, TJSAMP_444, 0);
    bytes adobe = with_segment(f, plain, 0xee, bytes_of("Adobe\0\x64\0\0\0\0\x01", 12));
    bytes told = with_segment(f, rotated(f, adobe, 6, false), 0xfe, bytes_of("31.23N 121.47E", 14));
    bytes bare = image_bare(told, &f->arena);
    assert_null(memmem(bare.data, bare.size, "Exif", 4));
    assert_null(memmem(bare.data, bare.size, "31.23N", 6));
    assert_non_null(memmem(bare.data, bare.size, "Adobe", 5));
    assert_non_null(memmem(bare.data, bare.size, "JFIF", 4));
    assert_true(bytes_equal(image_bare(plain, &f->arena), plain));
    assert_true(bytes_equal(bare, adobe));
    assert_taken(bare, 3);
}

static void test_image_check_jpeg_takes_zeros_behind_the_picture(void **state)
{
    struct fixture *f = *state;
    bytes plain = quarters(f, WIDE, HIGH, TJSAMP_444, 0);
    uint8_t *padded = arena_new(&f->arena, plain.size + 512); /* zeros */
    memcpy(padded, plain.data, plain.size);
    assert_taken((bytes){padded, plain.size + 1}, 3);
    assert_taken((bytes){padded, plain.size + 512}, 3);
    assert_true(bytes_equal(image_bare((bytes){padded, plain.size + 512}, &f->arena), plain));
    padded[plain.size + 511] = 1;
    assert_refused((bytes){padded, plain.size + 512}, "data_behind_the_end");
}

/* The JPEG with a segment before its last scan. */
static bytes with_late_segment(struct fixture *f, bytes jpeg, uint8_t marker, bytes content)
{
    size_t at = jpeg.size - 2;
    while (jpeg.data[at] != 0xff || jpeg.data[at + 1] != 0xda) {
        at--;
    }
    bytes rest = with_segment(f, bytes_of(jpeg.data + at - 2, jpeg.size - at + 2), marker, content);
    uint8_t *out = arena_new(&f->arena, at + rest.size);
    memcpy(out, jpeg.data, at);
    memcpy(out + at, rest.data + 2, rest.size - 2); /* without its SOI */
    return (bytes){out, at + rest.size - 2};
}

static void test_image_bare_looks_behind_the_first_scan(void **state)
{
    struct fixture *f = *state;
    bytes plain = quarters(f, WIDE, HIGH, TJSAMP_444, TJFLAG_PROGRESSIVE);
    bytes told = with_late_segment(f, plain, 0xfe, bytes_of("31.23N 121.47E", 14));
    told = with_late_segment(f, told, 0xe1, bytes_of("Exif\0\0", 6));
    assert_int_equal(told.size, plain.size + 14 + 6 + 2 * 4);
    assert_taken(told, 3);
    assert_true(bytes_equal(image_bare(told, &f->arena), plain));
    assert_true(bytes_equal(image_bare(plain, &f->arena), plain));
}

/* --- on paper --------------------------------------------------------------------------------- */

static struct page page_with_photo(struct fixture *f, bytes photo)
{
    struct digest digest = digest_sha256(photo);
    const struct specimen specimen = {.number = 1, .photo_sha256 = digest_bytes(&digest)};
    return specimen_certificate(&specimen, &f->arena);
}

static struct page_item photo_of(const struct page *page)
{
    struct page_item photo = {.kind = PAGE_TEXT};
    for (size_t i = 0; i < page->count; i++) {
        if (page->items[i].kind == PAGE_IMAGE) {
            photo = page->items[i];
        }
    }
    assert_int_equal(photo.kind, PAGE_IMAGE);
    return photo;
}

/* The page as pixels, 3 bytes each, at 72 dpi; their number in a row to *ret_width. */
static const uint8_t *raster(struct fixture *f, bytes photo, const struct page *page,
                             size_t *ret_width)
{
    struct pdf_document document;
    struct error error;
    assert_true(pdf_draw(f->printer, page, photo, NULL, &f->arena, &document, &error).ok);
    assert_null(memmem(document.data, document.size, "Exif", 4));
    const char *file = scratch_write(&f->scratch, "a.pdf", document.data, document.size);
    str command = arena_format(&f->arena, "pdftoppm -r %d -singlefile %s %s", DPI, file,
                               scratch_path(&f->scratch, "a"));
    assert_int_equal(system(command.data), 0);
    bytes ppm = scratch_read(&f->scratch, scratch_path(&f->scratch, "a.ppm"));
    int width = 0, height = 0, head = 0;
    assert_int_equal(sscanf((const char *)ppm.data, "P6 %d %d 255%n", &width, &height, &head), 2);
    assert_int_equal(ppm.size, head + 1 + 3 * width * height);
    *ret_width = (size_t)width;
    return ppm.data + head + 1;
}

/* 0 red, 1 green, 2 blue, 3 nearly white: which quarter of the stored picture is seen there. */
static int quarter_at(const uint8_t *pixel)
{
    if (pixel[0] > 200 && pixel[1] > 200 && pixel[2] > 200) {
        return 3;
    }
    return pixel[0] > 100 ? 0 : pixel[1] > 80 ? 1 : pixel[2] > 100 ? 2 : -1;
}

/* For each orientation, which quarter of the stored picture is seen top left, top right, bottom
 * left, bottom right: by EXIF 2.3, 4.6.4 (tag 274), row 0 and column 0 lie on these sides. */
static const int seen[9][4] = {
    {0, 1, 2, 3}, {0, 1, 2, 3}, {1, 0, 3, 2}, {3, 2, 1, 0}, {2, 3, 0, 1},
    {0, 2, 1, 3}, {2, 0, 3, 1}, {3, 1, 2, 0}, {1, 3, 0, 2},
};

static void assert_seen(struct fixture *f, bytes photo, int orientation, bool wider)
{
    struct page page = page_with_photo(f, photo);
    struct page_item item = photo_of(&page);
    size_t row_size = 0;
    const uint8_t *pixels = raster(f, photo, &page, &row_size);
    int32_t width = item.width_um, height = item.height_um;
    if (wider) { /* a box higher than the picture: it is in the middle, undistorted */
        height = width * WIDE / HIGH;
    } else {
        width = height * WIDE / HIGH < width ? height * WIDE / HIGH : width;
        height = width * HIGH / WIDE;
    }
    for (int i = 0; i < 4; i++) {
        int32_t x = item.x_um + item.width_um / 2 + width * (i % 2 == 0 ? -2 : 2) / 5;
        int32_t y = item.y_um + item.height_um / 2 + height * (i < 2 ? -2 : 2) / 5;
        size_t column = (size_t)x * DPI / 25400, row = (size_t)y * DPI / 25400;
        assert_int_equal(quarter_at(pixels + 3 * (row * row_size + column)), seen[orientation][i]);
    }
}

static void test_pdf_draw_shows_photos_upright(void **state)
{
    struct fixture *f = *state;
    if (f->printer == NULL || access("/usr/bin/pdftoppm", X_OK) != 0) {
        print_message("a font of the default chain or pdftoppm is not installed\n");
        skip();
    }
    bytes upright = quarters(f, WIDE, HIGH, TJSAMP_444, 0);
    bytes lying = quarters(f, HIGH, WIDE, TJSAMP_444, 0);
    assert_seen(f, upright, 0, false);
    for (int i = 1; i <= 8; i++) {
        assert_seen(f, rotated(f, i < 5 ? upright : lying, i, false), i, false);
    }
    assert_seen(f, lying, 0, true);
    assert_seen(f, quarters(f, WIDE, HIGH, TJSAMP_420, TJFLAG_PROGRESSIVE), 0, false);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_image_check_jpeg_takes_photos_of_every_usual_kind),
        TEST(test_image_check_jpeg_refuses_the_others_with_their_reason),
        TEST(test_image_orientation_reads_both_byte_orders),
        TEST(test_image_check_jpeg_takes_zeros_behind_the_picture),
        TEST(test_image_bare_leaves_the_picture_alone),
        TEST(test_image_bare_looks_behind_the_first_scan),
        TEST(test_pdf_draw_shows_photos_upright),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
