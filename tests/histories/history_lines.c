/* history_lines - the lines of a submission: new wishes, copies of old ones in another spelling,
 * their ids with other content, rivals for the same certificate, nonsense. */
#include <stdio.h>
#include <string.h>

#include "tests/histories/history.h"
#include "tests/support/test.h"

static struct wish_made *any_wish(struct history *history, bool accepted)
{
    for (int i = 0; i < 30 && history->wishes_count > 0; i++) {
        uint32_t back = dice_below(&history->dice, 300);
        if (back < history->wishes_count) {
            struct wish_made *made = history->wishes[history->wishes_count - 1 - back];
            if (!accepted || made->accepted) {
                return made;
            }
        }
    }
    return NULL;
}

/* A new id; now and then one that a refused wish had, or another actor's. */
static const char *an_id(struct history *history)
{
    struct wish_made *made =
        dice_chance(&history->dice, 4) ? any_wish(history, dice_chance(&history->dice, 30)) : NULL;
    if (made != NULL && made->wish.id != NULL) {
        return made->wish.id;
    }
    static const char *const forms[] = {"W%u", "w-%u", "2026:%u", "x.%u_a", NULL};
    const char *form = dice_pick(&history->dice, forms);
    char text[32];
    str before = {form, strcspn(form, "%")};
    (void)snprintf(text, sizeof text, "%.*s%u%s", STR_ARGS(before), ++history->ids_count,
                   form + before.size + 2); /* fits */
    return arena_c_string(&history->arena, str_of(text));
}

static struct wish *copy_of(struct history *history, const struct wish *wish)
{
    struct wish *copy = ARENA_NEW(&history->arena, struct wish);
    *copy = *wish;
    return copy;
}

static void new_wish(struct history *history, struct line *line)
{
    struct wish *wish = ARENA_NEW(&history->arena, struct wish);
    wish_make(&history->world, wish);
    wish->id = an_id(history);
    for (uint32_t chance = 22; dice_chance(&history->dice, chance); chance = 15) {
        wish_spoil(&history->world, wish);
    }
    *line = (struct line){.kind = LINE_WISH, .wish = wish};
}

/* Another enterprise wishes the same at the same time. */
static bool rival(struct history *history, const struct line *before, struct line *line)
{
    if (before == NULL || before->kind != LINE_WISH || before->wish->enterprise == NULL ||
        !dice_chance(&history->dice,
                     before->wish->body == ACTION__BODY_CHANGE_AFFILIATION ? 35 : 2)) {
        return false;
    }
    struct wish *wish = copy_of(history, before->wish);
    wish->enterprise =
        history->world.enterprises[dice_below(&history->dice, WORLD_ENTERPRISES - 1)].code;
    wish->id = an_id(history);
    *line = (struct line){.kind = LINE_WISH, .wish = wish};
    return true;
}

static bool old_wish(struct history *history, struct line *line)
{
    bool altered = dice_chance(&history->dice, 35);
    struct wish_made *made = any_wish(history, dice_chance(&history->dice, 75));
    if (made == NULL) {
        return false;
    }
    *line = (struct line){.kind = altered ? LINE_ALTERED : LINE_COPY,
                          .wish = copy_of(history, &made->wish),
                          .original = made};
    if (altered) {
        wish_alter(&history->world, line->wish);
    }
    return true;
}

static void one_line(struct history *history, const struct line *before, struct line *line)
{
    bool blank = false;
    uint32_t kind = dice_below(&history->dice, 100);
    if (kind < 3) {
        line->text = wish_nonsense(&history->world, &blank, &history->arena);
        line->kind = blank ? LINE_BLANK : LINE_NONSENSE;
        return;
    }
    if (!rival(history, before, line) && !(kind < 12 && old_wish(history, line))) {
        new_wish(history, line);
    }
    line->text = arena_str(&history->arena, wish_line(&history->world, line->wish, &history->item));
    arena_reset(&history->item);
}

void history_write_file(const char *path, const struct line *lines, size_t count)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (size_t i = 0; i < count; i++) {
        (void)fwrite(lines[i].text.data, 1, lines[i].text.size, file); /* fclose tells */
        (void)fputc('\n', file);
    }
    assert_int_equal(fclose(file), 0);
}

void history_write_lines(struct history *history, const char *path, size_t count,
                         struct line **ret_lines)
{
    struct line *lines = ARENA_ARRAY(&history->arena, struct line, count);
    for (size_t i = 0; i < count; i++) {
        one_line(history, i > 0 ? &lines[i - 1] : NULL, &lines[i]);
    }
    history_write_file(path, lines, count);
    *ret_lines = lines;
}
