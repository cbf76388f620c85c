/* template_check - validates a page description: its texts can be filled, its items lie on the
 * paper, and it has everything that a document of its kind must show. */
#include <string.h>

#include "projections/messages.h"
#include "projections/template_parts.h"

enum { LITERAL_BYTES_MAX = 600, LINES_ON_NEXT_MIN = 10, SEAL_UM_MIN = 10000, QR_UM_MIN = 15000 };

const char *template_kind_name(enum template_kind kind)
{
    switch (kind) {
    case TEMPLATE_CERTIFICATE: return "certificate";
    case TEMPLATE_CANCELLATION: return "cancellation_proof";
    case TEMPLATE_DEPARTURE: return "departure_proof";
    case TEMPLATE_KINDS: break;
    }
    return "";
}

bool template_kind_from_name(str name, enum template_kind *ret)
{
    for (int i = 0; i < TEMPLATE_KINDS; i++) {
        if (str_equal_c(name, template_kind_name((enum template_kind)i))) {
            *ret = (enum template_kind)i;
            return true;
        }
    }
    return false;
}

/* Made by the Makefile from projections/templates. */
extern const unsigned char page_description_certificate[];
extern const unsigned long page_description_certificate_size;
extern const unsigned char page_description_cancellation_proof[];
extern const unsigned long page_description_cancellation_proof_size;
extern const unsigned char page_description_departure_proof[];
extern const unsigned long page_description_departure_proof_size;

str template_built_in(enum template_kind kind)
{
    const void *data = page_description_departure_proof;
    size_t size = page_description_departure_proof_size;
    if (kind == TEMPLATE_CERTIFICATE) {
        data = page_description_certificate;
        size = page_description_certificate_size;
    } else if (kind == TEMPLATE_CANCELLATION) {
        data = page_description_cancellation_proof;
        size = page_description_cancellation_proof_size;
    }
    str text = {0};
    BUG_UNLESS(str_from_bytes(bytes_of(data, size), &text));
    return text;
}

static bool is_of_certificates(enum template_item_kind kind)
{
    return kind == ITEM_FEW || kind == ITEM_MANY;
}

/* Braces, brackets, fields; `ret_static` when every field in it is. */
static FALLIBLE check_text(const struct template_reader *reader, const struct template_item *item,
                           const char *name, bool *ret_static, struct error *err)
{
    str text = item->text;
    struct template_piece piece = {0};
    bool good = true, open = false;
    *ret_static = true;
    for (str rest = text; template_next_piece(&rest, &piece, &good);) {
        if (piece.kind == PIECE_OPEN || piece.kind == PIECE_CLOSE) {
            good = open == (piece.kind == PIECE_CLOSE);
            open = piece.kind == PIECE_OPEN;
        } else if (piece.kind == PIECE_FIELD) {
            enum template_field field = 0;
            if (!template_field_find(piece.text, reader->template->kind, &field)) {
                FAIL(MALFORMED, MESSAGE_TEMPLATE_FIELD, ARG_STR("file", reader->file),
                     ARG_INT("line", reader->line), ARG_STR("field", piece.text),
                     ARG_TEXT("kind", template_kind_name(reader->template->kind)));
            }
            if (template_field_is_of_a_line(field) && !is_of_certificates(item->kind)) {
                FAIL(MALFORMED, MESSAGE_TEMPLATE_FIELD, ARG_STR("file", reader->file),
                     ARG_INT("line", reader->line), ARG_STR("field", piece.text),
                     ARG_TEXT("kind", name));
            }
            *ret_static &= template_field_is_static(field);
        }
        if (!good) {
            break;
        }
    }
    if (!good || open || text.size > LITERAL_BYTES_MAX) {
        FAIL(MALFORMED, MESSAGE_TEMPLATE_BRACKET, ARG_STR("file", reader->file),
             ARG_INT("line", reader->line), ARG_INT("most", LITERAL_BYTES_MAX));
    }
    return OK;
}

static bool within(int32_t from, int32_t length, int32_t most)
{
    int32_t to = from + length;
    return from >= 0 && from <= most && to >= 0 && to <= most;
}

/* A text stands by its anchor alone: whether its end fits is told by drawing a specimen. */
static bool on_paper(const struct template *template, const struct template_item *item)
{
    int32_t width = item->kind == ITEM_TEXT ? 0 : item->width_um;
    return within(item->x_um, width, template->width_um) &&
           within(item->y_um, item->height_um, template->height_um);
}

static FALLIBLE outside(const struct template_reader *reader, const char *name, struct error *err)
{
    FAIL(MALFORMED, MESSAGE_TEMPLATE_OUTSIDE, ARG_STR("file", reader->file),
         ARG_INT("line", reader->line), ARG_TEXT("item", name),
         ARG_INT("width", reader->template->width_um / 1000),
         ARG_INT("height", reader->template->height_um / 1000));
}

/* What boxes may measure; a line alone goes left and up. */
static bool sensible(const struct template_item *item)
{
    bool positive = item->width_um >= 0 && item->height_um >= 0;
    switch (item->kind) {
    case ITEM_TEXT: return positive && item->lines <= 2 && (item->lines == 1 || item->width_um > 0);
    case ITEM_LINE: return item->stroke_um > 0;
    case ITEM_RECTANGLE: return positive && item->stroke_um >= 0;
    case ITEM_SEAL: return item->width_um >= SEAL_UM_MIN;
    case ITEM_QR: return item->width_um >= QR_UM_MIN && item->height_um == item->width_um;
    case ITEM_PHOTO: return item->width_um > 0 && item->height_um > 0;
    case ITEM_TABLE: return item->width_um > 0 && item->stroke_um > 0 && item->after_um > 0;
    case ITEM_FEW:
    case ITEM_MANY:
        return item->width_um > 0 && item->pitch_um > 0 && item->leading_um >= 0 &&
               item->below_um >= 0;
    }
    return false;
}

static size_t count_sheet_items(const struct template *template)
{
    size_t count = 0;
    for (size_t i = 0; i < template->count; i++) {
        enum template_part part = template->items[i].part;
        count += part == PART_NEXT || part == PART_EVERY;
    }
    return count;
}

FALLIBLE template_add(struct template_reader *reader, struct template_item *item, const char *name,
                      struct error *err)
{
    struct template *template = reader->template;
    bool is_static = true;
    bool per_sheet = item->part == PART_NEXT || item->part == PART_EVERY;
    if (template->count == TEMPLATE_ITEMS_MAX ||
        (per_sheet && count_sheet_items(template) == TEMPLATE_SHEET_ITEMS_MAX)) {
        FAIL(MALFORMED, MESSAGE_TEMPLATE_TOO_MANY, ARG_STR("file", reader->file),
             ARG_INT("line", reader->line), ARG_INT("most", TEMPLATE_ITEMS_MAX),
             ARG_INT("most_of_sheets", TEMPLATE_SHEET_ITEMS_MAX));
    }
    TRY(check_text(reader, item, name, &is_static, err));
    bool is_text = item->kind == ITEM_TEXT;
    item->is_static = is_static && !per_sheet && !item->class_colour && item->kind != ITEM_PHOTO &&
                      item->kind != ITEM_QR && !(is_text && reader->values_begun);
    reader->values_begun |= is_text && !is_static;
    if (!on_paper(template, item)) {
        return outside(reader, name, err);
    }
    if (!sensible(item)) {
        FAIL(MALFORMED, MESSAGE_TEMPLATE_MEASURE, ARG_STR("file", reader->file),
             ARG_INT("line", reader->line), ARG_TEXT("item", name));
    }
    template->items[template->count++] = *item;
    return OK;
}

/* --- the whole -----------------------------------------------------------------------------------
 */

static FALLIBLE lacks(const struct template_reader *reader, const char *what, struct error *err)
{
    FAIL(MALFORMED, MESSAGE_TEMPLATE_MUST_SHOW, ARG_STR("file", reader->file),
         ARG_TEXT("kind", template_kind_name(reader->template->kind)), ARG_TEXT("what", what));
}

static bool item_shows(const struct template_item *item, enum template_kind kind,
                       enum template_field field)
{
    struct template_piece piece = {0};
    enum template_field found = 0;
    bool good = true;
    for (str rest = item->text; template_next_piece(&rest, &piece, &good);) {
        if (piece.kind == PIECE_FIELD && template_field_find(piece.text, kind, &found) &&
            found == field) {
            return true;
        }
    }
    return false;
}

/* On every document of the kind: not all have a second sheet, and few certificates or many. */
static bool shows(const struct template *template, enum template_field field)
{
    bool always = false, few = false, many = false;
    for (size_t i = 0; i < template->count; i++) {
        const struct template_item *item = &template->items[i];
        if (item_shows(item, template->kind, field)) {
            few = few || item->kind == ITEM_FEW;
            many = many || item->kind == ITEM_MANY;
            always = always || (!is_of_certificates(item->kind) && item->part != PART_NEXT);
        }
    }
    return always || (few && many);
}

static bool has(const struct template *template, enum template_item_kind kind)
{
    bool found = false;
    for (size_t i = 0; i < template->count; i++) {
        found = found || template->items[i].kind == kind;
    }
    return found;
}

/* The only item of that kind; NULL when there is none or more than one. */
static const struct template_item *only(const struct template *template,
                                        enum template_item_kind kind)
{
    const struct template_item *found = NULL;
    for (size_t i = 0; i < template->count; i++) {
        if (template->items[i].kind == kind) {
            if (found != NULL) {
                return NULL;
            }
            found = &template->items[i];
        }
    }
    return found;
}

/* Room for the certificates: on every sheet behind the first at least ten, beside the end too; the
 * few on the first. */
static FALLIBLE check_departure(struct template_reader *reader, struct error *err)
{
    struct template *template = reader->template;
    template->table = only(template, ITEM_TABLE);
    template->few = only(template, ITEM_FEW);
    template->many = only(template, ITEM_MANY);
    if (template->table == NULL || template->few == NULL || template->many == NULL) {
        return lacks(reader, "table, few, many", err);
    }
    const struct template_item *table = template->table, *few = template->few,
                               *many = template->many;
    int32_t room = few->most > few->room ? few->most : few->room;
    int32_t few_end = few->y_um + (room - 1) * few->pitch_um + few->leading_um + few->below_um;
    int32_t after = table->bottom_um - table->after_um;
    int32_t end = after - many->below_um;
    if (table->bottom_um > template->height_um || table->next_um < 0 || many->next_um < 0 ||
        many->y_um > end || few_end > after ||
        (end - many->next_um) / many->pitch_um < LINES_ON_NEXT_MIN) {
        FAIL(MALFORMED, MESSAGE_TEMPLATE_ROOM, ARG_STR("file", reader->file));
    }
    return OK;
}

FALLIBLE template_check(struct template_reader *reader, struct error *err)
{
    static const enum template_field certificate[] = {
        FIELD_NUMBER,
        FIELD_HOLDER_NAME,
        FIELD_ENTERPRISE,
        FIELD_AUTHORITY_NAME,
    };
    static const enum template_field cancellation[] = {
        FIELD_NUMBER,     FIELD_HOLDER_NAME,    FIELD_HOLDER_ID_NUMBER,
        FIELD_ENTERPRISE, FIELD_AUTHORITY_NAME,
    };
    static const enum template_field departure[] = {
        FIELD_LINE_NUMBER, FIELD_HOLDER_NAME,    FIELD_HOLDER_ID_NUMBER,
        FIELD_ENTERPRISE,  FIELD_AUTHORITY_NAME,
    };
    struct template *template = reader->template;
    bool is_certificate = template->kind == TEMPLATE_CERTIFICATE;
    const enum template_field *fields = is_certificate                            ? certificate
                                        : template->kind == TEMPLATE_CANCELLATION ? cancellation
                                                                                  : departure;
    if (template->kind == TEMPLATE_KINDS || template->title.size == 0) {
        return lacks(reader, "kind, title", err);
    }
    for (size_t i = 0; i < (is_certificate ? 4U : 5U); i++) {
        if (!shows(template, fields[i])) {
            return lacks(reader, template_field_name(fields[i]), err);
        }
    }
    if (is_certificate && !shows(template, FIELD_VALID_UNTIL) &&
        !shows(template, FIELD_VALID_UNTIL_ISO)) {
        return lacks(reader, template_field_name(FIELD_VALID_UNTIL), err);
    }
    const struct template_item *seal = only(template, ITEM_SEAL);
    if (seal == NULL || seal->part == PART_NEXT ||
        (is_certificate && only(template, ITEM_QR) == NULL)) {
        return lacks(reader, is_certificate ? "one seal, one qr" : "one seal", err);
    }
    if (!is_certificate && (has(template, ITEM_PHOTO) || has(template, ITEM_QR))) {
        return lacks(reader, "-photo, -qr", err); /* a proof has neither */
    }
    bool flows = template->kind == TEMPLATE_DEPARTURE;
    if (!flows &&
        (has(template, ITEM_TABLE) || has(template, ITEM_FEW) || has(template, ITEM_MANY))) {
        return lacks(reader, "-table, -few, -many", err);
    }
    return flows ? check_departure(reader, err) : OK;
}
