/* rename - two rules: the new name of an enterprise goes onto its certificates in force, as a wave
 * (manual 5.2; R-NM, D5; the items are in wave.c); and the name of a person is corrected at the
 * counter (manual 8; R-PN, D33). */
#include "core/base/record.h"
#include "events/eligible.h"
#include "events/guards.h"
#include "events/holder.h"
#include "events/messages.h"
#include "events/rules.h"
#include "events/terms/names.h"
#include "events/terms/validity.h"
#include "events/wave.h"

bool rename_takes_certificate(const CertificateView *certificate, str register_name, int32_t today,
                              struct arena *arena)
{
    WaveOpened wave = WAVE_OPENED__INIT;
    wave.kind = WAVE_KIND__CODE__ENTERPRISE_NAME;
    wave.enterprise = certificate->enterprise;
    wave.value = arena_c_string(arena, register_name);
    return wave_selects(&wave, certificate, today, arena);
}

/* R-NM-01: the register carries the new name; R-NM-03: the count was confirmed. */
outcome decide_rename_enterprise(const struct dossier *dossier, const Action *action,
                                 struct moment moment, struct arena *arena,
                                 struct decision *decision, struct error *err)
{
    const RenameEnterprise *rename = action->rename_enterprise;
    const struct wave_opening opening = {
        .expected_count = rename->expected_count,
        .rule = "R-NM-03",
        .none = MESSAGE_NAME_NOT_CHANGED,
        .none_rule = "R-NM-01",
    };
    (void)moment; /* the list was made for this day */
    TRY(guard_confirmed(rename->confirmed, "R-NM-03", err));
    TRY(guard_enterprise(dossier, action, err));
    return wave_open(dossier, action, &opening, arena, decision, err);
}

/* R-PN-02..05: all four, of the third one of two. */
static FALLIBLE check_materials(const RenamePerson *rename, struct arena *arena, struct error *err)
{
    static const struct {
        const char *name;
        const char *instead;
    } wanted[] = {
        {"enterprise_statement", NULL},
        {"id_card", NULL},
        {"police_correction", "household_register"},
        {"certificates", NULL},
    };
    str missing = STR("");
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        bool found = false;
        for (size_t k = 0; k < rename->n_materials; k++) {
            str material = str_of(rename->materials[k]);
            found = found || str_equal(material, str_of(wanted[i].name)) ||
                    (wanted[i].instead != NULL && str_equal(material, str_of(wanted[i].instead)));
        }
        if (!found) {
            missing = arena_format(arena, "%.*s%s%s%s%s", STR_ARGS(missing),
                                   str_empty(missing) ? "" : ", ", wanted[i].name,
                                   wanted[i].instead != NULL ? " | " : "",
                                   wanted[i].instead != NULL ? wanted[i].instead : "");
        }
    }
    if (!str_empty(missing)) {
        FAIL(REFUSED("R-PN-06"), MESSAGE_MATERIALS_INCOMPLETE, ARG_STR("missing", missing));
    }
    return OK;
}

static void add_holder_renamed(const CertificateView *certificate, uint64_t identity_event,
                               struct arena *arena, struct decision *decision)
{
    HolderRenamed *renamed = decision_event(decision, EVENT__BODY_HOLDER_RENAMED, arena);
    renamed->certificate = arena_c_string(arena, str_of(certificate->certificate));
    renamed->identity_event = identity_event;
    renamed->enterprise = arena_c_string(arena, str_of(certificate->enterprise));
    renamed->enterprise_name = arena_c_string(arena, str_of(certificate->enterprise_name));
    renamed->person_id = arena_c_string(arena, str_of(certificate->person_id));
    renamed->valid_until = date_new(day_of(certificate->valid_until), arena);
    decision_name_certificate(decision, certificate->certificate, arena);
}

/* Does a certificate that is not ended say another name than the person has now? It stays so when a
 * card is read again under a new name, until the counter renames (R-LK-02). */
static bool says_another_name(const struct dossier *dossier, const CertificateView *certificate,
                              struct arena *arena)
{
    return !status_is_ended(certificate->status) &&
           !holder_name_agrees(dossier->person, certificate, arena);
}

static bool is_behind(const struct dossier *dossier, struct arena *arena)
{
    bool behind = false;
    for (size_t i = 0; i < dossier->persons.count && !behind; i++) {
        behind = says_another_name(dossier, dossier->persons.items[i], arena);
    }
    return behind;
}

static bool had_name(const PersonView *person, str name, struct arena *arena)
{
    for (size_t i = 0; i < person->n_former_names; i++) {
        if (person_names_equal(str_of(person->former_names[i]), name, arena)) {
            return true;
        }
    }
    return false;
}

/* D33, D38. A person whose certificates are behind may be named as they say, to be called as the
 * card says. */
static FALLIBLE check_names(const struct dossier *dossier, const RenamePerson *rename,
                            struct arena *arena, struct error *err)
{
    str current = person_current_name(dossier->person);
    bool is_current = person_names_equal(current, str_of(rename->new_name), arena);
    if (is_current && is_behind(dossier, arena)) {
        TRY(guard_not_blocked(dossier, err));
        return had_name(dossier->person, str_of(rename->person->name), arena)
                   ? OK
                   : guard_person_called(dossier, rename->person, arena, err);
    }
    TRY(guard_person_name(dossier, rename->person, arena, err));
    if (is_current) {
        FAIL(REFUSED("D33"), MESSAGE_NAME_NOT_CHANGED);
    }
    return OK;
}

/* Clerk, person, name, materials. */
static FALLIBLE check_rename_person(const struct dossier *dossier, const Action *action,
                                    struct arena *arena, struct error *err)
{
    const RenamePerson *rename = action->rename_person;
    TRY(guard_authority(dossier, action, "R-PN-01", err));
    if (str_empty(str_of(dossier->person->person_id))) { /* D37 */
        FAIL(REFUSED("D37"), MESSAGE_IDENTITY_NOT_COLLECTED, ARG_TEXT("missing", "identity"));
    }
    TRY(check_names(dossier, rename, arena, err));
    return check_materials(rename, arena, err);
}

outcome decide_rename_person(const struct dossier *dossier, const Action *action,
                             struct moment moment, struct arena *arena, struct decision *decision,
                             struct error *err)
{
    const RenamePerson *rename = action->rename_person;
    (void)moment; /* every certificate that is not ended takes part, expired ones too */
    TRY(check_rename_person(dossier, action, arena, err));

    PersonRenamed *renamed = decision_event(decision, EVENT__BODY_PERSON_RENAMED, arena);
    renamed->person_id = arena_c_string(arena, str_of(dossier->person->person_id));
    renamed->personal = RECORD_NEW(arena, Personal, personal);
    renamed->personal->name = arena_c_string(arena, str_trim(str_of(rename->new_name)));
    renamed->n_materials = rename->n_materials;
    renamed->materials = ARENA_ARRAY(arena, char *, rename->n_materials);
    for (size_t i = 0; i < rename->n_materials; i++) {
        renamed->materials[i] = arena_c_string(arena, str_of(rename->materials[i]));
    }
    uint64_t identity_event =
        identity_collected(dossier->person) != NULL ? dossier->next_sequence : 0;
    bool is_new =
        !person_names_equal(person_current_name(dossier->person), str_of(rename->new_name), arena);
    for (size_t i = 0; i < dossier->persons.count; i++) {
        const CertificateView *certificate = dossier->persons.items[i];
        if (is_new ? !status_is_ended(certificate->status)
                   : says_another_name(dossier, certificate, arena)) {
            add_holder_renamed(dossier->persons.items[i], identity_event, arena, decision);
        }
    }
    decision_detail(decision, pointer_to_download());
    return OK;
}
