/* version - which program this is. */
#include <stdio.h>

#include "jobs/report.h"

#define VERSION "0.1.0"

outcome job_version(struct session *session, struct error *err)
{
    if (session->json) {
        struct json *record = json_new_record();
        json_put_text(record, "program", STR("anzheng"));
        json_put_text(record, "version", STR(VERSION));
        return report_result(session, record, err);
    }
    (void)printf("anzheng %s\n", VERSION); /* main looks at the output when it flushes it */
    return OK;
}
