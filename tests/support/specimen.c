/* specimen - see specimen.h. */
#include "tests/support/specimen.h"

#include <string.h>

#include "core/base/date.h"
#include "projections/certificate_page.h"
#include "projections/proof_page.h"

static Date *day(int year, int month, int of_month, struct arena *arena)
{
    Date *date = ARENA_NEW(arena, Date);
    date__init(date);
    date->days = date_from_civil((struct civil){year, month, of_month});
    return date;
}

static CertificateView *certificate(int number, const char *enterprise, struct arena *arena)
{
    CertificateView *view = ARENA_NEW(arena, CertificateView);
    certificate_view__init(view);
    view->certificate = (char *)(uintptr_t)arena_format(arena, "沪建安B(2018)%07d", number).data;
    view->category = CATEGORY__CODE__B;
    view->post = (char *)(uintptr_t) "07";
    view->enterprise_name =
        arena_c_string(arena, str_of(enterprise != NULL ? enterprise : "上海示范建筑工程有限公司"));
    view->first_issued = day(2018, 6, 14, arena);
    view->issued = day(2018, 6, 14, arena);
    view->valid_until = day(2021, 6, 13, arena);
    view->version = 1;
    return view;
}

const struct template *specimen_template(enum template_kind kind, struct arena *arena)
{
    struct template *template = ARENA_NEW(arena, struct template);
    struct error error;
    BUG_UNLESS(
        template_parse(STR("built-in"), template_built_in(kind), arena, template, &error).ok);
    return template;
}

struct page specimen_certificate(const struct specimen *specimen, struct arena *arena)
{
    IdentityVersion identity;
    identity_version__init(&identity);
    identity.name = arena_c_string(arena, str_of(specimen->name != NULL ? specimen->name : "张三"));
    identity.sex = SEX__CODE__MALE;
    identity.birth_date = day(1975, 3, 9, arena);
    bytes digest = arena_bytes(arena, specimen->photo_sha256);
    identity.photo_sha256 = (ProtobufCBinaryData){digest.size, (uint8_t *)(uintptr_t)digest.data};
    struct certificate_facts facts = {
        .template = specimen->template != NULL ? specimen->template
                                               : specimen_template(TEMPLATE_CERTIFICATE, arena),
        .certificate = certificate(specimen->number, specimen->enterprise, arena),
        .identity = &identity,
        .authority_name = STR("上海市住房和城乡建设管理委员会"),
        .authority_code = STR("11310000TEX000010W"),
        .verify_url = STR("https://example.invalid/verify?t="),
        .token = arena_format(arena, "%020x", (unsigned)specimen->number * 2654435761U),
        .created_us = 1798000000000000,
    };
    struct page page;
    struct error error;
    BUG_UNLESS(certificate_page(&facts, arena, &page, &error).ok);
    return page;
}

static struct proof_facts proof(const char *document, size_t count, struct arena *arena)
{
    const CertificateView **views = ARENA_ARRAY(arena, const CertificateView *, count);
    for (size_t i = 0; i < count; i++) {
        views[i] = certificate((int)(1234 + i), NULL, arena);
    }
    return (struct proof_facts){
        .document = str_of(document),
        .holder_name = STR("张三"),
        .id_type = ID_TYPE__CODE__RESIDENT,
        .id_number = STR("310101197503090018"),
        .enterprise_name = STR("上海示范建筑工程有限公司"),
        .certificates = views,
        .certificates_count = count,
        .ordered_on = date_from_civil((struct civil){2020, 7, 5}),
        .created_us = 1593878400000000,
        .authority_name = STR("上海市住房和城乡建设管理委员会"),
    };
}

struct page specimen_cancellation(const char *signer, struct arena *arena)
{
    struct proof_facts facts = proof("cancellation:沪建安B(2018)0001234", 1, arena);
    facts.template = specimen_template(TEMPLATE_CANCELLATION, arena);
    facts.signer = str_of(signer);
    struct page page;
    struct error error;
    BUG_UNLESS(cancellation_proof_page(&facts, arena, &page, &error).ok);
    return page;
}

struct page specimen_departure(size_t certificates, struct arena *arena)
{
    struct proof_facts facts = proof("departure:4711", certificates, arena);
    facts.template = specimen_template(TEMPLATE_DEPARTURE, arena);
    struct page page;
    struct error error;
    BUG_UNLESS(departure_proof_page(&facts, arena, &page, &error).ok);
    return page;
}
