/* certificate_page - see certificate_page.h: the values of a certificate for its description. */
#include "projections/certificate_page.h"

#include "events/terms/category.h"
#include "events/terms/identifier.h"
#include "events/terms/identity.h"
#include "projections/messages.h"
#include "projections/page_layout.h"

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

static void set_dates(struct template_values *values, const CertificateView *certificate,
                      struct arena *arena)
{
    const Date *from =
        certificate->valid_from != NULL ? certificate->valid_from : certificate->issued;
    const struct {
        enum template_field field;
        int32_t days;
    } dates[] = {
        {FIELD_FIRST_ISSUED, certificate->first_issued->days},
        {FIELD_VALID_FROM, from->days},
        {FIELD_VALID_UNTIL, certificate->valid_until->days},
        {FIELD_ISSUED, certificate->issued->days},
    };
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) { /* each with its ISO form behind */
        values->field[dates[i].field] = layout_date_chinese(dates[i].days, arena);
        values->field[dates[i].field + 1] = layout_date_padded(dates[i].days, arena);
    }
}

static void set_person(struct template_values *values, const struct certificate_facts *facts,
                       str name, struct arena *arena)
{
    const IdentityVersion *identity = facts->identity;
    values->field[FIELD_HOLDER_NAME] = name;
    if (identity == NULL) {
        return;
    }
    values->field[FIELD_HOLDER_SEX] = sex_text(identity->sex);
    if (identity->birth_date != NULL) {
        values->field[FIELD_HOLDER_BIRTH_MONTH] =
            layout_month_chinese(identity->birth_date->days, arena);
    }
    if (identity->photo_sha256.len == PAGE_DIGEST_SIZE) {
        values->photo_sha256 = bytes_of(identity->photo_sha256.data, PAGE_DIGEST_SIZE);
    }
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
    struct template_values values = {0};
    struct template_place place = {.part = PART_PAGE};
    BUG_UNLESS(facts->template->kind == TEMPLATE_CERTIFICATE);
    template_open(facts->template, &page);
    page.number = str_of(certificate->certificate);
    page.identifier =
        identifier_format(facts->authority_code, page.number, certificate->version, arena);
    page.created_us = facts->created_us;
    set_dates(&values, certificate, arena);
    set_person(&values, facts, name, arena);
    values.field[FIELD_CLASS_LINE] = category_class_line(certificate->category);
    values.field[FIELD_CLASS] = category_class_name(certificate->category);
    values.field[FIELD_NUMBER] = page.number;
    values.field[FIELD_IDENTIFIER] = page.identifier; /* none for serials of more than 7 digits */
    values.field[FIELD_ENTERPRISE] = str_of(certificate->enterprise_name);
    values.field[FIELD_POST] = post_text(str_of(certificate->post));
    values.field[FIELD_AUTHORITY_NAME] = facts->authority_name;
    values.class_code = category_text(certificate->category);
    values.qr =
        arena_format(arena, "%.*s%.*s", STR_ARGS(facts->verify_url), STR_ARGS(facts->token));
    TRY(template_draw(facts->template, place, &values, arena, &page, err));
    *ret = page;
    return OK;
}
