/* personnel - see personnel.h.
 *
 * The numbers of events are counted along, from the first of the store on: a wish leaves as many as
 * `line_end` is told, every file one more. */
#include "jobs/sample/personnel.h"

#include <stdlib.h>

#include "core/base/date.h"
#include "jobs/sample/dice.h"
#include "jobs/sample/life.h"
#include "jobs/sample/pieces.h"
#include "jobs/sample/records.h"
#include "jobs/sample/registers.h"

enum {
    CONCERN_PERSONNEL = 40,
    FIRST_PERSON = 3, /* of each PERSONNEL_EVERY */
    EVENTS_OF_A_STORE = 2,
    EVENTS_OF_A_ROOT = 1,
    CITY_CLERKS = 4,         /* of one department */
    APPLICATION_PERSONS = 3, /* at most */
    APPLICATIONS_MAX = 12,
};

enum fate { FATE_UNSEEN, FATE_VERIFIED, FATE_REFUSED, FATE_CANCELLED };

struct made {
    uint64_t event;
    uint32_t file; /* which personnel file */
    enum record_kind kind;
    enum fate fate;
};

/* What an enterprise applies for, with the files `first` .. `first + count - 1`. */
struct application {
    uint64_t event;
    uint32_t enterprise;
    uint32_t first, count;
    uint32_t records;
};

struct personnel {
    const struct city *city;
    struct output *output;
    struct dice dice;
    uint64_t next; /* event */
    uint32_t wishes;
    uint32_t *persons; /* of files, by enterprise */
    uint32_t persons_count;
    struct made *made;
    uint32_t made_count;
    struct application applications[APPLICATIONS_MAX];
    uint32_t applications_count;
};

/* --- lines ---------------------------------------------------------------------------------- */

static struct json *line_begin(struct personnel *p, const char *action)
{
    struct json *wish = json_new_record();
    json_put_text(wish, "id", arena_format(&p->output->item, "P%08u", ++p->wishes));
    json_put_text(wish, "action", str_of(action));
    return wish;
}

static struct json *line_of_person(struct personnel *p, const char *action, uint32_t file)
{
    struct json *wish = line_begin(p, action);
    wish_put_person(p->city, json_put_record(wish, "person"), p->persons[file]);
    return wish;
}

static struct json *line_of_clerk(struct personnel *p, const char *action, uint32_t clerk)
{
    struct json *wish = line_begin(p, action);
    json_put_text(wish, "clerk", output_clerk(clerk, &p->output->item));
    return wish;
}

static struct json *line_of_enterprise(struct personnel *p, const char *action, uint32_t enterprise)
{
    struct json *wish = line_begin(p, action);
    json_put_text(wish, "enterprise", p->city->enterprises[enterprise].code);
    return wish;
}

static str number_of(struct personnel *p, char letter, uint64_t event)
{
    return arena_format(&p->output->item, "%c%llu", letter, (unsigned long long)event);
}

static void put_record(struct personnel *p, struct json *wish, const struct made *made)
{
    json_put_text(wish, "record", number_of(p, 'R', made->event));
}

/* Releases the line. `code`: it is refused with that and leaves nothing. */
static FALLIBLE line_end(struct personnel *p, struct json *wish, uint32_t actor, uint32_t events,
                         const char *code, struct error *err)
{
    str name = actor == NONE ? STR("person") : output_actor(p->output, actor, &p->output->item);
    const char *answer = code == NULL ? NULL : "refused";
    outcome written = output_step_line(p->output, name, wish, answer, code, err);
    json_release(wish);
    p->next += code == NULL ? events : 0;
    return written.ok ? OK : error_trace(err, HERE);
}

static FALLIBLE step_end(struct personnel *p, uint32_t actor, const char *step, struct error *err)
{
    p->next++;
    return output_step_end(p->output, actor, step, err);
}

static uint32_t clerk_actor(const struct personnel *p, uint32_t clerk)
{
    return p->city->enterprises_count + clerk;
}

/* --- who has a file ------------------------------------------------------------------------- */

static int by_enterprise(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void choose_persons(struct personnel *p, struct arena *arena)
{
    const struct city *city = p->city;
    uint32_t count = city->persons_count / PERSONNEL_EVERY + 1;
    uint64_t *keys = ARENA_ARRAY(arena, uint64_t, count);
    for (uint32_t i = FIRST_PERSON; i < city->persons_count; i += PERSONNEL_EVERY) {
        if (city->persons[i].role != ROLE_UNCOLLECTED) {
            keys[p->persons_count++] = (uint64_t)city->persons[i].enterprise << 32 | i;
        }
    }
    qsort(keys, p->persons_count, sizeof *keys, by_enterprise);
    p->persons = ARENA_ARRAY(arena, uint32_t, count);
    for (uint32_t i = 0; i < p->persons_count; i++) {
        p->persons[i] = (uint32_t)keys[i];
    }
    p->made = ARENA_ARRAY(arena, struct made, (size_t)count * RECORD_KINDS);
}

/* The rows before: each leaves an event, and the legal representatives of the enterprises are
 * persons that are heard of for the first time. */
static uint64_t events_before(const struct city *city, struct arena *arena)
{
    bool *heard = ARENA_ARRAY(arena, bool, city->persons_count);
    uint64_t events = EVENTS_OF_A_STORE + EVENTS_OF_A_ROOT;
    for (uint32_t i = 0; i < city->enterprises_count; i++) {
        uint32_t legal = city->enterprises[i].legal_person;
        events += heard[legal] ? 1 : 2;
        heard[legal] = true;
    }
    events += 1 + CLERKS + 1;
    for (uint32_t i = 0; i < city->persons_count; i++) {
        events += city->persons[i].role != ROLE_UNCOLLECTED ? 1 : 0;
    }
    return events + 1;
}

/* --- what persons tell ---------------------------------------------------------------------- */

static bool tells(uint32_t file, enum record_kind kind)
{
    switch (kind) {
    case RECORD_EDUCATION:
    case RECORD_WORK: return true;
    case RECORD_DEGREE: return file % 3 == 0;
    case RECORD_TITLE: return file % 2 == 0;
    case RECORD_ASSISTANT: return file % 6 == 1;
    case RECORD_SKILL: return file % 4 == 1;
    case RECORD_POST: return file % 5 == 2;
    case RECORD_PROJECT: return file % 2 == 1;
    case RECORD_KINDS: break;
    }
    return false;
}

static FALLIBLE attach(struct personnel *p, const struct made *made, str scan, const char *code,
                       struct error *err)
{
    struct json *wish = line_of_person(p, "attach_scan", made->file);
    put_record(p, wish, made);
    json_put_text(wish, "file", scan);
    return line_end(p, wish, NONE, 1, code, err);
}

static FALLIBLE add(struct personnel *p, uint32_t file, enum record_kind kind, struct error *err)
{
    struct made *made = &p->made[p->made_count++];
    struct json *wish = line_of_person(p, "add_record", file);
    *made = (struct made){.event = p->next, .file = file, .kind = kind};
    json_put_text(wish, "kind", str_of(record_kind_name(kind)));
    record_fields(kind, p->city, p->persons[file], &p->dice, json_put_record(wish, "fields"),
                  &p->output->item);
    TRY(line_end(p, wish, NONE, 1, NULL, err));
    if (!record_has_original(kind) && kind != RECORD_ASSISTANT) {
        return OK;
    }
    if (kind == RECORD_EDUCATION && file % 12 == 6) { /* a scan that is too coarse, mended */
        TRY(attach(p, made, STR(PIECES_COARSE_SCAN), "scan_resolution", err));
    }
    return attach(p, made, pieces_scan_name(p->made_count, &p->output->item), NULL, err);
}

static FALLIBLE persons_tell(struct personnel *p, struct error *err)
{
    for (uint32_t file = 0; file < p->persons_count; file++) {
        for (int kind = 0; kind < RECORD_KINDS; kind++) {
            if (tells(file, (enum record_kind)kind)) {
                TRY(add(p, file, (enum record_kind)kind, err));
            }
        }
        if (file % 8 != 7) {
            struct json *wish = line_of_person(p, "upload_signature", file);
            json_put_text(wish, "file", pieces_signature_name(file, &p->output->item));
            TRY(line_end(p, wish, NONE, 2, NULL, err)); /* the record and its scan */
        }
        arena_reset(&p->output->item);
    }
    return step_end(p, NONE, "01-persons", err);
}

/* --- what counters see ---------------------------------------------------------------------- */

static FALLIBLE look(struct personnel *p, struct made *made, uint32_t clerk, struct error *err)
{
    bool good = made->file % 4 != 3 || made->kind == RECORD_EDUCATION;
    struct json *wish = line_of_clerk(p, good ? "verify_record" : "refuse_record", clerk);
    put_record(p, wish, made);
    if (good) {
        record_compared(made->kind, json_put_list(wish, "compared"));
        json_put_text(wish, "presenter", STR("本人"));
    } else {
        json_put_text(wish, "reason", STR("scan_unclear"));
    }
    json_put_text(wish, "visit", arena_format(&p->output->item, "V%06u", made->file + 1));
    made->fate = good ? FATE_VERIFIED : FATE_REFUSED;
    return line_end(p, wish, clerk_actor(p, clerk), 1, NULL, err);
}

static FALLIBLE counters_see(struct personnel *p, struct error *err)
{
    for (uint32_t clerk = 0; clerk < CITY_CLERKS; clerk++) {
        bool any = false;
        for (uint32_t i = 0; i < p->made_count; i++) {
            struct made *made = &p->made[i];
            if (made->file / 4 % CITY_CLERKS == clerk && record_has_original(made->kind)) {
                TRY(look(p, made, clerk, err));
                any = true;
            }
            arena_reset(&p->output->item);
        }
        const char *step = arena_format(&p->output->item, "%02u-clerk", 2 + clerk).data;
        if (any) {
            TRY(step_end(p, clerk_actor(p, clerk), step, err));
        }
    }
    return OK;
}

static FALLIBLE cancel(struct personnel *p, const struct made *made, uint32_t clerk,
                       const char *code, struct error *err)
{
    struct json *wish = line_of_clerk(p, "cancel_verification", clerk);
    put_record(p, wish, made);
    return line_end(p, wish, clerk_actor(p, clerk), 1, code, err);
}

/* A counter of a district may not take back what the city's saw; the city's may. */
static FALLIBLE counters_cancel(struct personnel *p, struct error *err)
{
    static const struct {
        const char *step;
        uint32_t clerk;
        const char *code;
    } rounds[] = {{"06-clerk", CITY_CLERKS, "other_department"}, {"07-clerk", 0, NULL}};
    for (size_t round = 0; round < 2; round++) {
        bool any = false;
        for (uint32_t i = 0; i < p->made_count; i++) {
            struct made *made = &p->made[i];
            if (made->fate != FATE_VERIFIED || made->kind != RECORD_EDUCATION ||
                made->file % 16 != 5) {
                continue;
            }
            TRY(cancel(p, made, rounds[round].clerk, rounds[round].code, err));
            made->fate = rounds[round].code == NULL ? FATE_CANCELLED : made->fate;
            any = true;
        }
        if (any) {
            TRY(step_end(p, clerk_actor(p, rounds[round].clerk), rounds[round].step, err));
        }
    }
    return OK;
}

/* Deleting what was seen: `code` says why not. */
static FALLIBLE delete_refused(struct personnel *p, const struct made *made, const char *code,
                               struct error *err)
{
    struct json *wish = line_of_person(p, "delete_record", made->file);
    put_record(p, wish, made);
    return line_end(p, wish, NONE, 0, code, err);
}

static FALLIBLE persons_regret(struct personnel *p, struct error *err)
{
    bool any = false;
    for (uint32_t i = 0; i < p->made_count; i++) {
        if (p->made[i].fate == FATE_VERIFIED && p->made[i].file % 16 == 2) {
            TRY(delete_refused(p, &p->made[i], "record_verified", err));
            any = true;
        }
    }
    return any ? step_end(p, NONE, "08-persons", err) : OK;
}

/* --- applications --------------------------------------------------------------------------- */

static bool is_usable(const struct made *made)
{
    return made->fate == FATE_VERIFIED || made->kind == RECORD_WORK || made->kind == RECORD_PROJECT;
}

/* Every third enterprise that has files. */
static void choose_applications(struct personnel *p)
{
    uint32_t groups = 0;
    for (uint32_t file = 0; file < p->persons_count && p->applications_count < APPLICATIONS_MAX;) {
        uint32_t enterprise = p->city->persons[p->persons[file]].enterprise;
        uint32_t end = file;
        while (end < p->persons_count &&
               p->city->persons[p->persons[end]].enterprise == enterprise) {
            end++;
        }
        if (groups++ % 3 == 0) {
            uint32_t count = end - file < APPLICATION_PERSONS ? end - file : APPLICATION_PERSONS;
            p->applications[p->applications_count++] =
                (struct application){.enterprise = enterprise, .first = file, .count = count};
        }
        file = end;
    }
}

static FALLIBLE insure(struct personnel *p, struct error *err)
{
    static const char *const name = "insurance-applications.csv";
    uint32_t persons[APPLICATIONS_MAX * APPLICATION_PERSONS];
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->applications_count; i++) {
        for (uint32_t k = 0; k < p->applications[i].count; k++) {
            persons[count++] = p->persons[p->applications[i].first + k];
        }
    }
    uint64_t rows = p->output->summary.rows;
    TRY(registers_insured(p->output, name, persons, count, err));
    output_plan_import(p->output, p->city->start, "insurance", name);
    p->next += p->output->summary.rows - rows + (count > 0 ? 1 : 0);
    return OK;
}

static FALLIBLE application_open(struct personnel *p, struct application *a, struct error *err)
{
    struct json *wish = line_of_enterprise(p, "open_application", a->enterprise);
    json_put_text(wish, "item", STR("施工总承包二级资质"));
    struct json *list = json_put_list(wish, "persons");
    for (uint32_t file = a->first; file < a->first + a->count; file++) {
        struct json *used = json_add_record(list);
        wish_put_person(p->city, json_put_record(used, "person"), p->persons[file]);
        struct json *records = json_put_list(used, "records");
        for (uint32_t i = 0; i < p->made_count; i++) {
            if (p->made[i].file == file && is_usable(&p->made[i])) {
                json_add_text(records, number_of(p, 'R', p->made[i].event));
                a->records++;
            }
        }
    }
    struct json *months = json_put_list(wish, "insurance_months");
    for (int back = 2; back > 0; back--) {
        struct civil civil = date_to_civil(date_add_months(p->city->start, -back));
        json_add_text(months, arena_format(&p->output->item, "%04d-%02d", civil.year, civil.month));
    }
    a->event = p->next;
    return line_end(p, wish, a->enterprise, 1 + a->records, NULL, err);
}

static FALLIBLE applications_open(struct personnel *p, struct error *err)
{
    for (uint32_t i = 0; i < p->applications_count; i++) {
        struct application *a = &p->applications[i];
        TRY(application_open(p, a, err));
        const char *step = arena_format(&p->output->item, "09-enterprise-%02u", i + 1).data;
        TRY(step_end(p, a->enterprise, step, err));
    }
    return OK;
}

static FALLIBLE move_application(struct personnel *p, const struct application *a,
                                 struct json *wish, uint32_t actor, uint32_t events,
                                 struct error *err)
{
    json_put_text(wish, "application", number_of(p, 'A', a->event));
    return line_end(p, wish, actor, events, NULL, err);
}

/* Of four applications two are approved, one is accepted, one is closed by its enterprise. */
static FALLIBLE applications_end(struct personnel *p, struct error *err)
{
    for (uint32_t i = 0; i < p->applications_count; i++) {
        const struct application *a = &p->applications[i];
        if (i % 4 == 1) {
            continue;
        }
        struct json *accept = line_of_clerk(p, "accept_application", 0);
        TRY(move_application(p, a, accept, clerk_actor(p, 0), 1, err));
        if (i % 4 != 2) {
            struct json *approve = line_of_clerk(p, "approve_application", 0);
            TRY(move_application(p, a, approve, clerk_actor(p, 0), 1 + a->records, err));
        }
    }
    TRY(step_end(p, clerk_actor(p, 0), "10-clerk", err));
    for (uint32_t i = 1; i < p->applications_count; i += 4) {
        const struct application *a = &p->applications[i];
        struct json *close = line_of_enterprise(p, "close_application", a->enterprise);
        TRY(move_application(p, a, close, a->enterprise, 1 + a->records, err));
        const char *step = arena_format(&p->output->item, "11-enterprise-%02u", i + 1).data;
        TRY(step_end(p, a->enterprise, step, err));
    }
    return OK;
}

/* What was used in an approved application stays for ever (R-DL-08). */
static FALLIBLE persons_too_late(struct personnel *p, struct error *err)
{
    const struct application *a = &p->applications[0];
    for (uint32_t i = 0; i < p->made_count; i++) {
        if (p->made[i].file == a->first && is_usable(&p->made[i])) {
            TRY(delete_refused(p, &p->made[i], "record_frozen", err));
        }
    }
    return step_end(p, NONE, "12-persons", err);
}

FALLIBLE personnel_make(struct city *city, struct output *output, struct error *err)
{
    struct personnel *p = ARENA_NEW(&city->arena, struct personnel);
    p->city = city;
    p->output = output;
    p->dice = dice_new(city->options.seed, CONCERN_PERSONNEL);
    p->next = events_before(city, &city->arena) + 1;
    choose_persons(p, &city->arena);
    TRY(pieces_scans(output, err));
    if (p->persons_count == 0) {
        return OK;
    }
    TRY(persons_tell(p, err));
    TRY(counters_see(p, err));
    TRY(counters_cancel(p, err));
    TRY(persons_regret(p, err));
    choose_applications(p);
    TRY(insure(p, err));
    TRY(applications_open(p, err));
    TRY(applications_end(p, err));
    return persons_too_late(p, err);
}
