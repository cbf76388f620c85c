/* form_person - checks how a wish names a person; see form.h. */
#include "events/form.h"

#include "events/terms/identity.h"
#include "events/terms/names.h"

static FALLIBLE bad_part(str place, const char *part, const char *why, struct arena *arena,
                         struct error *err)
{
    str field = arena_format(arena, "%.*s.%s", STR_ARGS(place), part);
    return form_bad(arena_c_string(arena, field), why, err);
}

FALLIBLE form_person_bad(const PersonName *person, str place, struct arena *arena,
                         struct error *err)
{
    IdType__Code type = ID_TYPE__CODE__NONE;
    str normal = STR("");
    if (name_is_damaged(str_of(person->name))) {
        return bad_part(place, "name", "lost character", arena, err);
    }
    if (!id_type_from_text(str_of(person->id_type), &type)) {
        return bad_part(place, "id_type", "id type", arena, err);
    }
    if (!identity_normalise(type, str_of(person->id_number), arena, &normal)) {
        return bad_part(place, "id_number", "id number", arena, err);
    }
    return OK;
}
