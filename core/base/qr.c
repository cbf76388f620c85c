/* qr - see qr.h.
 *
 * A row of modules is one number, column 0 the lowest bit, so that patterns and masks are laid and
 * penalties counted a row at a time: beside each other by shifts, below each other between rows.
 * Numbers of sections and tables are those of ISO/IEC 18004:2015. */
#include "core/base/qr.h"

#include <string.h>

#include "core/base/error.h"

typedef uint64_t line; /* one row */

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
    line rows[WIDTH_MAX];
    line taken[WIDTH_MAX]; /* by function patterns */
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

/* One row of a pattern, `size` modules from (x, y), the lowest bit of `dark` first; what lies
 * outside the symbol is left out. */
static void lay(struct symbol *symbol, int x, int y, int size, line dark)
{
    if (y < 0 || y >= symbol->width) {
        return;
    }
    line place = bit(size) - 1;
    place = (x < 0 ? place >> -x : place << x) & (bit(symbol->width) - 1);
    dark = x < 0 ? dark >> -x : dark << x;
    symbol->taken[y] |= place;
    symbol->rows[y] = (symbol->rows[y] & ~place) | (dark & place);
}

/* Finder with its separator (6.3.3, 6.3.4). */
static void lay_finder(struct symbol *symbol, int x, int y)
{
    static const uint8_t rows[9] = {0, 0x7f, 0x41, 0x5d, 0x5d, 0x5d, 0x41, 0x7f, 0};
    for (int i = 0; i < 9; i++) {
        lay(symbol, x - 1, y - 1 + i, 9, (line)rows[i] << 1);
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

/* Lowest bit of `dark` only. */
static void set(line *rows, int x, int y, unsigned dark)
{
    rows[y] = (rows[y] & ~bit(x)) | (line)(dark & 1) << x;
}

/* Level and mask, twice, and the module that is always dark (7.9.1). */
static void set_format(line *rows, int width, int mask)
{
    unsigned bits = checked((unsigned)mask, 0x537, 10) ^ 0x5412; /* level M is 00 */
    for (int i = 0; i < 15; i++) {
        int near = i < 6 ? i : i < 8 ? i + 1 : i == 8 ? 7 : 14 - i; /* past the timing pattern */
        int far = i < 8 ? width - 1 - i : width - 15 + i;
        set(rows, i < 8 ? 8 : near, i < 8 ? near : 8, bits >> i);
        set(rows, i < 8 ? far : 8, i < 8 ? 8 : far, bits >> i);
    }
    set(rows, 8, width - 8, 1);
}

/* Keeps its place free of codewords. */
static void lay_format(struct symbol *symbol)
{
    int width = symbol->width;
    lay(symbol, 0, 8, 9, bit(6));
    lay(symbol, width - 8, 8, 8, 0);
    for (int i = 0; i < 9; i++) {
        lay(symbol, 8, i, 1, i == 6);
    }
    for (int i = 0; i < 8; i++) {
        lay(symbol, 8, width - 1 - i, 1, 0);
    }
}

static void lay_patterns(struct symbol *symbol)
{
    int width = symbol->width;
    lay(symbol, 0, 6, width, 0x5555555555555555); /* timing, below everything else */
    for (int i = 0; i < width; i++) {
        lay(symbol, 6, i, 1, i % 2 == 0);
    }
    lay_alignments(symbol);
    lay_finder(symbol, 0, 0);
    lay_finder(symbol, width - 7, 0);
    lay_finder(symbol, 0, width - 7);
    lay_version(symbol);
    lay_format(symbol);
}

/* The next `count` bits, two at most, the first the highest. */
static unsigned take(const uint8_t *codewords, size_t *at, unsigned count)
{
    unsigned two = (unsigned)codewords[*at / 8] << 8 | codewords[*at / 8 + 1];
    unsigned bits = two >> (16 - *at % 8 - count) & ((1U << count) - 1);
    *at += count;
    return bits;
}

/* Upwards and downwards in columns of two, from the right (7.7.3). What is left over, less than a
 * codeword, is filled from the zeros behind them. */
static void place(struct symbol *symbol, const uint8_t *codewords)
{
    enum { RIGHT_ONLY = 2 };
    static const uint8_t counts[4] = {0, 1, 1, 2};
    size_t at = 0;
    bool up = true;
    for (int right = symbol->width - 1; right > 0; right -= right == 8 ? 3 : 2, up = !up) {
        for (int i = 0; i < symbol->width; i++) {
            int y = up ? symbol->width - 1 - i : i;
            unsigned open = ~symbol->taken[y] >> (right - 1) & 3;
            line dark = take(codewords, &at, counts[open]);
            dark <<= open == RIGHT_ONLY ? 1 : 0;
            symbol->rows[y] |= dark << (right - 1);
        }
    }
}

/* --- masks ------------------------------------------------------------------------------------ */

/* Table 10, a mask a line: its first rows, of which the lowest bits are the first modules. What
 * they hold repeats in both directions. */
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
/* The symbol under a mask, with its format information. */
static void apply_mask(const struct symbol *symbol, int mask, line rows[WIDTH_MAX])
{
    line repeat = 0, inside = bit(symbol->width) - 1;
    for (int i = 0; i < 64; i += MASK_PERIOD) {
        repeat |= bit(i);
    }
    for (int i = 0; i < symbol->width; i++) {
        line row = mask_rows[mask][i % MASK_PERIOD] * repeat;
        rows[i] = symbol->rows[i] ^ (row & inside & ~symbol->taken[i]);
    }
    set_format(rows, symbol->width, mask);
}

/* Rows under so many masks are weighed beside each other, in the lanes of a vector: two are what
 * every processor has. */
enum { LANES = 2 };
typedef line lanes __attribute__((vector_size(LANES * sizeof(line))));

/* Light rows above and below a symbol, as far as a finder is looked for. */
enum { ABOVE = 4, BELOW = 10 };

/* Ones of each byte, and sums of bytes in each 16 bits: no sum here outgrows them. */
static lanes ones(lanes bits)
{
    bits -= bits >> 1 & (line)0x5555555555555555;
    bits = (bits & (line)0x3333333333333333) + (bits >> 2 & (line)0x3333333333333333);
    return (bits + (bits >> 4)) & (line)0x0f0f0f0f0f0f0f0f;
}

static lanes widen(lanes counts)
{
    return (counts & (line)0x00ff00ff00ff00ff) + (counts >> 8 & (line)0x00ff00ff00ff00ff);
}

static int total(line sums)
{
    return (int)(sums * 0x0001000100010001 >> 48);
}

/* What table 11 counts. Runs are of five and more, their points those of squares too. */
struct weight {
    lanes points, finders, dark;
    lanes runs_above; /* that begin in the row above */
};

/* In a row: runs, and what looks like a finder beside four light modules. */
static void weigh_across(lanes dark, int width, struct weight *weight)
{
    lanes equal = ~(dark ^ dark >> 1) & (bit(width - 1) - 1); /* each to its right neighbour */
    lanes runs = equal & equal >> 1;
    runs &= runs >> 2; /* four equal neighbours: five modules */
    weight->points += widen(ones(runs) + 2 * ones(runs & ~(runs << 1)));
    lanes light = ~dark; /* beyond the right end too */
    lanes finder = dark & light >> 1 & dark >> 2 & dark >> 3 & dark >> 4 & light >> 5 & dark >> 6;
    lanes before = light << 1 | (line)1; /* beyond the left end it is light */
    before &= before << 1 | (line)1;
    before &= before << 2 | (line)3;
    lanes after = ~(dark >> 7 | dark >> 8 | dark >> 9 | dark >> 10);
    weight->finders += widen(ones(finder & (before | after)));
    weight->dark += widen(ones(dark));
}

/* From row y down: the same, and squares of two by two. */
static void weigh_down(const lanes *r, int y, int width, struct weight *weight)
{
    line inside = bit(width) - 1;
    lanes all = r[0] & r[1] & r[2] & r[3] & r[4], none = ~(r[0] | r[1] | r[2] | r[3] | r[4]);
    lanes runs = (all | none) & (y + 4 < width ? inside : 0);
    lanes alike = ~(r[0] ^ r[1]) & ~(r[0] ^ r[0] >> 1) & ~(r[1] ^ r[1] >> 1);
    lanes squares = alike & (y + 1 < width ? inside >> 1 : 0);
    weight->points += widen(ones(runs) + 2 * ones(runs & ~weight->runs_above) + 3 * ones(squares));
    weight->runs_above = runs;
    lanes finder = r[0] & ~r[1] & r[2] & r[3] & r[4] & ~r[5] & r[6];
    lanes before = ~(r[-1] | r[-2] | r[-3] | r[-4]), after = ~(r[7] | r[8] | r[9] | r[10]);
    weight->finders += widen(ones(finder & (before | after)));
}

/* Table 11: the lower, the easier to read. */
static void weigh_masks(const struct symbol *symbol, int first, int ret[LANES])
{
    lanes rows[ABOVE + WIDTH_MAX + BELOW] = {{0}};
    struct weight weight = {.points = {0}};
    int width = symbol->width, modules = width * width;
    for (int lane = 0; lane < LANES; lane++) {
        line masked[WIDTH_MAX];
        apply_mask(symbol, first + lane, masked);
        for (int y = 0; y < width; y++) {
            rows[ABOVE + y][lane] = masked[y];
        }
    }
    for (int y = 0; y < width; y++) {
        weigh_across(rows[ABOVE + y], width, &weight);
        weigh_down(rows + ABOVE + y, y, width, &weight);
    }
    for (int lane = 0; lane < LANES; lane++) {
        int off = total(weight.dark[lane]) * 20 - modules * 10; /* from the half, in twentieths */
        ret[lane] = total(weight.points[lane]) + 40 * total(weight.finders[lane]) +
                    10 * ((off < 0 ? -off : off) / modules);
    }
}

static int choose_mask(const struct symbol *symbol)
{
    int least = INT32_MAX, best = 0;
    for (int mask = 0; mask < MASKS; mask += LANES) {
        int penalties[LANES];
        weigh_masks(symbol, mask, penalties);
        for (int lane = 0; lane < LANES; lane++) {
            if (penalties[lane] < least) {
                least = penalties[lane];
                best = mask + lane;
            }
        }
    }
    return best;
}

bool qr_encode(str text, struct arena *arena, struct qr *ret)
{
    uint8_t data[CODEWORDS_MAX], codewords[CODEWORDS_MAX + 2] = {0};
    int version = choose_version(text.size);
    if (text.size == 0 || text.size > QR_TEXT_SIZE_MAX || version == 0) {
        return false;
    }
    struct symbol symbol = {
        .version = version, .width = 4 * version + 17, .layout = layouts[version - 1]};
    write_data(&symbol, text, data);
    interleave(symbol.layout, data, codewords);
    lay_patterns(&symbol);
    place(&symbol, codewords);
    line *rows = arena_new_raw(arena, WIDTH_MAX * sizeof *rows);
    apply_mask(&symbol, choose_mask(&symbol), rows);
    *ret = (struct qr){.width = symbol.width, .rows = rows};
    return true;
}
