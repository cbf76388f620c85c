/* html - a page of HTML put together in memory: what is text is escaped by construction.
 *
 * The page is well-formed XML, too. Markup comes from literals alone (HTML), everything else
 * through the functions below. A page lives in an arena and grows there: what it has outgrown stays
 * in the arena, up to its own size again. */
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

/* Markup as it is written in the program: HTML(page, "<p>"); no other than a literal compiles. */
#define HTML(page, literal) html_markup((page), "" literal, sizeof literal - 1)
void html_markup(struct html *page, const char *literal, size_t size);

/* Text, between tags or in a quoted attribute: & < > " and control characters escaped. */
void html_text(struct html *page, str text);
void html_c_text(struct html *page, const char *text);
/* With a comma between thousands; and without (attributes). */
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
