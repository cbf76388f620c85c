/* test_pdf_repeated - a text is drawn as before only when it is the same in every respect. */
#include <string.h>

#include "core/io/pdf_parts.h"
#include "tests/support/test.h"

static struct page_item label(void)
{
    return (struct page_item){.kind = PAGE_TEXT,
                              .x_um = 20000,
                              .y_um = 30000,
                              .width_um = 90000,
                              .size_um = 4000,
                              .spacing_um = 100,
                              .colour = 0x2e2b27,
                              .text = STR("姓名：")};
}

static bool is_known(struct pdf_repeated *repeated, struct page_item item)
{
    return pdf_repeated_find(repeated, &item).size > 0;
}

static void test_pdf_repeated_finds_what_is_alike(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, 0);
    struct pdf_repeated *repeated = pdf_repeated_new(&arena);
    struct page_item item = label(), other = label();
    assert_false(is_known(repeated, item));
    pdf_repeated_keep(repeated, &item, bytes_of("BT ET", 5));
    bytes found = pdf_repeated_find(repeated, &other);
    assert_true(bytes_equal(found, bytes_of("BT ET", 5)));
    struct page_item different[9];
    for (size_t i = 0; i < 9; i++) {
        different[i] = label();
    }
    different[0].x_um++;
    different[1].y_um++;
    different[2].width_um++;
    different[3].size_um++;
    different[4].spacing_um++;
    different[5].colour++;
    different[6].align = PAGE_RIGHT;
    different[7].weight = PAGE_BOLD;
    different[8].text = STR("姓名:");
    for (size_t i = 0; i < 9; i++) {
        assert_false(is_known(repeated, different[i]));
    }
    arena_release(&arena);
}

static void test_pdf_repeated_never_fills_up(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, 0);
    struct pdf_repeated *repeated = pdf_repeated_new(&arena);
    for (int i = 0; i < 5000; i++) {
        struct page_item item = label();
        item.text = arena_format(&arena, "张三%d", i);
        bytes operators = str_bytes(arena_format(&arena, "BT %d ET", i));
        pdf_repeated_keep(repeated, &item, operators);
        assert_true(bytes_equal(pdf_repeated_find(repeated, &item), operators));
    }
    arena_release(&arena);
}

static void test_pdf_repeated_leaves_out_what_is_long(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, 0);
    struct pdf_repeated *repeated = pdf_repeated_new(&arena);
    const size_t sizes[][2] = {{160, 512}, {161, 5}, {9, 513}};
    for (size_t i = 0; i < 3; i++) {
        struct page_item item = label();
        item.text = (str){arena_new(&arena, sizes[i][0]), sizes[i][0]};
        item.y_um += (int32_t)i;
        pdf_repeated_keep(repeated, &item, (bytes){arena_new(&arena, sizes[i][1]), sizes[i][1]});
        assert_true(is_known(repeated, item) == (i == 0));
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pdf_repeated_finds_what_is_alike),
        cmocka_unit_test(test_pdf_repeated_never_fills_up),
        cmocka_unit_test(test_pdf_repeated_leaves_out_what_is_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
