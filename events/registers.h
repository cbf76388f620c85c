/* registers - checks and comparisons that the rules of several registers share. */
#pragma once

#include "events/decide.h"

/* A person whom a row names and nobody knows yet becomes known (D35); a row without a name makes
 * nobody known. `person` may be NULL. */
void person_make_known(const struct dossier *dossier, const char *person_id, const Personal *person,
                       struct arena *arena, struct decision *decision);

/* The same without asking: what a row says of a person is kept. */
void person_record(const char *person_id, const Personal *person, struct arena *arena,
                   struct decision *decision);

bool dates_equal(const Date *a, const Date *b);
bool texts_equal(const char *a, const char *b);
bool blobs_equal(ProtobufCBinaryData a, ProtobufCBinaryData b);
