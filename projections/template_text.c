/* template_text - the fields of page descriptions, and texts filled with their values. */
#include <string.h>

#include "core/base/unicode.h"
#include "projections/messages.h"
#include "projections/template.h"

enum {
    ON_CERTIFICATE = 1 << TEMPLATE_CERTIFICATE,
    ON_CANCELLATION = 1 << TEMPLATE_CANCELLATION,
    ON_DEPARTURE = 1 << TEMPLATE_DEPARTURE,
    ON_PROOFS = ON_CANCELLATION | ON_DEPARTURE,
    ON_ALL = ON_CERTIFICATE | ON_PROOFS,
};

static const struct {
    const char *name;
    unsigned kinds;
} fields[TEMPLATE_FIELDS] = {
    [FIELD_CLASS_LINE] = {"certificate.class_line", ON_CERTIFICATE},
    [FIELD_CLASS] = {"certificate.class", ON_CERTIFICATE | ON_CANCELLATION},
    [FIELD_NUMBER] = {"certificate.number", ON_CERTIFICATE | ON_CANCELLATION},
    [FIELD_IDENTIFIER] = {"certificate.identifier", ON_CERTIFICATE},
    [FIELD_ENTERPRISE] = {"enterprise.name", ON_ALL},
    [FIELD_POST] = {"certificate.post", ON_CERTIFICATE},
    [FIELD_FIRST_ISSUED] = {"certificate.first_issued", ON_CERTIFICATE},
    [FIELD_FIRST_ISSUED_ISO] = {"certificate.first_issued_iso", ON_CERTIFICATE},
    [FIELD_VALID_FROM] = {"certificate.valid_from", ON_CERTIFICATE},
    [FIELD_VALID_FROM_ISO] = {"certificate.valid_from_iso", ON_CERTIFICATE},
    [FIELD_VALID_UNTIL] = {"certificate.valid_until", ON_CERTIFICATE},
    [FIELD_VALID_UNTIL_ISO] = {"certificate.valid_until_iso", ON_CERTIFICATE},
    [FIELD_ISSUED] = {"certificate.issued", ON_CERTIFICATE},
    [FIELD_ISSUED_ISO] = {"certificate.issued_iso", ON_CERTIFICATE},
    [FIELD_HOLDER_NAME] = {"holder.name", ON_ALL},
    [FIELD_HOLDER_SEX] = {"holder.sex", ON_CERTIFICATE},
    [FIELD_HOLDER_BIRTH_MONTH] = {"holder.birth_month", ON_CERTIFICATE},
    [FIELD_HOLDER_ID_TYPE] = {"holder.id_type", ON_PROOFS},
    [FIELD_HOLDER_ID_NUMBER] = {"holder.id_number", ON_PROOFS},
    [FIELD_AUTHORITY_NAME] = {"authority.name", ON_ALL},
    [FIELD_PROOF_NUMBER] = {"proof.number", ON_PROOFS},
    [FIELD_PROOF_ORDERED] = {"proof.ordered", ON_PROOFS},
    [FIELD_PROOF_ORDERED_SHORT] = {"proof.ordered_short", ON_PROOFS},
    [FIELD_SIGNATURE_DIGEST] = {"signature.digest", ON_CANCELLATION},
    [FIELD_LINE_CLASS] = {"line.class", ON_DEPARTURE},
    [FIELD_LINE_NUMBER] = {"line.number", ON_DEPARTURE},
    [FIELD_LINE_VALID_UNTIL] = {"line.valid_until", ON_DEPARTURE},
    [FIELD_LINE_ISSUED] = {"line.issued", ON_DEPARTURE},
    [FIELD_SHEET_NUMBER] = {"sheet.number", ON_DEPARTURE},
    [FIELD_SHEET_COUNT] = {"sheet.count", ON_DEPARTURE},
};

const char *template_field_name(enum template_field field)
{
    return fields[field].name;
}

bool template_field_find(str name, enum template_kind kind, enum template_field *ret)
{
    for (int i = 0; i < TEMPLATE_FIELDS; i++) {
        if (str_equal_c(name, fields[i].name) && (fields[i].kinds & (1U << kind)) != 0) {
            *ret = (enum template_field)i;
            return true;
        }
    }
    return false;
}

bool template_field_is_static(enum template_field field)
{
    return field == FIELD_AUTHORITY_NAME;
}

bool template_field_is_of_a_line(enum template_field field)
{
    return field >= FIELD_LINE_CLASS && field <= FIELD_LINE_ISSUED;
}

static bool is_mark(char c)
{
    return c == '{' || c == '}' || c == '[' || c == ']';
}

bool template_next_piece(str *rest, struct template_piece *ret, bool *ret_good)
{
    *ret_good = true;
    if (rest->size == 0) {
        return false;
    }
    size_t size = 0;
    while (size < rest->size && !is_mark(rest->data[size])) {
        size++;
    }
    if (size > 0) {
        *ret = (struct template_piece){PIECE_LITERAL, str_first(*rest, size)};
    } else if (rest->data[0] == '{') {
        size = str_find_byte(*rest, '}') + 1;
        *ret_good = size <= rest->size;
        str inner = str_from(str_first(*rest, size - 1), 1);
        *ret = (struct template_piece){PIECE_FIELD, inner};
    } else {
        size = 1;
        *ret_good = rest->data[0] != '}';
        *ret = (struct template_piece){rest->data[0] == '[' ? PIECE_OPEN : PIECE_CLOSE, {0}};
    }
    *rest = str_from(*rest, size);
    return *ret_good;
}

/* Which kind of page it is has been checked when the template was parsed. */
static str field_value(str name, const struct template_values *values)
{
    for (int i = 0; i < TEMPLATE_FIELDS; i++) {
        if (str_equal_c(name, fields[i].name)) {
            return values->field[i];
        }
    }
    return (str){0};
}

FALLIBLE template_fill(str text, const struct template_values *values, struct arena *arena,
                       str *ret, struct error *err)
{
    char filled[PAGE_TEXT_SIZE_MAX];
    size_t size = 0, optional = 0;
    bool complete = true, good = true;
    struct template_piece piece = {0};
    for (str rest = text; template_next_piece(&rest, &piece, &good);) {
        str part = piece.text;
        if (piece.kind == PIECE_OPEN) {
            optional = size;
            complete = true;
        } else if (piece.kind == PIECE_CLOSE) {
            size = complete ? size : optional;
        } else if (piece.kind == PIECE_FIELD) {
            part = field_value(piece.text, values);
            complete &= part.size > 0;
        }
        if (part.size > sizeof filled - size) {
            FAIL(INVALID, MESSAGE_TEMPLATE_TEXT_LONG, ARG_STR("text", text),
                 ARG_INT("most", PAGE_TEXT_SIZE_MAX));
        }
        if (part.size > 0) {
            memcpy(filled + size, part.data, part.size);
            size += part.size;
        }
    }
    *ret = unicode_with_marks_joined(arena_str(arena, (str){filled, size}), arena);
    return OK;
}
