/* template_specimen - see template_specimen.h. */
#include "jobs/documents/template_specimen.h"

#include <string.h>

#include "core/base/date.h"
#include "projections/certificate_page.h"
#include "projections/proof_page.h"

enum {
    LONG_CERTIFICATES = 40,
    BOX_STROKE_UM = 200,
    NAME_CHARACTERS = 50,
    ENTERPRISE_CHARACTERS = 60
};

static Date *day(int year, struct arena *arena)
{
    Date *date = ARENA_NEW(arena, Date);
    date__init(date);
    date->days = date_from_civil((struct civil){year, 12, 28});
    return date;
}

/* So many times the same character. */
static str repeated(const char *character, int count, struct arena *arena)
{
    size_t size = strlen(character);
    char *text = arena_new(arena, size * (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        memcpy(text + (size_t)i * size, character, size);
    }
    return (str){text, size * (size_t)count};
}

static CertificateView *certificate(int number, str enterprise, struct arena *arena)
{
    CertificateView *view = ARENA_NEW(arena, CertificateView);
    certificate_view__init(view);
    view->certificate =
        arena_c_string(arena, arena_format(arena, "沪建安B(2025)%07d", 1234 + number));
    view->category = CATEGORY__CODE__B;
    view->post = arena_c_string(arena, STR("07"));
    view->enterprise_name = arena_c_string(arena, enterprise);
    view->first_issued = day(2022, arena);
    view->issued = day(2025, arena);
    view->valid_until = day(2028, arena);
    view->version = 1;
    return view;
}

static const struct template *with_box_for_photo(const struct template *template,
                                                 struct arena *arena)
{
    struct template *copy = ARENA_NEW(arena, struct template);
    *copy = *template;
    copy->items = ARENA_ARRAY(arena, struct template_item, template->count);
    for (size_t i = 0; i < template->count; i++) {
        copy->items[i] = template->items[i];
        if (copy->items[i].kind == ITEM_PHOTO) {
            copy->items[i].kind = ITEM_RECTANGLE;
            copy->items[i].stroke_um = BOX_STROKE_UM;
        }
    }
    return copy;
}

FALLIBLE template_specimen(const struct template *template, bool longest, struct arena *arena,
                           struct page *ret, struct error *err)
{
    str name = longest ? repeated("赵", NAME_CHARACTERS, arena) : STR("张三");
    str enterprise =
        longest ? repeated("沪", ENTERPRISE_CHARACTERS, arena) : STR("上海示范建筑工程有限公司");
    str authority = STR("上海市住房和城乡建设管理委员会");
    size_t count = template->kind != TEMPLATE_DEPARTURE ? 1 : longest ? LONG_CERTIFICATES : 2;
    const CertificateView **views = ARENA_ARRAY(arena, const CertificateView *, count);
    for (size_t i = 0; i < count; i++) {
        views[i] = certificate((int)i, enterprise, arena);
    }
    if (template->kind == TEMPLATE_CERTIFICATE) {
        IdentityVersion identity;
        identity_version__init(&identity);
        identity.name = arena_c_string(arena, name);
        identity.sex = SEX__CODE__MALE;
        identity.birth_date = day(1975, arena);
        struct certificate_facts facts = {.template = with_box_for_photo(template, arena),
                                          .certificate = views[0],
                                          .identity = &identity,
                                          .authority_name = authority,
                                          .authority_code = STR("11310000TEX000010W"),
                                          .verify_url = STR("https://example.invalid/verify?t="),
                                          .token = STR("0123456789abcdef0123")};
        return certificate_page(&facts, arena, ret, err);
    }
    struct proof_facts facts = {.template = template,
                                .document = STR("specimen"),
                                .holder_name = name,
                                .id_type = ID_TYPE__CODE__RESIDENT,
                                .id_number = STR("310101189912310017"),
                                .enterprise_name = enterprise,
                                .certificates = views,
                                .certificates_count = count,
                                .ordered_on = day(2025, arena)->days,
                                .authority_name = authority,
                                .signer = repeated("0", 64, arena)};
    return template->kind == TEMPLATE_CANCELLATION
               ? cancellation_proof_page(&facts, arena, ret, err)
               : departure_proof_page(&facts, arena, ret, err);
}
