/* history_refused - see history_refused.h. */
#include "jobs/audit/history_refused.h"

#include <string.h>

#include "events/terms/credit_code.h"
#include "events/terms/identity.h"
#include "events/terms/number.h"
#include "jobs/audit/history_event.h"
#include "jobs/engine/judging/evidence.h"
#include "jobs/engine/person_ids.h"

struct refused {
    struct session *session;
    const Event *event;
    const struct refused_filter *filter;
    refused_put *put;
    void *state;
};

static str text_of(const struct json *record, const char *key)
{
    const struct json *value = json_member(record, key);
    return value != NULL && json_kind(value) == JSON_IS_TEXT ? json_text(value) : STR("");
}

/* The id of the person that a record of name, kind and number names; "" when there is none. */
static const char *person_of(struct session *session, const struct json *record)
{
    struct arena *arena = &session->item_arena;
    IdType__Code type = ID_TYPE__CODE__NONE;
    str number = text_of(record, "id_number");
    str normal = STR("");
    if (str_empty(number) || !id_type_from_text(text_of(record, "id_type"), &type) ||
        !identity_normalise(type, number, arena, &normal)) {
        return "";
    }
    return people_id(engine_people(session->engine), type, normal, arena);
}

/* --- does a wish name the subject? ----------------------------------------------------------- */

static bool is_id_of(struct session *session, const PersonView *person, const char *id)
{
    struct person_id_list ids = person_ids_all(person, person->person_id, &session->item_arena);
    for (size_t i = 0; i < ids.count; i++) {
        if (*id != 0 && strcmp(ids.items[i], id) == 0) {
            return true;
        }
    }
    return false;
}

FALLIBLE history_names(struct session *session, const struct subject *subject, str text, bool *ret,
                       struct error *err)
{
    struct arena *arena = &session->item_arena;
    struct number number;
    str code = STR("");
    if (subject->kind == SUBJECT_ENTERPRISE) {
        *ret = credit_code_normalise(text, arena, &code) && str_equal_c(code, subject->key);
    } else if (number_parse(text, arena, &number)) {
        CertificateView *certificate = NULL;
        if (subject->kind == SUBJECT_CERTIFICATE) {
            *ret = str_equal_c(number.canonical, subject->key);
        } else {
            TRY(certificate_view(session, number.canonical, arena, &certificate, err));
            *ret = is_id_of(session, subject->person, certificate->person_id);
        }
    }
    return OK;
}

/* As deep as json_parse lets a text be. */
static outcome value_names(struct session *session, const struct subject *subject,
                           const struct json *value, bool *ret, struct error *err)
{
    if (json_kind(value) == JSON_IS_TEXT) {
        TRY(history_names(session, subject, json_text(value), ret, err));
    } else if (json_kind(value) == JSON_IS_LIST) {
        for (size_t i = 0; i < json_count(value) && !*ret; i++) {
            TRY(value_names(session, subject, json_element(value, i), ret, err));
        }
    } else if (json_kind(value) == JSON_IS_RECORD) {
        *ret = subject->kind == SUBJECT_PERSON &&
               is_id_of(session, subject->person, person_of(session, value));
        for (struct json_walk walk = json_walk(value); walk.value != NULL && !*ret;
             json_walk_next(&walk)) {
            TRY(value_names(session, subject, walk.value, ret, err));
        }
    }
    return OK;
}

/* --- who wished ------------------------------------------------------------------------------ */

struct wisher {
    const char *kind;
    str id;
};

static struct wisher wisher_of(struct session *session, const struct json *wish)
{
    struct arena *arena = &session->item_arena;
    str enterprise = text_of(wish, "enterprise");
    str clerk = text_of(wish, "clerk");
    if (!str_empty(enterprise)) {
        str code = enterprise;
        (void)credit_code_normalise(enterprise, arena, &code); /* else as it was written */
        return (struct wisher){"enterprise", code};
    }
    if (!str_empty(clerk)) {
        return (struct wisher){"clerk", clerk};
    }
    const struct json *person = json_member(wish, "person");
    if (person != NULL) {
        const char *id = person_of(session, person);
        return (struct wisher){*id != 0 ? "person" : "none", str_of(id)};
    }
    return (struct wisher){"none", STR("")};
}

static outcome is_wanted(struct refused *refused, const struct json *wish, str actor, bool *ret,
                         struct error *err)
{
    const struct refused_filter *filter = refused->filter;
    *ret = filter->actor == NULL || str_equal_c(actor, filter->actor);
    if (*ret && filter->subject != NULL) {
        *ret = false;
        if (wish != NULL) {
            TRY(value_names(refused->session, filter->subject, wish, ret, err));
        }
    }
    return OK;
}

/* --- the line of the history ----------------------------------------------------------------- */

/* Certificate numbers of the wish, as they are kept. */
static void put_numbers(struct session *session, const struct json *wish, struct json *list)
{
    static const char *const keys[] = {"certificate", "original_certificate"};
    struct arena *arena = &session->item_arena;
    struct number number;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (number_parse(text_of(wish, keys[i]), arena, &number)) {
            json_add_text(list, number.canonical);
        }
    }
    const struct json *several = json_member(wish, "certificates"); /* or what was written there */
    bool is_list = several != NULL && json_kind(several) == JSON_IS_LIST;
    for (size_t i = 0; is_list && i < json_count(several); i++) {
        const struct json *item = json_element(several, i);
        if (json_kind(item) == JSON_IS_TEXT && number_parse(json_text(item), arena, &number)) {
            json_add_text(list, number.canonical);
        }
    }
}

static struct json *line_of(struct refused *refused, const struct json *answer,
                            const struct json *wish, struct wisher wisher)
{
    static const char *const copied[] = {"action", "outcome", "code", "rule"};
    const Event *event = refused->event;
    struct session *session = refused->session;
    struct json *record = history_envelope(event, STR("wish_refused"), &session->item_arena);
    struct json *actor = json_put_record(record, "actor");
    json_put_text(actor, "kind", str_of(wisher.kind));
    json_put_text(actor, "id", wisher.id);
    json_put_text(record, "operator", str_of(event->operator_));
    json_put_text(record, "action_id", text_of(answer, "id"));
    json_put_text(record, "signer", str_of(event->signer));
    json_put_text(record, "reason", str_of(event->reason));
    json_put_null(record, "cause");
    struct json *details = json_put_record(record, "details");
    json_put_number(details, "line", json_number(json_member(answer, "line")));
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) {
        json_put_text(details, copied[i], text_of(answer, copied[i]));
    }
    struct json *numbers = json_put_list(details, "certificates");
    if (wish != NULL) {
        put_numbers(session, wish, numbers);
    }
    return record;
}

static outcome judge_line(struct refused *refused, const struct json *answer, str line,
                          struct error *err)
{
    JSON_AUTO wish = NULL;
    struct error unread;
    bool wanted = false;
    struct wisher wisher = {"none", STR("")};
    if (json_parse(str_bytes(line), &wish, &unread).ok && json_kind(wish) == JSON_IS_RECORD) {
        wisher = wisher_of(refused->session, wish);
    }
    TRY(is_wanted(refused, wish, wisher.id, &wanted, err));
    if (wanted) {
        TRY(refused->put(refused->state, line_of(refused, answer, wish, wisher), err));
    }
    return OK;
}

static bool was_refused(const struct json *answer)
{
    str verdict = text_of(answer, "outcome");
    return str_equal_c(verdict, "refused") || str_equal_c(verdict, "invalid");
}

/* Answers stand in the order of the lines. */
static outcome judge_lines(struct refused *refused, const struct evidence *evidence,
                           struct error *err)
{
    str content = {(const char *)evidence->content.data, evidence->content.size};
    str answers = {(const char *)evidence->answers.data, evidence->answers.size};
    int64_t at = 0;
    str line = STR("");
    if (str_starts_with(content, STR("\xEF\xBB\xBF"))) {
        content = (str){content.data + 3, content.size - 3};
    }
    while (!str_empty(answers)) {
        JSON_AUTO answer = NULL;
        struct error unread;
        if (!json_parse(str_bytes(str_cut(&answers, '\n')), &answer, &unread).ok ||
            !was_refused(answer)) {
            continue;
        }
        for (int64_t wanted = json_number(json_member(answer, "line"));
             at < wanted && !str_empty(content); at++) {
            line = str_cut(&content, '\n');
        }
        outcome judged = judge_line(refused, answer, line, err);
        arena_reset(&refused->session->item_arena);
        TRY(judged);
    }
    return OK;
}

FALLIBLE history_refused_of(struct session *session, const Event *event,
                            const struct refused_filter *filter, refused_put *put, void *state,
                            struct error *err)
{
    struct refused refused = {session, event, filter, put, state};
    struct evidence evidence = {0};
    struct arena arena;
    bool erased = false;
    if (event->body_case != EVENT__BODY_FILE_PROCESSED ||
        event->file_processed->results_blob.len == 0 ||
        event->file_processed->rejected + event->file_processed->invalid == 0) {
        return OK;
    }
    arena_init(&arena, 0);
    outcome read =
        evidence_open(session->engine, event->file_processed, &arena, &evidence, &erased, err);
    if (read.ok && !erased) {
        read = judge_lines(&refused, &evidence, err);
    }
    arena_release(&arena);
    return read;
}
