/* form_notice - checks the form of a wish that opens a wave; see form.h. */
#include "events/form.h"

#include "core/base/date.h"
#include "events/terms/category.h"

static FALLIBLE check_day(const char *field, const char *text, int32_t *ret, struct error *err)
{
    if (!str_empty(str_of(text)) && !date_parse(str_of(text), ret)) {
        return form_bad(field, "date", err);
    }
    return OK;
}

static FALLIBLE check_selection(const Selection *selection, struct error *err)
{
    Category__Code category;
    int32_t from = INT32_MIN;
    int32_t to = INT32_MAX;
    if (selection == NULL) {
        return OK;
    }
    if (!str_empty(str_of(selection->category)) &&
        !category_from_text(str_of(selection->category), &category)) {
        return form_bad("selection.category", "any category", err);
    }
    if (selection->valid_until != NULL) {
        TRY(check_day("selection.valid_until.from", selection->valid_until->from, &from, err));
        TRY(check_day("selection.valid_until.to", selection->valid_until->to, &to, err));
    }
    return from > to ? form_bad("selection.valid_until", "from after to", err) : OK;
}

static FALLIBLE check_count(const char *expected_count, struct error *err)
{
    uint64_t count;
    str text = str_of(expected_count);
    return str_empty(text) || str_to_uint64(text, &count)
               ? OK
               : form_bad("expected_count", "a count", err);
}

static FALLIBLE check_extend(const ExtendByNotice *extend, struct error *err)
{
    int32_t end;
    TRY(check_selection(extend->selection, err));
    TRY(check_day("value", extend->value, &end, err));
    return check_count(extend->expected_count, err);
}

static FALLIBLE check_convert(const ConvertCategory *convert, struct error *err)
{
    Category__Code category = CATEGORY__CODE__NONE;
    TRY(check_selection(convert->selection, err));
    bool known = category_from_text(str_of(convert->value), &category);
    if (!known || !category_is_c(category) || category == CATEGORY__CODE__C) {
        return form_bad("value", "category of C", err);
    }
    return check_count(convert->expected_count, err);
}

FALLIBLE form_wave_check(const Action *action, struct error *err)
{
    if (action->body_case == ACTION__BODY_EXTEND_BY_NOTICE) {
        return check_extend(action->extend_by_notice, err);
    }
    if (action->body_case == ACTION__BODY_CONVERT_CATEGORY) {
        return check_convert(action->convert_category, err);
    }
    if (action->body_case == ACTION__BODY_RENAME_ENTERPRISE) {
        return check_count(action->rename_enterprise->expected_count, err);
    }
    return OK;
}
