/* history_submit - a submission judged dry, then for good, and what can be said of it alone: every
 * line has one answer, counts add up, copies are duplicates, refused wishes leave no trace. */
#include <string.h>

#include "core/base/record.h"
#include "jobs/messages.h"
#include "tests/histories/history.h"
#include "tests/support/test.h"

/* --- answers against what the lines are ----------------------------------------------------------
 */

static bool same_answer(const struct line_answer *a, const struct line_answer *b)
{
    return a->line == b->line && a->verdict == b->verdict && a->code == b->code &&
           a->first_event == b->first_event && a->last_event == b->last_event &&
           str_equal(a->id, b->id) && str_equal(a->action, b->action) &&
           str_equal(a->certificates, b->certificates);
}

static void check_dry(struct history *history, const struct answers *dry,
                      const struct answers *real)
{
    HOLDS(history, dry->count == real->count, "%zu answers dry, %zu for good", dry->count,
          real->count);
    for (size_t i = 0; i < dry->count; i++) {
        HOLDS(history, same_answer(&dry->lines[i], &real->lines[i]),
              "line %llu: %s when dry, %s for good", (unsigned long long)dry->lines[i].line,
              verdict_text(dry->lines[i].verdict), verdict_text(real->lines[i].verdict));
    }
}

static void check_copy(struct history *history, const struct line *line,
                       const struct line_answer *answer)
{
    const struct wish_made *original = line->original;
    if (line->kind == LINE_COPY && original->accepted) {
        HOLDS(history,
              answer->verdict == VERDICT_DUPLICATE &&
                  answer->first_event == original->answer.first_event &&
                  answer->last_event == original->answer.last_event,
              "line %llu: an accepted wish again is no duplicate but %s, code %d",
              (unsigned long long)answer->line, verdict_text(answer->verdict), answer->code);
        /* Duplicates name the certificates of their events; persons' renames may have none. */
        HOLDS(history, str_equal(answer->certificates, original->answer.certificates),
              "line %llu: a duplicate names %.*s instead of %.*s", (unsigned long long)answer->line,
              STR_ARGS(answer->certificates), STR_ARGS(original->answer.certificates));
    }
    if (line->kind == LINE_ALTERED && original->accepted) {
        HOLDS(history,
              answer->verdict == VERDICT_INVALID ||
                  (answer->verdict == VERDICT_REFUSED && answer->code == MESSAGE_ID_REUSED),
              "line %llu: another wish under a known id is %s, code %d",
              (unsigned long long)answer->line, verdict_text(answer->verdict), answer->code);
    }
}

/* Whose ids the wish's is among; NULL where that cannot be told. */
static const char *actor_of(struct history *history, const struct wish *wish)
{
    struct wish copy = *wish;
    const struct wish_value *person = wish_value_of(&copy, "person");
    enum wish_actor actor = wish_kind_find(wish->body)->actor;
    bool clerks = actor == BY_CLERK || actor == BY_CLERK_OR_ENTERPRISE;
    bool persons = actor == BY_PERSON || actor == BY_PERSON_OR_ENTERPRISE;
    if (wish->clerk != NULL && clerks) {
        return wish->clerk;
    }
    if (wish->enterprise != NULL || !persons || person == NULL || person->form != WISH_PERSON) {
        return wish->enterprise;
    }
    for (int i = 0; i < WORLD_PERSONS; i++) {
        for (int k = 0; k < history->world.persons[i].numbers_count; k++) {
            if (str_equal_c(person->person.id_number, history->world.persons[i].numbers[k]) &&
                str_equal_c(person->person.id_type, history->world.persons[i].types[k])) {
                return history->world.persons[i].id;
            }
        }
    }
    return NULL;
}

/* An id is taken by accepted wishes alone, and then for good. */
static void check_bound(struct history *history, const struct wish *wish,
                        const struct line_answer *answer)
{
    const char *actor = actor_of(history, wish);
    if (actor == NULL || wish->id == NULL) {
        return;
    }
    str key = arena_format(&history->arena, "%s\n%s", actor, wish->id);
    bool taken = map_find(&history->bound, str_bytes(key)) != NULL;
    bool made = false;
    bool known = answer->verdict == VERDICT_DUPLICATE ||
                 (answer->verdict == VERDICT_REFUSED && answer->code == MESSAGE_ID_REUSED);
    HOLDS(history, !known || taken, "line %llu: %s, but nothing was accepted under that id",
          (unsigned long long)answer->line, verdict_text(answer->verdict));
    HOLDS(history, !taken || known || answer->verdict == VERDICT_INVALID,
          "line %llu: %s, code %d, under an id that is taken", (unsigned long long)answer->line,
          verdict_text(answer->verdict), answer->code);
    if (answer->verdict == VERDICT_ACCEPTED) {
        (void)map_put(&history->bound, str_bytes(key), &made);
    }
}

static void remember(struct history *history, const struct line *line,
                     const struct line_answer *answer)
{
    struct wish_made *made = ARENA_NEW(&history->arena, struct wish_made);
    made->wish = *line->wish;
    made->answer = *answer;
    made->accepted = answer->verdict == VERDICT_ACCEPTED;
    history->wishes[history->wishes_count++] = made;
}

static void check_line(struct history *history, struct line *line, const struct line_answer *answer)
{
    struct scores *scores = history->scores;
    scores->lines++;
    scores->by_verdict[answer->verdict]++;
    if (answer->code != 0) {
        scores->codes[answer->code]++;
    }
    HOLDS(history, answer->verdict != VERDICT_UNCHANGED, "a wish is unchanged");
    if (line->kind == LINE_NONSENSE) {
        HOLDS(history, answer->verdict == VERDICT_INVALID, "line %llu: nonsense is %s",
              (unsigned long long)answer->line, verdict_text(answer->verdict));
        return;
    }
    scores->actions[line->wish->body][answer->verdict]++;
    scores->codes_of[line->wish->body][answer->code]++;
    check_bound(history, line->wish, answer);
    if (line->original != NULL) {
        check_copy(history, line, answer);
    } else {
        remember(history, line, answer);
    }
    /* What was refused may be accepted when it is wished for again: then that is the first answer.
     */
    if (line->kind == LINE_COPY && answer->verdict == VERDICT_ACCEPTED) {
        line->original->accepted = true;
        line->original->answer = *answer;
    } else if (line->kind == LINE_ALTERED && answer->verdict == VERDICT_ACCEPTED) {
        remember(history, line, answer);
        /* The id now stands for the other wish. */
        line->original->wish.id = NULL;
        line->original->accepted = false;
    }
}

static void check_lines(struct history *history, struct line *lines, size_t count,
                        const struct answers *answers)
{
    size_t answer = 0;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].kind == LINE_BLANK) {
            continue;
        }
        HOLDS(history, answer < answers->count && answers->lines[answer].line == i + 1,
              "line %zu has no answer of its own", i + 1);
        check_line(history, &lines[i], &answers->lines[answer++]);
    }
    HOLDS(history, answer == answers->count, "more answers than lines");
}

static void check_counts(struct history *history, const struct answers *answers,
                         const struct tally *tally)
{
    uint64_t counts[HISTORY_VERDICTS] = {0};
    uint64_t codes = 0;
    for (size_t i = 0; i < answers->count; i++) {
        counts[answers->lines[i].verdict]++;
    }
    for (size_t i = 0; i < tally->codes_count; i++) {
        codes += tally->codes[i].count;
    }
    HOLDS(history,
          tally->rows == answers->count && tally->accepted == counts[VERDICT_ACCEPTED] &&
              tally->unchanged == counts[VERDICT_DUPLICATE] &&
              tally->rejected == counts[VERDICT_REFUSED] &&
              tally->invalid == counts[VERDICT_INVALID] &&
              tally->rows == tally->accepted + tally->unchanged + tally->rejected + tally->invalid,
          "the counts do not add up to the lines");
    HOLDS(history, codes == tally->rejected + tally->invalid + tally->warnings,
          "the counts of codes do not add up");
}

/* --- the accepted ones again
 * ------------------------------------------------------------------------ */

static void submit_again(struct history *history, const struct line *lines, size_t count,
                         const struct answers *answers)
{
    struct line *accepted = ARENA_ARRAY(&history->arena, struct line, count + 1);
    struct submission_report report = {0};
    struct answers again = {.arena = &history->arena};
    size_t kept = 0;
    for (size_t i = 0; i < answers->count; i++) {
        if (answers->lines[i].verdict == VERDICT_ACCEPTED ||
            answers->lines[i].verdict == VERDICT_DUPLICATE) {
            accepted[kept++] = lines[answers->lines[i].line - 1];
        }
    }
    if (kept == 0) {
        return;
    }
    const char *path = history_file(history, "again.jsonl");
    uint64_t size = stage_size(&history->stage);
    history_write_file(path, accepted, kept);
    stage_submit(&history->stage, path, history->world.today, false, &again, &report);
    HOLDS(history, report.tally.unchanged == kept && report.tally.rows == kept,
          "of %zu accepted lines, submitted again, %llu are duplicates", kept,
          (unsigned long long)report.tally.unchanged);
    HOLDS(history, stage_size(&history->stage) == size, "submitted again, it left events");
}

void history_submit(struct history *history, size_t count)
{
    struct step *step = history_step(history, STEP_SUBMIT);
    struct line *lines = NULL;
    struct answers dry = {.arena = &history->arena};
    struct submission_report dry_report = {0};
    struct submission_report report = {0};
    str name = arena_format(&history->arena, "%04u.jsonl", ++history->files_count);
    step->path = history_file(history, name.data);
    history->where = step->path;
    history_write_lines(history, step->path, count, &lines);

    bool close = dice_chance(&history->dice, 10);
    uint64_t size = stage_size(&history->stage);
    struct digest root = stage_root(&history->stage);
    struct digest views = close ? history_views_digest(history) : root;
    stage_submit(&history->stage, step->path, step->day, true, &dry, &dry_report);
    struct digest root_after = stage_root(&history->stage);
    struct digest views_after = close ? history_views_digest(history) : root_after;
    HOLDS(history,
          stage_size(&history->stage) == size && digest_equal(&root, &root_after) &&
              digest_equal(&views, &views_after),
          "a dry run left something");

    stage_submit(&history->stage, step->path, step->day, false, &step->answers, &report);
    step->tally = report.tally;
    history->lines += step->answers.count;
    check_dry(history, &dry, &step->answers);
    check_counts(history, &step->answers, &report.tally);
    check_lines(history, lines, count, &step->answers);
    history_follow(history, &step->answers, &report.tally, true);
    if (dice_chance(&history->dice, 25)) {
        submit_again(history, lines, count, &step->answers);
    }
}
