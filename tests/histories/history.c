/* history - see history.h. */
#include "tests/histories/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/date.h"
#include "core/io/image.h"
#include "events/limits.h"
#include "events/terms/identity.h"
#include "tests/histories/registers.h"
#include "tests/support/test.h"

enum { WISHES_MAX = 100000 };

void history_broken(const struct history *history, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args); /* cut is fine */
    va_end(args);
    fail_msg("history %u, again with SEED=%llu COUNT=%llu: %s: %s\n(its files are kept in %s)",
             history->number, (unsigned long long)history->seed,
             (unsigned long long)history->wanted, history->where, text, history->scratch.dir);
    for (;;) { /* fail_msg does not return */
    }
}

const char *history_file(struct history *history, const char *name)
{
    return arena_format(&history->arena, "%s/%s", history->files, name).data;
}

struct step *history_step(struct history *history, enum step_kind kind)
{
    struct step *step = ARENA_NEW(&history->arena, struct step);
    step->kind = kind;
    step->day = history->world.today;
    step->answers.arena = &history->arena;
    if (history->last_step != NULL) {
        history->last_step->next = step;
    } else {
        history->first_step = step;
    }
    history->last_step = step;
    return step;
}

/* --- the folder of the files: proofs and a photo -------------------------------------------------
 */

static void write_bytes(struct history *history, const char *name, const void *data, size_t size)
{
    FILE *file = fopen(history_file(history, name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void make_files(struct history *history)
{
    static const char proof[] = "%PDF-1.4\n%%EOF\n";
    struct error err;
    bytes photo = {NULL, 0};
    history->files = scratch_path(&history->scratch, "files");
    assert_int_equal(mkdir(history->files, 0700), 0);
    assert_int_equal(mkdir(history_file(history, "sub"), 0700), 0);
    write_bytes(history, "proof.pdf", proof, sizeof proof - 1);
    write_bytes(history, "sub/proof.pdf", proof, sizeof proof - 1);
    write_bytes(history, "empty.pdf", proof, 0);
    write_bytes(history, "text.pdf", "no pdf", 6);
    write_bytes(history, "large.pdf", proof, sizeof proof - 1);
    assert_int_equal(truncate(history_file(history, "large.pdf"), LIMIT_PROOF_BYTES + 1), 0);
    assert_int_equal(symlink("proof.pdf", history_file(history, "link.pdf")), 0);
    stage_need(image_paint_portrait(7, &history->arena, &photo, &err), &err, "portrait");
    write_bytes(history, "photo.jpg", photo.data, photo.size);
    /* A scan of 100 dpi: unit, x and y of the JFIF header. */
    static const uint8_t density[] = {1, 0, 100, 0, 100};
    uint8_t *scan = arena_new(&history->arena, photo.size);
    memcpy(scan, photo.data, photo.size);
    memcpy(scan + 13, density, sizeof density);
    write_bytes(history, "scan.jpg", scan, photo.size);
    write_bytes(history, "large.jpg", scan, photo.size);
    assert_int_equal(truncate(history_file(history, "large.jpg"), LIMIT_SCAN_BYTES + 1), 0);
}

/* The same persons as the program will name them. */
static void name_persons(struct history *history)
{
    struct people *people = engine_people(history->stage.engine);
    for (int i = 0; i < WORLD_PERSONS; i++) {
        struct world_person *person = &history->world.persons[i];
        IdType__Code type = ID_TYPE__CODE__NONE;
        str normal;
        assert_true(id_type_from_text(str_of(world_type(person)), &type));
        assert_true(
            identity_normalise(type, str_of(world_number(person)), &history->arena, &normal));
        person->id = people_id(people, type, normal, &history->arena);
    }
}

/* --- steps
 * ------------------------------------------------------------------------------------------ */

static void import(struct history *history, const char *name, unsigned rows)
{
    const struct import_kind *kind = import_kind_find(str_of(name));
    struct step *step = history_step(history, STEP_IMPORT);
    struct intake_report dry = {0};
    struct intake_report report = {0};
    struct intake_report again = {0};
    bool unique = false;
    str file = arena_format(&history->arena, "%04u-%s.csv", ++history->files_count, name);
    step->import = kind;
    step->path = history_file(history, file.data);
    history->where = step->path;
    registers_write(&history->world, kind, step->path, rows, &unique);
    uint64_t size = stage_size(&history->stage);
    stage_import(&history->stage, kind, step->path, step->day, true, &dry);
    HOLDS(history, stage_size(&history->stage) == size, "a dry run left events");
    stage_import(&history->stage, kind, step->path, step->day, false, &report);
    step->tally = report.tally;
    HOLDS(history,
          dry.tally.accepted == report.tally.accepted &&
              dry.tally.unchanged == report.tally.unchanged &&
              dry.tally.rejected == report.tally.rejected,
          "a dry run judged otherwise");
    history_follow(history, NULL, &report.tally, false);
    if (unique && dice_chance(&history->dice, 20)) {
        struct step *second = history_step(history, STEP_IMPORT);
        *second = *step;
        second->next = NULL;
        stage_import(&history->stage, kind, step->path, step->day, false, &again);
        second->tally = again.tally;
        HOLDS(history, again.tally.accepted == 0 && again.tally.rejected == report.tally.rejected,
              "imported again, %llu rows were accepted, %llu rejected",
              (unsigned long long)again.tally.accepted, (unsigned long long)again.tally.rejected);
        history_follow(history, NULL, &again.tally, false);
    }
    history->scores->rows[VERDICT_ACCEPTED] += report.tally.accepted;
    history->scores->rows[VERDICT_UNCHANGED] += report.tally.unchanged;
    history->scores->rows[VERDICT_REFUSED] += report.tally.rejected;
}

static void set_policy(struct history *history, const char *key, const char *value)
{
    struct step *step = history_step(history, STEP_POLICY);
    step->policy = key;
    step->value = value;
    history->where = key;
    stage_policy(&history->stage, key, value, step->day);
    history_follow(history, NULL, NULL, false);
}

/* One policy at a time is other than it begins, and not for long. */
static void change_policy(struct history *history)
{
    static const char *const policies[][3] = {
        {"affiliation.require_release", "no", "yes"},
        {"affiliation.require_release", "no", "yes"},
        {"b.require_registration", "yes", "no"},
        {"identity.require_certificate", "yes", "no"},
        {"identity.photo_required", "yes", "no"},
        {"insurance.months_required", "3", "1"},
        {"insurance.months_required", "0", "1"},
        {"entry.states", "注销,失效,办理转出", "注销,失效"},
    };
    uint32_t count = sizeof policies / sizeof policies[0];
    bool other = history->policy != 0;
    if (other && dice_chance(&history->dice, 60)) {
        set_policy(history, policies[history->policy - 1][0], policies[history->policy - 1][2]);
        history->policy = 0;
    } else if (!other && dice_chance(&history->dice, 15)) {
        history->policy = 1 + dice_below(&history->dice, count);
        set_policy(history, policies[history->policy - 1][0], policies[history->policy - 1][1]);
    }
}

static void render(struct history *history)
{
    struct step *step = history_step(history, STEP_RENDER);
    step->failing = dice_chance(&history->dice, 50) ? 0 : 3;
    history->where = "renderings";
    stage_render(&history->stage, step->failing, step->day);
    history_follow(history, NULL, NULL, false);
}

static void first_day(struct history *history)
{
    set_policy(history, "identity.photo_required", "no");
    import(history, "enterprises", 24);
    import(history, "clerks", 12);
    import(history, "identities", 24);
    import(history, "paper", 30);
    import(history, "insurance", 40);
    import(history, "exams", 30);
    import(history, "national", 20);
    import(history, "registrations", 12);
    import(history, "contracts", 12);
}

/* What came in over night; mostly what the day's wishes need. */
static void registers_of_the_day(struct history *history)
{
    struct dice *dice = &history->dice;
    import(history, "insurance", 8 + dice_below(dice, 12));
    import(history, "exams", 4 + dice_below(dice, 12));
    if (dice_chance(dice, 60)) {
        import(history, "national", 2 + dice_below(dice, 8));
    }
    if (dice_chance(dice, 40)) {
        import(history, "paper", 1 + dice_below(dice, 6));
    }
    if (dice_chance(dice, 25)) {
        import(history, "identities", 1 + dice_below(dice, 4));
    }
    if (dice_chance(dice, 20)) {
        import(history, "enterprises", 1 + dice_below(dice, 3));
    }
    if (dice_chance(dice, 15)) {
        import(history, "registrations", 1 + dice_below(dice, 4));
        import(history, "contracts", 1 + dice_below(dice, 4));
    }
    if (dice_chance(dice, 3)) {
        import(history, "clerks", 3);
    }
}

static void day(struct history *history)
{
    struct dice *dice = &history->dice;
    history->world.today = world_next_day(&history->world);
    registers_of_the_day(history);
    change_policy(history);
    for (uint32_t i = 1 + dice_below(dice, 3); i > 0; i--) {
        uint32_t kind = dice_below(dice, 1000);
        history_submit(history, kind == 0   ? 1100 /* more than a batch */
                                : kind < 60 ? 20 + dice_below(dice, 60)
                                            : 1 + dice_below(dice, 8));
        if (dice_chance(dice, 12)) {
            render(history);
        }
    }
    if (history->point == 0 || dice_chance(dice, 5)) {
        history->point = stage_size(&history->stage);
        history->point_views = history_views_digest(history);
    }
}

void history_run(uint64_t seed, unsigned number, uint64_t lines, struct scores *scores)
{
    struct history *history = calloc(1, sizeof *history);
    assert_non_null(history);
    history->seed = seed;
    history->number = number;
    history->wanted = lines;
    history->scores = scores;
    history->where = "the beginning";
    history->dice.state = seed;
    scratch_open(&history->scratch);
    arena_init(&history->arena, 0);
    arena_init(&history->item, 0);
    map_init(&history->bound, &history->arena);
    history->wishes = ARENA_ARRAY(&history->arena, struct wish_made *, WISHES_MAX);
    model_init(&history->model, &history->arena);
    world_init(&history->world, &history->arena, &history->dice, &history->model);
    history->world.today =
        date_from_civil((struct civil){2019, 11, 28}) + (int32_t)dice_below(&history->dice, 500);
    make_files(history);
    stage_open(&history->stage, scratch_path(&history->scratch, "store"), NULL,
               history->world.today, &history->arena);
    name_persons(history);
    history_follow(history, NULL, NULL, false);
    first_day(history);
    while (history->lines < lines && history->wishes_count + 4000 < WISHES_MAX) {
        day(history);
    }
    history_check_whole(history);
    history_check_pieces(history);
    scores->events += stage_size(&history->stage);
    scores->histories++;
    stage_close(&history->stage);
    arena_release(&history->item);
    arena_release(&history->arena);
    scratch_close(&history->scratch);
    free(history);
}
