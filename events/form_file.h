/* form_file - which fields the wishes about personnel files have, in the order of CONTRACT 4. */
#pragma once

#include <action.pb-c.h>
#include <stdbool.h>

/* Text fields of the body behind the person, or behind what form.c puts before them; `*` behind a
 * name: mandatory. */
const char *form_file_texts(Action__BodyCase body);

/* Does the action name a person? *ret is that person, or NULL when the line named none. */
bool form_file_person(const Action *action, const PersonName **ret);

/* The id of the record of a personnel file that the action names, or "". */
const char *form_file_record(const Action *action);

/* The id of the application that the action names, or "". */
const char *form_file_application(const Action *action);
