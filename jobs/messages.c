/* messages - see messages.h. */
#include "jobs/messages.h"

#include <string.h>

#include "core/base/shown.h"
#include "core/base/unicode.h"

#define MESSAGE(number, name, english, chinese) {(number), #name, (english), (chinese)},
const struct message messages[] = {
#include "core/base/messages.def"
#include "core/io/messages.def"
#include "events/messages.def"
#include "importers/messages.def"
#include "projections/messages.def"

#include "jobs/messages.def"
};
#undef MESSAGE
const size_t messages_count = sizeof messages / sizeof *messages;

const struct message *message_find(int number)
{
    for (size_t i = 0; i < messages_count; i++) {
        if (messages[i].number == number) {
            return &messages[i];
        }
    }
    return NULL;
}

const struct message *message_named(str name)
{
    for (size_t i = 0; i < messages_count; i++) {
        if (str_equal_c(name, messages[i].name)) {
            return &messages[i];
        }
    }
    return NULL;
}

str message_code(int number, struct arena *arena)
{
    const struct message *message = message_find(number);
    return message == NULL ? STR("unknown") : unicode_lower_ascii(str_of(message->name), arena);
}

str message_template(const struct message *message, enum language language)
{
    return str_of(language == LANGUAGE_CHINESE ? message->chinese : message->english);
}

/* What stands for an argument: its text, or what is said of one and of several. */
struct placeholder {
    int arg;
    size_t size; /* in the template */
    bool chooses;
    str one, several;
};

/* "{0}", or "{0|row|rows}", at the beginning of `text`? */
static bool placeholder_at(str text, struct placeholder *ret)
{
    if (text.data[0] != '{') {
        return false;
    }
    str inner = str_first(text, str_find_byte(text, '}'));
    if (inner.size < 2 || inner.size == text.size || inner.data[1] < '0' || inner.data[1] > '9' ||
        (inner.size > 2 && inner.data[2] != '|')) {
        return false;
    }
    *ret = (struct placeholder){
        .arg = inner.data[1] - '0', .size = inner.size + 1, .chooses = inner.size > 2};
    ret->several = str_from(inner, 3);
    ret->one = str_cut(&ret->several, '|');
    return true;
}

str message_fill(str template, const struct error_arg *args, int args_count, struct arena *arena)
{
    /* Each placeholder has at least 3 bytes and becomes at most ERROR_ARG_SIZE. */
    char *out = arena_new(arena, template.size * ((size_t)ERROR_ARG_SIZE / 3 + 1) + 1);
    size_t size = 0;
    for (size_t i = 0; i < template.size;) {
        struct placeholder place;
        if (!placeholder_at(str_from(template, i), &place) || place.arg >= args_count) {
            out[size++] = template.data[i++];
            continue;
        }
        str text = str_of(args[place.arg].text);
        if (place.chooses) {
            text = str_equal(text, STR("1")) ? place.one : place.several;
        }
        if (text.size > 0) {
            memcpy(out + size, text.data, text.size);
        }
        size += text.size;
        i += place.size;
    }
    return (str){out, size};
}

static bool is_break(char byte)
{
    return byte == '.' || byte == '-' || byte == ' ' || byte == '/';
}

str message_row_name(str path, struct arena *arena)
{
    str upper = unicode_upper_ascii(path, arena);
    char *name = arena_c_string(arena, upper);
    for (size_t i = 0; i < upper.size; i++) {
        name[i] = is_break(name[i]) ? '_' : name[i];
    }
    return (str){name, upper.size};
}

enum {
    VALUE_SIZE_MAX = 64, /* no word of a closed list is longer */
    VALUES_FIRST = 5800, /* the rows of values in jobs/messages.def */
};

static const struct message *value_row(str path, str value, struct arena *arena)
{
    /* OPTION_… rows are help and FIELD_… rows are headings, not words for the name of an option or
     * of a field, which a command line or a file has to say as it is. */
    if (str_empty(value) || value.size > VALUE_SIZE_MAX || str_equal_c(path, "option") ||
        str_equal_c(path, "field")) {
        return NULL;
    }
    str upper = message_row_name(value, arena);
    str name =
        arena_format(arena, "%.*s_%.*s", STR_ARGS(message_row_name(path, arena)), STR_ARGS(upper));
    const struct message *message = message_named(name);
    return message != NULL && message->number >= VALUES_FIRST ? message : NULL;
}

/* "id_card, police_correction | household_register": `mark` parts, each in words. */
static str value_parts(enum language language, str path, str value, char mark, struct arena *arena)
{
    const char *zh = mark == ',' ? "、" : "或";
    const char *en = mark == ',' ? ", " : " or ";
    str text = STR("");
    for (str rest = value; rest.data != NULL;) {
        str part = str_trim(str_cut(&rest, mark));
        const struct message *message = value_row(path, part, arena);
        str words = message != NULL ? message_template(message, language)
                    : mark == ','   ? value_parts(language, path, part, '|', arena)
                                    : part;
        text = arena_format(arena, "%.*s%s%.*s", STR_ARGS(text),
                            str_empty(text)                ? ""
                            : language == LANGUAGE_CHINESE ? zh
                                                           : en,
                            STR_ARGS(words));
    }
    return text;
}

str message_value(enum language language, str path, str value, struct arena *arena)
{
    const struct message *message = value_row(path, value, arena);
    if (message != NULL) {
        return message_template(message, language);
    }
    bool is_list =
        memchr(value.data, ',', value.size) != NULL || memchr(value.data, '|', value.size) != NULL;
    return is_list && message_has_values(path, arena)
               ? value_parts(language, path, value, ',', arena)
               : value;
}

bool message_has_values(str path, struct arena *arena)
{
    str prefix = arena_format(arena, "%.*s_", STR_ARGS(message_row_name(path, arena)));
    for (size_t i = 0; i < messages_count; i++) {
        if (messages[i].number >= VALUES_FIRST &&
            str_starts_with(str_of(messages[i].name), prefix)) {
            return true;
        }
    }
    return false;
}

str message_text_with(int number, enum language language, const struct error_arg *args,
                      int args_count, struct arena *arena)
{
    const struct message *message = message_find(number);
    struct error_arg words[ERROR_ARGS_MAX];
    BUG_UNLESS(message != NULL && args_count <= ERROR_ARGS_MAX);
    for (int i = 0; i < args_count; i++) {
        str value = str_of(args[i].text);
        const char *name = args[i].name != NULL ? args[i].name : "";
        /* sentences name an action as a file has to say it: the one that is none, above all */
        str word = strcmp(name, "action") == 0
                       ? value
                       : message_value(language, str_of(name), value, arena);
        words[i] = error_arg_str(name, shown_text(word, arena));
    }
    return message_fill(message_template(message, language), words, args_count, arena);
}

str message_text(int number, enum language language)
{
    const struct message *message = message_find(number);
    BUG_UNLESS(message != NULL);
    return message_template(message, language);
}

str message_of_error(const struct error *err, enum language language, struct arena *arena)
{
    return message_text_with(err->code, language, err->args, err->args_count, arena);
}
