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

/* fault   a row LINE_FAULT_… */
static outcome bad(const struct reading *reading, const char *fault, struct error *err)
{
    FAIL(MALFORMED, MESSAGE_NIGHT_LINE_FAULT, ARG_TEXT("file", reading->file),
         ARG_INT("line", reading->line), ARG_TEXT("line_fault", fault));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Of any script: {今天} as well. */
static bool is_of_mark(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

#define TODAY_MARK "{today}"

/* {tody} would be the name of a file that never comes, and an optional step never run. */
static outcome check_marks(const struct reading *reading, str word, struct error *err)
{
    for (str rest = word; (rest = str_from(rest, str_find_byte(rest, '{'))).size > 0;) {
        size_t end = 1;
        while (end < rest.size && is_of_mark(rest.data[end])) {
            end++;
        }
        str mark = str_first(rest, end + 1);
        if (end > 1 && end < rest.size && rest.data[end] == '}' &&
            !str_equal(mark, STR(TODAY_MARK))) {
            FAIL(MALFORMED, MESSAGE_NIGHT_MARK, ARG_TEXT("file", reading->file),
                 ARG_INT("line", reading->line), ARG_STR("mark", mark),
                 ARG_TEXT("known", TODAY_MARK));
        }
        rest = str_from(rest, 1);
    }
    return OK;
}

/* A word with every {today} replaced: a day is longer, but not twice as long. */
static char *finish_word(const struct reading *reading, str word)
{
    size_t day = strlen(reading->today);
    size_t size = 0;
    BUG_UNLESS(day <= 2 * strlen(TODAY_MARK));
    char *done = arena_new_raw(reading->arena, 2 * word.size + 1);
    for (size_t at = 0; at < word.size;) {
        bool mark = str_starts_with(str_from(word, at), STR(TODAY_MARK));
        memcpy(done + size, mark ? reading->today : word.data + at, mark ? day : 1);
        size += mark ? day : 1;
        at += mark ? strlen(TODAY_MARK) : 1;
    }
    done[size] = 0;
    return done;
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
        return bad(reading, "quote_open", err);
    }
    *rest = str_from(*rest, at);
    TRY(check_marks(reading, (str){word, size}, err));
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
            return bad(reading, "words", err);
        }
        step->words[step->count++] = word;
    }
    if (step->optional && step->count == 0) {
        return bad(reading, "optional_alone", err);
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
            return bad(&reading, "steps", err);
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
