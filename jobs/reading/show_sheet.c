/* show_sheet - see show_sheet.h. */
#include "jobs/reading/show_sheet.h"

#include "core/io/output.h"
#include "events/guards.h"
#include "jobs/engine/rendering/fonts.h"
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

/* Unsigned: it is a form, not a document. */
static FALLIBLE draw(struct session *session, const struct page *page, bytes *ret,
                     struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct renderer_options options = {.icc_path = str_of(session->config->color_profile)};
    struct renderer *renderer = NULL;
    struct rendering rendering;
    fonts_of_config(str_of(session->config->fonts), arena, &options.fonts, &options.fonts_count);
    TRY(renderer_open(&options, &renderer, err));
    outcome drawn = renderer_draw(renderer, page, (bytes){NULL, 0}, NULL, arena, &rendering, err);
    renderer_close(renderer);
    TRY(drawn);
    *ret = rendering.pdf;
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
    TRY(draw(session, &page, &pdf, err));
    TRY(output_write(options->out, pdf, SHEET_MODE, err));

    struct json *record = json_new_record();
    json_put_text(record, "person", str_of(person->person_id));
    json_put_text(record, "file", str_of(options->out));
    json_put_number(record, "bytes", (int64_t)pdf.size);
    return report_result(session, record, err);
}
