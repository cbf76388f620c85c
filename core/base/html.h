/* html - builds an HTML page in memory; text is escaped by construction.
 *
 * The page is also well-formed XML. Markup comes from string literals only (the macro HTML);
 * everything else goes through the functions below. A page grows in its arena, and its outgrown
 * buffers stay there: together they take at most the size of the page once more. */
#pragma once

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/str.h"

/* Begin with {.arena = arena}. */
struct html {
    struct arena *arena;
    char *data;
    size_t size;
    size_t capacity;
};

/* Markup written in the program: HTML(page, "<p>"). Only a string literal compiles. */
#define HTML(page, literal) html_markup((page), "" literal, sizeof literal - 1)
void html_markup(struct html *page, const char *literal, size_t size);

/* Text, between tags or in a quoted attribute: & < > " and control characters escaped. */
void html_text(struct html *page, str text);
void html_c_text(struct html *page, const char *text);
/* A number with a comma between thousands, for readers; and one without, for attributes. */
void html_count(struct html *page, uint64_t value);
void html_number(struct html *page, int64_t value);
/* Hundredths as "12.34", for coordinates. */
void html_hundredths(struct html *page, int64_t value);
/* Chinese, and English behind it in a span of its own language. */
struct html_words {
    str chinese;
    str english;
};
void html_words(struct html *page, struct html_words words);

str html_str(const struct html *page);
