/* form - the parts of action_check_form() (decide.h), and questions of rules and dossiers about the
 * form of a wish.
 *
 * Each check applies to some kinds of wishes and passes all others. `place` is the path of a field
 * within the line: "person", "persons[2].person". fails INVALID MESSAGE_MISSING_FIELD,
 * MESSAGE_BAD_FIELD, MESSAGE_TOO_LARGE with the field. */
#pragma once

#include "events/decide.h"

/* How a field that cannot be used is told. `why` is a word of the messages: jobs/messages.c says it
 * in both languages.
 * fails   INVALID MESSAGE_BAD_FIELD, always */
FALLIBLE form_bad(const char *field, const char *why, struct error *err);

/* --- persons and files ------------------------------------------------------------------------ */

/* A name without lost characters, a kind of document that there is, a number of its form. */
FALLIBLE form_person_bad(const PersonName *person, str place, struct arena *arena,
                         struct error *err);
/* A path stays below the folder of the file that names it (CONTRACT 1); a digest has 64 digits.
 * Either may be "". */
FALLIBLE form_path_check(const char *field, const char *path, const char *digest_field,
                         const char *digest, struct error *err);
/* Was a digest promised ("" is none), and is it another one? */
bool form_digest_differs(const char *promised, ProtobufCBinaryData found);

/* --- waves and corrections -------------------------------------------------------------------- */

/* The values of extend_by_notice, convert_category and rename_enterprise: selected classes are any
 * of FACTS 3; a notice converts to C1, C2 or C3 alone; days are days, and a range of days does not
 * end before it begins. */
FALLIBLE form_wave_check(const Action *action, struct error *err);
/* Is anything given that is to be corrected? */
bool form_correction_is_given(const CorrectCertificate *correct);
/* How a refusal names what could have been given. */
#define FORM_CORRECTIONS                                                                           \
    "first_issued | issued | valid_from | valid_until | affiliated_since | identity"
/* Every date that is given is one. */
FALLIBLE form_correction_dates(const CorrectCertificate *correct, struct error *err);
/* The post is a code of FACTS 3.3; whether the certificate may carry it is the rule's to say. */
FALLIBLE form_post_code(const ChangePost *change, struct error *err);

/* --- phones ----------------------------------------------------------------------------------- */

FALLIBLE form_phone_check(const Action *action, struct error *err);
/* The id of the phone that a wish names, as the engine filled it in; "" where it names none. */
const char *form_phone_id(const Action *action);

/* --- personnel files -------------------------------------------------------------------------- */

/* Text fields of the body behind the person, or behind what form.c puts before them, in the order
 * of CONTRACT 4; `*` behind a name: mandatory. */
const char *form_file_texts(Action__BodyCase body);
/* Does the action name a person? *ret is that person, or NULL when the line named none. */
bool form_file_person(const Action *action, const PersonName **ret);
/* The ids of the record of a personnel file and of the application that the action names, or "". */
const char *form_file_record(const Action *action);
const char *form_file_application(const Action *action);

/* Of a wish about a record: what is missing beyond the text fields; what is bad or too large. Of an
 * edit, the rule says the latter: only the record tells which labels there are. */
FALLIBLE form_record_missing(const Action *action, struct arena *arena, struct error *err);
FALLIBLE form_record_bad(const Action *action, struct arena *arena, struct error *err);

/* --- verifications and applications ----------------------------------------------------------- */

/* What is not there: persons and their parts (`persons[2].person.name`). */
FALLIBLE form_application_missing(const Action *action, struct arena *arena, struct error *err);
/* Names, documents, records, months, paths; who came to the counter. */
FALLIBLE form_application_bad(const Action *action, struct arena *arena, struct error *err);
/* Persons and records beyond the limits. */
FALLIBLE form_application_large(const Action *action, struct arena *arena, struct error *err);

/* A month in any spelling of a day without its day: year * 12 + month - 1. */
bool form_month_parse(str text, struct arena *arena, int32_t *ret);
/* "2025-05", in the arena. */
char *form_month_text(int32_t month, struct arena *arena);
