/* html - see html.h. */
#include "core/base/html.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 * 1024, NUMBER_SIZE = 32 };

void html_markup(struct html *page, const char *literal, size_t size)
{
    if (size > page->capacity - page->size) {
        size_t capacity = page->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : page->capacity * 2;
        while (size > capacity - page->size) {
            capacity *= 2;
        }
        char *data = arena_new_raw(page->arena, capacity);
        if (page->size > 0) {
            memcpy(data, page->data, page->size);
        }
        page->data = data;
        page->capacity = capacity;
    }
    memcpy(page->data + page->size, literal, size);
    page->size += size;
}

static void put_character(struct html *page, char c)
{
    switch (c) {
    case '&': HTML(page, "&amp;"); break;
    case '<': HTML(page, "&lt;"); break;
    case '>': HTML(page, "&gt;"); break;
    case '"': HTML(page, "&quot;"); break;
    default:
        /* control characters are none of XML's, and mean nothing on a page */
        html_markup(page, (unsigned char)c < ' ' && c != '\n' && c != '\t' ? " " : &c, 1);
    }
}

void html_text(struct html *page, str text)
{
    for (size_t i = 0; i < text.size; i++) {
        put_character(page, text.data[i]);
    }
}

void html_c_text(struct html *page, const char *text)
{
    html_text(page, str_of(text));
}

void html_count(struct html *page, uint64_t value)
{
    char digits[NUMBER_SIZE];
    int size = snprintf(digits, sizeof digits, "%" PRIu64, value);
    for (int i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0) {
            HTML(page, ",");
        }
        html_markup(page, digits + i, 1);
    }
}

void html_number(struct html *page, int64_t value)
{
    char digits[NUMBER_SIZE];
    int size = snprintf(digits, sizeof digits, "%" PRId64, value);
    html_markup(page, digits, (size_t)size);
}

void html_hundredths(struct html *page, int64_t value)
{
    char digits[NUMBER_SIZE];
    int size =
        snprintf(digits, sizeof digits, "%s%" PRId64 ".%02d", value < 0 ? "-" : "",
                 (value < 0 ? -value : value) / 100, (int)((value < 0 ? -value : value) % 100));
    html_markup(page, digits, (size_t)size);
}

void html_words(struct html *page, struct html_words words)
{
    html_text(page, words.chinese);
    if (words.english.size > 0 && !str_equal(words.chinese, words.english)) {
        HTML(page, " <span class=\"en\" lang=\"en\">");
        html_text(page, words.english);
        HTML(page, "</span>");
    }
}

str html_str(const struct html *page)
{
    return (str){page->data, page->size};
}
