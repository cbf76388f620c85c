/* number_next - see number_next.h. */
#include "events/number_next.h"

#include "core/base/date.h"
#include "events/messages.h"
#include "events/terms/number.h"

FALLIBLE number_next(const struct dossier *dossier, Category__Code category, int32_t today,
                     struct arena *arena, const char **ret, struct error *err)
{
    int year = date_to_civil(today).year;
    if (dossier->next_serial == 0 || dossier->next_serial > NUMBER_SERIAL_MAX) {
        FAIL(REFUSED("D16"), MESSAGE_SERIALS_EXHAUSTED, ARG_INT("year", year));
    }
    *ret = arena_c_string(arena, number_format(category, year, dossier->next_serial, arena));
    return OK;
}
