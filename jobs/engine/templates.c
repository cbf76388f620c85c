/* templates - see templates.h. */
#include "jobs/engine/templates.h"

#include <stdlib.h>

#include "core/io/digest.h"

enum { SLOTS = 8, MARK_DIGITS = 16 };

struct slot {
    bool used;
    enum template_kind kind;
    uint64_t event;
    struct arena arena;
    struct template template;
};

struct templates {
    struct slot slots[SLOTS];
    size_t next;
};

struct templates *templates_open(void)
{
    struct templates *templates = calloc(1, sizeof *templates);
    MEMORY_UNLESS(templates != NULL);
    return templates;
}

void templates_close(struct templates *templates)
{
    for (size_t i = 0; templates != NULL && i < SLOTS; i++) {
        if (templates->slots[i].used) {
            arena_release(&templates->slots[i].arena);
        }
    }
    free(templates);
}

/* The event of the description in force as at another event; 0: none. */
static FALLIBLE find_event(struct engine *engine, enum template_kind kind, uint64_t as_at,
                           struct arena *arena, uint64_t *ret, struct error *err)
{
    const TemplateView *view = NULL;
    TRY(views_get(engine_views(engine), VIEW_TEMPLATE,
                  key_template(str_of(template_kind_name(kind))), arena, &view, err));
    *ret = 0;
    for (size_t i = 0; i < view->n_versions; i++) {
        if (as_at == TEMPLATES_NOW || view->versions[i]->event <= as_at) {
            *ret = view->versions[i]->event;
        }
    }
    return OK;
}

static FALLIBLE text_of(struct engine *engine, enum template_kind kind, uint64_t event,
                        struct arena *arena, str *ret, struct error *err)
{
    Event *set = NULL;
    *ret = template_built_in(kind);
    if (event != 0) {
        TRY(engine_event(engine, event, arena, &set, err));
        BUG_UNLESS(set->body_case == EVENT__BODY_TEMPLATE_SET);
        *ret = str_of(set->template_set->text);
    }
    return OK;
}

FALLIBLE engine_template_text(struct engine *engine, enum template_kind kind, uint64_t as_at,
                              struct arena *arena, uint64_t *ret_event, str *ret, struct error *err)
{
    TRY(find_event(engine, kind, as_at, arena, ret_event, err));
    return text_of(engine, kind, *ret_event, arena, ret, err);
}

/* The mark of a description; empty for the program's own text, which so gives the program's own
 * template. */
static str mark_of(str text, enum template_kind kind, struct arena *arena)
{
    char hex[DIGEST_HEX_SIZE];
    if (str_equal(text, template_built_in(kind))) {
        return (str){0};
    }
    struct digest digest = digest_sha256(str_bytes(text));
    digest_hex(&digest, hex);
    return arena_str(arena, str_first(str_of(hex), MARK_DIGITS));
}

static FALLIBLE fill_slot(struct engine *engine, struct slot *slot, struct error *err)
{
    struct arena *arena = &slot->arena;
    str text = {0};
    str file = slot->event == 0
                   ? str_of(template_kind_name(slot->kind))
                   : arena_format(arena, "event %llu", (unsigned long long)slot->event);
    TRY(text_of(engine, slot->kind, slot->event, arena, &text, err));
    TRY(template_parse(file, text, arena, &slot->template, err));
    slot->template.mark = mark_of(text, slot->kind, arena);
    return OK;
}

FALLIBLE engine_template(struct engine *engine, enum template_kind kind, uint64_t as_at,
                         const struct template **ret, struct error *err)
{
    struct templates *templates = engine_templates(engine);
    struct arena arena;
    uint64_t event = 0;
    arena_init(&arena, 0);
    outcome found = find_event(engine, kind, as_at, &arena, &event, err);
    arena_release(&arena);
    TRY(found);
    for (size_t i = 0; i < SLOTS; i++) {
        const struct slot *slot = &templates->slots[i];
        if (slot->used && slot->kind == kind && slot->event == event) {
            *ret = &slot->template;
            return OK;
        }
    }
    struct slot *slot = &templates->slots[templates->next];
    templates->next = (templates->next + 1) % SLOTS;
    if (slot->used) {
        arena_release(&slot->arena);
    }
    *slot = (struct slot){.used = true, .kind = kind, .event = event};
    arena_init(&slot->arena, 0);
    if (!fill_slot(engine, slot, err).ok) {
        arena_release(&slot->arena);
        slot->used = false;
        return error_trace(err, HERE);
    }
    *ret = &slot->template;
    return OK;
}
