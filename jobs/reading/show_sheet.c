/* show_sheet - see show_sheet.h. */
#include "jobs/reading/show_sheet.h"

#include "core/io/output.h"
#include "events/guards.h"
#include "jobs/engine/rendering/renderer.h"
#include "jobs/report.h"
#include "projections/signature_page.h"

enum { SHEET_MODE = 0600 };

/* The number as the person is known by it now, out of the event that gave it. */
static FALLIBLE facts_of(struct session *session, const PersonView *person,
                         struct signature_facts *ret, struct error *err)
{
    struct arena *arena = &session->run_arena;
    const IdentityVersion *identity = identity_collected(person);
    Event *known = NULL;
    Event *collected = NULL;
    if (identity == NULL) {
        FAIL(REFUSED("R-PF-01"), MESSAGE_IDENTITY_NOT_COLLECTED, ARG_TEXT("missing", "identity"));
    }
    TRY(engine_event(session->engine, person->known_by, arena, &known, err));
    TRY(engine_event(session->engine, identity->event, arena, &collected, err));
    struct personal_slot slot = event_personal(known);
    if (slot.personal == NULL || *slot.personal == NULL) {
        FAIL(INVALID, MESSAGE_PERSON_UNREADABLE);
    }
    *ret = (struct signature_facts){.name = person_current_name(person),
                                    .id_number = str_of((*slot.personal)->id_number),
                                    .person_id = str_of(person->person_id),
                                    .created_us = collected->recorded_at_us};
    return OK;
}

FALLIBLE show_sheet(struct session *session, const ShowOptions *options, const PersonView *person,
                    struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct signature_facts facts;
    struct page page;
    bytes pdf = {NULL, 0};
    str subject = arena_format(arena, "%s signature sheet", person->person_id);
    TRY(session_disclose(session, subject.data, err));
    TRY(facts_of(session, person, &facts, err));
    TRY(signature_page(&facts, arena, &page, err));
    TRY(renderer_draw_form(session->config->fonts, session->config->color_profile, &page, arena,
                           &pdf, err));
    TRY(output_write(options->out, pdf, SHEET_MODE, err));

    struct json *record = json_new_record();
    json_put_text(record, "person", str_of(person->person_id));
    json_put_text(record, "file", str_of(options->out));
    json_put_number(record, "bytes", (int64_t)pdf.size);
    return report_result(session, record, err);
}
