/* exam - see exam.h. */
#include "events/exam.h"

#include <stdio.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "events/guards.h"
#include "events/messages.h"
#include "events/terms/category.h"

static bool is_usable(const ExamView *exam, Category__Code category, ExamKind__Code kind,
                      int32_t today)
{
    return exam->passed && exam->category == category && exam->kind == kind &&
           exam->used_by_event == 0 && exam->exam_date != NULL && exam->valid_until != NULL &&
           exam->exam_date->days <= today && today <= exam->valid_until->days;
}

static bool is_before(const ExamView *a, const ExamView *b)
{
    if (a->valid_until->days != b->valid_until->days) {
        return a->valid_until->days < b->valid_until->days;
    }
    return a->exam_date->days < b->exam_date->days;
}

FALLIBLE exam_find(const struct dossier *dossier, Category__Code category, ExamKind__Code kind,
                   int32_t today, const ExamView **ret, struct error *err)
{
    const ExamView *best = NULL;
    for (size_t i = 0; i < dossier->exams.count; i++) {
        const ExamView *exam = dossier->exams.items[i];
        if (is_usable(exam, category, kind, today) && (best == NULL || is_before(exam, best))) {
            best = exam;
        }
    }
    if (best == NULL) {
        FAIL(REFUSED(kind == EXAM_KIND__CODE__EXTENSION ? "R-IS-01" : "R-IS-11"),
             MESSAGE_NO_VALID_EXAM, ARG_STR("category", category_text(category)),
             ARG_TEXT("kind", kind == EXAM_KIND__CODE__EXTENSION ? "extension" : "first"));
    }
    *ret = best;
    return OK;
}

ExamKey *exam_key_of(const ExamView *exam, struct arena *arena)
{
    ExamKey *key = RECORD_NEW(arena, ExamKey, exam_key);
    key->person_id = arena_c_string(arena, str_of(exam->person_id));
    key->category = exam->category;
    key->kind = exam->kind;
    key->exam_date = date_new(day_of(exam->exam_date), arena);
    return key;
}

static struct error_arg month_arg(const char *name, int32_t month)
{
    char text[16];
    (void)snprintf(text, sizeof text, "%04d-%02d", month / 12, month % 12 + 1); /* 7 digits fit */
    return error_arg_str(name, str_of(text));
}

struct insurance_months insurance_window(int32_t today)
{
    struct insurance_months window = {.count = INSURANCE_WINDOW_MONTHS};
    struct civil civil = date_to_civil(today);
    int32_t last = civil.year * 12 + civil.month - 1;
    for (int32_t i = 0; i < INSURANCE_WINDOW_MONTHS; i++) {
        window.months[i] = last - (INSURANCE_WINDOW_MONTHS - 1) + i;
    }
    return window;
}

bool insurance_is_paid(const struct insurances *lines, const char *enterprise, int32_t month)
{
    for (size_t i = 0; i < lines->count; i++) {
        const InsuranceView *line = lines->items[i];
        if (line->month == month && str_equal(str_of(line->enterprise), str_of(enterprise))) {
            return true;
        }
    }
    return false;
}

FALLIBLE insurance_find(const struct dossier *dossier, const char *enterprise, int32_t today,
                        struct insurance_months *ret, struct error *err)
{
    const struct insurance_months window = insurance_window(today);
    struct insurance_months found = {.count = 0};
    for (size_t i = 0; i < window.count; i++) {
        if (insurance_is_paid(&dossier->insurances, enterprise, window.months[i])) {
            found.months[found.count++] = window.months[i];
        }
    }
    int required = dossier->policies.insurance_months_required;
    if ((int)found.count < required) {
        FAIL(REFUSED("R-IS-13"), MESSAGE_NO_SOCIAL_INSURANCE, ARG_INT("months_paid", found.count),
             ARG_INT("months_required", required), month_arg("window_first", window.months[0]),
             month_arg("window_last", window.months[window.count - 1]));
    }
    *ret = found;
    return OK;
}

int32_t *insurance_copy(const struct insurance_months *months, struct arena *arena)
{
    int32_t *copy = ARENA_ARRAY(arena, int32_t, months->count);
    for (size_t i = 0; i < months->count; i++) {
        copy[i] = months->months[i];
    }
    return copy;
}
