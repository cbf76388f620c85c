/* proof_page - see proof_page.h. Wording of the manual (R-CX-11, R-DP-08, R-DP-09). */
#include "projections/proof_page.h"

#include "events/terms/category.h"
#include "events/terms/identity.h"
#include "projections/messages.h"
#include "projections/page_layout.h"

enum {
    CENTRE_X = PAGE_A4_WIDTH_UM / 2,
    AUTHORITY_Y = 50000,
    TITLE_Y = 66000,
    TITLE_RULE_Y = 74000,
    APPLIED_Y = 90000,
    FIRST_ROW_Y = 110000,
    ROW = 13000,
    LABEL_X = 60000, /* right end */
    VALUE_X = 62000,
    VALUE_WIDTH = 120000,
    HANGING_MAX = 5, /* certificates in two lines each */
    HANGING_PITCH = 15000,
    HANGING_LEADING = 6600,
    LINE_X = 30000,
    LINE_WIDTH = 152000,
    LINE_PITCH = 5400,
    SEAL_X = 148000,
    SEAL_DIAMETER = 42000,
    ISSUER_X = 148000, /* middle */
    ISSUER_WIDTH = 84000,
    SIZE_TITLE = 8600,
    SIZE_AUTHORITY = 6600,
    SIZE_VALUE = 4940,
    SIZE_ISSUER = 4400,
    SIZE_FINE = 2650,
    FINE_Y = 277500,
};

static const struct text_style label = {PAGE_STATIC, PAGE_RIGHT, PAGE_REGULAR, SIZE_VALUE,
                                        INK_LABEL};
static const struct text_style value = {PAGE_VARIABLE, PAGE_LEFT, PAGE_REGULAR, SIZE_VALUE,
                                        INK_BLACK};

static void add_row(struct page *page, int32_t y_um, str name, str text, struct arena *arena)
{
    (void)layout_text(page, label, LABEL_X, y_um, 0, name, arena); /* nothing to add */
    layout_two_lines(page, value, VALUE_X, y_um, VALUE_WIDTH, text, arena);
}

static void add_heading(struct page *page, const struct proof_facts *facts, str title,
                        struct arena *arena)
{
    const struct text_style authority = {PAGE_STATIC, PAGE_CENTRE, PAGE_BOLD, SIZE_AUTHORITY,
                                         INK_BLACK};
    const struct text_style heading = {PAGE_STATIC, PAGE_CENTRE, PAGE_BOLD, SIZE_TITLE, INK_BLACK};
    const struct text_style fine = {PAGE_VARIABLE, PAGE_CENTRE, PAGE_REGULAR, SIZE_FINE, INK_FINE};
    page_init(page);
    page->title = title;
    page->number = facts->document;
    page->created_us = facts->created_us;
    page->alphabet =
        STR("0123456789X-()ABC沪建安年月日企业主要负责人项目专职证上海市工程有限公司集团");
    layout_frame(page, arena);
    (void)layout_text(page, authority, CENTRE_X, AUTHORITY_Y, 166000, facts->authority_name,
                      arena); /* nothing to add, here and below */
    (void)layout_text(page, heading, CENTRE_X, TITLE_Y, 166000, title, arena);
    layout_line(page, CENTRE_X - 62000, TITLE_RULE_Y, 124000, 0, 300, INK_FRAME, arena);
    (void)layout_text(page, fine, CENTRE_X, FINE_Y, 150000,
                      arena_format(arena, "文件编号：%.*s", STR_ARGS(facts->document)), arena);
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

static void add_issuer(struct page *page, int32_t y_um, str authority, str date,
                       struct arena *arena)
{
    const struct text_style issuer = {PAGE_STATIC, PAGE_CENTRE, PAGE_REGULAR, SIZE_ISSUER,
                                      INK_BLACK};
    struct text_style dated = issuer;
    dated.layer = PAGE_VARIABLE;
    layout_seal(page, SEAL_X, y_um + 4000, SEAL_DIAMETER, authority, STR("电子证照专用章"), arena);
    (void)layout_text(page, issuer, ISSUER_X, y_um, ISSUER_WIDTH, authority, arena);   /* nothing */
    (void)layout_text(page, dated, ISSUER_X, y_um + 11000, ISSUER_WIDTH, date, arena); /* to add */
}

outcome cancellation_proof_page(const struct proof_facts *facts, struct arena *arena,
                                struct page *ret, struct error *err)
{
    TRY(check(facts, 1, err));
    const CertificateView *certificate = facts->certificates[0];
    struct text_style applied = value;
    struct page page;
    add_heading(&page, facts, STR("“三类人员”证书注销证明"), arena);
    applied.align = PAGE_RIGHT;
    str date = layout_date_unpadded(facts->ordered_on, arena);
    (void)layout_text(&page, applied, VALUE_X + VALUE_WIDTH, APPLIED_Y, 0,
                      arena_format(arena, "申请日期: %.*s", STR_ARGS(date)), arena); /* as it is */
    add_row(&page, FIRST_ROW_Y, STR("姓名："), facts->holder_name, arena);
    add_row(&page, FIRST_ROW_Y + ROW, STR("证件号："), facts->id_number, arena);
    add_row(&page, FIRST_ROW_Y + 2 * ROW, STR("证书类别："),
            category_class_name(certificate->category), arena);
    add_row(&page, FIRST_ROW_Y + 3 * ROW, STR("证书编号："), str_of(certificate->certificate),
            arena);
    add_row(&page, FIRST_ROW_Y + 4 * ROW, STR("企业名称："), facts->enterprise_name, arena);
    add_issuer(&page, 215000, facts->authority_name, layout_date_chinese(facts->ordered_on, arena),
               arena);
    *ret = page;
    return OK;
}

/* The two halves of the manual's sentence; whoever reads them one after the other reads it. */
struct certificate_line {
    str number, dates;
};

static struct certificate_line certificate_line(const CertificateView *certificate,
                                                struct arena *arena)
{
    str class_name = category_class_name(certificate->category);
    str until = layout_date_padded(certificate->valid_until->days, arena);
    str issued = layout_date_padded(certificate->issued->days, arena);
    return (struct certificate_line){
        .number =
            arena_format(arena, "%.*s证，%s，", STR_ARGS(class_name), certificate->certificate),
        .dates = arena_format(arena, "有效期至：%.*s，发证日期：%.*s", STR_ARGS(until),
                              STR_ARGS(issued)),
    };
}

/* The size at which a text fits, at most `size_um`. */
static int32_t fitting_size(str text, int32_t width_um, int32_t size_um)
{
    int32_t fitting = width_um * 2 / page_text_half_ems(text);
    return fitting < size_um ? fitting : size_um;
}

/* Few certificates: two lines each, hanging beside the label. Many: a line each, below it. All in
 * the size of the widest one. */
static void add_certificates(struct page *page, int32_t y_um, const struct proof_facts *facts,
                             struct arena *arena)
{
    bool hanging = facts->certificates_count <= HANGING_MAX;
    struct text_style style = value;
    struct certificate_line *lines =
        ARENA_ARRAY(arena, struct certificate_line, facts->certificates_count);
    str *whole = ARENA_ARRAY(arena, str, facts->certificates_count);
    for (size_t i = 0; i < facts->certificates_count; i++) {
        lines[i] = certificate_line(facts->certificates[i], arena);
        whole[i] =
            arena_format(arena, "%.*s%.*s", STR_ARGS(lines[i].number), STR_ARGS(lines[i].dates));
        style.size_um = hanging ? fitting_size(lines[i].number, VALUE_WIDTH, style.size_um)
                                : fitting_size(whole[i], LINE_WIDTH, style.size_um);
    }
    (void)layout_text(page, label, LABEL_X, y_um, 0, STR("证书信息："), arena); /* as it is */
    for (size_t i = 0; i < facts->certificates_count; i++) {
        int32_t row = (int32_t)i;
        if (hanging) { /* nothing to add to any of them */
            int32_t at = y_um + row * HANGING_PITCH;
            (void)layout_text(page, style, VALUE_X, at, VALUE_WIDTH, lines[i].number, arena);
            (void)layout_text(page, style, VALUE_X, at + HANGING_LEADING, VALUE_WIDTH,
                              lines[i].dates, arena);
        } else {
            (void)layout_text(page, style, LINE_X, y_um + 7000 + row * LINE_PITCH, LINE_WIDTH,
                              whole[i], arena);
        }
    }
}

outcome departure_proof_page(const struct proof_facts *facts, struct arena *arena, struct page *ret,
                             struct error *err)
{
    TRY(check(facts, PROOF_CERTIFICATES_MAX, err));
    struct text_style applied = value;
    struct page page;
    add_heading(&page, facts, STR("“三类人员”证书变更离沪证明"), arena);
    str date = layout_date_chinese(facts->ordered_on, arena);
    applied.align = PAGE_RIGHT;
    (void)layout_text(&page, applied, VALUE_X + VALUE_WIDTH, APPLIED_Y, 0,
                      arena_format(arena, "申请日期：%.*s", STR_ARGS(date)), arena); /* as it is */
    add_row(&page, FIRST_ROW_Y - 6000, STR("姓名："), facts->holder_name, arena);
    add_row(&page, FIRST_ROW_Y - 6000 + ROW, STR("证件类型："), id_type_text(facts->id_type),
            arena);
    add_row(&page, FIRST_ROW_Y - 6000 + 2 * ROW, STR("证件号："), facts->id_number, arena);
    add_row(&page, FIRST_ROW_Y - 6000 + 3 * ROW, STR("企业名称："), facts->enterprise_name, arena);
    int32_t y = FIRST_ROW_Y - 6000 + 4 * ROW;
    add_certificates(&page, y, facts, arena);
    struct text_style opinion = value;
    opinion.layer = PAGE_STATIC;
    (void)layout_text(&page, label, LABEL_X, 232000, 0, STR("变更意见："), arena); /* as they */
    (void)layout_text(&page, opinion, VALUE_X, 232000, 0, STR("同意变更离沪。"), arena); /* are */
    add_issuer(&page, 247000, facts->authority_name,
               arena_format(arena, "日期 %.*s", STR_ARGS(date)), arena);
    *ret = page;
    return OK;
}
