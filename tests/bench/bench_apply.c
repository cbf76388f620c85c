/* bench_apply - figures of the views: events applied a second on one core, in memory.
 *
 * Prints name, value, unit, ratio, against what, with tabs between. The ratio is against unpacking
 * and packing the same events, which any store has to do. The events are made before the clock
 * starts; the memory of the views is used again, as in a long run. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/record.h"
#include "tests/support/memory_views.h"

enum { COUNT = 2000, ROUNDS = 30 };

static double seconds(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) != 0) {
        exit(1);
    }
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void set(Event *event, const char *field, str value, struct arena *arena)
{
    struct error err = {0};
    if (!record_set(&event->base, str_of(field), value, arena, &err).ok) {
        (void)fprintf(stderr, "bench_apply: %s: %s\n", field, err.args[1].text);
        exit(1);
    }
}

static Event *event_new(int sequence, struct arena *arena)
{
    Event *event = RECORD_NEW(arena, Event, event);
    event->sequence = (uint64_t)sequence;
    event->business_date = RECORD_NEW(arena, Date, date);
    event->business_date->days = 20000;
    return event;
}

static Event *exam(int i, struct arena *arena)
{
    Event *event = event_new(i + 1, arena);
    set(event, "exam_recorded.person_id", arena_format(arena, "p%023d", i), arena);
    set(event, "exam_recorded.category", STR("B"), arena);
    set(event, "exam_recorded.kind", STR("first"), arena);
    set(event, "exam_recorded.exam_date", STR("2024-10-01"), arena);
    set(event, "exam_recorded.valid_until", STR("2027-09-30"), arena);
    return event;
}

static Event *issue(int i, struct arena *arena)
{
    Event *event = event_new(COUNT + i + 1, arena);
    str person = arena_format(arena, "p%023d", i);
    set(event, "certificate_issued.certificate", arena_format(arena, "沪建安B(2024)%07d", i + 1),
        arena);
    set(event, "certificate_issued.category", STR("B"), arena);
    set(event, "certificate_issued.post", STR("07"), arena);
    set(event, "certificate_issued.person_id", person, arena);
    set(event, "certificate_issued.enterprise", arena_format(arena, "91310101MATEX%05d", i % 500),
        arena);
    set(event, "certificate_issued.enterprise_name", STR("上海示例建筑工程有限公司"), arena);
    set(event, "certificate_issued.first_issued", STR("2024-10-04"), arena);
    set(event, "certificate_issued.issued", STR("2024-10-04"), arena);
    set(event, "certificate_issued.valid_until", STR("2027-10-03"), arena);
    set(event, "certificate_issued.exam.person_id", person, arena);
    set(event, "certificate_issued.exam.category", STR("B"), arena);
    set(event, "certificate_issued.exam.kind", STR("first"), arena);
    set(event, "certificate_issued.exam.exam_date", STR("2024-10-01"), arena);
    return event;
}

static double apply_all(struct memory_views *views, Event **events, struct arena *arena)
{
    struct view_store store = memory_views_store(views);
    double start = seconds();
    for (int i = 0; i < COUNT; i++) {
        struct error err = {0};
        if (!views_apply(&store, events[i], arena, &err).ok) {
            (void)fprintf(stderr, "bench_apply: event %d: error %d\n", i, err.code);
            exit(1);
        }
        arena_reset(arena);
    }
    return seconds() - start;
}

static double copy_all(Event **events, struct arena *arena)
{
    double start = seconds();
    for (int i = 0; i < COUNT; i++) {
        (void)record_copy(&events[i]->base, arena); /* packed and unpacked */
        arena_reset(arena);
    }
    return seconds() - start;
}

static void print(const char *name, double spent, double copied)
{
    double events = (double)COUNT * ROUNDS;
    (void)printf("%s\t%.0f\tevents/s\t%.3f\tpacking and unpacking them\n", name, events / spent,
                 spent / copied);
}

int main(void)
{
    struct arena keep;
    struct arena kept;
    struct arena item;
    struct memory_views views;
    double exams_spent = 0;
    double exams_copied = 0;
    double issues_spent = 0;
    double issues_copied = 0;
    arena_init(&keep, 0);
    arena_init(&kept, 0);
    arena_init(&item, 0);
    Event **exams = ARENA_ARRAY(&keep, Event *, COUNT);
    Event **issues = ARENA_ARRAY(&keep, Event *, COUNT);
    for (int i = 0; i < COUNT; i++) {
        exams[i] = exam(i, &keep);
        issues[i] = issue(i, &keep);
    }
    for (int round = -1; round < ROUNDS; round++) { /* the first one only warms up */
        double rate = round < 0 ? 0 : 1;
        arena_reset(&kept);
        memory_views_init(&views, &kept);
        exams_spent += rate * apply_all(&views, exams, &item);
        issues_spent += rate * apply_all(&views, issues, &item);
        exams_copied += rate * copy_all(exams, &item);
        issues_copied += rate * copy_all(issues, &item);
    }
    print("apply exams", exams_spent, exams_copied);
    print("apply issues", issues_spent, issues_copied);
    arena_release(&item);
    arena_release(&kept);
    arena_release(&keep);
    return 0;
}
