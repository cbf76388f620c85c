/* test_page - pages as data: canonical bytes and back, templates, widths, the dump. */
#include "core/base/messages.h"
#include "core/base/page.h"
#include "tests/support/page_dump.h"
#include "tests/support/test.h"

#include <string.h>

static struct page sample(struct arena *arena)
{
    struct page page;
    page_init(&page);
    page.title = STR("示例");
    page.number = STR("沪建安B(2018)0000001");
    page.alphabet = STR("甲乙");
    page.created_us = -5;
    struct page_item *text = page_add(&page, PAGE_TEXT, PAGE_STATIC, arena);
    text->text = STR("姓名：𠮷");
    text->x_um = -3;
    text->size_um = 5000;
    struct page_item *image = page_add(&page, PAGE_IMAGE, PAGE_VARIABLE, arena);
    memset(image->digest, 0xab, sizeof image->digest);
    page_add(&page, PAGE_QR, PAGE_VARIABLE, arena)->text = STR("https://example.invalid/");
    return page;
}

static void test_page_parse_gives_the_page_back(void **state)
{
    (void)state;
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    struct page page = sample(&arena), read;
    bytes b = page_bytes(&page, &arena);
    assert_true(page_parse(b, &arena, &read, &error).ok);
    assert_true(bytes_equal(page_bytes(&read, &arena), b));
    assert_true(str_equal(page_dump(&read, &arena), page_dump(&page, &arena)));
    assert_int_equal(read.items[0].x_um, -3);
    assert_int_equal(read.created_us, -5);
    arena_release(&arena);
}

static void test_page_parse_refuses_every_cut_and_every_tail(void **state)
{
    (void)state;
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    struct page page = sample(&arena), read = {.count = 77};
    bytes b = page_bytes(&page, &arena);
    for (size_t size = 0; size < b.size; size++) {
        assert_false(page_parse((bytes){b.data, size}, &arena, &read, &error).ok);
        assert_int_equal(error.code, MESSAGE_BAD_RECORD);
    }
    uint8_t *longer = arena_new(&arena, b.size + 1);
    memcpy(longer, b.data, b.size);
    assert_false(page_parse((bytes){longer, b.size + 1}, &arena, &read, &error).ok);
    assert_int_equal(read.count, 77); /* untouched on failure */
    arena_release(&arena);
}

static void test_page_parse_survives_every_changed_byte(void **state)
{
    (void)state;
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    struct page page = sample(&arena), read;
    bytes b = page_bytes(&page, &arena);
    uint8_t *copy = arena_new(&arena, b.size);
    size_t refused = 0;
    for (size_t i = 0; i < b.size; i++) {
        memcpy(copy, b.data, b.size);
        copy[i] ^= 0xff;
        if (!page_parse((bytes){copy, b.size}, &arena, &read, &error).ok) {
            refused++;
            continue;
        }
        assert_true(bytes_equal(page_bytes(&read, &arena), (bytes){copy, b.size}));
    }
    assert_true(refused > b.size / 3); /* texts, kinds and sizes are checked */
    arena_release(&arena);
}

static void test_page_parse_keeps_static_items_on_the_first_sheet(void **state)
{
    (void)state;
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    struct page page = sample(&arena), read;
    page_add(&page, PAGE_SHEET, PAGE_VARIABLE, &arena);
    struct page_item *behind = page_add(&page, PAGE_LINE, PAGE_VARIABLE, &arena);
    assert_true(page_parse(page_bytes(&page, &arena), &arena, &read, &error).ok);
    behind->layer = PAGE_STATIC;
    assert_false(page_parse(page_bytes(&page, &arena), &arena, &read, &error).ok);
    behind->layer = PAGE_VARIABLE;
    page.items[page.count - 2].layer = PAGE_STATIC; /* the sheet itself */
    assert_false(page_parse(page_bytes(&page, &arena), &arena, &read, &error).ok);
    arena_release(&arena);
}

static void test_page_template_bytes_know_static_parts_only(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    struct page page = sample(&arena);
    bytes before = page_template_bytes(&page, &arena);
    page.number = STR("沪建安B(2018)0000002");
    page.items[1].digest[0] = 1;
    assert_true(bytes_equal(page_template_bytes(&page, &arena), before));
    page.items[0].x_um = 1;
    assert_false(bytes_equal(page_template_bytes(&page, &arena), before));
    arena_release(&arena);
}

static void test_page_text_half_ems_counts_wide_characters_twice(void **state)
{
    (void)state;
    assert_int_equal(page_text_half_ems(STR("")), 0);
    assert_int_equal(page_text_half_ems(STR("B(1)")), 4);
    assert_int_equal(page_text_half_ems(STR("沪𠮷1")), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_parse_gives_the_page_back),
        cmocka_unit_test(test_page_parse_refuses_every_cut_and_every_tail),
        cmocka_unit_test(test_page_parse_survives_every_changed_byte),
        cmocka_unit_test(test_page_parse_keeps_static_items_on_the_first_sheet),
        cmocka_unit_test(test_page_template_bytes_know_static_parts_only),
        cmocka_unit_test(test_page_text_half_ems_counts_wide_characters_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
