/* scenario - see scenario.h. */
#include "tests/support/scenario.h"

#include <stdio.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/base/unicode.h"
#include "events/decide.h"
#include "events/messages.h"
#include "projections/registry.h"
#include "tests/support/scenario_application.h"
#include "tests/support/scenario_dossier.h"
#include "tests/support/scenario_state.h"
#include "tests/support/scenario_wave.h"

static const struct {
    int code;
    const char *name;
} code_names[] = {
#define MESSAGE(number, name, english, chinese) {(number), #name},
#include "core/base/messages.def"
#include "events/messages.def"
#undef MESSAGE
};

int scenario_code_at(size_t i)
{
    return i < sizeof code_names / sizeof code_names[0] ? code_names[i].code : 0;
}

const char *scenario_code_name(int code, struct arena *arena)
{
    for (size_t i = 0; i < sizeof code_names / sizeof code_names[0]; i++) {
        if (code_names[i].code == code) {
            return unicode_lower_ascii(arena_str(arena, str_of(code_names[i].name)), arena).data;
        }
    }
    return "";
}

/* The first failure is the one that counts. */
bool scenario_fail(struct scenario *s, str why)
{
    if (s->failure == NULL) {
        s->failure = arena_format(s->arena, "%s:%d: %.*s", s->path, s->line, STR_ARGS(why)).data;
    }
    return false;
}

bool scenario_fail_error(struct scenario *s, const struct error *error)
{
    return scenario_fail(s, scenario_error_text(error, s->arena));
}

/* --- values ---------------------------------------------------------------------------------- */

static uint64_t identity_of(const struct scenario *s, str person_id)
{
    for (size_t i = s->identities_count; i > 0; i--) {
        if (str_equal(s->identities[i - 1].person_id, person_id)) {
            return s->identities[i - 1].event;
        }
    }
    return 0;
}

static str hex(bytes b, struct arena *arena)
{
    str text = STR("");
    for (size_t i = 0; i < b.size; i++) {
        text = arena_format(arena, "%.*s%02x", STR_ARGS(text), b.data[i]);
    }
    return text;
}

str scenario_resolved(struct scenario *s, str value, uint64_t this_event)
{
    size_t at = str_find_byte(value, '@');
    if (at == value.size) {
        return value;
    }
    str what = str_from(value, at + 1);
    unsigned long long number = identity_of(s, what);
    if (str_equal(what, STR("last"))) {
        number = s->last;
    } else if (str_equal(what, STR("this"))) {
        number = this_event;
    } else if (str_equal(what, STR("before"))) {
        number = s->before;
    } else if (str_equal(what, STR("opened"))) {
        number = s->before + 1;
    } else if (str_equal(what, STR("declaration"))) {
        return hex(declaration_sha256(), s->arena);
    }
    return arena_format(s->arena, "%.*s%llu", STR_ARGS(str_first(value, at)), number);
}

static bool set(struct scenario *s, ProtobufCMessage *message, str field, str value)
{
    struct error error;
    if (str_empty(value)) {
        return true; /* absent, as it is */
    }
    str text = scenario_resolved(s, value, s->last + 1);
    if (!record_set(message, field, text, s->arena, &error).ok) {
        return scenario_fail_error(s, &error);
    }
    return true;
}

/* --- what happened --------------------------------------------------------------------------- */

bool scenario_apply(struct scenario *s, Event *event, Event **ret)
{
    struct error error;
    ProtobufCMessage *again = NULL;
    struct view_store store = memory_views_store(s->views);
    event->sequence = ++s->last;
    event->business_date = RECORD_NEW(s->arena, Date, date);
    event->business_date->days = s->today;
    event->recorded_at_us = s->now_us;
    bytes packed = record_pack(&event->base, s->arena);
    if (!record_unpack(&event__descriptor, packed, s->arena, &again, &error).ok ||
        !record_equal(&event->base, again, s->arena)) {
        return scenario_fail(s, STR("the event does not survive its bytes"));
    }
    Event *applied = (Event *)(void *)again;
    struct personal_slot slot = event_personal(applied);
    if (slot.person_id != NULL && s->identities_count < IDENTITIES_MAX &&
        (applied->body_case == EVENT__BODY_IDENTITY_COLLECTED ||
         applied->body_case == EVENT__BODY_PERSON_RENAMED)) {
        s->identities[s->identities_count].person_id = str_of(*slot.person_id);
        s->identities[s->identities_count++].event = applied->sequence;
    }
    if (!views_apply(&store, applied, s->arena, &error).ok) {
        return scenario_fail_error(s, &error);
    }
    *ret = applied;
    return true;
}

static bool do_given(struct scenario *s, const struct scenario_line *line)
{
    Event *event = RECORD_NEW(s->arena, Event, event);
    Event *applied = NULL;
    const ProtobufCFieldDescriptor *member =
        line->count < 2 ? NULL : scenario_member(&event__descriptor, line->words[1].name);
    if (member == NULL) {
        return scenario_fail(s, STR("no such event"));
    }
    ProtobufCMessage *body = scenario_select(&event->base, member, s->arena);
    for (size_t i = 2; i < line->count; i++) {
        if (!set(s, body, line->words[i].name, line->words[i].value)) {
            return false;
        }
    }
    return scenario_apply(s, event, &applied);
}

/* --- what is wished -------------------------------------------------------------------------- */

static bool is_actor_field(const Action *action, str field)
{
    return action_is_wish(action->body_case) &&
           (str_equal(field, STR("id")) || str_equal(field, STR("enterprise")) ||
            str_equal(field, STR("clerk")));
}

/* person=P-1: the person of that id, also by the id of a corrected number, with some document. */
static bool set_person(struct scenario *s, ProtobufCMessage *body, str person_id)
{
    const AliasView *alias = (const AliasView *)(const void *)memory_views_get(
        s->views, VIEW_ALIAS, key_alias(person_id), s->arena);
    str id = alias != NULL && alias->person_id[0] != 0 ? str_of(alias->person_id) : person_id;
    return set(s, body, STR("person.person_id"), id) &&
           set(s, body, STR("person.id_type"), STR("身份证")) &&
           set(s, body, STR("person.id_number"), STR("310101189912310017"));
}

static bool read_action(struct scenario *s, const struct scenario_line *line, Action *action)
{
    const ProtobufCFieldDescriptor *member =
        line->count < 2 ? NULL : scenario_member(&action__descriptor, line->words[1].name);
    if (member == NULL) {
        return scenario_fail(s, STR("no such action"));
    }
    ProtobufCMessage *body = scenario_select(&action->base, member, s->arena);
    if (action_is_wish(action->body_case)) {
        action->id = arena_c_string(s->arena, arena_format(s->arena, "line-%d", s->line));
    }
    for (size_t i = 2; i < line->count; i++) {
        const struct scenario_word *word = &line->words[i];
        if (action->body_case == ACTION__BODY_OPEN_APPLICATION &&
            str_equal(word->name, STR("uses"))) {
            scenario_application_use(action->open_application,
                                     scenario_resolved(s, word->value, s->last + 1), s->arena);
            continue;
        }
        bool done = is_actor_field(action, word->name)
                        ? str_empty(word->value) ? (action->id = (char *)"", true)
                                                 : set(s, &action->base, word->name, word->value)
                    : str_equal(word->name, STR("person")) ? set_person(s, body, word->value)
                                                           : set(s, body, word->name, word->value);
        if (!done) {
            return false;
        }
    }
    return true;
}

/* Each code once. */
void scenario_count_code(struct scenario *s, const char *name)
{
    struct scenario_codes *codes = s->codes;
    for (size_t i = 0; codes != NULL && i < codes->count; i++) {
        if (strcmp(codes->names[i], name) == 0) {
            return;
        }
    }
    if (codes != NULL && codes->count < sizeof codes->names / sizeof codes->names[0]) {
        codes->names[codes->count++] = name;
    }
}

/* A wave goes on to its end at once, unless it is only to be opened. */
static bool accept(struct scenario *s, const struct wave_list *list, bool only_open)
{
    s->answer = ANSWER_ACCEPTED;
    for (size_t i = 0; i < s->decision.count; i++) {
        if (!scenario_apply(s, s->decision.events[i], &s->decision.events[i])) {
            return false;
        }
    }
    if (s->decision.is_wave) {
        scenario_wave_keep(s, list);
        return only_open || scenario_wave_run(s);
    }
    return true;
}

static bool wish(struct scenario *s, const struct scenario_line *line, bool only_open)
{
    Action *action = RECORD_NEW(s->arena, Action, action);
    struct moment moment = {s->today, s->now_us};
    struct dossier dossier;
    struct error error;
    s->decision = (struct decision){.events = NULL};
    s->matched = 0;
    s->before = s->last;
    s->is_named = false;
    s->answer = ANSWER_NONE;
    if (!read_action(s, line, action)) {
        return false;
    }
    outcome judged = action_check_form(action, s->arena, &s->refusal);
    if (judged.ok) {
        if (!scenario_dossier_load(s->views, &s->policies, action, moment, s->last + 1, s->arena,
                                   &dossier, &error)
                 .ok) {
            return scenario_fail_error(s, &error);
        }
        judged = decide(&dossier, action, moment, s->arena, &s->decision, &s->refusal);
    }
    if (judged.ok) {
        return accept(s, &dossier.wave, only_open);
    }
    scenario_count_code(s, scenario_code_name(s->refusal.code, s->arena));
    if (!accept(s, &dossier.wave, only_open)) { /* what a refusal leaves behind */
        return false;
    }
    s->answer = ANSWER_REFUSED;
    return true;
}

static bool do_when(struct scenario *s, const struct scenario_line *line)
{
    return wish(s, line, false);
}

static bool do_open(struct scenario *s, const struct scenario_line *line)
{
    return wish(s, line, true);
}

static bool do_finish(struct scenario *s, const struct scenario_line *line)
{
    (void)line; /* the wave that is open */
    s->decision = (struct decision){.events = NULL};
    s->matched = 0;
    s->before = s->last;
    s->is_named = false;
    s->answer = ANSWER_ACCEPTED;
    return scenario_wave_run(s);
}

/* --- the rest -------------------------------------------------------------------------------- */

static bool do_scenario(struct scenario *s, const struct scenario_line *line)
{
    (void)line; /* the title is for people */
    s->views = ARENA_NEW(s->arena, struct memory_views);
    memory_views_init(s->views, s->arena);
    s->policies = policies_default();
    s->today = 0;
    s->now_us = 0;
    s->last = 0;
    s->identities_count = 0;
    s->wave_opened = NULL;
    return true;
}

static bool do_today(struct scenario *s, const struct scenario_line *line)
{
    bool read = line->count == 2 && date_parse_strict(line->words[1].name, &s->today);
    s->now_us = read ? instant_of_date(s->today) : 0;
    return read || scenario_fail(s, STR("not a day"));
}

static bool do_now(struct scenario *s, const struct scenario_line *line)
{
    bool read = line->count == 2 && instant_parse(line->words[1].name, &s->now_us);
    s->today = read ? date_of_instant(s->now_us) : 0;
    return read || scenario_fail(s, STR("not an instant"));
}

static bool do_policy(struct scenario *s, const struct scenario_line *line)
{
    struct error error;
    return (line->count == 2 &&
            policies_set(&s->policies, line->words[1].name, line->words[1].value, &error).ok) ||
           scenario_fail(s, STR("no such policy"));
}

static bool run_file(struct scenario *s, const char *path);

static bool do_background(struct scenario *s, const struct scenario_line *line)
{
    const char *path = s->path;
    int at = s->line;
    str file = arena_format(s->arena, "tests/scenarios/%.*s.given",
                            STR_ARGS(line->count == 2 ? line->words[1].name : STR("")));
    bool done = run_file(s, file.data);
    s->path = path;
    s->line = at;
    return done;
}

/* Words that look at the answer keep it; all others begin something new. */
static const struct {
    const char *word;
    bool (*run)(struct scenario *s, const struct scenario_line *line);
    bool looks;
} words[] = {
    {"scenario", do_scenario, false},
    {"background", do_background, false},
    {"today", do_today, false},
    {"now", do_now, false},
    {"policy", do_policy, false},
    {"given", do_given, false},
    {"when", do_when, false},
    {"open", do_open, false},
    {"finish", do_finish, false},
    {"then", scenario_then, true},
    {"detail", scenario_detail, true},
    {"refused", scenario_refused, true},
    {"invalid", scenario_invalid, true},
    {"unchanged", scenario_unchanged, true},
    {"certificates", scenario_certificates, true},
    {"warning", scenario_warning, true},
};

static bool run_line(struct scenario *s, str text)
{
    struct scenario_line *line = ARENA_NEW(s->arena, struct scenario_line);
    if (!scenario_line_read(text, s->arena, line)) {
        return scenario_fail(s, STR("a quote does not end, or there are too many words"));
    }
    if (line->count == 0) {
        return true;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_equal_c(line->words[0].name, words[i].word)) {
            return (words[i].looks || scenario_settle(s)) && words[i].run(s, line);
        }
    }
    return scenario_fail(s, STR("no such word"));
}

static bool read_file(const char *path, struct arena *arena, str *ret)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    enum { FILE_MAX = 1 << 20 };
    uint8_t *data = arena_new(arena, FILE_MAX);
    size_t size = fread(data, 1, FILE_MAX, file);
    (void)fclose(file); /* read only */
    return str_from_bytes((bytes){data, size}, ret);
}

static bool run_file(struct scenario *s, const char *path)
{
    str rest;
    s->path = path;
    s->line = 0;
    if (++s->depth > DEPTH_MAX || !read_file(path, s->arena, &rest)) {
        return scenario_fail(s, STR("cannot be read"));
    }
    while (rest.data != NULL) {
        s->line++;
        if (!run_line(s, str_cut(&rest, '\n'))) {
            return false;
        }
    }
    s->depth--;
    return scenario_settle(s);
}

const char *scenario_run_counting(const char *path, struct arena *arena,
                                  struct scenario_codes *codes)
{
    struct scenario *s = ARENA_NEW(arena, struct scenario);
    s->arena = arena;
    s->codes = codes;
    (void)do_scenario(s, NULL); /* cannot fail */
    return run_file(s, path) ? NULL : s->failure;
}

const char *scenario_run(const char *path, struct arena *arena)
{
    return scenario_run_counting(path, arena, NULL);
}
