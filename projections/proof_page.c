/* proof_page - see proof_page.h: the values of a proof for its description, and the certificates of
 * a departure over as many sheets as they take. */
#include "projections/proof_page.h"

#include "events/terms/category.h"
#include "events/terms/identity.h"
#include "projections/messages.h"
#include "projections/page_layout.h"

enum { SIGNER_DIGITS = 16 /* of the certificate's digest */, LINES_WITH_END_MIN = 2 };

/* The first fact that is missing, or NULL. */
static const char *missing_fact(const struct proof_facts *facts)
{
    if (facts->document.size == 0) {
        return "document";
    }
    if (facts->holder_name.size == 0) {
        return "name";
    }
    if (facts->id_number.size == 0) {
        return "id_number";
    }
    if (facts->enterprise_name.size == 0) {
        return "enterprise_name";
    }
    if (facts->authority_name.size == 0) {
        return "authority_name";
    }
    for (size_t i = 0; i < facts->certificates_count; i++) {
        const CertificateView *certificate = facts->certificates[i];
        if (certificate->issued == NULL || certificate->valid_until == NULL) {
            return "issued, valid_until";
        }
    }
    return facts->certificates_count == 0 ? "certificate" : NULL;
}

static FALLIBLE check(const struct proof_facts *facts, size_t most, struct error *err)
{
    const char *missing = missing_fact(facts);
    if (missing != NULL) {
        FAIL(INVALID, MESSAGE_PAGE_FACT_MISSING, ARG_TEXT("fact", missing));
    }
    if (facts->certificates_count > most) {
        FAIL(INVALID, MESSAGE_PAGE_TOO_MANY, ARG_INT("count", facts->certificates_count),
             ARG_INT("most", most));
    }
    return OK;
}

/* What both have. */
static void begin(const struct proof_facts *facts, enum template_kind kind,
                  struct template_values *values, struct arena *arena, struct page *page)
{
    BUG_UNLESS(facts->template->kind == kind);
    template_open(facts->template, page);
    page->number = facts->document;
    page->created_us = facts->created_us;
    *values = (struct template_values){0};
    values->field[FIELD_HOLDER_NAME] = facts->holder_name;
    values->field[FIELD_HOLDER_ID_TYPE] = id_type_text(facts->id_type);
    values->field[FIELD_HOLDER_ID_NUMBER] = facts->id_number;
    values->field[FIELD_ENTERPRISE] = facts->enterprise_name;
    values->field[FIELD_AUTHORITY_NAME] = facts->authority_name;
    values->field[FIELD_PROOF_NUMBER] = facts->document;
    values->field[FIELD_PROOF_ORDERED] = layout_date_chinese(facts->ordered_on, arena);
    values->field[FIELD_PROOF_ORDERED_SHORT] = layout_date_unpadded(facts->ordered_on, arena);
}

outcome cancellation_proof_page(const struct proof_facts *facts, struct arena *arena,
                                struct page *ret, struct error *err)
{
    struct page page;
    struct template_values values;
    struct template_place place = {.part = PART_PAGE};
    TRY(check(facts, 1, err));
    begin(facts, TEMPLATE_CANCELLATION, &values, arena, &page);
    values.field[FIELD_CLASS] = category_class_name(facts->certificates[0]->category);
    values.field[FIELD_NUMBER] = str_of(facts->certificates[0]->certificate);
    values.class_code = category_text(facts->certificates[0]->category);
    if (facts->signer.size >= SIGNER_DIGITS) { /* R-CX-06..09: a wish need not be signed */
        values.field[FIELD_SIGNATURE_DIGEST] = str_first(facts->signer, SIGNER_DIGITS);
    }
    TRY(template_draw(facts->template, place, &values, arena, &page, err));
    *ret = page;
    return OK;
}

/* --- departure ----------------------------------------------------------------------------------
 */

struct departure {
    const struct template *template;
    struct page *page;
    struct template_values values;
    str *lines; /* one or two of a certificate */
    int32_t count;
    int32_t size_um; /* all lines in the size of the widest one */
    struct arena *arena;
};

/* The lines of every certificate; `item` is few or many. */
static FALLIBLE fill_lines(struct departure *departure, const struct proof_facts *facts,
                           const struct template_item *item, struct error *err)
{
    struct arena *arena = departure->arena;
    str second = item->text;
    str first = item->kind == ITEM_FEW ? str_cut(&second, '|') : item->text;
    departure->count = (int32_t)facts->certificates_count;
    departure->lines = ARENA_ARRAY(arena, str, 2 * facts->certificates_count);
    departure->size_um = item->size_um;
    for (size_t i = 0; i < facts->certificates_count; i++) {
        const CertificateView *certificate = facts->certificates[i];
        struct template_values *values = &departure->values;
        values->field[FIELD_LINE_CLASS] = category_class_name(certificate->category);
        values->field[FIELD_LINE_NUMBER] = str_of(certificate->certificate);
        values->field[FIELD_LINE_VALID_UNTIL] =
            layout_date_padded(certificate->valid_until->days, arena);
        values->field[FIELD_LINE_ISSUED] = layout_date_padded(certificate->issued->days, arena);
        TRY(template_fill(first, values, arena, &departure->lines[2 * i], err));
        if (item->kind == ITEM_FEW && second.data != NULL) {
            TRY(template_fill(second, values, arena, &departure->lines[2 * i + 1], err));
        }
        int32_t wide = page_text_half_ems(departure->lines[2 * i]);
        int32_t fitting = wide > 0 ? item->width_um * 2 / wide : item->size_um;
        departure->size_um = fitting < departure->size_um ? fitting : departure->size_um;
    }
    return OK;
}

static void add_line(const struct departure *departure, const struct template_item *item,
                     int32_t y_um, str text)
{
    struct text_style style = {PAGE_VARIABLE, PAGE_LEFT, PAGE_REGULAR, departure->size_um,
                               item->colour};
    if (text.size > 0) {
        (void)layout_text(departure->page, style, item->x_um, y_um, item->width_um, text,
                          departure->arena); /* as it is */
    }
}

static void add_border(const struct departure *departure, enum page_layer layer, int32_t top_um,
                       int32_t bottom_um)
{
    const struct template_item *table = departure->template->table;
    struct page_item *item = page_add(departure->page, PAGE_RECTANGLE, layer, departure->arena);
    item->x_um = table->x_um;
    item->y_um = top_um;
    item->width_um = table->width_um;
    item->height_um = bottom_um - top_um;
    item->size_um = table->stroke_um;
    item->colour = table->colour;
}

static FALLIBLE draw_part(const struct departure *departure, enum template_part part,
                          int32_t down_um, bool variable_only, struct error *err)
{
    struct template_place place = {part, down_um, variable_only};
    return template_draw(departure->template, place, &departure->values, departure->arena,
                         departure->page, err);
}

static FALLIBLE add_few(const struct departure *departure, struct error *err)
{
    const struct template_item *few = departure->template->few, *table = departure->template->table;
    int32_t room = departure->count > few->room ? departure->count : few->room;
    int32_t end = few->y_um + (room - 1) * few->pitch_um + few->leading_um + few->below_um;
    for (int32_t i = 0; i < departure->count; i++) {
        int32_t at = few->y_um + i * few->pitch_um;
        add_line(departure, few, at, departure->lines[2 * i]);
        add_line(departure, few, at + few->leading_um, departure->lines[2 * i + 1]);
    }
    TRY(draw_part(departure, PART_END, end, false, err));
    add_border(departure, PAGE_STATIC, table->y_um, end + table->after_um);
    return draw_part(departure, PART_EVERY, 0, false, err);
}

/* How many lines stand between a first baseline and the end of a sheet, or the part `end` on it. */
static int32_t lines_between(const struct template *template, int32_t first_um, bool with_end)
{
    const struct template_item *table = template->table;
    int32_t end = table->bottom_um - template->many->below_um - (with_end ? table->after_um : 0);
    return end < first_um ? 0 : (end - first_um) / template->many->pitch_um + 1;
}

/* Lines on this sheet when so many are left: all of them with the end, or as many as fit, but the
 * end never stands alone. */
static int32_t lines_on_sheet(const struct template *template, int32_t first_um, int32_t left)
{
    if (left <= lines_between(template, first_um, true)) {
        return left;
    }
    int32_t most = lines_between(template, first_um, false);
    return most < left - LINES_WITH_END_MIN ? most : left - LINES_WITH_END_MIN;
}

static int32_t count_sheets(const struct template *template, int32_t count)
{
    int32_t sheets = 1;
    for (int32_t at = template->many->y_um; count > lines_between(template, at, true);
         at = template->many->next_um) {
        count -= lines_on_sheet(template, at, count);
        sheets++;
    }
    return sheets;
}

/* On the first sheet what depends on the number of certificates alone is static. */
static FALLIBLE add_many(struct departure *departure, struct error *err)
{
    const struct template *template = departure->template;
    const struct template_item *many = template->many, *table = template->table;
    int32_t sheets = count_sheets(template, departure->count), first = many->y_um;
    int32_t top = table->y_um;
    for (int32_t sheet = 1, done = 0; sheet <= sheets; sheet++) {
        int32_t count = lines_on_sheet(template, first, departure->count - done);
        int32_t bottom = table->bottom_um;
        for (int32_t i = 0; i < count; i++, done++) {
            add_line(departure, many, first + i * many->pitch_um, departure->lines[2 * done]);
        }
        if (sheets > 1) {
            departure->values.field[FIELD_SHEET_NUMBER] =
                arena_format(departure->arena, "%d", sheet);
            departure->values.field[FIELD_SHEET_COUNT] =
                arena_format(departure->arena, "%d", sheets);
        }
        if (sheet == sheets) {
            int32_t end = first + (count - 1) * many->pitch_um + many->below_um;
            bottom = end + table->after_um;
            TRY(draw_part(departure, PART_END, end, sheet > 1, err));
        }
        add_border(departure, sheet == 1 ? PAGE_STATIC : PAGE_VARIABLE, top, bottom);
        TRY(draw_part(departure, PART_EVERY, 0, true, err));
        if (sheet < sheets) {
            (void)page_add(departure->page, PAGE_SHEET, PAGE_VARIABLE,
                           departure->arena); /* has no more to it */
            TRY(draw_part(departure, PART_NEXT, 0, true, err));
            first = many->next_um;
            top = table->next_um;
        }
    }
    return OK;
}

outcome departure_proof_page(const struct proof_facts *facts, struct arena *arena, struct page *ret,
                             struct error *err)
{
    struct page page;
    struct departure departure = {.template = facts->template, .page = &page, .arena = arena};
    TRY(check(facts, PROOF_CERTIFICATES_MAX, err));
    begin(facts, TEMPLATE_DEPARTURE, &departure.values, arena, &page);
    bool few = facts->certificates_count <= (size_t)facts->template->few->most;
    TRY(draw_part(&departure, PART_PAGE, 0, false, err));
    TRY(fill_lines(&departure, facts, few ? facts->template->few : facts->template->many, err));
    if (few) {
        TRY(add_few(&departure, err));
    } else {
        TRY(add_many(&departure, err));
    }
    *ret = page;
    return OK;
}
