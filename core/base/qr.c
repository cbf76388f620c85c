/* qr - see qr.h.
 *
 * A row of modules is one number, column 0 the lowest bit, so that masks are laid and
 * penalties counted a row at a time; columns are kept beside the rows in the same way. Numbers of
 * sections and tables are those of ISO/IEC 18004:2015. */
#include "core/base/qr.h"

#include <string.h>

#include "core/base/error.h"

typedef uint64_t line; /* one row or column */

enum {
    WIDTH_MAX = 4 * QR_VERSION_MAX + 17,
    CODEWORDS_MAX = 404, /* of version 11, table 1 */
    BLOCKS_MAX = 5,
    CORRECTION_MAX = 30, /* codewords of a block */
    MODE_BYTES = 4,      /* table 2 */
    MASKS = 8,
    MASK_PERIOD = 12, /* every mask repeats after so many modules, in both directions */
};

/* Level M of versions 1 to 11 (table 9): all codewords, blocks, correction codewords of each. */
struct layout {
    uint16_t codewords;
    uint8_t blocks, correction;
};

static const struct layout layouts[QR_VERSION_MAX] = {
    {26, 1, 10},  {44, 1, 16},  {70, 1, 26},  {100, 2, 18}, {134, 2, 24}, {172, 4, 16},
    {196, 4, 18}, {242, 4, 22}, {292, 5, 22}, {346, 5, 26}, {404, 5, 30},
};
_Static_assert(WIDTH_MAX < 64, "a line holds a row");

struct symbol {
    int version, width;
    struct layout layout;
    line rows[WIDTH_MAX], columns[WIDTH_MAX];
    line taken_rows[WIDTH_MAX], taken_columns[WIDTH_MAX]; /* by function patterns */
};

static line bit(int at)
{
    return (line)1 << at;
}

/* --- codewords -------------------------------------------------------------------------------- */

static int data_codewords(struct layout layout)
{
    return layout.codewords - layout.blocks * layout.correction;
}

/* Size of mode and character count (table 3), in half codewords: the text follows on a half one. */
static int header_halves(int version)
{
    return version < 10 ? 3 : 5;
}

static int choose_version(size_t size)
{
    for (int version = 1; version <= QR_VERSION_MAX; version++) {
        int room = data_codewords(layouts[version - 1]) - (header_halves(version) + 1) / 2;
        if (size <= (size_t)room) {
            return version;
        }
    }
    return 0;
}

/* Mode, count, text, terminator of four bits, padding (7.4). */
static void write_data(const struct symbol *symbol, str text, uint8_t out[CODEWORDS_MAX])
{
    size_t count = (size_t)data_codewords(symbol->layout), at = 0;
    memset(out, 0, count);
    if (symbol->version < 10) {
        out[at++] = (uint8_t)(MODE_BYTES << 4 | text.size >> 4);
    } else {
        out[at++] = (uint8_t)(MODE_BYTES << 4 | text.size >> 12);
        out[at++] = (uint8_t)(text.size >> 4);
    }
    out[at] = (uint8_t)(text.size << 4);
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = (uint8_t)text.data[i];
        out[at] |= (uint8_t)(byte >> 4);
        out[++at] = (uint8_t)(byte << 4);
    }
    for (size_t pad = 0; ++at < count; pad++) {
        out[at] = pad % 2 == 0 ? 0xec : 0x11;
    }
}

/* GF(256) over x^8 + x^4 + x^3 + x^2 + 1 (7.5.2). */
struct field {
    uint8_t power[510];
    uint8_t log[256];
};

static void field_init(struct field *field)
{
    unsigned value = 1;
    memset(field, 0, sizeof *field);
    for (unsigned i = 0; i < 255; i++) {
        field->power[i] = (uint8_t)value;
        field->power[i + 255] = (uint8_t)value;
        field->log[value] = (uint8_t)i;
        value = value << 1 ^ (value >= 0x80 ? 0x11d : 0);
    }
}

static uint8_t multiply(const struct field *field, uint8_t a, uint8_t b)
{
    return a == 0 || b == 0 ? 0 : field->power[field->log[a] + field->log[b]];
}

/* Logarithms of the generator's coefficients behind the first, which is 1: (x - 1)(x - a)... None
 * is 0 for the degrees in use (annex A). */
static void generator(const struct field *field, int degree, uint8_t out[CORRECTION_MAX])
{
    uint8_t poly[CORRECTION_MAX + 1] = {1};
    for (int i = 0; i < degree; i++) {
        for (int k = i + 1; k > 0; k--) {
            poly[k] ^= multiply(field, poly[k - 1], field->power[i]);
        }
    }
    for (int k = 0; k < degree; k++) {
        BUG_UNLESS(poly[k + 1] != 0);
        out[k] = field->log[poly[k + 1]];
    }
}

static void correct(const struct field *field, const uint8_t *generator_logs, int degree,
                    const uint8_t *data, int count, uint8_t out[CORRECTION_MAX])
{
    uint8_t rest[CODEWORDS_MAX + CORRECTION_MAX] = {0};
    memcpy(rest, data, (size_t)count);
    for (int i = 0; i < count; i++) {
        if (rest[i] != 0) {
            const uint8_t *power = field->power + field->log[rest[i]];
            for (int k = 0; k < degree; k++) {
                rest[i + 1 + k] ^= power[generator_logs[k]];
            }
        }
    }
    memcpy(out, rest + count, (size_t)degree);
}

/* Blocks of data, the longer ones last, and their correction, both interleaved (7.6). */
static void interleave(struct layout layout, const uint8_t *data, uint8_t out[CODEWORDS_MAX])
{
    uint8_t correction[BLOCKS_MAX][CORRECTION_MAX];
    uint8_t logs[CORRECTION_MAX];
    const uint8_t *starts[BLOCKS_MAX + 1];
    struct field field;
    int count = data_codewords(layout), shorter = count / layout.blocks, at = 0;
    field_init(&field);
    generator(&field, layout.correction, logs);
    starts[0] = data;
    for (int b = 0; b < layout.blocks; b++) {
        bool longer = b >= layout.blocks - count % layout.blocks;
        int size = shorter + (longer ? 1 : 0);
        correct(&field, logs, layout.correction, starts[b], size, correction[b]);
        starts[b + 1] = starts[b] + size;
    }
    for (int i = 0; i <= shorter; i++) {
        for (int b = 0; b < layout.blocks; b++) {
            if (starts[b] + i < starts[b + 1]) {
                out[at++] = starts[b][i];
            }
        }
    }
    for (int i = 0; i < layout.correction; i++) {
        for (int b = 0; b < layout.blocks; b++) {
            out[at++] = correction[b][i];
        }
    }
}

/* --- function patterns ------------------------------------------------------------------------ */

/* Lowest bit of `dark` only. */
static void set(struct symbol *symbol, int x, int y, unsigned dark)
{
    symbol->rows[y] = (symbol->rows[y] & ~bit(x)) | (line)(dark & 1) << x;
    symbol->columns[x] = (symbol->columns[x] & ~bit(y)) | (line)(dark & 1) << y;
}

/* One row of a pattern, `size` modules from (x, y); what lies outside the symbol is left out. */
static void lay(struct symbol *symbol, int x, int y, int size, unsigned dark)
{
    for (int i = 0; i < size && y >= 0 && y < symbol->width; i++) {
        if (x + i >= 0 && x + i < symbol->width) {
            symbol->taken_rows[y] |= bit(x + i);
            symbol->taken_columns[x + i] |= bit(y);
            set(symbol, x + i, y, dark >> i);
        }
    }
}

/* Finder with its separator (6.3.3, 6.3.4). */
static void lay_finder(struct symbol *symbol, int x, int y)
{
    static const uint8_t rows[9] = {0, 0x7f, 0x41, 0x5d, 0x5d, 0x5d, 0x41, 0x7f, 0};
    for (int i = 0; i < 9; i++) {
        lay(symbol, x - 1, y - 1 + i, 9, (unsigned)rows[i] << 1);
    }
}

/* 6.3.6 and annex E. */
static void lay_alignments(struct symbol *symbol)
{
    static const uint8_t rows[5] = {0x1f, 0x11, 0x15, 0x11, 0x1f};
    int places[3] = {6, symbol->width - 7, symbol->width - 7};
    int count = symbol->version == 1 ? 0 : symbol->version < 7 ? 2 : 3;
    if (count == 3) { /* to version 13: the middle */
        places[1] = (6 + symbol->width - 7) / 2;
    }
    for (int i = 0; i < count * count; i++) {
        int row = i / count, column = i % count;
        bool finder = (row == 0 && column == 0) || (row == 0 && column == count - 1) ||
                      (row == count - 1 && column == 0);
        for (int k = 0; k < 5 && !finder; k++) {
            lay(symbol, places[column] - 2, places[row] - 2 + k, 5, rows[k]);
        }
    }
}

/* The rest of a division of binary polynomials: BCH and Golay codes (annexes C and D). */
static unsigned checked(unsigned value, unsigned divisor, int degree)
{
    unsigned rest = value << degree;
    for (int i = 31; i >= degree; i--) {
        if (rest >> i & 1) {
            rest ^= divisor << (i - degree);
        }
    }
    return value << degree | rest;
}

static void lay_version(struct symbol *symbol)
{
    unsigned bits = checked((unsigned)symbol->version, 0x1f25, 12);
    int far = symbol->width - 11;
    for (int i = 0; i < 18 && symbol->version >= 7; i++) {
        lay(symbol, far + i % 3, i / 3, 1, bits >> i);
        lay(symbol, i / 3, far + i % 3, 1, bits >> i);
    }
}

/* Level and mask, twice, and the module that is always dark (7.9.1). */
static void set_format(struct symbol *symbol, int mask)
{
    unsigned bits = checked((unsigned)mask, 0x537, 10) ^ 0x5412; /* level M is 00 */
    int width = symbol->width;
    for (int i = 0; i < 15; i++) {
        int near = i < 6 ? i : i < 8 ? i + 1 : i == 8 ? 7 : 14 - i; /* past the timing pattern */
        int far = i < 8 ? width - 1 - i : width - 15 + i;
        set(symbol, i < 8 ? 8 : near, i < 8 ? near : 8, bits >> i);
        set(symbol, i < 8 ? far : 8, i < 8 ? 8 : far, bits >> i);
    }
    set(symbol, 8, width - 8, 1);
}

/* Keeps its place free of codewords. */
static void lay_format(struct symbol *symbol)
{
    for (int i = 0; i < 9; i++) {
        lay(symbol, i, 8, 1, i == 6);
        lay(symbol, 8, i, 1, i == 6);
    }
    for (int i = 0; i < 8; i++) {
        lay(symbol, symbol->width - 1 - i, 8, 1, 0);
        lay(symbol, 8, symbol->width - 1 - i, 1, 0);
    }
}

static void lay_patterns(struct symbol *symbol)
{
    int width = symbol->width;
    for (int i = 0; i < width; i++) { /* timing, below everything else */
        lay(symbol, i, 6, 1, i % 2 == 0);
        lay(symbol, 6, i, 1, i % 2 == 0);
    }
    lay_alignments(symbol);
    lay_finder(symbol, 0, 0);
    lay_finder(symbol, width - 7, 0);
    lay_finder(symbol, 0, width - 7);
    lay_version(symbol);
    lay_format(symbol);
}

/* Upwards and downwards in columns of two, from the right (7.7.3). What is left over stays light.
 */
static void place(struct symbol *symbol, const uint8_t *codewords)
{
    int at = 0, end = symbol->layout.codewords * 8;
    bool up = true;
    for (int right = symbol->width - 1; right > 0; right -= right == 8 ? 3 : 2, up = !up) {
        line down = up ? bit(symbol->width - 1) : 1; /* the module's bit in its column */
        for (int i = 0; i < symbol->width; i++, down = up ? down >> 1 : down << 1) {
            int y = up ? symbol->width - 1 - i : i;
            for (int x = right; x > right - 2; x--) {
                if ((symbol->taken_columns[x] & down) != 0 || at >= end) {
                    continue;
                }
                bool dark = codewords[at / 8] >> (7 - at % 8) & 1;
                symbol->columns[x] |= dark ? down : 0;
                symbol->rows[y] |= dark ? bit(x) : 0;
                at++;
            }
        }
    }
}

/* --- masks ------------------------------------------------------------------------------------ */

/* Table 10, a mask a line: its first rows, and its first columns, of which the lowest bits are the
 * first modules. What they hold repeats in both directions. */
static const uint16_t mask_rows[MASKS][MASK_PERIOD] = {
    {0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa},
    {0xfff, 0x000, 0xfff, 0x000, 0xfff, 0x000, 0xfff, 0x000, 0xfff, 0x000, 0xfff, 0x000},
    {0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249},
    {0x249, 0x924, 0x492, 0x249, 0x924, 0x492, 0x249, 0x924, 0x492, 0x249, 0x924, 0x492},
    {0x1c7, 0x1c7, 0xe38, 0xe38, 0x1c7, 0x1c7, 0xe38, 0xe38, 0x1c7, 0x1c7, 0xe38, 0xe38},
    {0xfff, 0x041, 0x249, 0x555, 0x249, 0x041, 0xfff, 0x041, 0x249, 0x555, 0x249, 0x041},
    {0xfff, 0x1c7, 0x6db, 0x555, 0xb6d, 0xc71, 0xfff, 0x1c7, 0x6db, 0x555, 0xb6d, 0xc71},
    {0x555, 0xe38, 0xc71, 0xaaa, 0x1c7, 0x38e, 0x555, 0xe38, 0xc71, 0xaaa, 0x1c7, 0x38e},
};
static const uint16_t mask_columns[MASKS][MASK_PERIOD] = {
    {0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa},
    {0x555, 0x555, 0x555, 0x555, 0x555, 0x555, 0x555, 0x555, 0x555, 0x555, 0x555, 0x555},
    {0xfff, 0x000, 0x000, 0xfff, 0x000, 0x000, 0xfff, 0x000, 0x000, 0xfff, 0x000, 0x000},
    {0x249, 0x924, 0x492, 0x249, 0x924, 0x492, 0x249, 0x924, 0x492, 0x249, 0x924, 0x492},
    {0x333, 0x333, 0x333, 0xccc, 0xccc, 0xccc, 0x333, 0x333, 0x333, 0xccc, 0xccc, 0xccc},
    {0xfff, 0x041, 0x249, 0x555, 0x249, 0x041, 0xfff, 0x041, 0x249, 0x555, 0x249, 0x041},
    {0xfff, 0x1c7, 0x6db, 0x555, 0xb6d, 0xc71, 0xfff, 0x1c7, 0x6db, 0x555, 0xb6d, 0xc71},
    {0x555, 0xe38, 0xc71, 0xaaa, 0x1c7, 0x38e, 0x555, 0xe38, 0xc71, 0xaaa, 0x1c7, 0x38e},
};

/* The symbol under a mask, with its format information. */
static void apply_mask(const struct symbol *symbol, int mask, struct symbol *ret)
{
    line repeat = 0, inside = bit(symbol->width) - 1;
    for (int i = 0; i < 64; i += MASK_PERIOD) {
        repeat |= bit(i);
    }
    ret->width = symbol->width;
    for (int i = 0; i < symbol->width; i++) {
        line row = mask_rows[mask][i % MASK_PERIOD] * repeat;
        line column = mask_columns[mask][i % MASK_PERIOD] * repeat;
        ret->rows[i] = symbol->rows[i] ^ (row & inside & ~symbol->taken_rows[i]);
        ret->columns[i] = symbol->columns[i] ^ (column & inside & ~symbol->taken_columns[i]);
    }
    set_format(ret, mask);
}

static int ones(line bits)
{
    bits -= bits >> 1 & 0x5555555555555555;
    bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
    bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f;
    return (int)(bits * 0x0101010101010101 >> 56);
}

/* Runs of five and more, and what looks like a finder beside four light modules (table 11). */
static int line_penalty(line dark, int width)
{
    line equal = ~(dark ^ dark >> 1) & (bit(width - 1) - 1); /* each to its right neighbour */
    line runs = equal & equal >> 1;
    runs &= runs >> 2; /* four equal neighbours: five modules */
    int penalty = runs == 0 ? 0 : ones(runs) + 2 * ones(runs & ~(runs << 1));
    line light = ~dark; /* beyond the right end too */
    line finder = dark & light >> 1 & dark >> 2 & dark >> 3 & dark >> 4 & light >> 5 & dark >> 6;
    if (finder != 0) {
        line before = light << 1 | 1; /* beyond the left end it is light */
        before &= before << 1 | 1;
        before &= before << 2 | 3;
        line after = ~(dark >> 7 | dark >> 8 | dark >> 9 | dark >> 10);
        penalty += 40 * ones(finder & (before | after));
    }
    return penalty;
}

/* Table 11: the lower, the easier to read. Not all of it when it is above `most`. */
static int penalty_of(const struct symbol *symbol, int most)
{
    int width = symbol->width, penalty = 0, dark = 0;
    for (int i = 0; i < width && penalty <= most; i++) {
        line row = symbol->rows[i];
        penalty += line_penalty(row, width) + line_penalty(symbol->columns[i], width);
        dark += ones(row);
        if (i + 1 < width) { /* squares of two by two */
            line below = symbol->rows[i + 1];
            line alike = ~(row ^ below) & ~(row ^ row >> 1) & ~(below ^ below >> 1);
            penalty += 3 * ones(alike & (bit(width - 1) - 1));
        }
    }
    int off = dark * 20 - width * width * 10; /* from the half, in twentieths */
    return penalty + 10 * ((off < 0 ? -off : off) / (width * width));
}

static int choose_mask(const struct symbol *symbol)
{
    struct symbol masked;
    int least = INT32_MAX, best = 0;
    for (int mask = 0; mask < MASKS; mask++) {
        apply_mask(symbol, mask, &masked);
        int penalty = penalty_of(&masked, least);
        if (penalty < least) {
            least = penalty;
            best = mask;
        }
    }
    return best;
}

bool qr_encode(str text, struct arena *arena, struct qr *ret)
{
    uint8_t data[CODEWORDS_MAX], codewords[CODEWORDS_MAX];
    int version = choose_version(text.size);
    if (text.size == 0 || text.size > QR_TEXT_SIZE_MAX || version == 0) {
        return false;
    }
    struct symbol plain = {
        .version = version, .width = 4 * version + 17, .layout = layouts[version - 1]};
    struct symbol symbol = {0};
    write_data(&plain, text, data);
    interleave(plain.layout, data, codewords);
    lay_patterns(&plain);
    place(&plain, codewords);
    apply_mask(&plain, choose_mask(&plain), &symbol);
    uint8_t *modules = arena_new_raw(arena, (size_t)(symbol.width * symbol.width));
    *ret = (struct qr){.width = symbol.width, .modules = modules};
    for (int y = 0; y < symbol.width; y++) {
        for (int x = 0; x < symbol.width; x++) {
            *modules++ = symbol.rows[y] >> x & 1;
        }
    }
    return true;
}
