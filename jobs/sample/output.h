/* output - the files of a sample: wishes as they are written day by day, signatures, the plan. */
#pragma once

#include <stdio.h>

#include "core/io/csv.h"
#include "core/io/digest.h"
#include "core/io/json.h"
#include "core/io/sign.h"
#include "jobs/sample/city.h"

enum { SIGNER_KEYS = 8, CLERKS = 12 };

/* A text that grows. */
struct text {
    FILE *file;
    char *data;
    size_t size;
};

struct output {
    const struct city *city;
    const char *root;
    struct arena run;  /* until the end */
    struct arena item; /* one line, one file */
    /* The root signs a certificate for each actor. The actors share a few keys: making 400 RSA keys
     * would take longer than all the rest, and RSA it must be, for its signatures repeat. */
    str root_key, root_certificate;
    str keys[SIGNER_KEYS];
    struct signer **signers; /* of enterprises, then clerks; NULL until first needed */
    int32_t day;             /* that is being written */
    const char *day_text;
    struct text plan, plan_signed, day_lines, actor_lines;
    uint32_t actor; /* whose lines are in actor_lines, or NONE */
    struct csv_writer expected;
    struct sample_summary summary;
};

/* Makes the directory with its keys, photos and README.
 * fails   CREATE MESSAGE_SAMPLE_EXISTS, FILE_NOT_CREATED; RESOURCE FILE_NOT_WRITABLE */
FALLIBLE output_open(const struct city *city, struct output *ret, struct error *err);
/* Writes the plans. `output` is released by output_close() in any case. */
FALLIBLE output_finish(struct output *output, struct error *err);
void output_close(struct output *output);

/* A path below the sample, in `arena`. */
const char *output_path(const struct output *output, const char *name, struct arena *arena);

/* "DATE import KIND FILE" in both plans. */
void output_plan_import(struct output *output, int32_t day, const char *kind, const char *file);

/* Steps of the first day that are the same in both plans, whatever is signed: files below file/.
 * Lines are of one actor, `name` as expected.csv has it; the end writes file/STEP.jsonl. The actor
 * is as below, or NONE for persons, who do not sign. */
FALLIBLE output_step_line(struct output *output, str name, const struct json *line,
                          const char *answer, const char *code, struct error *err);
FALLIBLE output_step_end(struct output *output, uint32_t actor, const char *step,
                         struct error *err);

/* Actors: enterprises by index, clerks from `enterprises_count` on. */
FALLIBLE output_day_begin(struct output *output, int32_t day, struct error *err);
/* One line; lines of one actor follow each other. `answer` and `code` say how it is meant to be
 * answered when that is not accepted, else NULL. */
FALLIBLE output_line(struct output *output, uint32_t actor, const struct json *line,
                     const char *answer, const char *code, struct error *err);
/* An attachment of the day, in both places; *ret_name is how the line names it. */
FALLIBLE output_proof(struct output *output, str id, bool is_pdf, str *ret_name,
                      char ret_digest[DIGEST_HEX_SIZE], struct error *err);
FALLIBLE output_day_end(struct output *output, struct error *err);

/* Registers: the names of columns, joined by commas; cells; the end of a row, which is counted. */
void output_header(struct csv_writer *csv, const char *names);
void output_cell(struct csv_writer *csv, const char *text);
void output_cell_date(struct csv_writer *csv, int32_t days);
void output_cell_document(struct csv_writer *csv, const struct person *person);
void output_row_end(struct output *output, struct csv_writer *csv);

/* Credit code or 工号 of an actor. */
str output_actor(const struct output *output, uint32_t actor, struct arena *arena);
/* 工号 of a clerk. */
str output_clerk(uint32_t clerk, struct arena *arena);
