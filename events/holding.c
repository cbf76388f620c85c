/* holding - see holding.h. */
#include "events/holding.h"

#include "events/file_fields.h"
#include "events/messages.h"
#include "events/person_number.h"
#include "events/terms/category.h"
#include "events/terms/validity.h"

static bool is_here(const struct holding *holding, const CertificateView *certificate)
{
    return str_equal(str_of(certificate->enterprise), str_of(holding->enterprise));
}

/* The one taken over does not stand against itself. */
static bool is_itself(const struct holding *holding, const CertificateView *certificate)
{
    return holding->taken != NULL &&
           str_equal(str_of(holding->taken->certificate), str_of(certificate->certificate));
}

/* Legal-representative A's stand outside. */
static bool counts(const struct holding *holding, const CertificateView *certificate)
{
    return !is_itself(holding, certificate) && !certificate->legal_representative &&
           certificate_in_force(certificate, holding->today);
}

static bool is_together(const struct holding *holding, const CertificateView *certificate)
{
    for (size_t i = 0; holding->together != NULL && i < holding->together->count; i++) {
        if (str_equal(str_of(holding->together->items[i]->certificate),
                      str_of(certificate->certificate))) {
            return true;
        }
    }
    return false;
}

bool holding_supersedes(const struct holding *holding, const CertificateView *certificate)
{
    return holding->issued && holding->category == CATEGORY__CODE__C3 &&
           category_is_c(certificate->category) && certificate->category != CATEGORY__CODE__C3 &&
           is_here(holding, certificate) && certificate_is_valid(certificate, holding->today);
}

/* D3, R-NAT-13: several A's of a person are at different enterprises, whichever came first. */
static bool is_legal_here(const struct holding *holding, const CertificateView *certificate)
{
    return holding->category == CATEGORY__CODE__A && certificate->legal_representative &&
           !is_itself(holding, certificate) && is_here(holding, certificate) &&
           certificate_in_force(certificate, holding->today);
}

static FALLIBLE check_legal_here(const struct holding *holding, struct error *err)
{
    const struct certificates *held = &holding->dossier->persons;
    for (size_t i = 0; i < held->count; i++) {
        if (is_legal_here(holding, held->items[i])) {
            FAIL(REFUSED("D3"), MESSAGE_CATEGORY_CONFLICT,
                 ARG_TEXT("certificate", held->items[i]->certificate));
        }
    }
    return OK;
}

static FALLIBLE check_kind(const struct holding *holding, struct error *err)
{
    const struct certificates *held = &holding->dossier->persons;
    for (size_t i = 0; i < held->count; i++) {
        const CertificateView *certificate = held->items[i];
        if (counts(holding, certificate) &&
            category_is_same_kind(certificate->category, holding->category) &&
            !holding_supersedes(holding, certificate)) {
            FAIL(REFUSED("D13"), MESSAGE_CATEGORY_CONFLICT,
                 ARG_TEXT("certificate", certificate->certificate));
        }
    }
    /* Released ones are not in force, but two of a kind cannot be taken over together either. */
    for (size_t i = 0; holding->together != NULL && i < holding->together->count; i++) {
        const CertificateView *certificate = holding->together->items[i];
        if (certificate == holding->taken) {
            break;
        }
        if (category_is_same_kind(certificate->category, holding->category)) {
            FAIL(REFUSED("D13"), MESSAGE_CATEGORY_CONFLICT,
                 ARG_TEXT("certificate", certificate->certificate));
        }
    }
    return OK;
}

static FALLIBLE check_enterprise(const struct holding *holding, struct error *err)
{
    const struct certificates *held = &holding->dossier->persons;
    for (size_t i = 0; i < held->count; i++) {
        const CertificateView *certificate = held->items[i];
        if (counts(holding, certificate) && !is_here(holding, certificate) &&
            !is_together(holding, certificate)) {
            FAIL(REFUSED("R-NAT-16"), MESSAGE_OTHER_ENTERPRISE_CERTIFICATE,
                 ARG_TEXT("certificate", certificate->certificate),
                 ARG_TEXT("enterprise", certificate->enterprise));
        }
    }
    return OK;
}

/* An entry is asked with all records of the original number, whoever's they are (R-IN-08): the
 * number may be recorded for somebody else as well. */
static bool is_anothers(const struct holding *holding, const NationalView *national)
{
    return holding->entered != NULL &&
           str_equal_c(str_of(national->record->certificate),
                       holding->entered->record->certificate) &&
           !person_has_id(holding->dossier->person, national->person_id);
}

static FALLIBLE check_elsewhere(const struct holding *holding, struct error *err)
{
    const struct nationals *nationals = &holding->dossier->nationals;
    for (size_t i = 0; i < nationals->count; i++) {
        const NationalRecord *record = nationals->items[i]->record;
        if (nationals->items[i] == holding->entered || record == NULL || record->masked ||
            record->state != NATIONAL_STATE__CODE__VALID || record->valid_until == NULL) {
            continue;
        }
        bool local = str_starts_with(str_of(record->certificate), STR("沪"));
        if (!local && record->valid_until->days >= holding->today &&
            !is_anothers(holding, nationals->items[i])) {
            FAIL(REFUSED("R-NAT-18"), MESSAGE_VALID_ELSEWHERE,
                 ARG_TEXT("certificate", record->certificate),
                 ARG_DATE("valid_until", record->valid_until->days));
        }
    }
    return OK;
}

/* 一级注册建造师, 二级建造师(市政) ... */
static bool is_constructor(str type)
{
    for (size_t i = 0; i < type.size; i++) {
        if (str_starts_with(str_from(type, i), STR("建造师"))) {
            return true;
        }
    }
    return false;
}

/* The register says 状态 in words of its own: none is good, as are those that say so. */
static bool is_good_state(str state)
{
    static const char *const good[] = {"正常", "有效", "注册", "已注册"};
    bool is_good = str_empty(state);
    for (size_t i = 0; i < sizeof good / sizeof *good && !is_good; i++) {
        is_good = str_equal_c(state, good[i]);
    }
    return is_good;
}

/* R-NAT-15: a constructor who is registered with this very enterprise, by a registration that
 * counts today. */
static bool is_registered(const struct holding *holding)
{
    const struct file_records *records = &holding->dossier->file_records;
    for (size_t i = 0; i < records->count; i++) {
        const FileRecordView *record = records->items[i];
        str type =
            file_fields_value((struct file_fields){record->fields, record->n_fields}, "注册类型");
        if (record->kind == FILE_KIND__CODE__REGISTRATION && !record->deleted &&
            is_constructor(type) &&
            str_equal(str_of(record->enterprise), str_of(holding->enterprise)) &&
            is_good_state(str_of(record->state)) &&
            (record->valid_until == NULL || record->valid_until->days >= holding->today)) {
            return true;
        }
    }
    return false;
}

FALLIBLE holding_check(const struct holding *holding, struct error *err)
{
    TRY(check_kind(holding, err));
    TRY(check_legal_here(holding, err));
    TRY(check_enterprise(holding, err));
    TRY(check_elsewhere(holding, err));
    if (holding->category == CATEGORY__CODE__B &&
        holding->dossier->policies.b_require_registration && !is_registered(holding)) {
        FAIL(REFUSED("R-NAT-15"), MESSAGE_NOT_REGISTERED_PRACTITIONER);
    }
    return OK;
}

FALLIBLE holding_check_legal(const struct dossier *dossier, const CertificateView *certificate,
                             int32_t today, struct error *err)
{
    const struct certificates *held = &dossier->persons;
    if (certificate_in_force(dossier->legal_certificate, today)) {
        FAIL(REFUSED("R-NAT-14"), MESSAGE_LEGAL_REPRESENTATIVE_EXISTS,
             ARG_TEXT("certificate", dossier->legal_certificate->certificate));
    }
    struct holding holding = {.dossier = dossier,
                              .enterprise = certificate->enterprise,
                              .today = today,
                              .taken = certificate};
    for (size_t i = 0; i < held->count; i++) {
        if (held->items[i]->category == CATEGORY__CODE__A && counts(&holding, held->items[i]) &&
            is_here(&holding, held->items[i])) {
            FAIL(REFUSED("D3"), MESSAGE_CATEGORY_CONFLICT,
                 ARG_TEXT("certificate", held->items[i]->certificate));
        }
    }
    return OK;
}

FALLIBLE holding_check_ordinary(const struct dossier *dossier, const CertificateView *certificate,
                                int32_t today, struct error *err)
{
    struct holding holding = {.dossier = dossier,
                              .enterprise = certificate->enterprise,
                              .today = today,
                              .category = certificate->category,
                              .taken = certificate};
    return holding_check(&holding, err);
}

FALLIBLE holding_check_again(const struct dossier *dossier, const CertificateView *certificate,
                             int32_t today, struct error *err)
{
    if (certificate_is_expired(certificate, today)) {
        return OK;
    }
    if (certificate->legal_representative) {
        return holding_check_legal(dossier, certificate, today, err);
    }
    return holding_check_ordinary(dossier, certificate, today, err);
}
