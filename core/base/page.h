/* page - a printed page as data: what stands where, and nothing about how it is drawn.
 *
 * Lengths are int32_t micrometres from the top-left corner of the sheet; colours are 0xRRGGBB. Text
 * stands on its baseline `y_um`. Items are drawn in order, static ones first. Static items (labels,
 * frame, seal) are the same on every page of a template and are drawn once per template; variable
 * items belong to this page. A page that needs more than one sheet says where the next one begins;
 * static items stand on the first.
 *
 * page_bytes() gives the canonical bytes of a page. Equal bytes mean an equal picture; their
 * SHA-256 decides whether a document is rendered again; a render worker receives them. */
#pragma once

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

enum {
    PAGE_A4_WIDTH_UM = 210000,
    PAGE_A4_HEIGHT_UM = 297000,
    PAGE_ITEMS_MAX = 3000, /* a departure proof of 1 000 certificates, whatever its description */
    PAGE_TEXT_SIZE_MAX = 1000, /* bytes of one item's text */
    PAGE_LENGTH_UM_MAX = 1000000,
    PAGE_DIGEST_SIZE = 32,
};

enum page_kind {
    PAGE_TEXT = 1,  /* one line of text */
    PAGE_LINE,      /* from (x, y) to (x + width, y + height) */
    PAGE_RECTANGLE, /* stroked when size_um > 0, else filled */
    PAGE_IMAGE,     /* the JPEG of that digest, filling the box */
    PAGE_QR,        /* `text` as a QR code in the box, quiet zone included */
    PAGE_SEAL,      /* a round official seal in the box, `text` along its rim */
    PAGE_SHEET,     /* what follows stands on the next sheet; variable only, as all behind it */
};

enum page_layer { PAGE_STATIC = 1, PAGE_VARIABLE };
enum page_align { PAGE_LEFT = 1, PAGE_CENTRE, PAGE_RIGHT };
enum page_weight { PAGE_REGULAR = 1, PAGE_BOLD };

struct page_item {
    enum page_kind kind;
    enum page_layer layer;
    enum page_align align;   /* text: x_um is the left end, the middle or the right end */
    enum page_weight weight; /* text */
    int32_t x_um, y_um;
    int32_t width_um; /* text: never wider than this, the size shrinks (0: no limit) */
    int32_t height_um;
    int32_t size_um;    /* text: em; line and rectangle: stroke width */
    int32_t spacing_um; /* text: added behind every character */
    uint32_t colour;
    str text;                         /* text, QR, seal */
    uint8_t digest[PAGE_DIGEST_SIZE]; /* image */
};

struct page {
    int32_t width_um, height_um;
    str title;          /* of the document: "安全生产考核合格证书" */
    str number;         /* certificate number or proof id; goes into the metadata */
    str identifier;     /* 证照标识, or empty */
    str language;       /* "zh-CN" */
    int64_t created_us; /* from the event the page shows, never from a clock */
    str mark;           /* tells its page description from others; empty: the program's own */
    bool as_before;     /* two lines are set as before decision 0146; no part of the bytes */
    str alphabet; /* characters that variable texts of the template often use; part of the template
                   */
    struct page_item *items;
    size_t count;
    size_t capacity;
};

/* An empty A4 page with language zh-CN. */
void page_init(struct page *page);
/* Adds a zeroed item (regular, left, black); more than PAGE_ITEMS_MAX is a BUG. Valid until the
 * next page_add. */
struct page_item *page_add(struct page *page, enum page_kind kind, enum page_layer layer,
                           struct arena *arena);

/* Width of a text in half ems, wide characters counting 2: enough to decide on line breaks and
 * sizes without a font. */
int32_t page_text_half_ems(str text);

/* What its QR code says; empty without one. */
str page_code(const struct page *page);

/* Canonical bytes; the static part alone (what makes a template); and the inverse of the first.
 * fails   CORRUPT MESSAGE_BAD_RECORD when the bytes are no page: kind, limits, UTF-8, order, size
 */
bytes page_bytes(const struct page *page, struct arena *arena);
bytes page_template_bytes(const struct page *page, struct arena *arena);
FALLIBLE page_parse(bytes b, struct arena *arena, struct page *ret, struct error *err);
