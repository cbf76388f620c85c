/* night_list - see night_list.h. */
#include "jobs/night/night_list.h"

#include <string.h>

#include "jobs/messages.h"

struct reading {
    const char *file;
    unsigned line;
    const char *today;
    struct arena *arena;
};

static outcome bad(const struct reading *reading, const char *what, struct error *err)
{
    FAIL(MALFORMED, MESSAGE_NIGHT_LINE, ARG_TEXT("file", reading->file),
         ARG_INT("line", reading->line), ARG_TEXT("what", what));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* A word with every {today} replaced. */
static char *finish_word(const struct reading *reading, str word)
{
    static const char mark[] = "{today}";
    str done = STR("");
    for (;;) {
        size_t at = 0;
        while (at < word.size && !str_starts_with(str_from(word, at), STR("{today}"))) {
            at++;
        }
        done = arena_format(reading->arena, "%.*s%.*s%s", STR_ARGS(done),
                            STR_ARGS(str_first(word, at)), at < word.size ? reading->today : "");
        if (at >= word.size) {
            return arena_c_string(reading->arena, done);
        }
        word = str_from(word, at + sizeof mark - 1);
    }
}

/* The next word; quotes may stand anywhere in it, as in --out="a b". *ret_more false: none. */
static outcome next_word(const struct reading *reading, str *rest, bool *ret_more, char **ret,
                         struct error *err)
{
    size_t size = 0;
    char quote = 0;
    size_t at = 0;
    while (at < rest->size && is_blank(rest->data[at])) {
        at++;
    }
    *ret_more = at < rest->size && rest->data[at] != '#';
    if (!*ret_more) {
        return OK;
    }
    char *word = arena_new_raw(reading->arena, rest->size + 1);
    for (; at < rest->size && (quote != 0 || !is_blank(rest->data[at])); at++) {
        char c = rest->data[at];
        if (quote == 0 && (c == '"' || c == '\'')) {
            quote = c;
        } else if (c == quote) {
            quote = 0;
        } else {
            word[size++] = c;
        }
    }
    if (quote != 0) {
        return bad(reading, "a quote that is not closed", err);
    }
    *rest = str_from(*rest, at);
    *ret = finish_word(reading, (str){word, size});
    return OK;
}

static outcome read_line(const struct reading *reading, str line, struct night_step *step,
                         struct error *err)
{
    bool more = true;
    *step = (struct night_step){.line = reading->line};
    for (;;) {
        char *word = NULL;
        TRY(next_word(reading, &line, &more, &word, err));
        if (!more) {
            break;
        }
        if (step->count == 0 && !step->optional && strcmp(word, "optional") == 0) {
            step->optional = true;
            continue;
        }
        if (step->count == NIGHT_WORDS_MAX) {
            return bad(reading, "more than 64 words", err);
        }
        step->words[step->count++] = word;
    }
    if (step->optional && step->count == 0) {
        return bad(reading, "“optional” without a verb", err);
    }
    return OK;
}

FALLIBLE night_list_parse(const char *file, str text, const char *today, struct arena *arena,
                          struct night_list *ret, struct error *err)
{
    struct reading reading = {.file = file, .today = today, .arena = arena};
    struct night_list list = {0};
    size_t capacity = 0;
    while (text.size > 0) {
        size_t end = str_find_byte(text, '\n');
        str line = str_first(text, end);
        struct night_step step;
        text = end < text.size ? str_from(text, end + 1) : STR("");
        reading.line++;
        TRY(read_line(&reading, line, &step, err));
        if (step.count == 0) {
            continue;
        }
        if (list.count == NIGHT_STEPS_MAX) {
            return bad(&reading, "more than 1000 steps", err);
        }
        ARENA_GROW(arena, list.steps, list.count, &capacity);
        list.steps[list.count++] = step;
    }
    if (list.count == 0) {
        FAIL(MALFORMED, MESSAGE_NIGHT_EMPTY, ARG_TEXT("file", file));
    }
    *ret = list;
    return OK;
}
