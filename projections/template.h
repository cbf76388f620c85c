/* template - page descriptions: a text, which the authority can read and change, says what stands
 * where on a certificate or proof.
 *
 * Each line of a description is one item: its kind, its text in quotes, and attributes. Lengths are
 * millimetres from the top-left corner; text sizes may be points (14pt). In a text, {holder.name}
 * stands for a value, and [...] is left out when a value in it is empty; docs/templates.md is the
 * manual. An item whose text is empty in the end is not drawn.
 *
 * Items that depend on no value of the document are static: they are the same on every page of the
 * template and are drawn first. An exception are texts behind a text with a value: viewers extract
 * texts in the order of drawing, so these are drawn behind it. The program's own descriptions are
 * in projections/templates, compiled in; every certificate and proof is made from a description.
 *
 * A template is parsed once and drawn any number of times; it lives in the arena it was parsed into
 * and points to nothing outside. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/page.h"
#include "core/base/str.h"

enum {
    TEMPLATE_BYTES_MAX = 60 * 1024,
    TEMPLATE_ITEMS_MAX = 100,
    TEMPLATE_SHEET_ITEMS_MAX = 8, /* of the parts `next` and `every` together */
    TEMPLATE_CLASSES_MAX = 8,
    TEMPLATE_FEW_MAX = 10, /* certificates of two lines each */
};

enum template_kind {
    TEMPLATE_CERTIFICATE,
    TEMPLATE_CANCELLATION,
    TEMPLATE_DEPARTURE,
    TEMPLATE_KINDS,
};

/* The values a description may name; template_field_name tells how. */
enum template_field {
    FIELD_CLASS_LINE,
    FIELD_CLASS,
    FIELD_NUMBER,
    FIELD_IDENTIFIER,
    FIELD_ENTERPRISE,
    FIELD_POST,
    FIELD_FIRST_ISSUED,
    FIELD_FIRST_ISSUED_ISO,
    FIELD_VALID_FROM,
    FIELD_VALID_FROM_ISO,
    FIELD_VALID_UNTIL,
    FIELD_VALID_UNTIL_ISO,
    FIELD_ISSUED,
    FIELD_ISSUED_ISO,
    FIELD_HOLDER_NAME,
    FIELD_HOLDER_SEX,
    FIELD_HOLDER_BIRTH_MONTH,
    FIELD_HOLDER_ID_TYPE,
    FIELD_HOLDER_ID_NUMBER,
    FIELD_AUTHORITY_NAME,
    FIELD_PROOF_NUMBER,
    FIELD_PROOF_ORDERED,
    FIELD_PROOF_ORDERED_SHORT,
    FIELD_SIGNATURE_DIGEST,
    FIELD_LINE_CLASS,
    FIELD_LINE_NUMBER,
    FIELD_LINE_VALID_UNTIL,
    FIELD_LINE_ISSUED,
    FIELD_SHEET_NUMBER, /* empty on a document of one sheet */
    FIELD_SHEET_COUNT,
    TEMPLATE_FIELDS,
};

enum template_item_kind {
    ITEM_TEXT,
    ITEM_LINE,
    ITEM_RECTANGLE,
    ITEM_SEAL,
    ITEM_PHOTO,
    ITEM_QR,
    ITEM_TABLE, /* of a departure proof: the border around its rows and certificates */
    ITEM_FEW,   /* few certificates: two lines each */
    ITEM_MANY,  /* more: a line each, over as many sheets as it takes */
};

enum template_part {
    PART_PAGE,  /* the first or only sheet */
    PART_END,   /* below the last certificate: y counts from there */
    PART_NEXT,  /* every sheet but the first */
    PART_EVERY, /* every sheet */
    TEMPLATE_PARTS,
};

struct template_item {
    enum template_item_kind kind;
    enum template_part part;
    bool is_static;
    bool class_colour; /* instead of `colour`: the colour of the certificate's class */
    int32_t x_um, y_um, width_um, height_um;
    int32_t size_um, spacing_um, stroke_um;
    int32_t lines; /* of a text: 1, or 2 when it may need two */
    enum page_align align;
    enum page_weight weight;
    uint32_t colour;
    str text;
    /* of the certificates of a departure proof */
    int32_t pitch_um, leading_um; /* from certificate to certificate, from first to second line */
    int32_t below_um;             /* from the last line to the part `end` */
    int32_t after_um;             /* table: height of the part `end` */
    int32_t bottom_um, next_um;   /* the lowest end; where table or lines begin on next sheets */
    int32_t most, room;           /* few: so many at most, and never lower than for so many */
};

struct template
{
    enum template_kind kind;
    int32_t width_um, height_um;
    str title, alphabet;
    str mark;       /* what tells it from others in the page's bytes; empty: the built-in one */
    bool as_before; /* two lines are set as before decision 0146; parsing leaves it false */
    struct template_item *items;
    size_t count;
    const struct template_item *table, *few, *many; /* of a departure proof */
    struct {
        str code;
        uint32_t colour;
    } classes[TEMPLATE_CLASSES_MAX];
    size_t classes_count;
};

struct template_values {
    str field[TEMPLATE_FIELDS];
    str class_code;     /* "A", "C1": chooses the class colour */
    bytes photo_sha256; /* empty: no photo */
    str qr;
};

/* "certificate", "cancellation_proof", "departure_proof" */
const char *template_kind_name(enum template_kind kind);
bool template_kind_from_name(str name, enum template_kind *ret);

/* The description the program comes with. */
str template_built_in(enum template_kind kind);

/* Reads a description; `file` is what errors call it.
 * fails   MALFORMED MESSAGE_TEMPLATE_*: file, line, what is wrong and what to write instead */
FALLIBLE template_parse(str file, str text, struct arena *arena, struct template *ret,
                        struct error *err);

/* An empty page of the template's paper, title and alphabet. */
void template_open(const struct template *template, struct page *ret);

/* Draws the items of a part, moved down by `down_um`; on sheets behind the first none is static.
 * fails   INVALID MESSAGE_TEMPLATE_TEXT_LONG */
struct template_place {
    enum template_part part;
    int32_t down_um;
    bool variable_only;
};
FALLIBLE template_draw(const struct template *template, struct template_place place,
                       const struct template_values *values, struct arena *arena, struct page *page,
                       struct error *err);

/* The text with its values, letters and their marks joined. fails as template_draw */
FALLIBLE template_fill(str text, const struct template_values *values, struct arena *arena,
                       str *ret, struct error *err);

/* How a description names a field, without braces; and the field of a name on pages of that kind.
 */
const char *template_field_name(enum template_field field);
bool template_field_find(str name, enum template_kind kind, enum template_field *ret);
/* Is it the same on every document of an authority? */
bool template_field_is_static(enum template_field field);
/* Is it one of each certificate of a departure? */
bool template_field_is_of_a_line(enum template_field field);
/* Cuts the next piece off a text: a literal, a field, or the border of an optional part. Returns
 * false at its end and, with `ret_good` false, at a brace or bracket that has no partner. */
enum template_piece_kind { PIECE_LITERAL, PIECE_FIELD, PIECE_OPEN, PIECE_CLOSE };
struct template_piece {
    enum template_piece_kind kind;
    str text;
};
bool template_next_piece(str *rest, struct template_piece *ret, bool *ret_good);
