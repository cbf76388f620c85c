/* document_plan - see document_plan.h. */
#include "jobs/documents/document_plan.h"

#include <string.h>

#include "core/base/record.h"
#include "core/io/stop.h"
#include "events/messages.h"
#include "events/terms/number.h"
#include "jobs/engine/document_page.h"
#include "jobs/engine/templates.h"
#include "jobs/objects/blocked_persons.h"
#include "jobs/objects/objects.h"

static void plan_add(struct document_plan *plan, str id, enum document_reason reason,
                     struct arena *arena)
{
    ARENA_GROW(arena, plan->ids, plan->count, &plan->capacity);
    plan->ids[plan->count++] = arena_c_string(arena, id);
    plan->by_reason[reason]++;
}

struct planner {
    struct session *session;
    const struct documents_selection *selection;
    const struct document_printer *printer;
    struct arena *arena;            /* the plan's */
    struct blocked_persons blocked; /* nothing is drawn of them */
    struct document_plan plan;
};

static outcome get_document(struct planner *planner, str id, struct arena *arena,
                            const DocumentView **ret, struct error *err)
{
    return views_get(engine_views(planner->session->engine), VIEW_DOCUMENT, key_document(id), arena,
                     ret, err);
}

/* Is the document one of the wanted enterprise and kind? (A document that stays as it is may be
 * that of a blocked person: nothing is drawn.) */
static outcome is_selected(struct planner *planner, str id, bool take, bool *ret, struct error *err)
{
    const struct documents_selection *selection = planner->selection;
    struct arena *item = &planner->session->item_arena;
    const DocumentView *document = NULL;
    bool blocked = false;
    if (take) {
        TRY(blocked_persons_have(&planner->blocked, id, &blocked, err));
    }
    *ret = !blocked;
    if (blocked) {
        return OK;
    }
    if (selection->enterprise[0] == 0 && !selection->proofs_only) {
        return OK;
    }
    TRY(get_document(planner, id, item, &document, err));
    if (selection->proofs_only && document->kind == DOCUMENT_KIND__CODE__CERTIFICATE) {
        *ret = false;
    }
    const char *enterprise = document->enterprise;
    if (*ret && selection->enterprise[0] != 0) {
        if (document->kind == DOCUMENT_KIND__CODE__CERTIFICATE) {
            const CertificateView *certificate = NULL;
            TRY(views_get(engine_views(planner->session->engine), VIEW_CERTIFICATE,
                          key_certificate(id), item, &certificate, err));
            enterprise = certificate->enterprise;
        }
        *ret = strcmp(enterprise, selection->enterprise) == 0;
    }
    arena_reset(item);
    return OK;
}

static bool signed_by_another(const struct planner *planner, const DocumentView *document)
{
    const ProtobufCBinaryData *signer = &document->signer_sha256;
    return signer->len != DIGEST_SIZE ||
           memcmp(signer->data, planner->printer->signer_sha256, DIGEST_SIZE) != 0;
}

/* Why a document from the index of its state is made. */
static enum document_reason reason_of(const struct planner *planner, const DocumentView *document,
                                      bool template_current)
{
    if (document->status == DOCUMENT_STATUS__CODE__FAILED) {
        return DOCUMENT_AGAIN;
    }
    if (document->status != DOCUMENT_STATUS__CODE__READY) {
        return document->rendered_event != 0 ? DOCUMENT_CONTENT : DOCUMENT_NEW;
    }
    if (!template_current) {
        return DOCUMENT_TEMPLATE;
    }
    return signed_by_another(planner, document) ? DOCUMENT_SIGNER : DOCUMENT_ASKED;
}

/* A document that stays as it is costs one step of the index and no more: there are a million of
 * them. */
static outcome plan_one(struct planner *planner, str id, bool take, bool template_current,
                        struct error *err)
{
    struct arena *item = &planner->session->item_arena;
    const DocumentView *document = NULL;
    if (!take && !planner->selection->dry_run) {
        planner->plan.unchanged++;
        return OK;
    }
    TRY(get_document(planner, id, item, &document, err));
    if (take) {
        plan_add(&planner->plan, id, reason_of(planner, document, template_current),
                 planner->arena);
    } else {
        planner->plan.unchanged++;
        planner->plan.earlier_signer += signed_by_another(planner, document);
    }
    arena_reset(item);
    return OK;
}

/* Takes or leaves every document of an index prefix. */
static outcome plan_index(struct planner *planner, const struct view_key *prefix, bool take,
                          bool template_current, struct error *err)
{
    struct views_scan scan = {0};
    bool more = false;
    TRY(views_scan_open(engine_views(planner->session->engine), VIEW_INDEX, prefix, (bytes){0},
                        &scan, err));
    outcome result = views_scan_next(&scan, &more, err);
    while (result.ok && more && !stop_requested()) {
        bool selected = false;
        str id = key_last_part(scan.key);
        result = is_selected(planner, id, take, &selected, err);
        if (result.ok && selected) {
            result = plan_one(planner, id, take, template_current, err);
        }
        if (result.ok) {
            result = views_scan_next(&scan, &more, err);
        }
    }
    views_scan_close(&scan);
    return result;
}

/* Would the document be drawn with the template that it was drawn with? When no page can be made of
 * it now, the answer is yes and `ret_known` is false. */
static outcome template_is_current(struct planner *planner, str id, bool *ret_known, bool *ret,
                                   struct error *err)
{
    struct arena *item = &planner->session->item_arena;
    const DocumentView *document = NULL;
    struct document_sheet sheet;
    struct document_wish wish = {str_of(planner->session->config->verify_url), TEMPLATES_NOW,
                                 false};
    struct error ignored;
    *ret = true;
    TRY(get_document(planner, id, item, &document, err));
    *ret_known =
        document_sheet(planner->session->engine, document, &wish, item, &sheet, &ignored).ok;
    if (*ret_known) {
        *ret = str_equal(renderer_template_id(planner->printer->renderer, &sheet.page, item),
                         str_of(document->template_id));
    }
    arena_reset(item);
    return OK;
}

/* The text between the prefix and the last part: the template of a READY entry. */
static str template_of(bytes key, const struct view_key *prefix)
{
    bytes rest = key_behind(key, prefix);
    str id = key_last_part(key);
    size_t size = rest.size > id.size ? rest.size - id.size - 1 : 0;
    return (str){(const char *)rest.data, size};
}

/* The documents of one template in the index. */
struct template_group {
    bool found;
    str template_id;
    bool current; /* would they be drawn with it? */
};

/* The group behind `after`. The first document that a page can be made of decides for the group: no
 * page is made for a blocked person, and a lost photo tells nothing about the other documents. */
static FALLIBLE next_group(struct planner *planner, const struct view_key *ready, bytes after,
                           struct template_group *ret, struct error *err)
{
    struct template_group group = {.current = true};
    struct views_scan scan = {0};
    bool more = false, known = false;
    TRY(views_scan_open(engine_views(planner->session->engine), VIEW_INDEX, ready, after, &scan,
                        err));
    outcome result = views_scan_next(&scan, &more, err);
    while (result.ok && more && !known && !stop_requested()) {
        str template_id = template_of(scan.key, ready), id = key_last_part(scan.key);
        bool blocked = false;
        result = blocked_persons_have(&planner->blocked, id, &blocked, err);
        if (result.ok && !blocked) {
            if (group.found && !str_equal(template_id, group.template_id)) {
                break;
            }
            if (!group.found) {
                group.found = true;
                group.template_id = arena_str(planner->arena, template_id);
            }
            result = template_is_current(planner, id, &known, &group.current, err);
        }
        if (result.ok) {
            result = views_scan_next(&scan, &more, err);
        }
    }
    views_scan_close(&scan);
    TRY(result);
    *ret = group;
    return OK;
}

/* Ready documents lie in the index by template. */
static outcome plan_ready(struct planner *planner, struct error *err)
{
    struct view_key ready = index_documents(DOCUMENT_STATUS__CODE__READY);
    uint8_t after[VIEW_KEY_MAX];
    size_t after_size = 0;
    while (!stop_requested()) {
        struct template_group group = {0};
        TRY(next_group(planner, &ready, bytes_of(after, after_size), &group, err));
        if (!group.found) {
            break;
        }
        struct view_key prefix =
            index_documents_of_template(DOCUMENT_STATUS__CODE__READY, group.template_id);
        TRY(plan_index(planner, &prefix, planner->selection->all || !group.current, group.current,
                       err));
        BUG_UNLESS(group.template_id.size + 1 < sizeof after);
        memcpy(after, group.template_id.data, group.template_id.size);
        after[group.template_id.size] = 1; /* after all entries of this template */
        after_size = group.template_id.size + 1;
    }
    return OK;
}

static outcome plan_named(struct planner *planner, str id, struct error *err)
{
    const DocumentView *document = NULL;
    TRY(get_document(planner, id, planner->arena, &document, err));
    if (document->status == DOCUMENT_STATUS__CODE__NONE) {
        FAIL(REFUSED("R-QD-10"), MESSAGE_DOCUMENT_UNKNOWN, ARG_STR("certificate", id));
    }
    bool blocked = false, known = false, current = true;
    TRY(blocked_persons_have(&planner->blocked, id, &blocked, err));
    if (blocked) {
        FAIL(REFUSED("R-PV-02"), MESSAGE_PERSON_BLOCKED);
    }
    bool ready = document->status == DOCUMENT_STATUS__CODE__READY;
    if (ready) {
        TRY(template_is_current(planner, id, &known, &current, err));
    }
    bool take = !ready || !current || planner->selection->all;
    return plan_one(planner, id, take, current, err);
}

/* The certificates named on the command line, each once. */
static outcome plan_all_named(struct planner *planner, struct error *err)
{
    const struct documents_selection *selection = planner->selection;
    struct map seen;
    map_init(&seen, planner->arena);
    for (size_t i = 0; i < selection->certificates_count; i++) {
        struct number number;
        bool is_new = false;
        str text = str_of(selection->certificates[i]);
        str id = number_parse(text, planner->arena, &number) ? number.canonical
                                                             : str_first(text, VIEW_KEY_MAX / 2);
        (void)map_put(&seen, str_bytes(id), &is_new); /* only whether it is there */
        if (is_new) {
            TRY(plan_named(planner, id, err));
        }
    }
    return OK;
}

static outcome plan_all(struct planner *planner, struct error *err)
{
    struct view_key pending = index_documents(DOCUMENT_STATUS__CODE__PENDING);
    struct view_key failed = index_documents(DOCUMENT_STATUS__CODE__FAILED);
    TRY(plan_index(planner, &pending, true, true, err));
    TRY(plan_index(planner, &failed, true, true, err));
    if (!planner->selection->proofs_only) {
        TRY(plan_ready(planner, err));
    }
    return OK;
}

FALLIBLE document_plan_make(struct session *session, const struct documents_selection *selection,
                            const struct document_printer *printer, struct arena *arena,
                            struct document_plan *ret, struct error *err)
{
    struct planner planner = {
        .session = session, .selection = selection, .printer = printer, .arena = arena};
    TRY(blocked_persons_load(session, index_blocked_persons(), arena, &planner.blocked, err));
    if (selection->certificates_count > 0) {
        TRY(plan_all_named(&planner, err));
    } else {
        TRY(plan_all(&planner, err));
    }
    if (selection->enterprise[0] != 0 && planner.plan.count + planner.plan.unchanged == 0) {
        EnterpriseView *known = NULL;
        TRY(enterprise_view(session, str_of(selection->enterprise), arena, &known, err));
        if (*known->code == 0) {
            FAIL(REFUSED(NULL), MESSAGE_ENTERPRISE_NOT_FOUND,
                 ARG_STR("enterprise", str_of(selection->enterprise)));
        }
    }
    *ret = planner.plan;
    return OK;
}
