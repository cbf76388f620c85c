/* wish_line - a wish as a line of JSON, in one of its many spellings (CONTRACT 1, 4; D38): keys in
 * any order, blanks, escapes, brackets and digits in either width, days in every form. */
#include <string.h>

#include "tests/histories/wish.h"

enum { TEXT_MAX = 128 * 1024, PAIRS_MAX = WISH_VALUES_MAX + 4 };

struct text {
    struct world *world;
    struct arena *arena;
    char *data;
    size_t size;
};

static void put(struct text *text, str more)
{
    if (text->size + more.size < TEXT_MAX && more.size > 0) {
        memcpy(text->data + text->size, more.data, more.size);
        text->size += more.size;
    }
}

static void put_blank(struct text *text)
{
    if (dice_chance(text->world->dice, 10)) {
        put(text, dice_chance(text->world->dice, 50) ? STR(" ") : STR("\t  "));
    }
}

/* A JSON string; some characters as \uXXXX. */
static void put_string(struct text *text, str value)
{
    bool escapes = value.size < 200 && dice_chance(text->world->dice, 5);
    put(text, STR("\""));
    while (!str_empty(value)) {
        str rest = value;
        uint32_t c = str_next(&rest);
        str plain = str_first(value, value.size - rest.size);
        if (c == '"' || c == '\\') {
            put(text, STR("\\"));
            put(text, plain);
        } else if (escapes && c > 0x7f && c < 0x10000) {
            put(text, arena_format(text->arena, "\\u%04x", c));
        } else {
            put(text, plain);
        }
        value = rest;
    }
    put(text, STR("\""));
}

static void put_pair(struct text *text, bool *first, const char *key, str value)
{
    put(text, *first ? STR("") : STR(","));
    put_blank(text);
    put_string(text, str_of(key));
    put(text, STR(":"));
    put_blank(text);
    put_string(text, value);
    *first = false;
}

static void put_person(struct text *text, const struct wish_person *person)
{
    struct world *world = text->world;
    str number =
        person->id_number.size > 0
            ? spell_person_number(world, person->id_type, person->id_number.data, text->arena)
            : person->id_number;
    str name = spell_person_name(world, person->name.data, text->arena);
    bool first = true;
    bool turned = dice_chance(world->dice, 30);
    put(text, STR("{"));
    if (turned) {
        put_pair(text, &first, "id_number", number);
    }
    put_pair(text, &first, "name", name);
    put_pair(text, &first, "id_type", person->id_type);
    if (!turned) {
        put_pair(text, &first, "id_number", number);
    }
    put(text, STR("}"));
}

static void put_selection(struct text *text, const struct wish_selection *selection)
{
    bool first = true;
    bool ignored = true;
    put(text, STR("{"));
    if (selection->category.size > 0) {
        put_pair(text, &first, "category", selection->category);
    }
    if (selection->has_from || selection->has_to) {
        put(text, first ? STR("\"valid_until\":{") : STR(",\"valid_until\":{"));
        if (selection->has_from) {
            put_pair(text, &ignored, "from", spell_day(text->world, selection->from, text->arena));
        }
        if (selection->has_to) {
            put_pair(text, &ignored, "to", spell_day(text->world, selection->to, text->arena));
        }
        put(text, STR("}"));
        first = false;
    }
    if (selection->enterprise.size > 0) {
        put_pair(text, &first, "enterprise", selection->enterprise);
    }
    put(text, STR("}"));
}

static void put_list(struct text *text, const struct wish_value *value)
{
    put(text, STR("["));
    for (size_t i = 0; i < value->list_count; i++) {
        put(text, i > 0 ? STR(",") : STR(""));
        put_blank(text);
        put_string(text, value->form == WISH_CERTIFICATES
                             ? spell_certificate(text->world, value->list[i], text->arena)
                             : value->list[i]);
    }
    put(text, STR("]"));
}

static void write_value(struct text *text, const struct wish_value *value)
{
    struct world *world = text->world;
    switch (value->form) {
    case WISH_TEXT:
        put_string(text, strcmp(value->field, "name") == 0 && value->text.size > 0
                             ? spell_person_name(world, value->text.data, text->arena)
                             : value->text);
        break;
    case WISH_CERTIFICATE:
        put_string(text, spell_certificate(world, value->text, text->arena));
        break;
    case WISH_DAY: put_string(text, spell_day(world, value->day, text->arena)); break;
    case WISH_TRUTH: put(text, value->truth ? STR("true") : STR("false")); break;
    case WISH_COUNT:
        if (dice_chance(world->dice, 50)) {
            put(text, value->text);
        } else {
            put_string(text, value->text);
        }
        break;
    case WISH_PERSON: put_person(text, &value->person); break;
    case WISH_CERTIFICATES:
    case WISH_TEXTS: put_list(text, value); break;
    case WISH_SELECTION: put_selection(text, &value->selection); break;
    case WISH_RAW: put(text, value->text); break;
    }
}

/* The wish's own values, and before them what every line has. */
static size_t envelope_of(const struct wish *wish, struct wish_value pairs[PAIRS_MAX])
{
    const struct {
        const char *key;
        const char *text;
    } all[] = {{"id", wish->id},
               {"action", wish->action},
               {"enterprise", wish->enterprise},
               {"clerk", wish->clerk}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i].text != NULL) {
            pairs[count++] = (struct wish_value){
                .field = all[i].key, .form = WISH_TEXT, .text = str_of(all[i].text)};
        }
    }
    return count;
}

str wish_line(struct world *world, const struct wish *wish, struct arena *arena)
{
    struct text text = {world, arena, arena_new_raw(arena, TEXT_MAX), 0};
    struct wish_value pairs[PAIRS_MAX];
    size_t count = envelope_of(wish, pairs);
    bool shuffled = dice_chance(world->dice, 40);
    for (size_t i = 0; i < wish->count; i++) {
        pairs[count++] = wish->values[i];
    }
    put(&text, STR("{"));
    for (size_t i = 0; i < count; i++) {
        size_t at = shuffled ? i + dice_below(world->dice, (uint32_t)(count - i)) : i;
        struct wish_value pair = pairs[at];
        pairs[at] = pairs[i];
        put(&text, i > 0 ? STR(",") : STR(""));
        put_blank(&text);
        put_string(&text, str_of(pair.field));
        put(&text, STR(":"));
        put_blank(&text);
        write_value(&text, &pair);
    }
    put_blank(&text);
    put(&text, STR("}"));
    return (str){text.data, text.size};
}

str wish_nonsense(struct world *world, bool *ret_blank, struct arena *arena)
{
    static const char *const lines[] = {
        "{",
        "[]",
        "null",
        "{\"id\":\"n1\"}",
        "{\"id\":\"n1\",\"action\":\"fly\"}",
        "{\"id\":\"n1\",\"id\":\"n2\",\"action\":\"cancel\"}",
        "{\"action\":7}",
        "{\"id\":\"n1\",\"action\":\"exchange\",\"enterprise\":\"\\ud800\"}",
        "}{",
        "\"cancel\"",
        "{\"id\":\"n1\",\"action\":\"register_paper\",\"enterprise\":\"甲\"}",
        "{\"id\":\"n1\",}",
        "\xff\xfe{\"id\":\"n1\"}",
        "{\"id\":\"n1\",\"action\":\"cancel\"}\x01",
        NULL};
    static const char *const blanks[] = {"", "  ", "\t", "\r", NULL};
    *ret_blank = dice_chance(world->dice, 20);
    if (!*ret_blank && dice_chance(world->dice, 8)) { /* a list longer than any may be */
        struct text text = {world, arena, arena_new_raw(arena, TEXT_MAX), 0};
        put(&text,
            STR("{\"id\":\"n1\",\"action\":\"depart\",\"enterprise\":\"甲\",\"confirmed\":true,"
                "\"person\":{\"name\":\"王\",\"id_type\":\"其他\",\"id_number\":\"1234\"},"
                "\"certificates\":[\"1\""));
        for (int i = 0; i < 1000; i++) {
            put(&text, arena_format(arena, ",\"%d\"", i + 2));
        }
        put(&text, STR("]}"));
        return (str){text.data, text.size};
    }
    return str_of(dice_pick(world->dice, *ret_blank ? blanks : lines));
}
