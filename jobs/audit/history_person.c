/* history_person - see history_person.h. */
#include "jobs/audit/history_person.h"

#include "core/base/date.h"
#include "events/decide.h"
#include "events/terms/identity.h"
#include "events/terms/phone.h"
#include "jobs/audit/history_file.h"

static const IdentityVersion *identity_of(const PersonView *person, uint64_t event)
{
    for (size_t i = 0; i < person->n_identities; i++) {
        if (person->identities[i]->event == event) {
            return person->identities[i];
        }
    }
    return NULL;
}

/* The name that the event brought: of the view or, where keys are, of the event itself. */
static str name_in(const PersonView *person, const Event *event)
{
    Event shallow = *event;
    const IdentityVersion *identity = identity_of(person, event->sequence);
    struct personal_slot slot = event_personal(&shallow);
    if (identity != NULL && identity->name[0] != 0) {
        return str_of(identity->name);
    }
    return slot.personal != NULL && *slot.personal != NULL ? str_of((*slot.personal)->name)
                                                           : STR("");
}

static str number_text(const NumberVersion *number, struct arena *arena)
{
    return arena_format(arena, "%.*s %s", STR_ARGS(id_type_text(number->id_type)),
                        number->masked_number);
}

/* Name, day and place of collection. */
static str identity_text(const IdentityVersion *identity, str name, struct arena *arena)
{
    char day[DATE_SIZE] = "";
    if (identity->collected_on != NULL) {
        date_format(identity->collected_on->days, day);
    }
    return arena_format(arena, "%.*s%s%s%s%s", STR_ARGS(name), day[0] != 0 ? ", " : "", day,
                        identity->window[0] != 0 ? ", " : "", identity->window);
}

static void tell_number(const PersonView *person, const Event *event, struct json *change,
                        struct arena *arena)
{
    for (size_t i = 1; i < person->n_numbers; i++) {
        if (person->numbers[i]->event == event->sequence) {
            json_put_text(change, "before", number_text(person->numbers[i - 1], arena));
            json_put_text(change, "after", number_text(person->numbers[i], arena));
        }
    }
}

/* Codes that were sent or were wrong change nothing. */
static bool is_about_codes(const Event *event)
{
    return event->body_case == EVENT__BODY_CODE_REQUESTED ||
           event->body_case == EVENT__BODY_CODE_FAILED;
}

/* Otherwise it is about a certificate, whose history says more. */
static bool is_own(const PersonView *person, const Event *event)
{
    bool own = false;
    for (size_t i = 0; i < person->n_events && !own; i++) {
        own = person->events[i] == event->sequence;
    }
    return own;
}

static bool is_about_phones(const Event *event)
{
    return event->body_case == EVENT__BODY_PHONE_REGISTERED ||
           event->body_case == EVENT__BODY_PHONE_CHANGED;
}

static void tell_phone(struct person_story *story, const Event *event, struct json *change,
                       struct arena *arena)
{
    Event shallow = *event;
    struct personal_slot slot = event_personal(&shallow);
    bool open = slot.personal != NULL && *slot.personal != NULL;
    str phone = open ? phone_mask(str_of((*slot.personal)->phone), arena) : STR("");
    json_put_text(change, "before", story->phone);
    json_put_text(change, "after", phone);
    story->phone = arena_str(story->keep, phone);
}

void person_story_tell(struct person_story *story, const Event *event, struct json *record,
                       struct arena *arena)
{
    struct json *change = json_put_record(record, "change");
    if (story->person->blocked) { /* R-PV-02: says only that something happened */
        json_put_text(change, "before", STR(""));
        json_put_text(change, "after", STR(""));
        return;
    }
    if (history_tell_file(event, change, arena)) {
        return;
    }
    if (event->body_case == EVENT__BODY_PERSON_NUMBER_CHANGED) {
        tell_number(story->person, event, change, arena);
        return;
    }
    if (is_about_phones(event)) {
        tell_phone(story, event, change, arena);
        return;
    }
    if (is_about_codes(event) || !is_own(story->person, event)) {
        json_put_text(change, "before", STR(""));
        json_put_text(change, "after", STR(""));
        return;
    }
    str name = name_in(story->person, event);
    const IdentityVersion *identity = identity_of(story->person, event->sequence);
    bool collected = event->body_case == EVENT__BODY_IDENTITY_COLLECTED && identity != NULL;
    json_put_text(change, "before", str_equal(story->name, name) ? STR("") : story->name);
    json_put_text(change, "after", collected ? identity_text(identity, name, arena) : name);
    if (!str_empty(name)) {
        story->name = arena_str(story->keep, name);
    }
}
