/* history_pieces - the same history once more in a store of its own, every file cut into many: the
 * answers are the same, and so is the log, but for what is about files (FileProcessed), instants,
 * keys drawn at random, and the event numbers that follow from these. */
#include <stdio.h>
#include <string.h>

#include "core/base/record.h"
#include "core/io/file.h"
#include "tests/histories/history.h"
#include "tests/support/test.h"

enum { FILE_MAX = 1 << 28 };

/* --- events without what may differ
 * ------------------------------------------------------------------ */

/* Event numbers as if there were no FileProcessed events. */
struct ranks {
    uint64_t *of; /* by sequence, from 1 */
    uint64_t count;
};

static bool is_one_of(const char *name, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* "R128", "A130": the id that an event gave; as if there were no FileProcessed events. */
static char *plain_id(char *id, const struct ranks *ranks, struct arena *arena)
{
    uint64_t number = 0;
    bool is_id = (id[0] == 'R' || id[0] == 'A') && str_to_uint64(str_of(id + 1), &number);
    return is_id ? arena_c_string(arena, arena_format(arena, "%c%llu", id[0],
                                                      (unsigned long long)ranks->of[number]))
                 : id;
}

static void plain_persons(ApplicationOpened *opened, const struct ranks *ranks, struct arena *arena)
{
    for (size_t i = 0; i < opened->n_persons; i++) {
        for (size_t k = 0; k < opened->persons[i]->n_records; k++) {
            char **id = &opened->persons[i]->records[k];
            *id = plain_id(*id, ranks, arena);
        }
    }
}

static void plain_field(ProtobufCMessage *body, const ProtobufCFieldDescriptor *field,
                        const struct ranks *ranks, struct arena *arena)
{
    static const char *const numbers[] = {"identity_event", "national_event", "wave",
                                          "content_event", NULL};
    static const char *const random[] = {"sealed", "photo_blob", "proof_blob", "scan_blob", NULL};
    static const char *const ids[] = {"record", "application", NULL};
    void *slot = (char *)body + field->offset;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        return;
    }
    if (field->type == PROTOBUF_C_TYPE_UINT64 && is_one_of(field->name, numbers)) {
        uint64_t *number = slot;
        *number = ranks->of[*number];
    } else if (field->type == PROTOBUF_C_TYPE_BYTES && is_one_of(field->name, random)) {
        *(ProtobufCBinaryData *)slot = (ProtobufCBinaryData){0, NULL};
    } else if (field->type == PROTOBUF_C_TYPE_STRING && is_one_of(field->name, ids)) {
        *(char **)slot = plain_id(*(char **)slot, ranks, arena);
    } else if (field->type == PROTOBUF_C_TYPE_STRING && strcmp(field->name, "document") == 0) {
        char **text = slot; /* "departure:17", the proof's order */
        uint64_t order = 0;
        str rest = str_of(*text);
        str kind = str_cut(&rest, ':');
        if (rest.data != NULL && str_to_uint64(rest, &order)) {
            *text = arena_c_string(arena, arena_format(arena, "%.*s:%llu", STR_ARGS(kind),
                                                       (unsigned long long)ranks->of[order]));
        }
    }
}

static struct digest plain_digest(Event *event, const struct ranks *ranks, struct arena *arena)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&event__descriptor, event->body_case);
    ProtobufCMessage *body =
        *(ProtobufCMessage *const *)(const void *)((const char *)event + field->offset);
    event->sequence = ranks->of[event->sequence];
    event->cause = ranks->of[event->cause];
    event->recorded_at_us = 0;
    if (event->body_case == EVENT__BODY_APPLICATION_OPENED) {
        plain_persons(event->application_opened, ranks, arena);
    } else if (event->body_case == EVENT__BODY_PERSON_ERASED) {
        event->person_erased->n_submissions = 0; /* files */
    }
    for (unsigned i = 0; i < body->descriptor->n_fields; i++) {
        plain_field(body, &body->descriptor->fields[i], ranks, arena);
    }
    return digest_sha256(record_pack(&event->base, arena));
}

/* The digests of a log's events without FileProcessed, in order. */
static struct digest *plain_log(struct history *history, struct stage *stage, struct ranks *ranks)
{
    stage_begin(stage);
    uint64_t size = log_size(engine_log_txn(stage->engine));
    struct digest *digests = ARENA_ARRAY(&history->arena, struct digest, size);
    ranks->of = ARENA_ARRAY(&history->arena, uint64_t, size + 1);
    ranks->count = 0;
    for (uint64_t n = 1; n <= size; n++) {
        Event *event = stage_event(stage, n, &history->item);
        if (event->body_case != EVENT__BODY_FILE_PROCESSED) {
            ranks->of[n] = ++ranks->count;
        }
        arena_reset(&history->item);
    }
    for (uint64_t n = 1; n <= size; n++) {
        if (ranks->of[n] != 0) {
            Event *event = stage_event(stage, n, &history->item);
            digests[ranks->of[n] - 1] = plain_digest(event, ranks, &history->item);
            arena_reset(&history->item);
        }
    }
    stage_end(stage);
    return digests;
}

/* What the event with that rank says, for the message. */
static str plain_text(struct history *history, struct stage *stage, const struct ranks *ranks,
                      uint64_t sequence)
{
    stage_begin(stage);
    Event *event = stage_event(stage, sequence, &history->arena);
    stage_end(stage);
    (void)plain_digest(event, ranks, &history->arena); /* makes it plain */
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&event__descriptor, event->body_case);
    const ProtobufCMessage *body =
        *(ProtobufCMessage *const *)(const void *)((const char *)event + field->offset);
    str text = arena_format(&history->arena, "%s", field->name);
    for (unsigned i = 0; i < body->descriptor->n_fields; i++) {
        str value = record_get(body, &body->descriptor->fields[i], &history->arena);
        text = arena_format(&history->arena, "%.*s %s=%.*s", STR_ARGS(text),
                            body->descriptor->fields[i].name, STR_ARGS(value));
    }
    return text;
}

static uint64_t sequence_of(const struct ranks *ranks, uint64_t rank)
{
    uint64_t sequence = 1;
    while (ranks->of[sequence] != rank) {
        sequence++;
    }
    return sequence;
}

/* --- cutting files
 * ------------------------------------------------------------------------------------- */

static size_t line_end(bytes content, size_t from)
{
    const uint8_t *end = memchr(content.data + from, '\n', content.size - from);
    return end != NULL ? (size_t)(end - content.data) + 1 : content.size;
}

/* Takes up to `lines` lines from `*at` on into a file of their own, behind `header`. Returns how
 * many. */
static uint32_t write_piece(const char *path, bytes header, bytes content, size_t *at,
                            uint32_t lines)
{
    FILE *file = fopen(path, "wb");
    uint32_t taken = 0;
    assert_non_null(file);
    if (header.size > 0) {
        (void)fwrite(header.data, 1, header.size, file); /* fclose tells */
    }
    for (; taken < lines && *at < content.size; taken++) {
        size_t end = line_end(content, *at);
        (void)fwrite(content.data + *at, 1, end - *at, file); /* fclose tells */
        *at = end;
    }
    assert_int_equal(fclose(file), 0);
    return taken;
}

static uint32_t piece_size(struct history *history)
{
    return dice_chance(&history->dice, 30) ? 1 : 1 + dice_below(&history->dice, 25);
}

/* Ids of records and applications are event numbers: which number here is which there. */
struct renumbered {
    uint64_t *to; /* by the number in the whole */
    uint64_t count;
};

/* Every "R128" and "A130" of the lines by its number in the other store. */
static bytes renumber(const struct renumbered *numbers, bytes content, struct arena *arena)
{
    uint8_t *out = arena_new(arena, content.size * 2 + 1); /* a digit more an id at most */
    size_t size = 0;
    for (size_t at = 0; at < content.size;) {
        uint64_t number = 0;
        size_t digits = 0;
        const uint8_t *from = content.data + at;
        while (at + 2 + digits < content.size && from[2 + digits] >= '0' &&
               from[2 + digits] <= '9' && digits < 12) {
            number = number * 10 + (uint64_t)(from[2 + digits++] - '0');
        }
        bool is_id = digits > 0 && from[0] == '"' && (from[1] == 'R' || from[1] == 'A') &&
                     at + 2 + digits < content.size && from[2 + digits] == '"' &&
                     number < numbers->count && numbers->to[number] != 0;
        if (!is_id) {
            out[size++] = content.data[at++];
            continue;
        }
        str text =
            arena_format(arena, "\"%c%llu", from[1], (unsigned long long)numbers->to[number]);
        memcpy(out + size, text.data, text.size);
        size += text.size;
        at += 2 + digits;
    }
    return (bytes){out, size};
}

static void learn_numbers(const struct step *step, const struct answers *pieces,
                          struct renumbered *numbers)
{
    for (size_t i = 0; i < pieces->count; i++) {
        const struct line_answer *a = &step->answers.lines[i];
        if (a->verdict == VERDICT_ACCEPTED && a->first_event < numbers->count) {
            numbers->to[a->first_event] = pieces->lines[i].first_event;
        }
    }
}

static void compare_answers(struct history *history, const struct step *step,
                            const struct answers *pieces)
{
    HOLDS(history, pieces->count == step->answers.count, "in pieces %zu answers, whole %zu",
          pieces->count, step->answers.count);
    for (size_t i = 0; i < pieces->count; i++) {
        const struct line_answer *a = &step->answers.lines[i];
        const struct line_answer *b = &pieces->lines[i];
        HOLDS(history,
              a->verdict == b->verdict && a->code == b->code &&
                  str_equal(a->certificates, b->certificates) &&
                  a->last_event - a->first_event == b->last_event - b->first_event,
              "line %llu: %s, code %d, but in pieces %s, code %d", (unsigned long long)a->line,
              verdict_text(a->verdict), a->code, verdict_text(b->verdict), b->code);
    }
}

static void submit_in_pieces(struct history *history, struct stage *stage, const struct step *step,
                             struct renumbered *numbers, bytes content)
{
    struct answers pieces = {.arena = &history->arena};
    const char *path = history_file(history, "piece.jsonl");
    for (size_t at = 0; at < content.size;) {
        struct submission_report report = {0};
        (void)write_piece(path, (bytes){NULL, 0}, content, &at, piece_size(history));
        stage_submit(stage, path, step->day, false, &pieces, &report);
    }
    compare_answers(history, step, &pieces);
    learn_numbers(step, &pieces, numbers);
}

static void import_in_pieces(struct history *history, struct stage *stage, const struct step *step,
                             bytes content)
{
    const char *path = history_file(history, "piece.csv");
    size_t at = line_end(content, 0);
    bytes header = {content.data, at};
    struct tally sum = {0};
    while (at < content.size) {
        struct intake_report report = {0};
        (void)write_piece(path, header, content, &at, piece_size(history));
        stage_import(stage, step->import, path, step->day, false, &report);
        sum.accepted += report.tally.accepted;
        sum.unchanged += report.tally.unchanged;
        sum.rejected += report.tally.rejected;
    }
    HOLDS(history,
          sum.accepted == step->tally.accepted && sum.unchanged == step->tally.unchanged &&
              sum.rejected == step->tally.rejected,
          "imported in pieces, other verdicts");
}

static void take_step(struct history *history, struct stage *stage, const struct step *step,
                      struct renumbered *numbers)
{
    struct error err;
    struct arena arena;
    bytes content = {NULL, 0};
    arena_init(&arena, 0);
    if (step->kind == STEP_POLICY) {
        stage_policy(stage, step->policy, step->value, step->day);
    } else if (step->kind == STEP_RENDER) {
        stage_render(stage, step->failing, step->day);
    } else {
        history->where = step->path;
        stage_need(file_read(step->path, &arena, FILE_MAX, &content, &err), &err, step->path);
        if (step->kind == STEP_SUBMIT) {
            submit_in_pieces(history, stage, step, numbers, renumber(numbers, content, &arena));
        } else {
            import_in_pieces(history, stage, step, content);
        }
    }
    arena_release(&arena);
}

void history_check_pieces(struct history *history)
{
    struct stage stage;
    struct ranks whole_ranks;
    struct ranks ranks;
    struct renumbered numbers = {.count = stage_size(&history->stage) + 1};
    numbers.to = ARENA_ARRAY(&history->arena, uint64_t, numbers.count);
    stage_open(&stage, scratch_path(&history->scratch, "pieces"), history->stage.dir,
               history->first_step->day, &history->arena);
    for (const struct step *step = history->first_step; step != NULL; step = step->next) {
        take_step(history, &stage, step, &numbers);
    }
    history->where = "the log in pieces";
    struct digest *whole = plain_log(history, &history->stage, &whole_ranks);
    struct digest *pieces = plain_log(history, &stage, &ranks);
    for (uint64_t i = 0; i < ranks.count && i < whole_ranks.count; i++) {
        if (!digest_equal(&whole[i], &pieces[i])) {
            uint64_t one = sequence_of(&whole_ranks, i + 1);
            uint64_t other = sequence_of(&ranks, i + 1);
            str a = plain_text(history, &history->stage, &whole_ranks, one);
            str b = plain_text(history, &stage, &ranks, other);
            history_broken(history, "event %llu is another than event %llu in pieces:\n%.*s\n%.*s",
                           (unsigned long long)one, (unsigned long long)other, STR_ARGS(a),
                           STR_ARGS(b));
        }
    }
    HOLDS(history, ranks.count == whole_ranks.count, "%llu events, in pieces %llu",
          (unsigned long long)whole_ranks.count, (unsigned long long)ranks.count);
    stage_close(&stage);
}
