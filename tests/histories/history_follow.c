/* history_follow - the events of a step, one by one: each belongs to an accepted wish, the model
 * agrees with it, and no accepted wish makes a holding that D13 forbids. */
#include <string.h>

#include "core/base/record.h"
#include "tests/histories/history.h"

enum { INVOLVED_MAX = WORLD_PERSONS * 2 };

/* A text field of an event's body, or NULL when it has none of that name. */
static const char *text_of(const Event *event, const char *name)
{
    const ProtobufCFieldDescriptor *body =
        protobuf_c_message_descriptor_get_field(&event__descriptor, event->body_case);
    const ProtobufCFieldDescriptor *field = record_find(body->descriptor, str_of(name));
    if (field == NULL || field->type != PROTOBUF_C_TYPE_STRING ||
        field->label == PROTOBUF_C_LABEL_REPEATED) {
        return NULL;
    }
    const char *message = *(const char *const *)(const void *)((const char *)event + body->offset);
    return *(const char *const *)(const void *)(message + field->offset);
}

/* The persons that an action's events are about. */
struct involved {
    const char *persons[INVOLVED_MAX];
    size_t count;
};

static void involve(struct involved *involved, const char *person)
{
    for (size_t i = 0; i < involved->count; i++) {
        if (strcmp(involved->persons[i], person) == 0) {
            return;
        }
    }
    if (involved->count < INVOLVED_MAX) {
        involved->persons[involved->count++] = person;
    }
}

static void find_involved(struct history *history, Event *const *events, size_t count,
                          struct involved *involved)
{
    for (size_t i = 0; i < count; i++) {
        const char *person = text_of(events[i], "person_id");
        const char *number = text_of(events[i], "certificate");
        const struct model_certificate *one =
            number != NULL ? model_find(&history->model, str_of(number)) : NULL;
        if (person != NULL && person[0] != 0) {
            involve(involved, person);
        } else if (one != NULL) {
            involve(involved, one->person);
        }
    }
}

/* How much there is that D13 and R-NAT-14 forbid, among those involved. */
static size_t forbidden(struct history *history, const struct involved *involved, int32_t today)
{
    size_t sum = 0;
    for (size_t i = 0; i < involved->count; i++) {
        sum += model_conflicts(&history->model, involved->persons[i], today);
    }
    for (int i = 0; i < WORLD_ENTERPRISES; i++) {
        size_t legal = model_legal(&history->model, history->world.enterprises[i].code, today);
        sum += legal > 1 ? legal - 1 : 0;
    }
    return sum;
}

static void meet(struct history *history, const Event *event)
{
    HOLDS(history, model_apply(&history->model, event), "%s", history->model.complaint);
    world_learn(&history->world, event);
    if (event->body_case == EVENT__BODY_PERSON_ERASED) {
        history->point = 0; /* nothing is replayed as it was before: that is what it is for */
    }
}

static void follow_wish(struct history *history, const struct line_answer *answer)
{
    size_t count = (size_t)(answer->last_event - answer->first_event + 1);
    Event **events = ARENA_ARRAY(&history->item, Event *, count);
    struct involved involved = {.count = 0};
    for (size_t i = 0; i < count; i++) {
        events[i] = stage_event(&history->stage, answer->first_event + i, &history->item);
        HOLDS(history, str_equal_c(answer->id, events[i]->action_id),
              "line %llu: event %llu is of another wish", (unsigned long long)answer->line,
              (unsigned long long)events[i]->sequence);
    }
    int32_t today = events[0]->business_date->days;
    find_involved(history, events, count, &involved);
    size_t before = forbidden(history, &involved, today);
    for (size_t i = 0; i < count; i++) {
        meet(history, events[i]);
    }
    size_t after = forbidden(history, &involved, today);
    /* Only a row of the paper register may add to it (D35); no wish does, of whatever kind. */
    HOLDS(history, after <= before, "line %llu: %.*s %.*s makes a holding that D13 forbids",
          (unsigned long long)answer->line, STR_ARGS(answer->action),
          STR_ARGS(answer->certificates));
}

static void check_file_event(struct history *history, const Event *event, const struct tally *tally)
{
    const FileProcessed *file = event->file_processed;
    HOLDS(history,
          event->body_case == EVENT__BODY_FILE_PROCESSED && file->rows == tally->rows &&
              file->accepted == tally->accepted && file->unchanged == tally->unchanged &&
              file->rejected == tally->rejected && file->invalid == tally->invalid &&
              file->first_event == tally->first_event && file->last_event == tally->last_event,
          "the file's event says other counts");
}

static void follow_wishes(struct history *history, const struct answers *answers)
{
    for (size_t i = 0; i < answers->count; i++) {
        const struct line_answer *answer = &answers->lines[i];
        if (answer->verdict != VERDICT_ACCEPTED) {
            HOLDS(history, answer->verdict == VERDICT_DUPLICATE || answer->first_event == 0,
                  "line %llu was %s and has events", (unsigned long long)answer->line,
                  verdict_text(answer->verdict));
            continue;
        }
        HOLDS(history,
              answer->first_event == history->checked + 1 &&
                  answer->last_event >= answer->first_event,
              "line %llu: events %llu..%llu, when %llu was the last",
              (unsigned long long)answer->line, (unsigned long long)answer->first_event,
              (unsigned long long)answer->last_event, (unsigned long long)history->checked);
        follow_wish(history, answer);
        history->checked = answer->last_event;
        arena_reset(&history->item);
    }
}

void history_follow(struct history *history, const struct answers *answers,
                    const struct tally *tally, bool wishes)
{
    stage_begin(&history->stage);
    uint64_t size = log_size(engine_log_txn(history->stage.engine));
    bool has_file = tally != NULL && tally->rows > 0 && tally->unchanged < tally->rows;
    if (wishes) {
        follow_wishes(history, answers);
        HOLDS(history, size == history->checked + (has_file ? 1 : 0),
              "%llu events are no accepted wish's", (unsigned long long)(size - history->checked));
    }
    while (history->checked < size) {
        const Event *event = stage_event(&history->stage, ++history->checked, &history->item);
        meet(history, event);
        if (history->checked == size && has_file) {
            check_file_event(history, event, tally);
        }
        arena_reset(&history->item);
    }
    stage_end(&history->stage);
}
