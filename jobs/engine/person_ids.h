/* person_ids - the person id of an identity document: a keyed hash of its kind and number or, if
 * that number was corrected, the id of the person's first number (RULES D24). This is the only
 * place that follows corrected numbers.
 *
 * Needs a transaction. As long as no number was ever corrected, it only looks into an empty table.
 */
#pragma once

#include "jobs/engine/engine.h"

/* `id` itself, or the first id of the person whose corrected number it stands for; in the arena.
 * fails   RESOURCE, CORRUPT */
FALLIBLE person_id_follow(struct views *views, const char *id, struct arena *arena,
                          const char **ret, struct error *err);

/* The person whom a wish names (wish_normalise has filled in the id of the number). */
FALLIBLE person_ids_of_wish(struct engine *engine, Action *wish, struct arena *arena,
                            struct error *err);

/* The person of a register row, in two steps: the keyed id of the document it names, in any thread;
 * then, in a transaction, whom a corrected number stands for, and the ids of records that have one
 * of their own. */
void person_ids_name_row(struct people *people, Action *row, struct arena *arena);
FALLIBLE person_ids_follow_row(struct engine *engine, Action *row, struct arena *arena,
                               struct error *err);

/* The person whom a row names by then; "" for clerks and wishes. */
const char *person_id_of_row(Action *row);

/* The person's records may lie under each number they had: a row that names an old register entry
 * by it stays where it is. The first id comes first; `ret` is in the arena. */
struct person_id_list {
    const char **items;
    size_t count;
};
struct person_id_list person_ids_all(const PersonView *person, const char *person_id,
                                     struct arena *arena);

/* In `ret`, at most two: the ids that the document a wish names has as one of the kind 其他, with
 * and without a re-issue counter. None of a 身份证, which every register calls by its name. */
size_t person_ids_as_other(struct people *people, const PersonName *person, struct arena *arena,
                           const char *ret[2]);
/* The same of a document that is normalised already. */
size_t person_ids_of_other(struct people *people, IdType__Code type, str normal,
                           struct arena *arena, const char *ret[2]);
