/* chart - charts as inline SVG on a page of HTML: columns over time, and bars by kind.
 *
 * Numbers in, markup out; colours are the classes s0 to s6 of the page's style. Every chart has a
 * title and a description for those who do not see it (every label with its total), axes with
 * words, and its largest values written out. Lengths are chosen so that charts fit an A4 page and a
 * telephone (they scale with the page). */
#pragma once

#include "core/base/html.h"

enum { CHART_SERIES_MAX = 7 };
#define CHART_VALUE_MAX UINT64_C(1000000000000000) /* what is more is drawn as this */

struct chart_series {
    struct html_words name; /* empty: a colour that is left out, with zeros only */
    const uint64_t *values; /* one for each column or bar */
};

struct chart {
    const char *id; /* a word, unique on the page */
    struct html_words title;
    struct html_words unit;            /* of columns: what the axis counts; or empty */
    const struct chart_series *series; /* stacked, the first at the bottom or left */
    size_t series_count;
    const struct html_words *labels; /* of the columns or bars; may be empty to leave one out */
    size_t count;                    /* of columns or bars; may be 0: a sentence says so */
    struct html_words nothing;       /* that sentence: nothing to show */
};

/* Columns from left to right. */
void chart_columns(struct html *page, const struct chart *chart);
/* Bars from top to bottom, each with its label and its total. */
void chart_bars(struct html *page, const struct chart *chart);
