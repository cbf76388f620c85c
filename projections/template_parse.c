/* template_parse - page descriptions read: every line checked where it stands. What a page of a
 * kind must show is in template_check.c. */
#include <string.h>

#include "projections/messages.h"
#include "projections/template_parts.h"

enum { UM_PER_MM = 1000, NM_PER_POINT = 352778, SIZE_UM_MIN = 500, SIZE_UM_MAX = 60000 };

/* --- words ---------------------------------------------------------------------------------------
 */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The next word: up to a blank, or up to the quote that ends it; `ret_quoted` tells which. */
static FALLIBLE next_word(struct template_reader *reader, str *ret, bool *ret_quoted,
                          struct error *err)
{
    str *rest = &reader->rest;
    while (rest->size > 0 && is_blank(rest->data[0])) {
        *rest = str_from(*rest, 1);
    }
    *ret_quoted = rest->size > 0 && rest->data[0] == '"';
    size_t size = 0;
    if (*ret_quoted) {
        *rest = str_from(*rest, 1);
        size = str_find_byte(*rest, '"');
        if (size == rest->size || size > PAGE_TEXT_SIZE_MAX) {
            FAIL(MALFORMED, MESSAGE_TEMPLATE_QUOTE, ARG_STR("file", reader->file),
                 ARG_INT("line", reader->line), ARG_INT("most", PAGE_TEXT_SIZE_MAX));
        }
    }
    while (!*ret_quoted && size < rest->size && !is_blank(rest->data[size])) {
        size++;
    }
    *ret = str_first(*rest, size);
    *rest = str_from(*rest, *ret_quoted ? size + 1 : size);
    return OK;
}

static FALLIBLE bad_value(const struct template_reader *reader, str name, str value,
                          const char *expected, struct error *err)
{
    FAIL(MALFORMED, MESSAGE_TEMPLATE_VALUE, ARG_STR("file", reader->file),
         ARG_INT("line", reader->line), ARG_STR("attribute", name), ARG_STR("value", value),
         ARG_TEXT("expected", expected));
}

/* --- values --------------------------------------------------------------------------------------
 */

/* A decimal of at most three places, in thousandths. */
static bool read_thousandths(str text, int64_t *ret)
{
    bool negative = str_starts_with(text, STR("-"));
    str rest = negative ? str_from(text, 1) : text;
    str whole = str_cut(&rest, '.');
    uint64_t number = 0, places = 0;
    if (!str_to_uint64(whole, &number) || number > PAGE_LENGTH_UM_MAX / UM_PER_MM ||
        (rest.data != NULL && (rest.size > 3 || !str_to_uint64(rest, &places)))) {
        return false;
    }
    for (size_t i = rest.data != NULL ? rest.size : 3; i < 3; i++) {
        places *= 10;
    }
    *ret = (int64_t)(number * UM_PER_MM + places) * (negative ? -1 : 1);
    return true;
}

static bool read_length(str text, int32_t *ret)
{
    int64_t value = 0;
    bool points = str_ends_with(text, STR("pt"));
    if (!read_thousandths(points ? str_first(text, text.size - 2) : text, &value)) {
        return false;
    }
    *ret = (int32_t)(points ? (value * NM_PER_POINT / 1000 + 500) / 1000 : value);
    return *ret >= -PAGE_LENGTH_UM_MAX && *ret <= PAGE_LENGTH_UM_MAX;
}

static bool read_colour(str text, uint32_t *ret)
{
    uint32_t value = 0;
    if (text.size != 7 || text.data[0] != '#') {
        return false;
    }
    for (size_t i = 1; i < text.size; i++) {
        char c = text.data[i];
        if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
            return false;
        }
        value = value << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    *ret = value;
    return true;
}

/* --- attributes ----------------------------------------------------------------------------------
 */

enum value_type { LENGTH, SIZE, COUNT, COLOUR, ALIGN, WEIGHT };
enum {
    TEXT = 1 << ITEM_TEXT,
    LINE = 1 << ITEM_LINE,
    RECTANGLE = 1 << ITEM_RECTANGLE,
    SEAL = 1 << ITEM_SEAL,
    PHOTO = 1 << ITEM_PHOTO,
    QR = 1 << ITEM_QR,
    TABLE = 1 << ITEM_TABLE,
    FEW = 1 << ITEM_FEW,
    MANY = 1 << ITEM_MANY,
    EVERY_ITEM = TEXT | LINE | RECTANGLE | SEAL | PHOTO | QR | TABLE | FEW | MANY,
    BOXES = RECTANGLE | SEAL | PHOTO | QR,
};

/* Which items may have an attribute, which must, and where it goes. */
static const struct attribute {
    const char *name;
    enum value_type type;
    unsigned may, must;
    size_t offset;
} attributes[] = {
#define AT(field) offsetof(struct template_item, field)
    {"x", LENGTH, EVERY_ITEM, EVERY_ITEM, AT(x_um)},
    {"y", LENGTH, EVERY_ITEM, EVERY_ITEM, AT(y_um)},
    {"width", LENGTH, EVERY_ITEM, BOXES | TABLE | FEW | MANY, AT(width_um)},
    {"height", LENGTH, LINE | BOXES, RECTANGLE | PHOTO | QR, AT(height_um)},
    {"size", SIZE, TEXT | FEW | MANY, TEXT | FEW | MANY, AT(size_um)},
    {"spacing", LENGTH, TEXT, 0, AT(spacing_um)},
    {"stroke", LENGTH, LINE | RECTANGLE | TABLE, LINE | TABLE, AT(stroke_um)},
    {"lines", COUNT, TEXT, 0, AT(lines)},
    {"align", ALIGN, TEXT, 0, AT(align)},
    {"weight", WEIGHT, TEXT, 0, AT(weight)},
    {"colour", COLOUR, TEXT | LINE | RECTANGLE | SEAL | TABLE | FEW | MANY, 0, AT(colour)},
    {"pitch", LENGTH, FEW | MANY, FEW | MANY, AT(pitch_um)},
    {"leading", LENGTH, FEW, FEW, AT(leading_um)},
    {"most", COUNT, FEW, FEW, AT(most)},
    {"room", COUNT, FEW, 0, AT(room)},
    {"below", LENGTH, FEW | MANY, FEW | MANY, AT(below_um)},
    {"after", LENGTH, TABLE, TABLE, AT(after_um)},
    {"bottom", LENGTH, TABLE, TABLE, AT(bottom_um)},
    {"next", LENGTH, TABLE | MANY, TABLE | MANY, AT(next_um)},
#undef AT
};
enum { ATTRIBUTES = sizeof attributes / sizeof *attributes };

static const char *const item_names[] = {
    [ITEM_TEXT] = "text",   [ITEM_LINE] = "line",   [ITEM_RECTANGLE] = "rectangle",
    [ITEM_SEAL] = "seal",   [ITEM_PHOTO] = "photo", [ITEM_QR] = "qr",
    [ITEM_TABLE] = "table", [ITEM_FEW] = "few",     [ITEM_MANY] = "many",
};
enum { ITEM_KINDS = sizeof item_names / sizeof *item_names };

static FALLIBLE set_number(const struct template_reader *reader, const struct attribute *attribute,
                           str value, int32_t *field, struct error *err)
{
    str name = str_of(attribute->name);
    uint64_t count = 0;
    if (attribute->type == COUNT) {
        if (!str_to_uint64(value, &count) || count < 1 || count > TEMPLATE_FEW_MAX) {
            return bad_value(reader, name, value, "1 - 10", err);
        }
        *field = (int32_t)count;
        return OK;
    }
    if (!read_length(value, field)) {
        return bad_value(reader, name, value, "12.5 (mm), 14pt", err);
    }
    if (attribute->type == SIZE && (*field < SIZE_UM_MIN || *field > SIZE_UM_MAX)) {
        return bad_value(reader, name, value, "2pt - 170pt", err);
    }
    return OK;
}

static FALLIBLE set_attribute(const struct template_reader *reader,
                              const struct attribute *attribute, str value,
                              struct template_item *item, struct error *err)
{
    char *field = (char *)item + attribute->offset;
    str name = str_of(attribute->name);
    switch (attribute->type) {
    case COLOUR:
        item->class_colour = str_equal(value, STR("class"));
        if (!item->class_colour && !read_colour(value, &item->colour)) {
            return bad_value(reader, name, value, "#a3843f, class", err);
        }
        return OK;
    case ALIGN:
        item->align = str_equal(value, STR("left"))     ? PAGE_LEFT
                      : str_equal(value, STR("centre")) ? PAGE_CENTRE
                      : str_equal(value, STR("right"))  ? PAGE_RIGHT
                                                        : 0;
        return item->align != 0 ? OK : bad_value(reader, name, value, "left, centre, right", err);
    case WEIGHT:
        item->weight = str_equal(value, STR("bold"))      ? PAGE_BOLD
                       : str_equal(value, STR("regular")) ? PAGE_REGULAR
                                                          : 0;
        return item->weight != 0 ? OK : bad_value(reader, name, value, "regular, bold", err);
    case LENGTH:
    case SIZE:
    case COUNT: return set_number(reader, attribute, value, (int32_t *)(void *)field, err);
    }
    return OK;
}

static FALLIBLE read_attribute(const struct template_reader *reader, str word, unsigned *given,
                               struct template_item *item, struct error *err)
{
    str value = word;
    str name = str_cut(&value, '=');
    for (unsigned i = 0; i < ATTRIBUTES; i++) {
        if (str_equal_c(name, attributes[i].name) &&
            (attributes[i].may & (1U << item->kind)) != 0 && value.data != NULL &&
            (*given & (1U << i)) == 0) {
            *given |= 1U << i;
            return set_attribute(reader, &attributes[i], value, item, err);
        }
    }
    FAIL(MALFORMED, MESSAGE_TEMPLATE_ATTRIBUTE, ARG_STR("file", reader->file),
         ARG_INT("line", reader->line), ARG_STR("word", word),
         ARG_TEXT("item", item_names[item->kind]));
}

static FALLIBLE missing(const struct template_reader *reader, const char *item, const char *what,
                        struct error *err)
{
    FAIL(MALFORMED, MESSAGE_TEMPLATE_LACKS, ARG_STR("file", reader->file),
         ARG_INT("line", reader->line), ARG_TEXT("item", item), ARG_TEXT("what", what));
}

static FALLIBLE read_item(struct template_reader *reader, enum template_item_kind kind,
                          struct error *err)
{
    struct template_item item = {
        .kind = kind, .part = reader->part, .lines = 1, .align = PAGE_LEFT, .weight = PAGE_REGULAR};
    unsigned given = 0;
    bool wants = ((TEXT | SEAL | FEW | MANY) & (1U << kind)) != 0;
    bool quoted = false, texted = false;
    str word = {0};
    item.colour = kind == ITEM_SEAL ? 0xd0161b : 0x1a1a1a;
    TRY(next_word(reader, &word, &quoted, err));
    while (quoted || word.size > 0) {
        if (quoted && wants && !texted) {
            item.text = word;
            texted = true;
        } else {
            TRY(read_attribute(reader, word, &given, &item, err));
        }
        TRY(next_word(reader, &word, &quoted, err));
    }
    for (unsigned i = 0; i < ATTRIBUTES; i++) {
        if ((attributes[i].must & (1U << kind)) != 0 && (given & (1U << i)) == 0) {
            return missing(reader, item_names[kind], attributes[i].name, err);
        }
    }
    if (kind == ITEM_SEAL) {
        item.height_um = item.width_um;
    }
    if (wants && (!texted || item.text.size == 0)) {
        return missing(reader, item_names[kind], "\"...\"", err);
    }
    return template_add(reader, &item, item_names[kind], err);
}

/* --- lines ---------------------------------------------------------------------------------------
 */

/* One word behind a name, and nothing else. */
static FALLIBLE read_only_word(struct template_reader *reader, const char *name, bool quoted,
                               str *ret, struct error *err)
{
    bool was_quoted = false, more_quoted = false;
    str more = {0};
    TRY(next_word(reader, ret, &was_quoted, err));
    TRY(next_word(reader, &more, &more_quoted, err));
    if (ret->size == 0 || was_quoted != quoted || more.size > 0 || more_quoted) {
        return bad_value(reader, str_of(name), *ret, quoted ? "one \"...\"" : "one word", err);
    }
    return OK;
}

static FALLIBLE read_part(struct template_reader *reader, struct error *err)
{
    static const char *const names[TEMPLATE_PARTS] = {"page", "end", "next", "every"};
    str name = {0};
    TRY(read_only_word(reader, "part", false, &name, err));
    for (int i = 0; i < TEMPLATE_PARTS; i++) {
        if (str_equal_c(name, names[i]) &&
            (i == PART_PAGE || reader->template->kind == TEMPLATE_DEPARTURE)) {
            reader->part = (enum template_part)i;
            return OK;
        }
    }
    return bad_value(
        reader, STR("part"), name,
        reader->template->kind == TEMPLATE_DEPARTURE ? "page, end, next, every" : "page", err);
}

static FALLIBLE read_paper(struct template_reader *reader, struct error *err)
{
    str name = {0};
    struct template *template = reader->template;
    TRY(read_only_word(reader, "paper", false, &name, err));
    bool landscape = str_equal(name, STR("a4-landscape"));
    if (reader->template->count > 0 || (!landscape && !str_equal(name, STR("a4")))) {
        return bad_value(reader, STR("paper"), name, "a4, a4-landscape", err);
    }
    template->width_um = landscape ? PAGE_A4_HEIGHT_UM : PAGE_A4_WIDTH_UM;
    template->height_um = landscape ? PAGE_A4_WIDTH_UM : PAGE_A4_HEIGHT_UM;
    return OK;
}

/* class A=#1f4e79 B=#...: colours for colour=class */
static FALLIBLE read_classes(struct template_reader *reader, struct error *err)
{
    struct template *template = reader->template;
    bool quoted = false;
    str word = {0};
    TRY(next_word(reader, &word, &quoted, err));
    while (word.size > 0) {
        str value = word;
        str code = str_cut(&value, '=');
        uint32_t colour = 0;
        if (template->classes_count == TEMPLATE_CLASSES_MAX || value.data == NULL ||
            !read_colour(value, &colour)) {
            return bad_value(reader, STR("class"), word, "A=#1f4e79", err);
        }
        template->classes[template->classes_count].code = code;
        template->classes[template->classes_count++].colour = colour;
        TRY(next_word(reader, &word, &quoted, err));
    }
    return OK;
}

static FALLIBLE read_kind(struct template_reader *reader, struct error *err)
{
    str name = {0};
    TRY(read_only_word(reader, "kind", false, &name, err));
    if (!template_kind_from_name(name, &reader->template->kind)) {
        return bad_value(reader, STR("kind"), name,
                         "certificate, cancellation_proof, departure_proof", err);
    }
    return OK;
}

/* The title goes into metadata, which are XML 1.0: what that does not know is nowhere. */
static FALLIBLE check_characters(const struct template_reader *reader, struct error *err)
{
    for (str rest = reader->rest; rest.size > 0;) {
        uint32_t c = str_next(&rest);
        if ((c < 0x20 && c != '\t') || (c >= 0x7f && c < 0xa0) || c == 0xfffe || c == 0xffff) {
            FAIL(MALFORMED, MESSAGE_TEMPLATE_CHARACTER, ARG_STR("file", reader->file),
                 ARG_INT("line", reader->line), ARG_INT("character", c));
        }
    }
    return OK;
}

static FALLIBLE read_line(struct template_reader *reader, struct error *err)
{
    bool quoted = false;
    str word = {0};
    TRY(check_characters(reader, err));
    TRY(next_word(reader, &word, &quoted, err));
    if (word.size == 0 || word.data[0] == '#') {
        return OK;
    }
    if (reader->template->kind == TEMPLATE_KINDS) { /* before anything else */
        if (!str_equal(word, STR("kind"))) {
            return missing(reader, "anzheng-page 1", "kind", err);
        }
        return read_kind(reader, err);
    }
    if (str_equal(word, STR("title"))) {
        return read_only_word(reader, "title", true, &reader->template->title, err);
    }
    if (str_equal(word, STR("alphabet"))) {
        return read_only_word(reader, "alphabet", true, &reader->template->alphabet, err);
    }
    if (str_equal(word, STR("paper"))) {
        return read_paper(reader, err);
    }
    if (str_equal(word, STR("part"))) {
        return read_part(reader, err);
    }
    if (str_equal(word, STR("class"))) {
        return read_classes(reader, err);
    }
    for (int i = 0; i < ITEM_KINDS; i++) {
        if (str_equal_c(word, item_names[i])) {
            return read_item(reader, (enum template_item_kind)i, err);
        }
    }
    FAIL(MALFORMED, MESSAGE_TEMPLATE_LINE, ARG_STR("file", reader->file),
         ARG_INT("line", reader->line), ARG_STR("word", word));
}

/* The characters of literal texts join the alphabet: those behind a value are drawn with each
 * document, and many documents use them. */
static void extend_alphabet(struct template *template, struct arena *arena)
{
    char *alphabet = arena_new(arena, PAGE_TEXT_SIZE_MAX);
    size_t size = template->alphabet.size;
    if (size > 0) {
        memcpy(alphabet, template->alphabet.data, size);
    }
    for (size_t i = 0; i < template->count; i++) {
        struct template_piece piece = {0};
        bool good = true;
        for (str rest = template->items[i].text; template_next_piece(&rest, &piece, &good);) {
            str literal = piece.kind == PIECE_LITERAL ? piece.text : (str){0};
            while (literal.size > 0) {
                str from = literal;
                (void)str_next(&literal); /* only to pass it */
                str one = str_first(from, from.size - literal.size);
                if (memmem(alphabet, size, one.data, one.size) == NULL &&
                    one.size <= PAGE_TEXT_SIZE_MAX - size) {
                    memcpy(alphabet + size, one.data, one.size);
                    size += one.size;
                }
            }
        }
    }
    template->alphabet = (str){alphabet, size};
}

FALLIBLE template_parse(str file, str text, struct arena *arena, struct template *ret,
                        struct error *err)
{
    struct template template = {
        .kind = TEMPLATE_KINDS, .width_um = PAGE_A4_WIDTH_UM, .height_um = PAGE_A4_HEIGHT_UM};
    struct template_reader reader = {.file = file, .line = 1, .template = &template};
    template.items = ARENA_ARRAY(arena, struct template_item, TEMPLATE_ITEMS_MAX);
    str rest = arena_str(arena, text);
    reader.rest = str_trim(str_cut(&rest, '\n'));
    if (text.size > TEMPLATE_BYTES_MAX || !str_equal(reader.rest, STR("anzheng-page 1"))) {
        FAIL(MALFORMED, MESSAGE_TEMPLATE_HEAD, ARG_STR("file", file),
             ARG_INT("most", TEMPLATE_BYTES_MAX));
    }
    while (rest.data != NULL) {
        reader.line++;
        reader.rest = str_trim(str_cut(&rest, '\n'));
        TRY(read_line(&reader, err));
    }
    TRY(template_check(&reader, err));
    extend_alphabet(&template, arena);
    *ret = template;
    return OK;
}
