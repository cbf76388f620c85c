/* sample - see sample.h: invents the city, writes its registers, and lets it live. */
#include "jobs/sample/sample.h"

#include "jobs/sample/city.h"
#include "jobs/sample/life.h"
#include "jobs/sample/output.h"
#include "jobs/sample/personnel.h"
#include "jobs/sample/registers.h"

static FALLIBLE write_all(struct city *city, struct output *output, struct error *err)
{
    TRY(registers_first(output, err));
    TRY(personnel_make(city, output, err));
    TRY(registers_second(output, err));
    TRY(life_live(city, output, err));
    TRY(registers_gather(output, err));
    return output_finish(output, err);
}

FALLIBLE sample_make(const struct sample_options *options, struct sample_summary *ret,
                     struct error *err)
{
    BUG_UNLESS(options->persons > 0 && options->persons <= SAMPLE_PERSONS_MAX);
    BUG_UNLESS(options->enterprises > 0 && options->enterprises <= SAMPLE_ENTERPRISES_MAX);
    struct city city;
    struct output output;
    city_found(options, &city);
    outcome made = output_open(&city, &output, err);
    if (made.ok) {
        made = write_all(&city, &output, err);
    }
    if (made.ok) {
        *ret = output.summary;
        ret->certificates = city.certificates_count;
    }
    output_close(&output);
    city_release(&city);
    return made.ok ? OK : error_trace(err, HERE);
}
