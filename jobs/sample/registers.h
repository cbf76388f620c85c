/* registers - the CSV files of a sample: those of the first day, and what arrives later. */
#pragma once

#include "jobs/sample/output.h"

/* enterprises, clerks and identities: the first imports of the plan. */
FALLIBLE registers_first(struct output *output, struct error *err);
/* Behind the personnel files: paper, national, registrations and contracts. */
FALLIBLE registers_second(struct output *output, struct error *err);
/* Three months of social insurance of persons at their enterprises, up to the month before the
 * first day, as a register of its own: three rows for each. */
FALLIBLE registers_insured(struct output *output, const char *name, const uint32_t *persons,
                           size_t count, struct error *err);

/* What the month brings: the register's new names of enterprises, results of exams, lines of social
 * insurance. All of it is dated before the month; the imports stand at its first day. */
struct month {
    struct output *output;
    int32_t start;
    struct csv_writer exams, insurance;
};

FALLIBLE month_open(struct output *output, uint32_t month, struct month *ret, struct error *err);
/* A result of the assessment centre; `kind` is 新取证 or 延期. The day is some weeks before. */
void month_exam(struct month *month, uint32_t person, Category__Code category, const char *kind,
                const char *result, int32_t days_before);
/* Three months of social insurance paid by the enterprise, up to the month before. */
void month_insurance(struct month *month, struct person *person, uint32_t enterprise);
FALLIBLE month_close(struct month *month, struct error *err);
/* exams.csv and insurance.csv: all months in one file each, for who wants no plan. */
FALLIBLE registers_gather(struct output *output, struct error *err);
/* After a failure elsewhere. */
void month_abandon(struct month *month);
