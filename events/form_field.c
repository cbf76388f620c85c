/* form_field - see form_field.h. */
#include "events/form_field.h"

#include "events/messages.h"

FALLIBLE form_bad(const char *field, const char *why, struct error *err)
{
    FAIL(INVALID, MESSAGE_BAD_FIELD, ARG_TEXT("field", field), ARG_TEXT("why", why));
}
