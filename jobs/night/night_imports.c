/* night_imports - see night_imports.h. */
#include "jobs/night/night_imports.h"

#include <string.h>

#include "importers/registry.h"
#include "jobs/engine/intake/intake_mark.h"

void night_imports_init(struct night_imports *ret, const struct night_list *list,
                        struct arena *arena)
{
    *ret = (struct night_imports){ARENA_ARRAY(arena, struct import_part, list->count), list->count};
    for (size_t i = 0; i < ret->count; i++) {
        ret->parts[i] = (struct import_part){.kind = ""};
    }
}

static bool is_of_kind(const struct import_part *part, const char *kind)
{
    return *part->kind != 0 && strcmp(part->kind, kind) == 0;
}

/* The digest of a step is over that of the one before it, so the last one's is that of all. */
static struct digest digest_with(const struct digest *before, const struct night_step *step,
                                 struct arena *arena)
{
    char hex[DIGEST_HEX_SIZE];
    digest_hex(before, hex);
    str text = arena_format(arena, "%s\n", hex);
    for (int i = 0; i < step->count; i++) {
        text = arena_format(arena, "%.*s%s\n", STR_ARGS(text), step->words[i]);
    }
    return digest_sha256(str_bytes(text));
}

void night_imports_add(struct night_imports *imports, const struct night_list *list, size_t place,
                       const struct session *step, struct arena *arena)
{
    const ImportOptions *options = SESSION_OPTIONS(step, ImportOptions);
    struct import_part *part = &imports->parts[place];
    if (strcmp(step->verb->name, "import") != 0 || options->dry_run ||
        import_kind_find(str_of(options->arguments[0])) == NULL) { /* which the step will tell */
        return;
    }
    part->kind = arena_c_string(arena, str_of(options->arguments[0]));
    part->files = options->daily ? 0 : options->n_arguments - 1;
    for (size_t i = 0; i < place; i++) {
        if (is_of_kind(&imports->parts[i], part->kind)) {
            part->run = imports->parts[i].run;
            part->before = imports->parts[i].before + imports->parts[i].files;
        }
    }
    part->run = digest_with(&part->run, &list->steps[place], arena);
}

void night_imports_settle(struct night_imports *imports)
{
    for (size_t i = imports->count; i-- > 0;) {
        for (size_t k = 0; k < i; k++) {
            if (is_of_kind(&imports->parts[k], imports->parts[i].kind)) {
                imports->parts[k].run = imports->parts[i].run;
            }
        }
    }
}

FALLIBLE night_imports_end(const struct night_imports *imports, struct session *session,
                           struct error *err)
{
    const char **kinds = ARENA_ARRAY(&session->run_arena, const char *, imports->count);
    size_t count = 0;
    for (size_t i = 0; i < imports->count; i++) {
        if (*imports->parts[i].kind != 0) { /* named twice: the second time nothing is left */
            kinds[count++] = imports->parts[i].kind;
        }
    }
    if (count == 0) {
        return OK;
    }
    session->holds_lock = true;
    TRY(session_open_store(session, NEEDS_WRITE, err));
    outcome forgotten = intake_runs_forget(engine_log(session->engine), kinds, count, err);
    engine_close(session->engine);
    session->engine = NULL;
    session->holds_lock = false;
    return forgotten;
}
