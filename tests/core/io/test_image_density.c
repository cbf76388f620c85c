/* test_image_density - densities of JFIF and EXIF headers, and headers that lie. */
#include "core/io/image_density.h"

#include <string.h>

#include "tests/support/test.h"

/* A header built piece by piece; every read beyond it would be seen by the sanitizer. */
struct header {
    uint8_t data[256];
    size_t size;
};

static void put(struct header *header, const void *data, size_t size)
{
    assert_true(header->size + size <= sizeof header->data);
    memcpy(header->data + header->size, data, size);
    header->size += size;
}

static void put_number(struct header *header, uint32_t value, size_t size, bool big_endian)
{
    for (size_t i = 0; i < size; i++) {
        size_t shift = big_endian ? size - 1 - i : i;
        uint8_t byte = (uint8_t)(value >> (8 * shift));
        put(header, &byte, 1);
    }
}

static struct header started(void)
{
    struct header header = {.size = 0};
    put(&header, "\xff\xd8", 2);
    return header;
}

static void put_jfif(struct header *header, int unit, uint32_t x, uint32_t y)
{
    uint8_t byte = (uint8_t)unit;
    put(header, "\xff\xe0\x00\x10JFIF\0\x01\x01", 11);
    put(header, &byte, 1);
    put_number(header, x, 2, true);
    put_number(header, y, 2, true);
    put(header, "\0\0", 2);
}

static void put_entry(struct header *header, uint32_t tag, uint32_t type, uint32_t value, bool big)
{
    put_number(header, tag, 2, big);
    put_number(header, type, 2, big);
    put_number(header, 1, 4, big);
    if (type == 3) {
        put_number(header, value, 2, big);
        put_number(header, 0, 2, big);
    } else {
        put_number(header, value, 4, big);
    }
}

/* x and y are numerator / denominator; `unit` as EXIF counts. */
static void put_exif(struct header *header, uint32_t x, uint32_t y, uint32_t denominator,
                     uint32_t unit, bool big)
{
    put(header, "\xff\xe1\x00\x4a", 4);
    put(header, "Exif\0\0", 6);
    put(header, big ? "MM" : "II", 2);
    put_number(header, 42, 2, big);
    put_number(header, 8, 4, big);
    put_number(header, 3, 2, big);
    put_entry(header, 0x011a, 5, 50, big);
    put_entry(header, 0x011b, 5, 58, big);
    put_entry(header, 0x0128, 3, unit, big);
    put_number(header, 0, 4, big);
    put_number(header, x, 4, big);
    put_number(header, denominator, 4, big);
    put_number(header, y, 4, big);
    put_number(header, denominator, 4, big);
}

static struct image_density read(const struct header *header)
{
    uint8_t *exact = test_malloc(header->size + 1); /* its end is the end of the block */
    memcpy(exact + 1, header->data, header->size);
    struct image_density density = image_density(bytes_of(exact + 1, header->size));
    test_free(exact);
    return density;
}

static void assert_density(struct image_density density, uint32_t x, uint32_t y, const char *source)
{
    assert_int_equal(density.x, x);
    assert_int_equal(density.y, y);
    assert_string_equal(density.source, source);
}

/* R-PF-04, R-PF-23. */
static void test_image_density_reads_jfif(void **state)
{
    (void)state;
    struct header inch = started();
    put_jfif(&inch, 1, 72, 100);
    assert_density(read(&inch), 72, 100, "JFIF");
    struct header cm = started();
    put_jfif(&cm, 2, 39, 40); /* 99.06 and 101.6 */
    assert_density(read(&cm), 99, 102, "JFIF");
    struct header none = started();
    put_jfif(&none, 0, 100, 100);
    assert_density(read(&none), 0, 0, "");
}

static void test_image_density_reads_exif_of_both_orders(void **state)
{
    (void)state;
    for (int big = 0; big < 2; big++) {
        struct header inch = started();
        put_exif(&inch, 720, 1000, 10, 2, big != 0);
        assert_density(read(&inch), 72, 100, "EXIF");
        struct header cm = started();
        put_exif(&cm, 40, 40, 1, 3, big != 0);
        assert_density(read(&cm), 102, 102, "EXIF");
        struct header no_unit = started();
        put_exif(&no_unit, 100, 100, 1, 1, big != 0);
        assert_density(read(&no_unit), 0, 0, "");
    }
}

static void test_image_density_prefers_jfif_that_says_a_unit(void **state)
{
    (void)state;
    struct header both = started();
    put_jfif(&both, 1, 96, 96);
    put_exif(&both, 300, 300, 1, 2, false);
    assert_density(read(&both), 96, 96, "JFIF");
    struct header proportion = started();
    put_jfif(&proportion, 0, 1, 1);
    put_exif(&proportion, 300, 300, 1, 2, false);
    assert_density(read(&proportion), 300, 300, "EXIF");
}

/* A denominator of nothing, more dots than anything has, an offset that points away. */
static void test_image_density_believes_no_nonsense(void **state)
{
    (void)state;
    struct header nothing = started();
    put_exif(&nothing, 100, 100, 0, 2, false);
    assert_density(read(&nothing), 0, 0, "");
    struct header endless = started();
    put_exif(&endless, UINT32_MAX, UINT32_MAX, 1, 2, false);
    assert_density(read(&endless), 0, 0, "EXIF");
    struct header away = started();
    put_exif(&away, 100, 100, 1, 2, false);
    memset(away.data + 2 + 4 + 6 + 8 + 2 + 8, 0xff, 4); /* the offset of x */
    assert_density(read(&away), 0, 0, "");
}

/* Cut anywhere, a header says less or the same, and nothing behind its end is read. */
static void test_image_density_stops_at_the_end(void **state)
{
    (void)state;
    struct header whole = started();
    put_jfif(&whole, 0, 1, 1);
    put_exif(&whole, 150, 150, 1, 2, true);
    struct image_density all = read(&whole);
    assert_density(all, 150, 150, "EXIF");
    for (size_t size = 0; size < whole.size; size++) {
        struct header cut = whole;
        cut.size = size;
        assert_density(read(&cut), 0, 0, "");
    }
}

static void test_image_density_of_no_jpeg_is_none(void **state)
{
    (void)state;
    struct header other = {.size = 0};
    put(&other, "%PDF-1.4", 8);
    assert_density(read(&other), 0, 0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_image_density_reads_jfif),
        cmocka_unit_test(test_image_density_reads_exif_of_both_orders),
        cmocka_unit_test(test_image_density_prefers_jfif_that_says_a_unit),
        cmocka_unit_test(test_image_density_believes_no_nonsense),
        cmocka_unit_test(test_image_density_stops_at_the_end),
        cmocka_unit_test(test_image_density_of_no_jpeg_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
