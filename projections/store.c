/* store - the view of the store itself (VIEW_REGISTRY): the values of StoreCreated, the highest
 * serial of each year and the last business date. Every event feeds it. */
#include "core/base/record.h"
#include "events/terms/number.h"
#include "projections/kinds.h"

VIEW_KEY(registry_key)
{
    (void)event; /* every event has a business date */
    make_key_registry(ret);
    return true;
}

/* The counter of a year, made in its place when it is not there. */
static YearSerial *serial_of(RegistryView *registry, int year, struct arena *arena)
{
    size_t at = 0;
    while (at < registry->n_serials && registry->serials[at]->year < year) {
        at++;
    }
    if (at < registry->n_serials && registry->serials[at]->year == year) {
        return registry->serials[at];
    }
    YearSerial **grown = ARENA_ARRAY(arena, YearSerial *, registry->n_serials + 1);
    for (size_t i = 0; i < registry->n_serials; i++) {
        grown[i < at ? i : i + 1] = registry->serials[i];
    }
    grown[at] = RECORD_NEW(arena, YearSerial, year_serial);
    grown[at]->year = year;
    registry->serials = grown;
    registry->n_serials++;
    return grown[at];
}

bool view_serial_of(const Event *event, struct arena *arena, struct view_serial *ret)
{
    struct number number;
    const char *certificate = feeds(event, VIEW_REGISTRY) ? event_certificate(event) : NULL;
    if (certificate == NULL || !number_parse(str_of(certificate), arena, &number) ||
        !number.local || number.serial > NUMBER_SERIAL_MAX) {
        return false;
    }
    *ret = (struct view_serial){number.year, (uint32_t)number.serial};
    return true;
}

static void apply_created(RegistryView *registry, const StoreCreated *created)
{
    registry->authority_name = created->authority_name;
    registry->authority_code = created->authority_code;
    registry->origin = created->origin;
    registry->signatures_required = created->signatures_required;
    registry->clock_free = created->clock_free;
}

VIEW_APPLY(registry_apply)
{
    (void)err; /* there is nothing to contradict */
    RegistryView *registry = (RegistryView *)view;
    struct view_serial told;
    if (event->body_case == EVENT__BODY_STORE_CREATED) {
        apply_created(registry, event->store_created);
    } else if (view_serial_of(event, arena, &told)) {
        YearSerial *serial = serial_of(registry, told.year, arena);
        serial->last = serial->last < told.last ? told.last : serial->last;
    }
    if (event->business_date != NULL) {
        registry->last_business_date = event->business_date;
    }
    return OK;
}
