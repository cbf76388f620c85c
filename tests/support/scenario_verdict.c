/* scenario_verdict - what a scenario says about the answer to its last `when`: see scenario.h. */
#include <inttypes.h>
#include <string.h>

#include "tests/support/scenario_state.h"

/* --- verdicts -------------------------------------------------------------------------------- */

const ProtobufCMessage *scenario_body_of(const Event *event)
{
    const ProtobufCMessage *body = NULL;
    const ProtobufCFieldDescriptor *member =
        protobuf_c_message_descriptor_get_field(&event__descriptor, (unsigned)event->body_case);
    memcpy(&body, (const uint8_t *)event + member->offset, sizeof body);
    return body;
}

/* `cause` is the envelope's: no body has a field of that name. */
static bool has_cause(struct scenario *s, const Event *event, str value)
{
    str cause = arena_format(s->arena, "%" PRIu64, event->cause);
    return str_equal(scenario_resolved(s, value, event->sequence), cause) ||
           scenario_fail(s, arena_format(s->arena, "its cause is %.*s", STR_ARGS(cause)));
}

/* All values that the line gives a field: a list is given by repetition. */
static size_t values_of(struct scenario *s, const struct scenario_line *line, str field,
                        uint64_t this_event, str *ret)
{
    size_t count = 0;
    for (size_t i = 2; i < line->count; i++) {
        if (str_equal(line->words[i].name, field)) {
            ret[count++] = scenario_resolved(s, line->words[i].value, this_event);
        }
    }
    return count;
}

bool scenario_then(struct scenario *s, const struct scenario_line *line)
{
    if (s->answer == ANSWER_REFUSED && !s->is_named) {
        return scenario_fail_error(s, &s->refusal);
    }
    s->is_named = true;
    if (s->answer == ANSWER_NONE || s->matched == s->decision.count) {
        return scenario_fail(s, STR("no such event happened: all are named already"));
    }
    const Event *event = s->decision.events[s->matched++];
    const ProtobufCMessage *body = scenario_body_of(event);
    if (line->count < 2 || !str_equal_c(line->words[1].name, body->descriptor->short_name)) {
        return scenario_fail(s,
                             arena_format(s->arena, "%s happened", body->descriptor->short_name));
    }
    for (size_t i = 2; i < line->count; i++) {
        struct error error;
        str values[SCENARIO_WORDS_MAX];
        str actual = STR("");
        bool equal = false;
        str field = line->words[i].name;
        if (str_equal_c(field, "cause")) {
            if (!has_cause(s, event, line->words[i].value)) {
                return false;
            }
            continue;
        }
        size_t count = values_of(s, line, field, event->sequence, values);
        if (!scenario_field_equals(body, field, values, count, s->arena, &equal, &actual, &error)
                 .ok) {
            return scenario_fail_error(s, &error);
        }
        if (!equal) {
            return scenario_fail(s, arena_format(s->arena, "%s.%.*s is “%.*s”",
                                                 body->descriptor->short_name, STR_ARGS(field),
                                                 STR_ARGS(actual)));
        }
    }
    return true;
}

static bool has_detail(struct scenario *s, str name, str value)
{
    bool refused = s->answer == ANSWER_REFUSED;
    const char *about = refused                            ? NULL
                        : str_equal_c(name, "record")      ? s->decision.record
                        : str_equal_c(name, "application") ? s->decision.application
                                                           : NULL;
    if (about != NULL) {
        return str_equal_c(scenario_resolved(s, value, s->last), about) ||
               scenario_fail(s, arena_format(s->arena, "it is about %s", about));
    }
    const struct error_arg *details = refused ? s->refusal.args : s->decision.details;
    int count = refused ? s->refusal.args_count : s->decision.details_count;
    for (int i = 0; i < count; i++) {
        if (str_equal_c(name, details[i].name)) {
            str text = str_of(details[i].text);
            return str_equal(text, scenario_resolved(s, value, s->last)) ||
                   scenario_fail(s, arena_format(s->arena, "detail %.*s is “%.*s”", STR_ARGS(name),
                                                 STR_ARGS(text)));
        }
    }
    return str_empty(value) ||
           scenario_fail(s, arena_format(s->arena, "there is no detail %.*s", STR_ARGS(name)));
}

bool scenario_detail(struct scenario *s, const struct scenario_line *line)
{
    for (size_t i = 1; i < line->count; i++) {
        if (!has_detail(s, line->words[i].name, line->words[i].value)) {
            return false;
        }
    }
    return true;
}

static bool check_no(struct scenario *s, const struct scenario_line *line, enum error_class class)
{
    s->is_named = true;
    if (s->answer != ANSWER_REFUSED || s->refusal.class != class) {
        return scenario_fail(s, s->answer == ANSWER_REFUSED
                                    ? scenario_error_text(&s->refusal, s->arena)
                                    : STR("it was accepted"));
    }
    str code = line->count < 2 ? STR("") : line->words[1].name;
    if (!str_equal_c(code, scenario_code_name(s->refusal.code, s->arena))) {
        return scenario_fail(s, arena_format(s->arena, "%s: %.*s",
                                             scenario_code_name(s->refusal.code, s->arena),
                                             STR_ARGS(scenario_error_text(&s->refusal, s->arena))));
    }
    for (size_t i = 2; i < line->count; i++) {
        const struct scenario_word *word = &line->words[i];
        if (word->has_value) {
            if (!has_detail(s, word->name, word->value)) {
                return false;
            }
        } else if (s->refusal.rule == NULL || !str_equal_c(word->name, s->refusal.rule)) {
            return scenario_fail(s,
                                 arena_format(s->arena, "the rule is %s",
                                              s->refusal.rule == NULL ? "none" : s->refusal.rule));
        }
    }
    return true;
}

/* Every refusal names its rule (RULES 0.3). */
bool scenario_refused(struct scenario *s, const struct scenario_line *line)
{
    return check_no(s, line, ERROR_REFUSED) &&
           (s->refusal.rule != NULL || scenario_fail(s, STR("the refusal names no rule")));
}

bool scenario_invalid(struct scenario *s, const struct scenario_line *line)
{
    return check_no(s, line, ERROR_INVALID);
}

bool scenario_unchanged(struct scenario *s, const struct scenario_line *line)
{
    (void)line; /* has nothing else */
    s->is_named = true;
    if (s->answer == ANSWER_REFUSED) {
        return scenario_fail_error(s, &s->refusal);
    }
    return s->decision.count == 0 || scenario_fail(s, STR("something changed"));
}

bool scenario_certificates(struct scenario *s, const struct scenario_line *line)
{
    if (s->decision.certificates_count != line->count - 1) {
        return scenario_fail(s, arena_format(s->arena, "the answer names %zu certificates",
                                             s->decision.certificates_count));
    }
    for (size_t i = 1; i < line->count; i++) {
        if (!str_equal_c(line->words[i].name, s->decision.certificates[i - 1])) {
            return scenario_fail(
                s, arena_format(s->arena, "the answer names %s", s->decision.certificates[i - 1]));
        }
    }
    return true;
}

bool scenario_warning(struct scenario *s, const struct scenario_line *line)
{
    if (line->count == 1) { /* none */
        return s->decision.warnings_count == 0 || scenario_fail(s, STR("there was a warning"));
    }
    for (int i = 0; i < s->decision.warnings_count && line->count == 2; i++) {
        if (str_equal_c(line->words[1].name,
                        scenario_code_name(s->decision.warnings[i], s->arena))) {
            return true;
        }
    }
    return scenario_fail(s, STR("there was no such warning"));
}

/* --- the end of a `when` --------------------------------------------------------------------- */

/* Has the last `when` been answered for, with all its events? */
bool scenario_settle(struct scenario *s)
{
    if (s->answer == ANSWER_NONE) {
        return true;
    }
    if (!s->is_named) {
        return scenario_fail(s, STR("the `when` above has no verdict"));
    }
    if (s->matched < s->decision.count) {
        return scenario_fail(
            s,
            arena_format(s->arena, "%s happened too",
                         scenario_body_of(s->decision.events[s->matched])->descriptor->short_name));
    }
    s->answer = ANSWER_NONE;
    return true;
}
