/* person - the view of persons: the name each is known by, and every collected identity; and the
 * view of aliases, which leads from the id of a corrected number to the person (D24).
 *
 * When the person's key was destroyed, personal parts are blank, and only the person_id is left.
 * The view never holds the full number of a document. The person_id, a keyed hash of the first
 * number that the person was known by, identifies the person. */
#include "core/base/record.h"
#include "events/terms/identity.h"
#include "events/terms/names.h"
#include "events/terms/phone.h"
#include "projections/kinds.h"

enum { PERSON_NAMES_MAX = 8 };

static void add_former_name(PersonView *person, char *name, struct arena *arena)
{
    person->former_names = texts_with(person->former_names, person->n_former_names, name, arena);
    person->n_former_names++;
}

/* Makes `name` the known one; the one before is kept as a former name. */
static void know_as(PersonView *person, char *name, struct arena *arena)
{
    str known = str_of(person->name);
    if (!str_empty(known) && !str_equal_c(known, name)) {
        add_former_name(person, person->name, arena);
    }
    person->name = name;
}

/* A row may still name the person by a number that was corrected since: only another correction
 * changes it then. */
static void know_number(PersonView *person, const Personal *personal, struct arena *arena)
{
    str number = str_of(personal->id_number);
    if (person->n_numbers == 0) {
        person->id_type = personal->id_type;
        person->masked_number =
            arena_c_string(arena, identity_mask(personal->id_type, number, arena));
    }
}

static void add_identity(PersonView *person, IdentityVersion *identity, struct arena *arena)
{
    IdentityVersion **grown = ARENA_ARRAY(arena, IdentityVersion *, person->n_identities + 1);
    for (size_t i = 0; i < person->n_identities; i++) {
        grown[i] = person->identities[i];
    }
    grown[person->n_identities++] = identity;
    person->identities = grown;
}

/* Which certificates say that name is asked by events (events/holder.h). */
static void add_said_name(PersonView *person, char *name, uint64_t event, struct arena *arena)
{
    NameVersion **grown = ARENA_ARRAY(arena, NameVersion *, person->n_said_names + 1);
    for (size_t i = 0; i < person->n_said_names; i++) {
        grown[i] = person->said_names[i];
    }
    NameVersion *said = RECORD_NEW(arena, NameVersion, name_version);
    said->event = event;
    said->name = name;
    grown[person->n_said_names++] = said;
    person->said_names = grown;
}

static bool goes_or_went_by(const PersonView *person, str name)
{
    bool does = str_equal_c(name, person->name);
    for (size_t i = 0; i < person->n_former_names && !does; i++) {
        does = str_equal_c(name, person->former_names[i]);
    }
    return does;
}

/* The first name of all is the first of the former ones, or else the name. It is told apart when
 * the first of those becomes one that was only said. */
static void keep_first_name(PersonView *person, struct arena *arena)
{
    if (person->n_former_names == 0 && person->events[0] != person->identities[0]->event) {
        add_said_name(person, person->name, person->events[0], arena);
    }
}

/* A collected identity says better what somebody is called than a register row, whose name is one
 * to be found by (R-PN-07). */
static void apply_recorded(PersonView *person, const Personal *personal, const Event *event,
                           struct arena *arena)
{
    bool is_only_said =
        person->n_identities > 0 && !goes_or_went_by(person, str_of(personal->name));
    if (is_only_said) {
        keep_first_name(person, arena);
    }
    if (person->known_by != 0) {
        add_said_name(person, personal->name, event->sequence, arena);
    }
    if (person->n_identities == 0) {
        know_as(person, personal->name, arena);
        know_number(person, personal, arena);
    } else if (is_only_said) {
        add_former_name(person, personal->name, arena);
    }
}

static void apply_collected(PersonView *person, const IdentityCollected *row,
                            const Personal *personal, const Event *event, struct arena *arena)
{
    IdentityVersion *identity = RECORD_NEW(arena, IdentityVersion, identity_version);
    identity->event = event->sequence;
    identity->name = personal->name;
    identity->id_type = personal->id_type;
    identity->sex = personal->sex;
    identity->nation = personal->nation;
    identity->birth_date = personal->birth_date;
    identity->address = personal->address;
    identity->issuer = personal->issuer;
    identity->valid_from = personal->valid_from;
    identity->valid_to = personal->valid_to;
    identity->valid_forever = personal->valid_forever;
    identity->photo_sha256 = personal->photo_sha256;
    identity->photo_blob = row->photo_blob;
    identity->collected_on = row->collected_on;
    identity->method = row->method;
    identity->digital_certificate = row->digital_certificate;
    identity->window = row->window;
    add_identity(person, identity, arena);
    know_as(person, personal->name, arena);
    know_number(person, personal, arena);
}

/* The collected identity goes on under the new name; it is the same card and the same photo. */
static void apply_renamed(PersonView *person, const Personal *personal, const Event *event,
                          struct arena *arena)
{
    if (person->n_identities > 0) {
        IdentityVersion *renamed = ARENA_NEW(arena, IdentityVersion);
        *renamed = *person->identities[person->n_identities - 1];
        renamed->event = event->sequence;
        renamed->name = personal->name;
        add_identity(person, renamed, arena);
    } else {
        add_said_name(person, personal->name, event->sequence, arena);
    }
    know_as(person, personal->name, arena);
}

static void add_number(PersonView *person, NumberVersion number, struct arena *arena)
{
    NumberVersion **grown = ARENA_ARRAY(arena, NumberVersion *, person->n_numbers + 1);
    for (size_t i = 0; i < person->n_numbers; i++) {
        grown[i] = person->numbers[i];
    }
    grown[person->n_numbers] = ARENA_NEW(arena, NumberVersion);
    *grown[person->n_numbers++] = number;
    person->numbers = grown;
}

static bool has_id(const PersonView *person, const char *id)
{
    bool has = str_equal_c(str_of(person->person_id), id);
    for (size_t i = 0; i < person->n_aliases && !has; i++) {
        has = str_equal_c(str_of(person->aliases[i]), id);
    }
    return has;
}

/* The number that was right until now stays with the others, the first one too. */
static void apply_number(PersonView *person, const PersonNumberChanged *changed,
                         const Personal *personal, const Event *event, struct arena *arena)
{
    NumberVersion number;
    number_version__init(&number);
    if (person->n_numbers == 0) {
        number.event = person->known_by;
        number.id_type = person->id_type;
        number.masked_number = person->masked_number;
        number.id = person->person_id;
        add_number(person, number, arena);
    }
    if (!has_id(person, changed->alias_person_id)) {
        person->aliases =
            texts_with(person->aliases, person->n_aliases, changed->alias_person_id, arena);
        person->n_aliases++;
    }
    str mask = identity_mask(personal->id_type, str_of(personal->id_number), arena);
    number.event = event->sequence;
    number.id_type = personal->id_type;
    number.masked_number = arena_c_string(arena, mask);
    number.id = changed->alias_person_id;
    add_number(person, number, arena);
    person->id_type = number.id_type;
    person->masked_number = number.masked_number;
    person->known_by = event->sequence;
}

static void apply_phone(PersonView *person, char *phone_id, const Personal *personal,
                        struct arena *arena)
{
    str phone = personal != NULL ? str_of(personal->phone) : STR("");
    person->phone_id = phone_id;
    person->masked_phone = arena_c_string(arena, phone_mask(phone, arena));
}

/* R-PF-09..14. Codes that went out change nothing here but the history. */
static FALLIBLE apply_phone_event(PersonView *person, const Event *event, struct arena *arena,
                                  struct error *err)
{
    if (person->known_by == 0) {
        return log_contradicts(event, "phone", err);
    }
    if (event->body_case == EVENT__BODY_PHONE_REGISTERED) {
        const PhoneRegistered *registered = event->phone_registered;
        apply_phone(person, registered->phone_id, registered->personal, arena);
    } else if (event->body_case == EVENT__BODY_PHONE_CHANGED) {
        const PhoneChanged *changed = event->phone_changed;
        apply_phone(person, changed->phone_id, changed->personal, arena);
    }
    return OK;
}

static bool is_phone_event(const Event *event)
{
    return event->body_case == EVENT__BODY_CODE_REQUESTED ||
           event->body_case == EVENT__BODY_CODE_FAILED ||
           event->body_case == EVENT__BODY_PHONE_REGISTERED ||
           event->body_case == EVENT__BODY_PHONE_CHANGED;
}

/* What can only happen to somebody who is known. */
static FALLIBLE apply_change(PersonView *person, const Event *event, struct arena *arena,
                             struct error *err)
{
    const Personal blank = PERSONAL__INIT;
    bool renamed = event->body_case == EVENT__BODY_PERSON_RENAMED;
    const Personal *personal =
        renamed ? event->person_renamed->personal : event->person_number_changed->personal;
    if (person->known_by == 0) {
        return log_contradicts(event,
                               renamed ? event->person_renamed->person_id
                                       : event->person_number_changed->person_id,
                               err);
    }
    personal = personal != NULL ? personal : &blank;
    if (renamed) {
        apply_renamed(person, personal, event, arena);
    } else {
        apply_number(person, event->person_number_changed, personal, event, arena);
    }
    return OK;
}

/* R-PV-02. The person need not have a record: the id is enough. Sealed data read as blank once the
 * key is gone. The phone is released, so that another person may bind it. */
static void apply_block_event(PersonView *person, const Event *event, struct arena *arena)
{
    bool erased = event->body_case == EVENT__BODY_PERSON_ERASED;
    person->person_id = erased ? event->person_erased->person_id : event->person_blocked->person_id;
    person->blocked = true;
    if (erased) {
        person->erased = true;
        person->phone_id = arena_c_string(arena, STR(""));
        person->masked_phone = person->phone_id;
    }
}

static bool is_block_event(const Event *event)
{
    return event->body_case == EVENT__BODY_PERSON_BLOCKED ||
           event->body_case == EVENT__BODY_PERSON_ERASED;
}

VIEW_APPLY(person_apply)
{
    PersonView *person = (PersonView *)view;
    const Personal blank = PERSONAL__INIT;
    if (event->body_case == EVENT__BODY_PERSON_RECORDED) {
        const PersonRecorded *row = event->person_recorded;
        person->person_id = row->person_id;
        apply_recorded(person, row->personal != NULL ? row->personal : &blank, event, arena);
    } else if (event->body_case == EVENT__BODY_IDENTITY_COLLECTED) {
        const IdentityCollected *row = event->identity_collected;
        person->person_id = row->person_id;
        apply_collected(person, row, row->personal != NULL ? row->personal : &blank, event, arena);
    } else if (is_block_event(event)) {
        apply_block_event(person, event, arena);
    } else if (is_phone_event(event)) {
        TRY(apply_phone_event(person, event, arena, err));
    } else {
        TRY(apply_change(person, event, arena, err));
    }
    if (person->known_by == 0 && !is_block_event(event)) {
        person->known_by = event->sequence;
    }
    person->events = numbers_with(person->events, person->n_events, event->sequence, arena);
    person->n_events++;
    return OK;
}

/* R-PN-07: old names stay findable. A register that swaps spellings to and fro repeats itself, and
 * the index of one view is small: every name once, the newest first, as many as fit. */
VIEW_INDEX_OF(person_index)
{
    const PersonView *person = (const PersonView *)view;
    str keys[PERSON_NAMES_MAX];
    size_t count = 0;
    if (person->blocked) { /* nobody finds a name that is not to be used */
        struct view_key key = index_blocked_persons();
        index_add(sink, &key, str_of(person->person_id));
        if (person->erased) {
            key = index_erased_persons();
            index_add(sink, &key, str_of(person->person_id));
        }
        return;
    }
    for (size_t i = 0; i <= person->n_former_names && count < PERSON_NAMES_MAX; i++) {
        const char *name = i == 0 ? person->name : person->former_names[person->n_former_names - i];
        str key = person_name_key(str_of(name), arena);
        bool known = str_empty(key);
        for (size_t k = 0; k < count; k++) {
            known = known || str_equal(keys[k], key);
        }
        if (!known) {
            keys[count++] = key;
            struct view_key entry;
            make_index_persons_of_name(&entry, key, false);
            index_add(sink, &entry, str_of(person->person_id));
        }
    }
    if (person->phone_id[0] != 0) {
        struct view_key key = index_persons_of_phone(str_of(person->phone_id));
        index_add(sink, &key, str_of(person->person_id));
    }
}

/* A number that goes back to the person's first one is no alias. */
VIEW_KEY(alias_key)
{
    const PersonNumberChanged *changed = event->person_number_changed;
    if (str_equal_c(str_of(changed->alias_person_id), changed->person_id)) {
        return false;
    }
    make_key_of_text(ret, str_of(changed->alias_person_id));
    return true;
}

VIEW_APPLY(alias_apply)
{
    AliasView *alias = (AliasView *)view;
    const PersonNumberChanged *changed = event->person_number_changed;
    (void)arena; /* the event's texts last as long */
    if (alias->person_id[0] != 0 && !str_equal_c(str_of(alias->person_id), changed->person_id)) {
        return log_contradicts(event, changed->alias_person_id, err);
    }
    alias->alias = changed->alias_person_id;
    alias->person_id = changed->person_id;
    return OK;
}
