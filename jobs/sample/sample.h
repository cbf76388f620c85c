/* sample - a realistic city that does not exist: registers, photos, and the wishes of several
 * years.
 *
 * Made for demonstrations, tests and measurements. All persons, enterprises, numbers and faces are
 * synthetic. Every byte depends on `seed`, the two sizes and `today` alone.
 *
 * Below `out`:
 *   enterprises.csv identities.csv clerks.csv paper.csv (UTF-8, some with byte order mark)
 *   national.csv (GB18030), registrations.csv contracts.csv, enterprises-YYYY-MM-DD.csv (new names)
 *   exams-YYYY-MM.csv, insurance-YYYY-MM.csv as they arrive, exams.csv, insurance.csv all at once
 *   photos/NN.jpg      synthetic portraits; file names say nothing about persons
 *   file/NN-*.jsonl    personnel files of one person in twenty, with signatures of clerks and
 *                      enterprises; insurance-applications.csv, whom the applicants insured
 *   file/scans/        synthetic scans, some 330 KB whatever the size of the city
 *   days/DATE.jsonl    all wishes of a day in one unsigned file, proofs in days/proofs/
 *   actions/DATE/      the same wishes, a file and a signature for each actor
 *   trust/ca.pem       the root of those signatures; trust/ca.key, for experiments
 *   trust/<actor>.pem  certificate and .key of each actor that signed
 *   plan.txt           what to do in which order: "DATE trust FILE" (so that events have the same
 *                      numbers in both), "DATE import KIND FILE", "DATE submit FILE"
 *   plan-signed.txt    the same with "DATE submit FILE SIGNATURE" for each actor, DATE as --today
 *   expected.csv       the wishes that are refused on purpose, with the code of the answer
 *   README.txt
 * Either plan leads to the same certificates with the same numbers. */
#pragma once

#include <stdint.h>

#include "core/base/error.h"

enum { SAMPLE_PERSONS_MAX = 5000000, SAMPLE_ENTERPRISES_MAX = 100000 };

struct sample_options {
    const char *out;      /* directory; must not exist or be empty */
    uint32_t persons;     /* 1 .. SAMPLE_PERSONS_MAX; 5 000 make about 9 000 wishes */
    uint32_t enterprises; /* 1 .. SAMPLE_ENTERPRISES_MAX */
    uint64_t seed;
    int32_t today; /* the last day that may occur */
};

struct sample_summary {
    uint64_t rows;         /* of all registers */
    uint64_t wishes;       /* lines of all day files */
    uint64_t refusals;     /* of these, meant to be answered otherwise than accepted */
    uint64_t days;         /* day files */
    uint64_t signatures;   /* signed files */
    uint64_t certificates; /* that exist at the end, whatever their status */
    int32_t first_day, last_day;
};

/* fails   CREATE MESSAGE_SAMPLE_EXISTS, FILE_NOT_CREATED; RESOURCE FILE_NOT_WRITABLE */
FALLIBLE sample_make(const struct sample_options *options, struct sample_summary *ret,
                     struct error *err);
