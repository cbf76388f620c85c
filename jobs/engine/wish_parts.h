/* wish_parts - finds the fields that many actions share (certificate, person, attachment ...), so
 * that only this file needs a switch over all actions. */
#pragma once

#include <action.pb-c.h>

/* Pointers into the action, so that a field can be replaced; NULL where an action has none. */
struct wish_parts {
    char **certificate;
    char **name;
    char ***certificates;
    size_t *certificates_count;
    PersonName *person;
    char **proof;
    char **proof_sha256;
    Attachment **attachment;
    Scan **scan; /* `proof` and `proof_sha256` are then its file and that one's digest */
    RecordField ***fields;
    size_t *fields_count;
    UsedRecords **used; /* persons of a list, with their records */
    size_t used_count;
};
struct wish_parts wish_parts(Action *action);
