/* certificate_page - see certificate_page.h. Geometry of its own after FACTS 3.1, in micrometres.
 */
#include "projections/certificate_page.h"

#include <string.h>

#include "events/terms/category.h"
#include "events/terms/identifier.h"
#include "events/terms/identity.h"
#include "projections/messages.h"
#include "projections/page_layout.h"

enum {
    CENTRE_X = PAGE_A4_WIDTH_UM / 2,
    CLASS_Y = 50000,
    TITLE_Y = 69000,
    TITLE_RULE_Y = 76500,
    NUMBER_Y = 86500,
    NAME_Y = 106500, /* first row of the fields */
    ROW = 13000,
    ROW_ENTERPRISE = NAME_Y + 3 * ROW + 1500,
    ROW_POST = ROW_ENTERPRISE + ROW + 2000,
    ROW_FIRST = ROW_POST + ROW,
    ROW_VALIDITY = ROW_FIRST + ROW,
    LABEL_X = 66000, /* right end */
    VALUE_X = 68000,
    VALUE_NEAR_WIDTH = 81000, /* left of the photo */
    VALUE_WIDTH = 114000,
    PHOTO_X = 152000,
    PHOTO_Y = 98000,
    PHOTO_WIDTH = 27000, /* one inch: 27 x 35 mm printed */
    PHOTO_HEIGHT = 35000,
    ISSUER_Y = 229000,
    ISSUED_Y = 241000,
    ISSUER_LABEL_X = 101000,
    ISSUER_VALUE_X = 102000,
    ISSUER_WIDTH = 84000,
    SEAL_X = 148000, /* over the issuer and the end of the date */
    SEAL_Y = 232500,
    SEAL_DIAMETER = 42000,
    QR_X = 28000,
    QR_Y = 214500,
    QR_SIDE = 33000,
    QR_CAPTION_Y = 251000,
    FOOTER_Y = 268000,
    IDENTIFIER_Y = 277500,
    FINE_WIDTH = 150000,
    SIZE_CLASS = 8100, /* 23 pt */
    SIZE_TITLE = 11600,
    SIZE_VALUE = 4940, /* 14 pt */
    SIZE_ISSUER = 4400,
    SIZE_FOOTER = 4230,
    SIZE_FINE = 2650,
};

static const struct text_style label = {PAGE_STATIC, PAGE_RIGHT, PAGE_REGULAR, SIZE_VALUE,
                                        INK_LABEL};
static const struct text_style value = {PAGE_VARIABLE, PAGE_LEFT, PAGE_REGULAR, SIZE_VALUE,
                                        INK_BLACK};

static struct text_style resized(struct text_style style, int32_t size_um)
{
    style.size_um = size_um;
    return style;
}

static void add_label(struct page *page, int32_t y_um, str text, struct arena *arena)
{
    (void)layout_text(page, label, LABEL_X, y_um, 0, text, arena); /* nothing to add */
}

static void add_value(struct page *page, int32_t y_um, int32_t width_um, str text,
                      struct arena *arena)
{
    (void)layout_text(page, value, VALUE_X, y_um, width_um, text, arena); /* nothing to add */
}

static void add_static(struct page *page, const struct certificate_facts *facts,
                       struct arena *arena)
{
    const struct text_style title = {PAGE_STATIC, PAGE_CENTRE, PAGE_BOLD, SIZE_TITLE, INK_BLACK};
    const struct text_style footer = {PAGE_STATIC, PAGE_CENTRE, PAGE_REGULAR, SIZE_FOOTER,
                                      INK_LABEL};
    const struct text_style fine = {PAGE_STATIC, PAGE_CENTRE, PAGE_REGULAR, SIZE_FINE, INK_FINE};
    layout_frame(page, arena);
    layout_text(page, title, CENTRE_X, TITLE_Y, 0, STR("安全生产考核合格证书"), arena)->spacing_um =
        1300;
    layout_line(page, CENTRE_X - 62000, TITLE_RULE_Y, 124000, 0, 300, INK_FRAME, arena);
    add_label(page, NAME_Y, STR("姓名："), arena);
    add_label(page, NAME_Y + ROW, STR("性别："), arena);
    add_label(page, NAME_Y + 2 * ROW, STR("出生年月："), arena);
    add_label(page, ROW_ENTERPRISE, STR("企业名称："), arena);
    add_label(page, ROW_POST, STR("职务："), arena);
    add_label(page, ROW_FIRST, STR("初次领证日期："), arena);
    add_label(page, ROW_VALIDITY, STR("有效期："), arena);
    /* the seal first: the lines it covers stay readable */
    layout_seal(page, SEAL_X, SEAL_Y, SEAL_DIAMETER, facts->authority_name, STR("电子证照专用章"),
                arena);
    struct text_style issuer = resized(label, SIZE_ISSUER);
    (void)layout_text(page, issuer, ISSUER_LABEL_X, ISSUER_Y, 0, STR("发证机关："), arena);
    (void)layout_text(page, issuer, ISSUER_LABEL_X, ISSUED_Y, 0, STR("发证日期："), arena);
    issuer.align = PAGE_LEFT;
    issuer.colour = INK_BLACK;
    (void)layout_text(page, issuer, ISSUER_VALUE_X, ISSUER_Y, ISSUER_WIDTH, facts->authority_name,
                      arena); /* static: one authority, one template */
    (void)layout_text(page, fine, QR_X + QR_SIDE / 2, QR_CAPTION_Y, 0, STR("扫描二维码查验证书"),
                      arena);
    (void)layout_text(page, footer, CENTRE_X, FOOTER_Y, 0,
                      STR("中华人民共和国住房和城乡建设部　监制"), arena);
}

static void add_person(struct page *page, const struct certificate_facts *facts, str name,
                       struct arena *arena)
{
    const IdentityVersion *identity = facts->identity;
    layout_two_lines(page, value, VALUE_X, NAME_Y, VALUE_NEAR_WIDTH, name, arena);
    if (identity == NULL) {
        return;
    }
    add_value(page, NAME_Y + ROW, VALUE_NEAR_WIDTH, sex_text(identity->sex), arena);
    if (identity->birth_date != NULL) {
        add_value(page, NAME_Y + 2 * ROW, VALUE_NEAR_WIDTH,
                  layout_month_chinese(identity->birth_date->days, arena), arena);
    }
    if (identity->photo_sha256.len == PAGE_DIGEST_SIZE) {
        struct page_item *photo = page_add(page, PAGE_IMAGE, PAGE_VARIABLE, arena);
        photo->x_um = PHOTO_X;
        photo->y_um = PHOTO_Y;
        photo->width_um = PHOTO_WIDTH;
        photo->height_um = PHOTO_HEIGHT;
        memcpy(photo->digest, identity->photo_sha256.data, PAGE_DIGEST_SIZE);
    }
}

static void add_certificate(struct page *page, const CertificateView *certificate,
                            struct arena *arena)
{
    const struct text_style class_line = {PAGE_VARIABLE, PAGE_CENTRE, PAGE_BOLD, SIZE_CLASS,
                                          INK_BLACK};
    struct text_style centred = value;
    centred.align = PAGE_CENTRE;
    (void)layout_text(page, class_line, CENTRE_X, CLASS_Y, 170000,
                      category_class_line(certificate->category), arena); /* nothing to add */
    (void)layout_text(page, centred, CENTRE_X, NUMBER_Y, 170000,
                      arena_format(arena, "编号：%s", certificate->certificate), arena);
    layout_two_lines(page, value, VALUE_X, ROW_ENTERPRISE, VALUE_WIDTH,
                     str_of(certificate->enterprise_name), arena);
    add_value(page, ROW_POST, VALUE_WIDTH, post_text(str_of(certificate->post)), arena);
    add_value(page, ROW_FIRST, VALUE_WIDTH,
              layout_date_chinese(certificate->first_issued->days, arena), arena);
    const Date *from =
        certificate->valid_from != NULL ? certificate->valid_from : certificate->issued;
    str begin = layout_date_chinese(from->days, arena);
    str end = layout_date_chinese(certificate->valid_until->days, arena);
    add_value(page, ROW_VALIDITY, VALUE_WIDTH,
              arena_format(arena, "%.*s 至 %.*s", STR_ARGS(begin), STR_ARGS(end)), arena);
    (void)layout_text(page, resized(value, SIZE_ISSUER), ISSUER_VALUE_X, ISSUED_Y, ISSUER_WIDTH,
                      layout_date_chinese(certificate->issued->days, arena), arena);
}

static void add_codes(struct page *page, const struct certificate_facts *facts, struct arena *arena)
{
    const struct text_style fine = {PAGE_VARIABLE, PAGE_CENTRE, PAGE_REGULAR, SIZE_FINE, INK_FINE};
    struct page_item *qr = page_add(page, PAGE_QR, PAGE_VARIABLE, arena);
    qr->x_um = QR_X;
    qr->y_um = QR_Y;
    qr->width_um = QR_SIDE;
    qr->height_um = QR_SIDE;
    qr->text = arena_format(arena, "%.*s%.*s", STR_ARGS(facts->verify_url), STR_ARGS(facts->token));
    if (page->identifier.size > 0) { /* none for serials of more than 7 digits (D16) */
        (void)layout_text(page, fine, CENTRE_X, IDENTIFIER_Y, FINE_WIDTH,
                          arena_format(arena, "证照标识：%.*s", STR_ARGS(page->identifier)),
                          arena); /* nothing to add */
    }
}

/* The first fact that is missing, or NULL. */
static const char *missing_fact(const struct certificate_facts *facts, str name)
{
    const CertificateView *certificate = facts->certificate;
    if (certificate->certificate[0] == '\0') {
        return "certificate";
    }
    if (name.size == 0) {
        return "name";
    }
    if (category_class_line(certificate->category).size == 0) {
        return "category";
    }
    if (certificate->enterprise_name[0] == '\0') {
        return "enterprise_name";
    }
    if (certificate->first_issued == NULL || certificate->issued == NULL ||
        certificate->valid_until == NULL) {
        return "first_issued, issued, valid_until";
    }
    if (facts->authority_name.size == 0) {
        return "authority_name";
    }
    return facts->verify_url.size == 0 || facts->token.size == 0 ? "verify_url" : NULL;
}

outcome certificate_page(const struct certificate_facts *facts, struct arena *arena,
                         struct page *ret, struct error *err)
{
    const CertificateView *certificate = facts->certificate;
    bool named = facts->identity != NULL && facts->identity->name[0] != '\0';
    str name = named ? str_of(facts->identity->name) : facts->holder_name;
    const char *missing = missing_fact(facts, name);
    if (missing != NULL) {
        FAIL(INVALID, MESSAGE_PAGE_FACT_MISSING, ARG_TEXT("fact", missing));
    }
    struct page page;
    page_init(&page);
    page.title = STR("安全生产考核合格证书");
    page.number = str_of(certificate->certificate);
    page.identifier =
        identifier_format(facts->authority_code, page.number, certificate->version, arena);
    page.created_us = facts->created_us;
    page.alphabet = STR("0123456789.()ABCWX沪建安年月日至男女编号证照标识主要负责人项目专职管理员"
                        "综合类机械土生产上海市工程有限公司集团");
    add_static(&page, facts, arena);
    add_certificate(&page, certificate, arena);
    add_person(&page, facts, name, arena);
    add_codes(&page, facts, arena);
    *ret = page;
    return OK;
}
