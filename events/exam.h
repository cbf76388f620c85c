/* exam - finds the assessment result and the insurance months that a decision needs (RULES D11,
 * D12; R-IS-10..13, R-DL-28). */
#pragma once

#include "events/decide.h"

enum { INSURANCE_WINDOW_MONTHS = 3 }; /* R-DL-28: the month of the day and the two before it */

/* The exam that counts: of several the one that expires first, then the earliest (D12).
 * fails   REFUSED no_valid_exam */
FALLIBLE exam_find(const struct dossier *dossier, Category__Code category, ExamKind__Code kind,
                   int32_t today, const ExamView **ret, struct error *err);
ExamKey *exam_key_of(const ExamView *exam, struct arena *arena);

/* Some months of the window, ascending. */
struct insurance_months {
    int32_t months[INSURANCE_WINDOW_MONTHS]; /* year * 12 + month - 1 */
    size_t count;
};

/* All months of the window of a day. */
struct insurance_months insurance_window(int32_t today);
/* Did the enterprise pay for the person in that month? */
bool insurance_is_paid(const struct insurances *lines, const char *enterprise, int32_t month);

/* The months of the window that the enterprise paid, as many as the policy wants (D11).
 * fails   REFUSED no_social_insurance */
FALLIBLE insurance_find(const struct dossier *dossier, const char *enterprise, int32_t today,
                        struct insurance_months *ret, struct error *err);
/* For the event: a copy in the arena. */
int32_t *insurance_copy(const struct insurance_months *months, struct arena *arena);
