/* bench_replay - makes a long log of a realistic mix, for the figures of verifying and replaying.
 *
 *     bench_replay STORE EVENTS    fills the log of a store that init has just made
 *
 * The store's views are left behind: rebuild makes them. A life is told in turns: everybody is
 * recorded before anybody is issued a certificate, and in each turn the persons come in another
 * order, so that what an event is about lies anywhere in the views. Nothing here is random: the
 * same count gives the same events. All persons and enterprises are made up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/record.h"
#include "core/io/log.h"
#include "core/io/seal.h"
#include "jobs/engine/engine.h"

enum { BATCH = 20000, PERSONS_AN_ENTERPRISE = 200, DAY_FIRST = 18262 /* 2020-01-01 */ };

/* What happens to a person, a turn after the other; `percent` of them. */
enum turn {
    TURN_RECORDED,
    TURN_COLLECTED,
    TURN_EXAM,
    TURN_INSURED,
    TURN_INSURED_AGAIN,
    TURN_ISSUED,
    TURN_RENDERED,
    TURN_EXAM_AGAIN,
    TURN_EXTENDED,
    TURN_EXTENSION_RENDERED,
    TURN_NAME_CHANGED,
    TURN_NAME_RENDERED,
    TURN_CANCELLED,
    TURN_TAKEN_OVER,
    TURN_COUNT,
};

static const unsigned percent[TURN_COUNT] = {
    [TURN_RECORDED] = 100,          [TURN_COLLECTED] = 100,     [TURN_EXAM] = 100,
    [TURN_INSURED] = 100,           [TURN_INSURED_AGAIN] = 100, [TURN_ISSUED] = 100,
    [TURN_RENDERED] = 100,          [TURN_EXAM_AGAIN] = 60,     [TURN_EXTENDED] = 60,
    [TURN_EXTENSION_RENDERED] = 60, [TURN_NAME_CHANGED] = 12,   [TURN_NAME_RENDERED] = 12,
    [TURN_CANCELLED] = 8,           [TURN_TAKEN_OVER] = 4,
};

/* One person in one turn. */
struct scene {
    struct arena *arena;
    uint64_t person;
    int32_t day;
    uint64_t sequence;
    uint64_t collected; /* the event that collected the identity */
};

struct filling {
    struct log *log;
    struct log_txn *txn;
    struct people *people;
    struct arena item;
    uint64_t persons;
    uint64_t *collected; /* by person: the event that collected the identity */
};

static void need(outcome result, const struct error *err)
{
    if (!result.ok) {
        (void)fprintf(stderr, "bench_replay: error %d at %s: %s\n", err->code,
                      err->trace_count > 0 ? err->trace[0] : "?",
                      err->args_count > 0 ? err->args[0].text : "");
        exit(1);
    }
}

static uint64_t mixed(uint64_t n)
{
    n = (n ^ (n >> 31)) * 0x9e3779b97f4a7c15U;
    n = (n ^ (n >> 29)) * 0xbf58476d1ce4e5b9U;
    return n ^ (n >> 32);
}

static char *person_id(const struct scene *scene)
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
    char *id = arena_new(scene->arena, PERSON_ID_SIZE);
    for (size_t i = 0; i + 1 < PERSON_ID_SIZE; i++) {
        id[i] = digits[mixed(scene->person * 32 + i) & 31];
    }
    return id;
}

static char *text(const struct scene *scene, const char *before, int digits, uint64_t number,
                  const char *after)
{
    char buffer[128];
    int size = snprintf(buffer, sizeof buffer, "%s%0*llu%s", before, digits,
                        (unsigned long long)number, after);
    return arena_c_string(scene->arena, (str){buffer, (size_t)size});
}

static char *fixed(const struct scene *scene, const char *words)
{
    return arena_c_string(scene->arena, str_of(words));
}

static char *enterprise(const struct scene *scene)
{
    return text(scene, "9131010", 11, scene->person / PERSONS_AN_ENTERPRISE, "");
}

static char *enterprise_name(const struct scene *scene)
{
    return text(scene, "上海第", 1, scene->person / PERSONS_AN_ENTERPRISE, "示例建筑工程有限公司");
}

static char *certificate(const struct scene *scene)
{
    char buffer[64];
    int size = snprintf(buffer, sizeof buffer, "沪建安B(%llu)%07llu",
                        2020 + (unsigned long long)(scene->person / 900000),
                        (unsigned long long)(scene->person % 900000 + 1));
    return arena_c_string(scene->arena, (str){buffer, (size_t)size});
}

static Date *day(const struct scene *scene, int32_t days)
{
    Date *date = RECORD_NEW(scene->arena, Date, date);
    date->days = days;
    return date;
}

static ProtobufCBinaryData hash(const struct scene *scene, uint64_t kind)
{
    uint64_t words[4];
    for (uint64_t i = 0; i < 4; i++) {
        words[i] = mixed(scene->person * 64 + kind * 4 + i);
    }
    return record_binary(bytes_of(words, sizeof words), scene->arena);
}

static Personal *personal(const struct scene *scene)
{
    Personal *personal = RECORD_NEW(scene->arena, Personal, personal);
    personal->name = text(scene, "示例人", 1, scene->person, "");
    personal->id_type = ID_TYPE__CODE__RESIDENT;
    personal->id_number = text(scene, "310101", 12, scene->person, "");
    return personal;
}

static Event *recorded(const struct scene *scene)
{
    Event *event = event_new(EVENT__BODY_PERSON_RECORDED, scene->arena);
    event->person_recorded->person_id = person_id(scene);
    event->person_recorded->personal = personal(scene);
    return event;
}

static Event *collected(const struct scene *scene)
{
    Event *event = event_new(EVENT__BODY_IDENTITY_COLLECTED, scene->arena);
    IdentityCollected *row = event->identity_collected;
    row->person_id = person_id(scene);
    row->personal = personal(scene);
    row->personal->sex = SEX__CODE__MALE;
    row->personal->nation = fixed(scene, "汉");
    row->personal->birth_date = day(scene, (int32_t)(scene->person % 9000));
    row->personal->address = text(scene, "上海市示例路", 1, scene->person, "号");
    row->personal->issuer = fixed(scene, "上海市公安局示例分局");
    row->personal->valid_from = day(scene, DAY_FIRST);
    row->personal->valid_forever = true;
    row->window = fixed(scene, "示例窗口");
    row->collected_on = day(scene, scene->day);
    row->method = COLLECTION__CODE__CARD;
    return event;
}

static Event *exam(const struct scene *scene, ExamKind__Code kind)
{
    Event *event = event_new(EVENT__BODY_EXAM_RECORDED, scene->arena);
    ExamRecorded *row = event->exam_recorded;
    row->person_id = person_id(scene);
    row->category = CATEGORY__CODE__B;
    row->kind = kind;
    row->exam_date = day(scene, scene->day);
    row->passed = true;
    row->valid_until = day(scene, scene->day + 1095);
    row->ticket = text(scene, "T", 10, scene->person, "");
    return event;
}

static Event *insured(const struct scene *scene, int32_t month)
{
    Event *event = event_new(EVENT__BODY_INSURANCE_RECORDED, scene->arena);
    event->insurance_recorded->person_id = person_id(scene);
    event->insurance_recorded->enterprise = enterprise(scene);
    event->insurance_recorded->month = month;
    return event;
}

static Event *issued(const struct scene *scene)
{
    Event *event = event_new(EVENT__BODY_CERTIFICATE_ISSUED, scene->arena);
    CertificateIssued *issue = event->certificate_issued;
    issue->certificate = certificate(scene);
    issue->category = CATEGORY__CODE__B;
    issue->post = fixed(scene, "07");
    issue->person_id = person_id(scene);
    issue->enterprise = enterprise(scene);
    issue->enterprise_name = enterprise_name(scene);
    issue->identity_event = scene->collected;
    issue->first_issued = day(scene, scene->day);
    issue->issued = day(scene, scene->day);
    issue->valid_until = day(scene, scene->day + 1095);
    return event;
}

static Event *extended(const struct scene *scene)
{
    Event *event = event_new(EVENT__BODY_CERTIFICATE_EXTENDED, scene->arena);
    CertificateExtended *extension = event->certificate_extended;
    extension->certificate = certificate(scene);
    extension->issued = day(scene, scene->day);
    extension->valid_from = day(scene, scene->day);
    extension->valid_until = day(scene, scene->day + 1095);
    extension->identity_event = scene->collected;
    extension->enterprise = enterprise(scene);
    extension->enterprise_name = enterprise_name(scene);
    extension->person_id = person_id(scene);
    return event;
}

static Event *rendered(const struct scene *scene)
{
    Event *event = event_new(EVENT__BODY_DOCUMENT_RENDERED, scene->arena);
    DocumentRendered *document = event->document_rendered;
    document->document = certificate(scene);
    document->content_event = scene->sequence - 1;
    document->page_sha256 = hash(scene, 1);
    document->unsigned_sha256 = hash(scene, 2);
    document->pdf_sha256 = hash(scene, 3);
    document->template_id = fixed(scene, "certificate-2024");
    document->fonts = fixed(scene, "example");
    document->signer_sha256 = hash(scene, 4);
    document->size = 40000;
    return event;
}

static Event *name_changed(const struct scene *scene)
{
    Event *event = event_new(EVENT__BODY_ENTERPRISE_NAME_CHANGED, scene->arena);
    EnterpriseNameChanged *change = event->enterprise_name_changed;
    change->certificate = certificate(scene);
    change->enterprise = enterprise(scene);
    change->enterprise_name = text(scene, "上海改名", 1, scene->person / 200, "示例集团");
    change->person_id = person_id(scene);
    change->valid_until = day(scene, scene->day + 1095);
    return event;
}

static Event *cancelled(const struct scene *scene)
{
    Event *event = event_new(EVENT__BODY_CERTIFICATE_CANCELLED, scene->arena);
    CertificateCancelled *cancel = event->certificate_cancelled;
    cancel->certificate = certificate(scene);
    cancel->reason = CANCEL_REASON__CODE__EMPLOYMENT_ENDED;
    cancel->released = true;
    cancel->enterprise = enterprise(scene);
    cancel->enterprise_name = enterprise_name(scene);
    cancel->person_id = person_id(scene);
    cancel->valid_until = day(scene, scene->day + 1095);
    return event;
}

static Event *taken_over(const struct scene *scene)
{
    Event *event = event_new(EVENT__BODY_AFFILIATION_CHANGED, scene->arena);
    AffiliationChanged *change = event->affiliation_changed;
    change->certificate = certificate(scene);
    change->enterprise = text(scene, "9131010", 11, scene->person % 1000, "");
    change->enterprise_name =
        text(scene, "上海第", 1, scene->person % 1000, "示例建筑工程有限公司");
    change->from_enterprise = enterprise(scene);
    change->person_id = person_id(scene);
    change->valid_until = day(scene, scene->day + 1095);
    return event;
}

static Event *event_of(enum turn turn, const struct scene *scene)
{
    switch (turn) {
    case TURN_RECORDED: return recorded(scene);
    case TURN_COLLECTED: return collected(scene);
    case TURN_EXAM: return exam(scene, EXAM_KIND__CODE__FIRST);
    case TURN_EXAM_AGAIN: return exam(scene, EXAM_KIND__CODE__EXTENSION);
    case TURN_INSURED: return insured(scene, 2020 * 12);
    case TURN_INSURED_AGAIN: return insured(scene, 2020 * 12 + 1);
    case TURN_ISSUED: return issued(scene);
    case TURN_EXTENDED: return extended(scene);
    case TURN_NAME_CHANGED: return name_changed(scene);
    case TURN_CANCELLED: return cancelled(scene);
    case TURN_TAKEN_OVER: return taken_over(scene);
    case TURN_RENDERED:
    case TURN_EXTENSION_RENDERED:
    case TURN_NAME_RENDERED:
    case TURN_COUNT: break;
    }
    return rendered(scene);
}

static void envelope(Event *event, const struct scene *scene)
{
    event->sequence = scene->sequence;
    event->recorded_at_us = (int64_t)scene->day * 86400000000 + (int64_t)(scene->sequence % 86400);
    event->business_date = day(scene, scene->day);
    event->actor = RECORD_NEW(scene->arena, Actor, actor);
    event->actor->kind = ACTOR_KIND__CODE__ENTERPRISE;
    event->actor->id = enterprise(scene);
    event->operator_ = fixed(scene, "nightly");
    event->action_id = text(scene, "a-", 10, scene->sequence, "");
}

/* New keys before the log that they sealed, a batch at a time. */
static void next_batch(struct filling *filling, bool more)
{
    struct error err = {0};
    need(people_flush(filling->people, &err), &err);
    need(log_commit(filling->txn, &err), &err);
    filling->txn = NULL;
    if (more) {
        need(log_begin(filling->log, STORE_WRITE, &filling->txn, &err), &err);
    }
}

static void append(struct filling *filling, struct scene *scene, Event *event)
{
    struct error err = {0};
    bytes stored = {0};
    scene->sequence = log_size(filling->txn) + 1;
    envelope(event, scene);
    need(people_seal_event(filling->people, event, scene->arena, &stored, &err), &err);
    need(log_append(filling->txn, stored, &scene->sequence, &err), &err);
    arena_reset(scene->arena);
    if (scene->sequence % BATCH == 0) {
        next_batch(filling, true);
    }
}

static Event *registered(const struct scene *scene)
{
    Event *event = event_new(EVENT__BODY_ENTERPRISE_REGISTERED, scene->arena);
    event->enterprise_registered->code = enterprise(scene);
    event->enterprise_registered->name = enterprise_name(scene);
    event->enterprise_registered->qualification = fixed(scene, "示例资质");
    return event;
}

static void fill_enterprises(struct filling *filling)
{
    struct scene scene = {.arena = &filling->item, .day = DAY_FIRST};
    for (uint64_t i = 0; i < filling->persons; i += PERSONS_AN_ENTERPRISE) {
        scene.person = i;
        append(filling, &scene, registered(&scene));
    }
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    return b == 0 ? a : common_divisor(b, a % b);
}

/* Everybody who has the turn, in an order of its own. */
static void fill_turn(struct filling *filling, enum turn turn)
{
    struct scene scene = {.arena = &filling->item, .day = DAY_FIRST + 60 * (int32_t)turn};
    uint64_t step = 1000003 + 2 * (uint64_t)turn;
    while (common_divisor(filling->persons, step) != 1) {
        step++;
    }
    for (uint64_t i = 0; i < filling->persons; i++) {
        scene.person = i * step % filling->persons;
        if (mixed(scene.person) % 100 >= percent[turn]) {
            continue; /* those of a later turn had the earlier ones too */
        }
        scene.sequence = log_size(filling->txn) + 1;
        scene.collected = filling->collected[scene.person];
        if (turn == TURN_COLLECTED) {
            filling->collected[scene.person] = scene.sequence;
        }
        append(filling, &scene, event_of(turn, &scene));
    }
}

static uint64_t persons_of(uint64_t events)
{
    uint64_t sum = 0;
    for (int turn = 0; turn < TURN_COUNT; turn++) {
        sum += percent[turn];
    }
    uint64_t persons = events * 100 / (sum + 1);
    return persons > 0 ? persons : 1;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    struct filling filling = {0};
    char path[4096];
    uint64_t events = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
    if (events == 0) {
        (void)fprintf(stderr, "usage: bench_replay STORE EVENTS; STORE is a new store\n");
        return 64;
    }
    arena_init(&filling.item, 0);
    filling.persons = persons_of(events);
    filling.collected = calloc(filling.persons, sizeof *filling.collected);
    if (filling.collected == NULL) {
        return 1;
    }
    (void)snprintf(path, sizeof path, "%s/keys", argv[1]); /* a cut name fails to open */
    need(people_open(path, STORE_WRITE, &filling.people, &err), &err);
    (void)snprintf(path, sizeof path, "%s/log", argv[1]); /* as above */
    need(log_open(path, STORE_WRITE, &filling.log, &err), &err);
    need(log_begin(filling.log, STORE_WRITE, &filling.txn, &err), &err);
    fill_enterprises(&filling);
    for (int turn = 0; turn < TURN_COUNT; turn++) {
        fill_turn(&filling, (enum turn)turn);
    }
    (void)printf("%llu\n", (unsigned long long)log_size(filling.txn));
    next_batch(&filling, false);
    log_close(filling.log);
    people_close(filling.people);
    arena_release(&filling.item);
    free(filling.collected);
    return 0;
}
