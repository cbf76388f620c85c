/* proof_page - see proof_page.h. Wording of the manual (R-CX-11, R-DP-08, R-DP-09), its tables, and
 * the seal as GB/T 9704 wants it: over issuer and date, both a little below its middle. */
#include "projections/proof_page.h"

#include "events/terms/category.h"
#include "events/terms/identity.h"
#include "projections/messages.h"
#include "projections/page_layout.h"

enum {
    CENTRE_X = PAGE_A4_WIDTH_UM / 2,
    AUTHORITY_Y = 44000,
    TITLE_Y = 57000,
    APPLIED_Y = 74000,
    TABLE_X = 25000,
    TABLE_Y = 79000,
    TABLE_WIDTH = 160000,
    TABLE_RIGHT = TABLE_X + TABLE_WIDTH,
    COLUMN_WIDTH = 40000, /* of the labels */
    PADDING = 4000,
    VALUE_X = TABLE_X + COLUMN_WIDTH + PADDING,
    VALUE_WIDTH = TABLE_WIDTH - COLUMN_WIDTH - 2 * PADDING,
    CELL_X = TABLE_X + PADDING,
    CELL_WIDTH = TABLE_WIDTH - 2 * PADDING,
    ROW_CANCELLATION = 15000,
    ROW_DEPARTURE = 14000,
    STROKE_OUTER = 400,
    STROKE_INNER = 250,
    NOTE_BELOW = 7500,    /* from the table to the line about the signature */
    ISSUER_BELOW = 41000, /* the table, and the top of the opinion */
    ISSUER_X = 144000,    /* middle */
    ISSUER_WIDTH = 76000,
    DATE_BELOW = 11800, /* the issuer: between the seal's line and its rim */
    SEAL_ABOVE = 4800,  /* the issuer's baseline */
    SEAL_DIAMETER = 42000,
    SIZE_TITLE = 7760,  /* 22 pt */
    SIZE_VALUE = 4940,  /* 14 pt */
    SIZE_ISSUER = 4940, /* 14 pt */
    SIZE_NOTE = 3530,   /* 10 pt */
    SIZE_FINE = 2650,
    FINE_Y = 281000,
    SIGNER_DIGITS = 16, /* of the certificate's digest */
};

/* The cell of the certificates: two lines each beside the label while they are few, else one line
 * each below it, over as many sheets as it takes; the opinion stands below the last. */
enum {
    CELL_FIRST = 9000, /* from the top of a cell to its first baseline */
    HANGING_MAX = 4,
    HANGING_X = CELL_X + 5 * SIZE_VALUE,
    HANGING_WIDTH = TABLE_RIGHT - PADDING - HANGING_X,
    HANGING_PITCH = 15600,
    HANGING_LEADING = 6900,
    HANGING_ROOM = 2, /* the cell is never lower than for so many */
    LINE_PITCH = 5400,
    LINE_BOTTOM = 5000,
    OPINION_HEIGHT = 60000,
    TABLE_BOTTOM = 268000, /* never below */
    NEXT_TITLE_Y = 34000,  /* on the sheets behind the first */
    NEXT_TABLE_Y = 41000,
    LINES_WITH_OPINION_MIN = 2,
};

static const struct text_style label = {PAGE_STATIC, PAGE_CENTRE, PAGE_REGULAR, SIZE_VALUE,
                                        INK_BLACK};
static const struct text_style value = {PAGE_VARIABLE, PAGE_LEFT, PAGE_REGULAR, SIZE_VALUE,
                                        INK_BLACK};

/* --- the table ----------------------------------------------------------------------------------
 */

static void add_rule(struct page *page, enum page_layer layer, int32_t y_um, struct arena *arena)
{
    layout_line(page, TABLE_X, y_um, TABLE_WIDTH, 0, STROKE_INNER, INK_BLACK, arena);
    page->items[page->count - 1].layer = layer;
}

static void add_border(struct page *page, enum page_layer layer, int32_t top_um, int32_t bottom_um,
                       struct arena *arena)
{
    struct page_item *item = page_add(page, PAGE_RECTANGLE, layer, arena);
    item->x_um = TABLE_X;
    item->y_um = top_um;
    item->width_um = TABLE_WIDTH;
    item->height_um = bottom_um - top_um;
    item->size_um = STROKE_OUTER;
    item->colour = INK_BLACK;
}

/* A label and its value with the line between them; names of two characters are spread. */
static void add_row(struct page *page, int32_t top_um, int32_t height_um, str name, str text,
                    struct arena *arena)
{
    int32_t baseline = top_um + height_um / 2 + SIZE_VALUE * 36 / 100;
    struct page_item *item = layout_text(page, label, TABLE_X + COLUMN_WIDTH / 2, baseline,
                                         COLUMN_WIDTH - PADDING, name, arena);
    item->spacing_um = page_text_half_ems(name) == 4 ? SIZE_VALUE : 0;
    layout_line(page, TABLE_X + COLUMN_WIDTH, top_um, 0, height_um, STROKE_INNER, INK_BLACK, arena);
    layout_two_lines(page, value, VALUE_X, baseline, VALUE_WIDTH, text, arena);
}

/* --- what both have -----------------------------------------------------------------------------
 */

static void add_footer(struct page *page, int32_t sheet, int32_t sheets, struct arena *arena)
{
    const struct text_style fine = {PAGE_VARIABLE, PAGE_CENTRE, PAGE_REGULAR, SIZE_FINE, INK_FINE};
    str number = arena_format(arena, "文件编号：%.*s", STR_ARGS(page->number));
    str text = sheets == 1
                   ? number
                   : arena_format(arena, "%.*s　　第%d页，共%d页", STR_ARGS(number), sheet, sheets);
    (void)layout_text(page, fine, CENTRE_X, FINE_Y, TABLE_WIDTH, text, arena); /* as it is */
}

static void add_heading(struct page *page, const struct proof_facts *facts, str title, str applied,
                        struct arena *arena)
{
    const struct text_style heading = {PAGE_STATIC, PAGE_CENTRE, PAGE_BOLD, SIZE_TITLE, INK_BLACK};
    struct text_style dated = value;
    dated.align = PAGE_RIGHT;
    page_init(page);
    page->title = title;
    page->number = facts->document;
    page->created_us = facts->created_us;
    page->alphabet =
        STR("0123456789X-()ABC沪建安年月日企业主要负责人项目专职证上海市工程有限公司集团");
    (void)layout_text(page, heading, CENTRE_X, AUTHORITY_Y, TABLE_WIDTH, facts->authority_name,
                      arena); /* nothing to add, here and below */
    (void)layout_text(page, heading, CENTRE_X, TITLE_Y, TABLE_WIDTH, title, arena);
    (void)layout_text(page, dated, TABLE_RIGHT, APPLIED_Y, 0, applied, arena);
}

/* Seal first: what it covers stays readable. */
static void add_issuer(struct page *page, enum page_layer layer, int32_t y_um, str authority,
                       str date, struct arena *arena)
{
    struct text_style issuer = {layer, PAGE_CENTRE, PAGE_REGULAR, SIZE_ISSUER, INK_BLACK};
    layout_seal(page, ISSUER_X, y_um - SEAL_ABOVE, SEAL_DIAMETER, authority, STR("电子证照专用章"),
                arena);
    page->items[page->count - 1].layer = layer;
    (void)layout_text(page, issuer, ISSUER_X, y_um, ISSUER_WIDTH, authority, arena); /* as it is */
    issuer.layer = PAGE_VARIABLE;
    (void)layout_text(page, issuer, ISSUER_X, y_um + DATE_BELOW, ISSUER_WIDTH, date,
                      arena); /* as it is */
}

/* The first fact that is missing, or NULL. */
static const char *missing_fact(const struct proof_facts *facts)
{
    if (facts->document.size == 0) {
        return "document";
    }
    if (facts->holder_name.size == 0) {
        return "name";
    }
    if (facts->id_number.size == 0) {
        return "id_number";
    }
    if (facts->enterprise_name.size == 0) {
        return "enterprise_name";
    }
    if (facts->authority_name.size == 0) {
        return "authority_name";
    }
    for (size_t i = 0; i < facts->certificates_count; i++) {
        const CertificateView *certificate = facts->certificates[i];
        if (certificate->issued == NULL || certificate->valid_until == NULL) {
            return "issued, valid_until";
        }
    }
    return facts->certificates_count == 0 ? "certificate" : NULL;
}

static FALLIBLE check(const struct proof_facts *facts, size_t most, struct error *err)
{
    const char *missing = missing_fact(facts);
    if (missing != NULL) {
        FAIL(INVALID, MESSAGE_PAGE_FACT_MISSING, ARG_TEXT("fact", missing));
    }
    if (facts->certificates_count > most) {
        FAIL(INVALID, MESSAGE_PAGE_TOO_MANY, ARG_INT("count", facts->certificates_count),
             ARG_INT("most", most));
    }
    return OK;
}

/* --- cancellation -------------------------------------------------------------------------------
 */

/* R-CX-06..09: whose signature stands under the application, and when it was given. The variable
 * layer: a wish need not be signed. */
static void add_signature_note(struct page *page, const struct proof_facts *facts, int32_t y_um,
                               str date, struct arena *arena)
{
    struct text_style note = value;
    note.size_um = SIZE_NOTE;
    if (facts->signer.size < SIGNER_DIGITS) {
        return;
    }
    str digits = str_first(facts->signer, SIGNER_DIGITS);
    str text = arena_format(arena, "证书注销申请表已由企业电子签名：%.*s，签名证书SHA-256摘要%.*s…",
                            STR_ARGS(date), STR_ARGS(digits));
    (void)layout_text(page, note, TABLE_X, y_um, TABLE_WIDTH, text, arena); /* as it is */
}

outcome cancellation_proof_page(const struct proof_facts *facts, struct arena *arena,
                                struct page *ret, struct error *err)
{
    TRY(check(facts, 1, err));
    const CertificateView *certificate = facts->certificates[0];
    const struct {
        str name, text;
    } rows[] = {
        {STR("姓名"), facts->holder_name},
        {STR("证件号"), facts->id_number},
        {STR("证书类别"), category_class_name(certificate->category)},
        {STR("证书编号"), str_of(certificate->certificate)},
        {STR("企业名称"), facts->enterprise_name},
    };
    const int32_t count = sizeof rows / sizeof *rows;
    const int32_t bottom = TABLE_Y + count * ROW_CANCELLATION;
    struct page page;
    str unpadded = layout_date_unpadded(facts->ordered_on, arena);
    str date = layout_date_chinese(facts->ordered_on, arena);
    add_heading(&page, facts, STR("“三类人员”证书注销证明"),
                arena_format(arena, "申请日期: %.*s", STR_ARGS(unpadded)), arena);
    for (int32_t i = 0; i < count; i++) {
        int32_t top = TABLE_Y + i * ROW_CANCELLATION;
        add_row(&page, top, ROW_CANCELLATION, rows[i].name, rows[i].text, arena);
        if (i > 0) {
            add_rule(&page, PAGE_STATIC, top, arena);
        }
    }
    add_border(&page, PAGE_STATIC, TABLE_Y, bottom, arena);
    add_signature_note(&page, facts, bottom + NOTE_BELOW, date, arena);
    add_issuer(&page, PAGE_STATIC, bottom + ISSUER_BELOW, facts->authority_name, date, arena);
    add_footer(&page, 1, 1, arena);
    *ret = page;
    return OK;
}

/* --- departure ----------------------------------------------------------------------------------
 */

/* The two halves of the manual's sentence; whoever reads them one after the other reads it. */
struct certificate_line {
    str number, dates, whole;
};

static struct certificate_line certificate_line(const CertificateView *certificate,
                                                struct arena *arena)
{
    struct certificate_line line;
    str class_name = category_class_name(certificate->category);
    str until = layout_date_padded(certificate->valid_until->days, arena);
    str issued = layout_date_padded(certificate->issued->days, arena);
    line.number =
        arena_format(arena, "%.*s证，%s，", STR_ARGS(class_name), certificate->certificate);
    line.dates =
        arena_format(arena, "有效期至：%.*s，发证日期：%.*s", STR_ARGS(until), STR_ARGS(issued));
    line.whole = arena_format(arena, "%.*s%.*s", STR_ARGS(line.number), STR_ARGS(line.dates));
    return line;
}

/* The size at which a text fits, at most `size_um`. */
static int32_t fitting_size(str text, int32_t width_um, int32_t size_um)
{
    int32_t fitting = width_um * 2 / page_text_half_ems(text);
    return fitting < size_um ? fitting : size_um;
}

struct departure {
    struct page *page;
    const struct proof_facts *facts;
    struct certificate_line *lines;
    struct text_style style; /* all lines in the size of the widest one */
    int32_t count;
    struct arena *arena;
};

static void measure(struct departure *departure, bool hanging)
{
    departure->style = value;
    departure->count = (int32_t)departure->facts->certificates_count;
    departure->lines = ARENA_ARRAY(departure->arena, struct certificate_line,
                                   departure->facts->certificates_count);
    for (int32_t i = 0; i < departure->count; i++) {
        struct certificate_line *line = &departure->lines[i];
        *line = certificate_line(departure->facts->certificates[i], departure->arena);
        departure->style.size_um =
            hanging ? fitting_size(line->number, HANGING_WIDTH, departure->style.size_um)
                    : fitting_size(line->whole, CELL_WIDTH, departure->style.size_um);
    }
}

/* The opinion, its issuer and the end of the table. */
static void add_opinion(struct departure *departure, enum page_layer layer, int32_t top_um)
{
    struct page *page = departure->page;
    struct arena *arena = departure->arena;
    struct text_style opinion = value;
    str date = layout_date_chinese(departure->facts->ordered_on, arena);
    opinion.layer = layer;
    add_rule(page, layer, top_um, arena);
    (void)layout_text(page, opinion, CELL_X, top_um + CELL_FIRST, 0, STR("变更意见："), arena);
    (void)layout_text(page, opinion, HANGING_X, top_um + CELL_FIRST, 0, STR("同意变更离沪。"),
                      arena); /* both as they are */
    add_issuer(page, layer, top_um + ISSUER_BELOW, departure->facts->authority_name,
               arena_format(arena, "日期 %.*s", STR_ARGS(date)), arena);
}

static void add_hanging(struct departure *departure, int32_t top_um)
{
    struct page *page = departure->page;
    struct arena *arena = departure->arena;
    int32_t room = departure->count > HANGING_ROOM ? departure->count : HANGING_ROOM;
    int32_t opinion = top_um + room * HANGING_PITCH + LINE_BOTTOM;
    for (int32_t i = 0; i < departure->count; i++) {
        const struct certificate_line *line = &departure->lines[i];
        int32_t at = top_um + CELL_FIRST + i * HANGING_PITCH;
        (void)layout_text(page, departure->style, HANGING_X, at, HANGING_WIDTH, line->number,
                          arena); /* as they are */
        (void)layout_text(page, departure->style, HANGING_X, at + HANGING_LEADING, HANGING_WIDTH,
                          line->dates, arena);
    }
    add_opinion(departure, PAGE_STATIC, opinion);
    add_border(page, PAGE_STATIC, TABLE_Y, opinion + OPINION_HEIGHT, arena);
    add_footer(page, 1, 1, arena);
}

/* How many lines stand between a first baseline and the end of a sheet, or the opinion on it. */
static int32_t lines_between(int32_t first_um, bool with_opinion)
{
    int32_t end = TABLE_BOTTOM - LINE_BOTTOM - (with_opinion ? OPINION_HEIGHT : 0);
    return (end - first_um) / LINE_PITCH + 1;
}

/* Lines on this sheet when so many are left: all of them with the opinion, or as many as fit, but
 * the opinion never stands alone. */
static int32_t lines_on_sheet(int32_t first_um, int32_t left)
{
    if (left <= lines_between(first_um, true)) {
        return left;
    }
    int32_t most = lines_between(first_um, false);
    return most < left - LINES_WITH_OPINION_MIN ? most : left - LINES_WITH_OPINION_MIN;
}

static int32_t count_sheets(int32_t first_um, int32_t next_um, int32_t count)
{
    int32_t sheets = 1;
    for (int32_t at = first_um; count > lines_between(at, true); at = next_um) {
        count -= lines_on_sheet(at, count);
        sheets++;
    }
    return sheets;
}

/* On the first sheet what depends on the number of certificates alone is static. */
static void add_lines(struct departure *departure, int32_t top_um)
{
    const int32_t next_um = NEXT_TABLE_Y + CELL_FIRST;
    struct page *page = departure->page;
    struct arena *arena = departure->arena;
    int32_t first = top_um + CELL_FIRST + LINE_PITCH + 2500, table = TABLE_Y;
    int32_t sheets = count_sheets(first, next_um, departure->count), sheet = 1;
    struct text_style heading = {PAGE_VARIABLE, PAGE_CENTRE, PAGE_BOLD, SIZE_VALUE, INK_BLACK};
    for (int32_t done = 0; sheet <= sheets; sheet++) {
        enum page_layer layer = sheet == 1 ? PAGE_STATIC : PAGE_VARIABLE;
        int32_t count = lines_on_sheet(first, departure->count - done), bottom = TABLE_BOTTOM;
        for (int32_t i = 0; i < count; i++, done++) {
            (void)layout_text(page, departure->style, CELL_X, first + i * LINE_PITCH, CELL_WIDTH,
                              departure->lines[done].whole, arena); /* as it is */
        }
        if (sheet == sheets) {
            int32_t opinion = first + (count - 1) * LINE_PITCH + LINE_BOTTOM;
            bottom = opinion + OPINION_HEIGHT;
            add_opinion(departure, layer, opinion);
        }
        add_border(page, layer, table, bottom, arena);
        add_footer(page, sheet, sheets, arena);
        if (sheet < sheets) {
            (void)page_add(page, PAGE_SHEET, PAGE_VARIABLE, arena); /* has no more to it */
            (void)layout_text(page, heading, CENTRE_X, NEXT_TITLE_Y, TABLE_WIDTH,
                              arena_format(arena, "%.*s（续）", STR_ARGS(page->title)),
                              arena); /* as it is */
            first = next_um;
            table = NEXT_TABLE_Y;
        }
    }
}

outcome departure_proof_page(const struct proof_facts *facts, struct arena *arena, struct page *ret,
                             struct error *err)
{
    TRY(check(facts, PROOF_CERTIFICATES_MAX, err));
    const struct {
        str name, text;
    } rows[] = {
        {STR("姓名"), facts->holder_name},
        {STR("证件类型"), id_type_text(facts->id_type)},
        {STR("证件号"), facts->id_number},
        {STR("企业名称"), facts->enterprise_name},
    };
    const int32_t count = sizeof rows / sizeof *rows, top = TABLE_Y + count * ROW_DEPARTURE;
    struct page page;
    struct departure departure = {.page = &page, .facts = facts, .arena = arena};
    struct text_style information = value;
    bool hanging = facts->certificates_count <= HANGING_MAX;
    str date = layout_date_chinese(facts->ordered_on, arena);
    information.layer = PAGE_STATIC;
    add_heading(&page, facts, STR("“三类人员”证书变更离沪证明"),
                arena_format(arena, "申请日期：%.*s", STR_ARGS(date)), arena);
    for (int32_t i = 0; i < count; i++) {
        add_row(&page, TABLE_Y + i * ROW_DEPARTURE, ROW_DEPARTURE, rows[i].name, rows[i].text,
                arena);
        add_rule(&page, PAGE_STATIC, TABLE_Y + (i + 1) * ROW_DEPARTURE, arena);
    }
    (void)layout_text(&page, information, CELL_X, top + CELL_FIRST, 0, STR("证书信息："),
                      arena); /* as it is */
    measure(&departure, hanging);
    if (hanging) {
        add_hanging(&departure, top);
    } else {
        add_lines(&departure, top);
    }
    *ret = page;
    return OK;
}
