/* font - see font.h. */
#include "core/io/font.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/character.h"
#include "core/base/unicode.h"
#include "core/io/messages.h"

/* STR is no constant expression for static data; this is. */
#define CONSTANT(literal)                                                                          \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

size_t font_choices_default(const struct font_choice **ret)
{
    static const struct font_choice choices[] = {
        {CONSTANT("/usr/share/fonts/truetype/arphic/uming.ttc"), CONSTANT("AR PL UMing CN")},
        {CONSTANT("/usr/share/fonts/truetype/hanazono/HanaMinA.ttf"), CONSTANT("")},
        {CONSTANT("/usr/share/fonts/truetype/hanazono/HanaMinB.ttf"), CONSTANT("")},
        {CONSTANT("/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf"), CONSTANT("")},
    };
    *ret = choices;
    return sizeof choices / sizeof choices[0];
}

static FALLIBLE map_file(str path, struct arena *arena, bytes *ret, struct error *err)
{
    int file = open(arena_c_string(arena, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    void *data = MAP_FAILED;
    if (file >= 0 && fstat(file, &status) == 0) {
        data = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, file, 0);
    }
    int number = errno;
    if (file >= 0) {
        (void)close(file); /* only read */
    }
    if (data == MAP_FAILED) {
        FAIL(CONFIG, MESSAGE_FONT_UNUSABLE, ARG_STR("font", path), ARG_ERRNO("why", number));
    }
    *ret = (bytes){data, (size_t)status.st_size};
    return OK;
}

/* "AR PL UMing CN" -> "ARPLUMingCN": a name that needs no escaping in a PDF. */
static str plain_name(str name, struct arena *arena)
{
    char *out = arena_new(arena, name.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < name.size && size < 60; i++) {
        char c = name.data[i];
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) {
            out[size++] = c;
        }
    }
    return size > 0 ? (str){out, size} : STR("Font");
}

static FALLIBLE open_face(const struct font_choice *choice, struct arena *arena, struct font *font,
                          struct error *err)
{
    uint32_t count = truetype_count(font->map);
    for (uint32_t i = 0; i < (count > 0 ? count : 1); i++) {
        TRY(truetype_open(font->map, choice->path, i, arena, &font->face, err));
        str name = truetype_full_name(&font->face, arena);
        if (choice->face.size == 0 || str_equal(name, choice->face)) {
            font->name = plain_name(name, arena);
            return OK;
        }
    }
    FAIL(CONFIG, MESSAGE_FONT_NO_FACE, ARG_STR("path", choice->path),
         ARG_STR("face", choice->face));
}

static bool tells_apart(const struct truetype *face, uint32_t one, uint32_t other)
{
    uint16_t first = truetype_glyph(face, one), second = truetype_glyph(face, other);
    return first != 0 && second != 0 &&
           !bytes_equal(truetype_outline(face, first), truetype_outline(face, second));
}

/* AR PL UMing draws U+7522 and U+7523, two characters of names, alike: both are taken from the
 * first font that tells them apart. (Twenty more pairs of GB 18030 look alike in every font: they
 * are one character that was encoded twice, see note 0056.) */
static void tell_twins_apart(struct font_chain *chain)
{
    const uint32_t one = 0x7522, other = 0x7523;
    size_t from = 0;
    while (from < chain->count && !tells_apart(&chain->fonts[from].face, one, other)) {
        from++;
    }
    for (size_t i = 0; from < chain->count && i < from; i++) {
        chain->fonts[i].face.glyph_of[one] = chain->fonts[i].face.glyph_of[other] = 0;
    }
}

/* Fonts draw different things for these: a name would be printed as another name. */
static bool is_private_use(uint32_t code_point)
{
    return (code_point >= 0xe000 && code_point <= 0xf8ff) || code_point >= 0xf0000;
}

/* AR PL UMing draws the full stop in the middle of its square, as Taiwan does; on the mainland it
 * stands in the lower left corner. */
static bool is_in_the_middle(const struct truetype *face, uint32_t code_point)
{
    bytes outline = truetype_outline(face, truetype_glyph(face, code_point));
    int left = outline.size < 4 ? 0 : (int16_t)(outline.data[2] << 8 | outline.data[3]);
    return left * 4 > face->units_per_em;
}

/* A mark with a width of its own would stand behind its letter, not over it. */
static bool draws(const struct truetype *face, uint32_t code_point)
{
    uint16_t glyph = face->glyph_of[code_point];
    return glyph != 0 && (!unicode_is_mark(code_point) || truetype_advance(face, glyph) == 0);
}

/* Every text asks this of each character, several times: so it is looked up once, when the chain is
 * opened. */
static int find_plain(const struct font_chain *chain, uint32_t code_point)
{
    const uint32_t full_stop = 0x3002;
    int second_best = FONT_NONE;
    if (is_private_use(code_point) || character_is_selector(code_point)) {
        return FONT_NONE; /* a selector without effect would be drawn as nothing, or as a box */
    }
    for (size_t i = 0; i < chain->count; i++) {
        const struct truetype *face = &chain->fonts[i].face;
        if (!draws(face, code_point)) {
            continue;
        }
        if (code_point != full_stop || !is_in_the_middle(face, code_point)) {
            return (int)i;
        }
        second_best = second_best == FONT_NONE ? (int)i : second_best;
    }
    return second_best;
}

static void find_all(struct font_chain *chain, struct arena *arena)
{
    chain->first_of = ARENA_ARRAY(arena, uint8_t, TRUETYPE_CODE_POINTS);
    for (uint32_t c = 0; c < TRUETYPE_CODE_POINTS; c++) {
        chain->first_of[c] = (uint8_t)(find_plain(chain, c) + 1);
    }
}

outcome font_chain_open(const struct font_choice *choices, size_t count, struct arena *arena,
                        struct font_chain *ret, struct error *err)
{
    if (count == 0 || count > FONT_CHAIN_MAX) {
        FAIL(CONFIG, MESSAGE_FONT_UNUSABLE, ARG_INT("font", count),
             ARG_TEXT("why", "1 to 8 fonts make a chain"));
    }
    struct font_chain chain = {.count = 0};
    for (size_t i = 0; i < count; i++) {
        struct font *font = &chain.fonts[i];
        outcome opened = map_file(choices[i].path, arena, &font->map, err);
        if (opened.ok) {
            chain.count++;
            opened = open_face(&choices[i], arena, font, err);
        }
        if (!opened.ok) {
            font_chain_close(&chain);
            return error_trace(err, HERE);
        }
    }
    tell_twins_apart(&chain);
    find_all(&chain, arena);
    *ret = chain;
    return OK;
}

void font_chain_close(struct font_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++) {
        /* munmap wants a pointer to what is not const; nothing is written */
        (void)munmap((void *)(uintptr_t)chain->fonts[i].map.data, chain->fonts[i].map.size);
    }
    chain->count = 0;
}

/* The first font whose own tables have this variation sequence, or FONT_NONE. */
static int find_variant(const struct font_chain *chain, uint32_t base, uint32_t selector)
{
    for (size_t i = 0; i < chain->count; i++) {
        if (truetype_variant(&chain->fonts[i].face, base, selector) != 0) {
            return (int)i;
        }
    }
    return FONT_NONE;
}

int font_chain_find(const struct font_chain *chain, uint32_t character)
{
    if (character < TRUETYPE_CODE_POINTS) { /* nearly always: no selector */
        return chain->first_of[character] - 1;
    }
    uint32_t code_point = character_base(character), selector = character_selector(character);
    int variant = selector == 0 ? FONT_NONE : find_variant(chain, code_point, selector);
    if (variant != FONT_NONE) {
        return variant;
    }
    return code_point < TRUETYPE_CODE_POINTS ? chain->first_of[code_point] - 1 : FONT_NONE;
}

outcome font_chain_check(const struct font_chain *chain, str text, struct error *err)
{
    while (text.size > 0) {
        uint32_t character = character_next(&text);
        if (font_chain_find(chain, character) == FONT_NONE) {
            char name[16];
            int size = snprintf(name, sizeof name, "U+%04X", character_base(character));
            FAIL(INVALID, MESSAGE_GLYPH_MISSING, ARG_STR("character", ((str){name, (size_t)size})));
        }
    }
    return OK;
}

/* The middle of the visible outline, in 1/1000 em from the glyph's origin. */
static int32_t middle_of(const struct truetype *face, uint32_t character)
{
    enum { RIGHT_EDGE = 6, BOX_END = 10 };
    bytes outline = truetype_outline(face, truetype_glyph(face, character));
    if (outline.size < BOX_END) {
        return 0;
    }
    int left = (int16_t)(outline.data[2] << 8 | outline.data[3]);
    int right = (int16_t)(outline.data[RIGHT_EDGE] << 8 | outline.data[RIGHT_EDGE + 1]);
    return (left + right) * 500 / face->units_per_em;
}

/* Is it a mark that is drawn over or under one letter? */
static bool is_of_one_letter(uint32_t mark)
{
    const uint32_t first_of_two = 0x35c, last_of_two = 0x362, kana = 0x3000;
    return unicode_is_mark(mark) && mark < kana && (mark < first_of_two || mark > last_of_two);
}

/* A font places its marks for its own letters: HanaMin's marks fit letters of a whole square, and
 * the letters of AR PL UMing are half a square wide. A mark is drawn backwards from the end of its
 * letter, so it is drawn narrower, just enough to bring it over the middle of the letter. */
uint32_t font_chain_mark_width(const struct font_chain *chain, uint32_t letter, uint32_t mark)
{
    enum { WHOLE = 100, NARROWEST = 25, NOT_SEEN = 90 };
    if (letter == 0 || !is_of_one_letter(mark)) {
        return WHOLE;
    }
    const struct truetype *face = &chain->fonts[font_chain_find(chain, letter)].face;
    int32_t half = truetype_advance(face, truetype_glyph(face, letter)) / 2;
    int32_t back = -middle_of(&chain->fonts[font_chain_find(chain, mark)].face, mark);
    int32_t percent = back > half ? half * WHOLE / back : WHOLE;
    return percent < NARROWEST || percent > NOT_SEEN ? WHOLE : (uint32_t)percent;
}

int32_t font_chain_width(const struct font_chain *chain, str text)
{
    int32_t width = 0;
    while (text.size > 0) {
        uint32_t character = character_next(&text);
        int index = font_chain_find(chain, character);
        BUG_UNLESS(index != FONT_NONE);
        const struct truetype *face = &chain->fonts[index].face;
        width += truetype_advance(face, truetype_glyph(face, character));
    }
    return width;
}
