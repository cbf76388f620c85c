/* test_jpeg_segments - the walk over a JPEG: where segments begin and end, what ends it. What is
 * made of them: test_image, test_image_density, test_photo. */
#include "core/io/jpeg_segments.h"

#include "tests/support/test.h"

static void test_jpeg_walk_next_gives_every_segment(void **state)
{
    (void)state; /* no setup */
    static const uint8_t jpeg[] = "\xff\xd8"
                                  "\xff\xff\xff\xe0\x00\x05JFI"        /* fill bytes before */
                                  "\xff\xfe\x00\x02"                   /* empty */
                                  "\xff\xda\x00\x03S"                  /* a scan: */
                                  "a\xff\x00"                          /* stuffed */
                                  "b\xff\xd3"                          /* a restart marker */
                                  "c\xff\xc4\x00\x03T\xff\xda\x00\x02" /* tables between scans */
                                  "d\xff\xd9tail";
    static const struct {
        uint8_t marker;
        size_t start, size;
    } wanted[] = {
        {JPEG_APP0, 4, 3}, {JPEG_COM, 11, 0}, {JPEG_SOS, 15, 1}, {0xc4, 27, 1}, {JPEG_SOS, 32, 0}};
    struct jpeg_walk walk;
    struct jpeg_segment segment;
    assert_true(jpeg_walk_begin(bytes_of(jpeg, sizeof jpeg - 1), &walk));
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        assert_int_equal(jpeg_walk_next(&walk, &segment), JPEG_SEGMENT);
        assert_int_equal(segment.marker, wanted[i].marker);
        assert_int_equal(segment.start, wanted[i].start);
        assert_int_equal(segment.content.size, wanted[i].size);
        assert_ptr_equal(segment.content.data, jpeg + wanted[i].start + 4);
    }
    assert_int_equal(jpeg_walk_next(&walk, &segment), JPEG_END);
    assert_int_equal(walk.at, sizeof jpeg - 1 - 4);
}

static void test_jpeg_walk_next_says_why_it_ends(void **state)
{
    (void)state; /* no setup */
    static const struct {
        const char *bytes;
        size_t size;
        enum jpeg_step step;
    } cases[] = {
        {"\xff\xd8\xff\xe0", 4, JPEG_TRUNCATED},         /* no length */
        {"\xff\xd8\xff\xe0\x00\x03", 6, JPEG_TRUNCATED}, /* it says one byte more */
        {"\xff\xd8\xff\xe0\x00\x01", 6, JPEG_TRUNCATED}, /* a length counts itself */
        {"\xff\xd8\xff\xff\xff", 5, JPEG_TRUNCATED},
        {"\xff\xd8zz", 4, JPEG_MALFORMED},
        {"\xff\xd8\xff\x00", 4, JPEG_MALFORMED}, /* no marker */
        {"\xff\xd8\xff\xd8", 4, JPEG_MALFORMED}, /* begins twice */
        {"\xff\xd8\xff\xd0", 4, JPEG_MALFORMED}, /* a restart outside a scan */
        {"\xff\xd8\xff\xd9", 4, JPEG_END},
    };
    struct jpeg_walk walk;
    struct jpeg_segment segment;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(jpeg_walk_begin(bytes_of(cases[i].bytes, cases[i].size), &walk));
        assert_int_equal(jpeg_walk_next(&walk, &segment), cases[i].step);
    }
    assert_false(jpeg_walk_begin(bytes_of("\xff\xd8\xff", 3), &walk));
    assert_false(jpeg_walk_begin(bytes_of("\x89PNG", 4), &walk));
    assert_false(jpeg_walk_begin(bytes_of("", 0), &walk));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jpeg_walk_next_gives_every_segment),
        cmocka_unit_test(test_jpeg_walk_next_says_why_it_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
