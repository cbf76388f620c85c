/* form_correction - checks the form of a correction by the authority; see form.h. */
#include "events/form.h"

#include "core/base/date.h"
#include "events/terms/category.h"

enum { DATE_FIELDS = 5 };

struct date_field {
    const char *name;
    const char *text;
};

static void date_fields(const CorrectCertificate *correct, struct date_field ret[DATE_FIELDS])
{
    ret[0] = (struct date_field){"first_issued", correct->first_issued};
    ret[1] = (struct date_field){"issued", correct->issued};
    ret[2] = (struct date_field){"valid_from", correct->valid_from};
    ret[3] = (struct date_field){"valid_until", correct->valid_until};
    ret[4] = (struct date_field){"affiliated_since", correct->affiliated_since};
}

bool form_correction_is_given(const CorrectCertificate *correct)
{
    struct date_field fields[DATE_FIELDS];
    bool given = correct->identity;
    date_fields(correct, fields);
    for (size_t i = 0; i < DATE_FIELDS; i++) {
        given = given || !str_empty(str_trim(str_of(fields[i].text)));
    }
    return given;
}

FALLIBLE form_correction_dates(const CorrectCertificate *correct, struct error *err)
{
    struct date_field fields[DATE_FIELDS];
    date_fields(correct, fields);
    for (size_t i = 0; i < DATE_FIELDS; i++) {
        int32_t days = 0;
        if (!str_empty(str_trim(str_of(fields[i].text))) &&
            !date_parse(str_of(fields[i].text), &days)) {
            return form_bad(fields[i].name, "date", err);
        }
    }
    return OK;
}

FALLIBLE form_post_code(const ChangePost *change, struct error *err)
{
    return post_is_code(str_trim(str_of(change->post))) ? OK : form_bad("post", "post code", err);
}
