/* left_alone - see left_alone.h. */
#include "jobs/objects/left_alone.h"

#include "jobs/objects/objects.h"

static void add(struct map *set, str text)
{
    bool made = false;
    (void)map_put(set, str_bytes(arena_str(set->arena, text)), &made); /* a set */
}

static outcome add_number(void *state, str number, struct error *err)
{
    struct left_alone *left_alone = state;
    (void)err; /* memory is the arena's */
    add(&left_alone->numbers, number);
    return OK;
}

static outcome add_person(void *state, str person_id, struct error *err)
{
    struct left_alone *left_alone = state;
    str id = arena_str(left_alone->persons.arena, person_id);
    add(&left_alone->persons, id);
    return each_of_index(left_alone->session, index_certificates_of_person(id), add_number,
                         left_alone, err);
}

FALLIBLE left_alone_load(struct session *session, struct view_key who, struct arena *arena,
                         struct left_alone *ret, struct error *err)
{
    ret->session = session;
    map_init(&ret->persons, arena);
    map_init(&ret->numbers, arena);
    return each_of_index(session, who, add_person, ret, err);
}

FALLIBLE left_alone_has(const struct left_alone *left_alone, str document, bool *ret,
                        struct error *err)
{
    struct arena *arena = &left_alone->session->item_arena;
    DocumentView *proof = NULL;
    *ret = map_find(&left_alone->numbers, str_bytes(document)) != NULL;
    /* proofs have ids with a colon, certificates their number */
    if (left_alone->persons.count > 0 && str_find_byte(document, ':') < document.size) {
        TRY(document_view(left_alone->session, document, arena, &proof, err));
        *ret = map_find(&left_alone->persons, str_bytes(str_of(proof->person_id))) != NULL;
        arena_reset(arena);
    }
    return OK;
}
