/* sample - the verb `sample`: writes the input files of an invented city: registers, photos and
 * signed wishes. */
#include "jobs/sample/sample.h"

#include "core/base/date.h"
#include "jobs/report.h"

enum { PERSONS_DEFAULT = 5000, ENTERPRISES_DEFAULT = 400, SEED_DEFAULT = 1 };

outcome job_sample(struct session *session, struct error *err)
{
    const SampleOptions *options = SESSION_OPTIONS(session, SampleOptions);
    struct sample_summary summary = {0};
    struct sample_options wanted = {
        .out = options->out,
        .persons = options->persons != 0 ? options->persons : PERSONS_DEFAULT,
        .enterprises = options->enterprises != 0 ? options->enterprises : ENTERPRISES_DEFAULT,
        .seed = options->seed != 0 ? options->seed : SEED_DEFAULT,
        .today = session->run.moment.today,
    };
    char first[DATE_SIZE];
    char last[DATE_SIZE];
    if (options->out[0] == 0) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", "sample"), ARG_TEXT("option", "out"));
    }
    TRY(sample_make(&wanted, &summary, err));
    date_format(summary.first_day, first);
    date_format(summary.last_day, last);
    struct json *record = json_new_record();
    json_put_text(record, "out", str_of(options->out));
    json_put_number(record, "rows", (int64_t)summary.rows);
    json_put_number(record, "wishes", (int64_t)summary.wishes);
    json_put_number(record, "refusals", (int64_t)summary.refusals);
    json_put_number(record, "days", (int64_t)summary.days);
    json_put_number(record, "certificates", (int64_t)summary.certificates);
    json_put_text(record, "first_day", str_of(first));
    json_put_text(record, "last_day", str_of(last));
    return report_result(session, record, err);
}
