/* file_fields - see file_fields.h. */
#include "events/file_fields.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "events/limits.h"
#include "events/messages.h"

#define UNTIL_NOW    "至今"
#define RANGE        "起止时间"
#define NO_SPECIALTY "无"

static void add(struct file_fields *fields, str name, str value, struct arena *arena)
{
    RecordField *field = RECORD_NEW(arena, RecordField, record_field);
    field->name = arena_c_string(arena, name);
    field->value = arena_c_string(arena, value);
    fields->items[fields->count++] = field;
}

/* --- tidy ------------------------------------------------------------------------------------ */

static str tidy_date(str text, struct arena *arena)
{
    int32_t days = 0;
    char canonical[DATE_SIZE];
    if (!date_parse(text, &days)) {
        return text;
    }
    date_format(days, canonical);
    return arena_str(arena, str_of(canonical));
}

static str tidy_value(str label, str value, struct arena *arena)
{
    size_t place = 0;
    const struct file_label *known = file_label_any(label, &place);
    if (known == NULL || (known->form != FORM_DATE && known->form != FORM_END)) {
        return value;
    }
    return tidy_date(value, arena);
}

/* Size of the separator between two days at the beginning of the text; 0 when there is none. */
static size_t range_sign_size(str text)
{
    static const char *const signs[] = {"至", "~", "～", "——", "—", "–", " - "};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        str sign = str_of(signs[i]);
        if (str_starts_with(text, sign)) {
            return sign.size;
        }
    }
    return 0;
}

/* Where a text that names two days parts: at the first sign, for the end may be 至今; false when it
 * names one or none. */
static bool split_range(str text, str *ret_from, str *ret_to)
{
    for (size_t at = 1; at < text.size; at++) {
        size_t size = range_sign_size(str_from(text, at));
        if (size != 0 && at + size < text.size) {
            *ret_from = str_trim(str_first(text, at));
            str rest = str_trim(str_from(text, at + size));
            *ret_to = str_equal(rest, STR("今")) ? STR(UNTIL_NOW) : rest;
            return true;
        }
    }
    return false;
}

static void add_tidy(struct file_fields *fields, const RecordField *field, struct arena *arena)
{
    str label = file_word(str_of(field->name), arena);
    str value = str_trim(str_of(field->value));
    str from;
    str to;
    if (str_equal(label, STR(RANGE)) && split_range(value, &from, &to)) {
        add(fields, STR("开始时间"), tidy_date(from, arena), arena);
        add(fields, STR("结束时间"), tidy_date(to, arena), arena);
        return;
    }
    add(fields, label, tidy_value(label, value, arena), arena);
}

static int compare_fields(const void *a, const void *b)
{
    const RecordField *left = *(const RecordField *const *)a;
    const RecordField *right = *(const RecordField *const *)b;
    size_t left_place = 0;
    size_t right_place = 0;
    (void)file_label_any(str_of(left->name), &left_place); /* an unknown one has a place too */
    (void)file_label_any(str_of(right->name), &right_place);
    if (left_place != right_place) {
        return left_place < right_place ? -1 : 1;
    }
    int by_name = strcmp(left->name, right->name);
    return by_name != 0 ? by_name : strcmp(left->value, right->value);
}

struct file_fields file_fields_tidy(struct file_fields fields, struct arena *arena)
{
    struct file_fields tidy = {ARENA_ARRAY(arena, RecordField *, fields.count * 2 + 1), 0};
    for (size_t i = 0; i < fields.count; i++) {
        add_tidy(&tidy, fields.items[i], arena);
    }
    if (tidy.count > 1) {
        qsort(tidy.items, tidy.count, sizeof tidy.items[0], compare_fields);
    }
    return tidy;
}

/* --- what is wrong --------------------------------------------------------------------------- */

static struct error_arg field_arg(str label, struct arena *arena)
{
    return ARG_STR("field", arena_format(arena, "fields.%.*s", STR_ARGS(label)));
}

static FALLIBLE fail_bad(str label, const char *why, struct arena *arena, struct error *err)
{
    FAIL(INVALID, MESSAGE_BAD_FIELD, field_arg(label, arena), ARG_TEXT("why", why));
}

static FALLIBLE fail_missing(const char *label, struct arena *arena, struct error *err)
{
    FAIL(INVALID, MESSAGE_MISSING_FIELD, field_arg(str_of(label), arena));
}

str file_fields_value(struct file_fields fields, const char *label)
{
    for (size_t i = 0; i < fields.count; i++) {
        if (strcmp(fields.items[i]->name, label) == 0) {
            return str_of(fields.items[i]->value);
        }
    }
    return STR("");
}

static bool is_yes(str text)
{
    return str_equal(text, STR("是"));
}

static FALLIBLE check_missing(const struct file_kind *kind, struct file_fields fields,
                              struct arena *arena, struct error *err)
{
    for (size_t i = 0; i < kind->count; i++) {
        if (kind->labels[i].mandatory &&
            str_empty(file_fields_value(fields, kind->labels[i].name))) {
            return fail_missing(kind->labels[i].name, arena, err);
        }
    }
    if (kind->kind == FILE_KIND__CODE__TITLE && !is_yes(file_fields_value(fields, "考试取得")) &&
        str_empty(file_fields_value(fields, "职称评审委员会全称"))) {
        return fail_missing("职称评审委员会全称", arena, err);
    }
    return OK;
}

/* U+FFFD: what a converter leaves for a lost character. A record has question marks of its own. */
static bool is_damaged(str text)
{
    return str_length(text) > 0 && memmem(text.data, text.size, "\xef\xbf\xbd", 3) != NULL;
}

/* The value in its stored form. */
static FALLIBLE check_value(const struct file_label *label, str value, struct arena *arena,
                            str *ret, struct error *err)
{
    int32_t days = 0;
    str name = str_of(label->name);
    str word = file_word(value, arena);
    const char *role = file_role(value, arena);
    *ret = value;
    if (is_damaged(value)) {
        return fail_bad(name, "lost character", arena, err);
    }
    switch (label->form) {
    case FORM_TEXT:
    case FORM_PHONE: return OK;
    case FORM_END:
        if (str_equal(word, STR(UNTIL_NOW))) {
            *ret = STR(UNTIL_NOW);
            return OK;
        }
        return date_parse(value, &days) ? OK : fail_bad(name, "date", arena, err);
    case FORM_DATE: return date_parse(value, &days) ? OK : fail_bad(name, "date", arena, err);
    case FORM_ROLE:
        *ret = str_of(role);
        return role != NULL ? OK : fail_bad(name, "role", arena, err);
    case FORM_YES_NO:
        *ret = word;
        return is_yes(word) || str_equal(word, STR("否")) ? OK
                                                          : fail_bad(name, "yes or no", arena, err);
    }
    BUG("a label of no form");
}

static FALLIBLE check_period(struct file_fields fields, struct arena *arena, struct error *err)
{
    int32_t from = 0;
    int32_t to = 0;
    if (date_parse(file_fields_value(fields, "开始时间"), &from) &&
        date_parse(file_fields_value(fields, "结束时间"), &to) && to < from) {
        return fail_bad(STR("结束时间"), "before the start", arena, err);
    }
    return OK;
}

static FALLIBLE check_labels(const struct file_kind *kind, struct file_fields fields,
                             struct arena *arena, struct error *err)
{
    for (size_t i = 0; i < fields.count; i++) {
        str label = str_of(fields.items[i]->name);
        if (i > 0 && str_equal_c(label, fields.items[i - 1]->name)) {
            return fail_bad(label, "twice", arena, err);
        }
        if (file_label_of(kind, label) == NULL) {
            return fail_bad(label, "label", arena, err);
        }
    }
    return OK;
}

static FALLIBLE check_sizes(struct file_fields fields, struct error *err)
{
    size_t size = 0;
    for (size_t i = 0; i < fields.count; i++) {
        size += str_of(fields.items[i]->name).size + str_of(fields.items[i]->value).size;
    }
    if (size > LIMIT_RECORD_BYTES) {
        FAIL(INVALID, MESSAGE_TOO_LARGE, ARG_TEXT("field", "fields"),
             ARG_INT("limit", LIMIT_RECORD_BYTES));
    }
    return OK;
}

FALLIBLE file_fields_check(const struct file_kind *kind, struct file_fields fields,
                           struct arena *arena, struct file_fields *ret, struct error *err)
{
    struct file_fields tidy = file_fields_tidy(fields, arena);
    struct file_fields made = {ARENA_ARRAY(arena, RecordField *, kind->count + 1), 0};
    TRY(check_missing(kind, tidy, arena, err));
    TRY(check_labels(kind, tidy, arena, err));
    for (size_t i = 0; i < kind->count; i++) {
        const struct file_label *label = &kind->labels[i];
        str value = file_fields_value(tidy, label->name);
        if (!str_empty(value)) {
            TRY(check_value(label, value, arena, &value, err));
        } else if (kind->kind == FILE_KIND__CODE__TITLE && strcmp(label->name, "专业") == 0) {
            value = STR(NO_SPECIALTY);
        }
        if (!str_empty(value)) {
            add(&made, str_of(label->name), value, arena);
        }
    }
    TRY(check_period(made, arena, err));
    TRY(check_sizes(made, err));
    *ret = made;
    return OK;
}

/* --- edits ----------------------------------------------------------------------------------- */

static bool has_label(struct file_fields fields, const char *label)
{
    for (size_t i = 0; i < fields.count; i++) {
        if (strcmp(fields.items[i]->name, label) == 0) {
            return true;
        }
    }
    return false;
}

struct file_fields file_fields_merge(struct file_fields fields, struct file_fields changed,
                                     struct arena *arena)
{
    struct file_fields tidy = file_fields_tidy(changed, arena);
    struct file_fields merged = {ARENA_ARRAY(arena, RecordField *, fields.count + tidy.count + 1),
                                 0};
    for (size_t i = 0; i < fields.count; i++) {
        if (!has_label(tidy, fields.items[i]->name)) {
            merged.items[merged.count++] = fields.items[i];
        }
    }
    for (size_t i = 0; i < tidy.count; i++) {
        merged.items[merged.count++] = tidy.items[i];
    }
    return merged;
}

bool file_fields_equal(struct file_fields a, struct file_fields b)
{
    bool equal = a.count == b.count;
    for (size_t i = 0; i < a.count && equal; i++) {
        equal = strcmp(a.items[i]->name, b.items[i]->name) == 0 &&
                strcmp(a.items[i]->value, b.items[i]->value) == 0;
    }
    return equal;
}
