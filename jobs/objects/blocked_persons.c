/* blocked_persons - see blocked_persons.h. */
#include "jobs/objects/blocked_persons.h"

#include "jobs/objects/objects.h"

static void add(struct map *set, str text)
{
    bool made = false;
    (void)map_put(set, str_bytes(arena_str(set->arena, text)), &made); /* a set */
}

static outcome add_number(void *state, str number, struct error *err)
{
    struct blocked_persons *blocked = state;
    (void)err; /* memory is the arena's */
    add(&blocked->numbers, number);
    return OK;
}

static outcome add_person(void *state, str person_id, struct error *err)
{
    struct blocked_persons *blocked = state;
    str id = arena_str(blocked->persons.arena, person_id);
    add(&blocked->persons, id);
    return each_of_index(blocked->session, index_certificates_of_person(id), add_number, blocked,
                         err);
}

FALLIBLE blocked_persons_load(struct session *session, struct view_key who, struct arena *arena,
                              struct blocked_persons *ret, struct error *err)
{
    ret->session = session;
    map_init(&ret->persons, arena);
    map_init(&ret->numbers, arena);
    return each_of_index(session, who, add_person, ret, err);
}

FALLIBLE blocked_persons_have(const struct blocked_persons *blocked, str document, bool *ret,
                              struct error *err)
{
    struct arena *arena = &blocked->session->item_arena;
    DocumentView *proof = NULL;
    *ret = map_find(&blocked->numbers, str_bytes(document)) != NULL;
    /* proofs have ids with a colon, certificates their number */
    if (blocked->persons.count > 0 && str_find_byte(document, ':') < document.size) {
        TRY(document_view(blocked->session, document, arena, &proof, err));
        *ret = map_find(&blocked->persons, str_bytes(str_of(proof->person_id))) != NULL;
        arena_reset(arena);
    }
    return OK;
}
