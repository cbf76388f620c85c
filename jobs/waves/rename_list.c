/* rename_list - see rename_list.h. The judging is in rename_judge.c. */
#include "jobs/waves/rename_list.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/record.h"
#include "core/io/csv.h"
#include "core/io/file_digest.h"
#include "core/io/lines.h"
#include "events/terms/credit_code.h"
#include "events/terms/names.h"
#include "events/wave.h"
#include "importers/registry.h"
#include "jobs/engine/intake/rejects.h"
#include "jobs/engine/intake/returned.h"
#include "jobs/objects/objects.h"
#include "jobs/report.h"

enum { TOKEN_DIGITS = 32 };

static struct rename_entry *add_entry(struct rename_list *list, const char *code,
                                      struct arena *arena)
{
    ARENA_GROW(arena, list->items, list->count, &list->capacity);
    struct rename_entry *entry = ARENA_NEW(arena, struct rename_entry);
    entry->code = code;
    list->items[list->count++] = entry;
    return entry;
}

/* --- files ------------------------------------------------------------------------------------ */

struct reader {
    struct session *session;
    const char *path;
    struct file_state before; /* when nothing of it had been read */
    const struct import_kind *kind;
    struct rename_list *list;
    struct import_header header;
    struct returned returned;
    struct map entries; /* by code and name */
    struct csv *csv;
};

static const str *copy_cells(const str *cells, size_t count, struct arena *arena)
{
    str *copy = ARENA_ARRAY(arena, str, count);
    for (size_t i = 0; i < count; i++) {
        copy[i] = arena_str(arena, cells[i]);
    }
    return copy;
}

static void refuse_row(struct reader *reader, const struct error *why, const str *cells,
                       size_t count)
{
    struct arena *arena = &reader->session->run_arena;
    struct rename_entry *entry = add_entry(reader->list, "", arena);
    entry->row = csv_row_number(reader->csv);
    entry->cells = copy_cells(cells, count, arena);
    entry->cells_count = count;
    entry->refusal = ARENA_NEW(arena, struct error);
    *entry->refusal = *why;
}

static void tell_row(struct session *session, uint64_t row, const struct error *why)
{
    struct arena *arena = &session->item_arena;
    str text = message_of_error(why, session->language, arena);
    const struct error_arg args[] = {ARG_INT("row", row),
                                     ARG_STR("code", message_code(why->code, arena)),
                                     ARG_STR("message", text)};
    report_note(session, TERMINAL_WARNING, MESSAGE_RENAME_ROW_REFUSED, args, 3);
}

/* A plan is taken as a whole: without this row it would be another one. */
static outcome refuse_plan(const struct reader *reader, const struct error *why, struct error *err)
{
    tell_row(reader->session, csv_row_number(reader->csv), why);
    *err = *why;
    return error_trace(err, HERE);
}

/* One row more of what the plan lists. Rows of an enterprise mostly show the same name. */
static void add_planned(struct rename_entry *entry, const PaperRegistered *row, struct arena *arena)
{
    const struct rename_planned *last =
        entry->planned_count > 0 ? &entry->planned[entry->planned_count - 1] : NULL;
    bool same_name = last != NULL && strcmp(last->name, row->post_text) == 0;
    ARENA_GROW(arena, entry->planned, entry->planned_count, &entry->planned_room);
    entry->planned[entry->planned_count++] = (struct rename_planned){
        .number = arena_str(arena, str_of(row->certificate)),
        .name = same_name ? last->name : arena_c_string(arena, str_of(row->post_text)),
        .end = row->valid_until != NULL ? row->valid_until->days : DAY_UNKNOWN,
    };
}

static int compare_planned(const void *a, const void *b)
{
    const struct rename_planned *first = a;
    const struct rename_planned *second = b;
    return str_compare(first->number, second->number);
}

/* A spreadsheet may have put the rows in another order; a wave's list is sorted. */
static void sort_planned(struct rename_entry *entry, struct arena *arena)
{
    struct digester digester;
    if (entry->planned_count > 0) {
        qsort(entry->planned, entry->planned_count, sizeof *entry->planned, compare_planned);
    }
    digester_init(&digester);
    for (size_t i = 0; i < entry->planned_count; i++) {
        digester_update(&digester, str_bytes(entry->planned[i].number));
        digester_update(&digester, bytes_of("\n", 1));
    }
    struct digest digest = digester_final(&digester);
    entry->planned_sha256 = arena_bytes(arena, digest_bytes(&digest));
}

static bool is_plan(const struct import_kind *kind)
{
    return kind == &import_rename_plan || kind == &import_notice_plan;
}

/* A plan has a row a certificate; elsewhere a second row of an enterprise says nothing new, however
 * it spells the name (R-NM-09), or is refused for its name. */
static void take_row(struct reader *reader, const PaperRegistered *row, const str *cells,
                     size_t count)
{
    struct arena *arena = &reader->session->run_arena;
    struct arena *item = &reader->session->item_arena;
    bool planned = is_plan(reader->kind);
    bool made = true;
    str name = enterprise_name_key(str_of(row->enterprise_name), item);
    str key = arena_format(item, "%s\n%.*s", row->enterprise, STR_ARGS(name));
    struct map_entry *known = map_put(&reader->entries, str_bytes(key), &made);
    struct rename_entry *entry = known->value;
    if (made) {
        entry = add_entry(reader->list, arena_c_string(arena, str_of(row->enterprise)), arena);
        entry->name = arena_c_string(arena, str_of(row->enterprise_name));
        entry->row = csv_row_number(reader->csv);
        entry->is_planned = planned;
        entry->cells = copy_cells(cells, count, arena);
        entry->cells_count = count;
        known->value = entry;
    }
    if (planned) {
        add_planned(entry, row, arena);
    }
}

/* Of files that were written for a spreadsheet, plans and rejects, the cells as they were. */
static const str *plain_cells(const struct reader *reader, const str *cells, size_t count)
{
    if (!reader->returned.is && !is_plan(reader->kind)) {
        return cells;
    }
    str *plain = ARENA_ARRAY(&reader->session->item_arena, str, count);
    for (size_t i = 0; i < count; i++) {
        plain[i] = csv_without_guard(cells[i]);
    }
    return plain;
}

static outcome read_row(struct reader *reader, const str *written, size_t count, struct error *err)
{
    const str *cells = plain_cells(reader, written, count);
    struct arena *item = &reader->session->item_arena;
    struct import_row row = {0};
    struct error why;
    Action *action = RECORD_NEW(item, Action, action);
    outcome read =
        import_row_read(reader->kind, &reader->header, cells, count, item, &row, action, &why);
    if (!read.ok && why.class != ERROR_INVALID) {
        *err = why;
        return error_trace(err, HERE);
    }
    if (!read.ok && is_plan(reader->kind)) {
        return refuse_plan(reader, &why, err);
    }
    if (!read.ok) {
        refuse_row(reader, &why, cells, count);
    } else {
        take_row(reader, action->register_paper->row, cells, count);
    }
    arena_reset(item);
    return OK;
}

static outcome read_rows(struct reader *reader, struct error *err)
{
    for (;;) {
        const str *cells = NULL;
        size_t count = 0;
        uint64_t number = 0;
        bool more = true;
        struct error why;
        outcome next = csv_next(reader->csv, &cells, &count, &number, &more, &why);
        if (!next.ok && why.class != ERROR_INVALID) {
            *err = why;
            return error_trace(err, HERE);
        }
        if (next.ok && !more) {
            return OK;
        }
        reader->list->rows++;
        if (!next.ok && is_plan(reader->kind)) {
            return refuse_plan(reader, &why, err);
        }
        if (!next.ok) {
            cells = csv_row_lossy(reader->csv, &count);
            refuse_row(reader, &why, cells, count);
        } else {
            TRY(read_row(reader, cells, count, err));
        }
    }
}

static outcome read_file(struct reader *reader, struct error *err)
{
    struct arena *arena = &reader->session->run_arena;
    struct csv_options options = {.known = import_header_known, .context = reader->kind};
    uint64_t rows = 0;
    size_t count = 0;
    TRY(csv_open(reader->path, ENCODING_FIND, &options, &reader->csv, err));
    const str *cells = csv_header(reader->csv, &count);
    reader->list->header = copy_cells(cells, count, arena);
    reader->list->header_count = count;
    reader->returned = returned_header(cells, count);
    if (!import_header_match(reader->kind, cells, count, arena, &reader->header, err).ok) {
        err->args[err->args_count++] = ARG_TEXT("file", reader->path);
        return error_trace(err, HERE);
    }
    TRY(file_state_check(&reader->before, &csv_lines(reader->csv)->state, reader->path, err));
    TRY(csv_check(reader->csv, &rows, err));
    TRY(read_rows(reader, err));
    return lines_unchanged(csv_lines(reader->csv), err); /* its digest is of these rows */
}

/* The file's waves are known again by its bytes, whatever its name. */
static outcome name_file(struct session *session, const char *path, struct rename_list *list,
                         struct error *err)
{
    char hex[DIGEST_HEX_SIZE];
    struct digest digest;
    TRY(file_digest(path, &digest, err));
    digest_hex(&digest, hex);
    list->sha256 = arena_bytes(&session->run_arena, digest_bytes(&digest));
    list->action_id = arena_format(&session->run_arena, "rename:%.*s", TOKEN_DIGITS, hex).data;
    return OK;
}

static outcome read_list(struct session *session, const char *path, const struct import_kind *kind,
                         struct rename_list *list, struct error *err)
{
    struct reader reader = {.session = session, .path = path, .kind = kind, .list = list};
    map_init(&reader.entries, &session->run_arena);
    TRY(file_state_of(path, &reader.before, err));
    TRY(name_file(session, path, list, err));
    outcome read = read_file(&reader, err);
    csv_close(reader.csv);
    arena_reset(&session->item_arena);
    for (size_t i = 0; read.ok && i < list->count; i++) {
        if (list->items[i]->is_planned) {
            sort_planned(list->items[i], &session->run_arena);
        }
    }
    return read;
}

/* --- what the command line names -------------------------------------------------------------- */

FALLIBLE rename_source_check(const struct rename_source *source, const char *verb,
                             struct error *err)
{
    if ((source->code != NULL) + (source->file != NULL) + (source->plan != NULL) != 1) {
        FAIL(USAGE, MESSAGE_RENAME_SOURCE, ARG_TEXT("verb", verb));
    }
    return OK;
}

FALLIBLE rename_list_read(struct session *session, const struct rename_source *source,
                          struct rename_list *ret, struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct rename_list list = {.action_id = ""};
    str code;
    TRY(rename_source_check(source, session->verb->name, err));
    if (source->file != NULL) {
        TRY(read_list(session, source->file, &import_renames, &list, err));
    } else if (source->plan != NULL) {
        TRY(read_list(session, source->plan, &import_rename_plan, &list, err));
    } else if (credit_code_normalise(str_of(source->code), arena, &code)) {
        (void)add_entry(&list, arena_c_string(arena, code), arena); /* alone in its list */
    } else {
        FAIL(REFUSED("D20"), MESSAGE_ENTERPRISE_UNKNOWN, ARG_TEXT("enterprise", source->code));
    }
    *ret = list;
    return OK;
}

FALLIBLE rename_list_read_notice(struct session *session, const char *path, struct rename_list *ret,
                                 struct error *err)
{
    struct rename_list list = {.action_id = ""};
    TRY(read_list(session, path, &import_notice_plan, &list, err));
    if (list.count == 0) { /* a plan whose rows were all taken out */
        struct rename_entry *entry = add_entry(&list, "", &session->run_arena);
        entry->name = "";
        entry->is_planned = true;
        sort_planned(entry, &session->run_arena);
    }
    *ret = list;
    return OK;
}

Action *rename_entry_action(const struct rename_list *list, const struct rename_entry *entry,
                            struct arena *arena)
{
    Action *action = RECORD_NEW(arena, Action, action);
    action->id = arena_c_string(arena, str_of(list->action_id));
    action->enterprise = arena_c_string(arena, str_of(entry->code));
    action->body_case = ACTION__BODY_RENAME_ENTERPRISE;
    action->rename_enterprise = RECORD_NEW(arena, RenameEnterprise, rename_enterprise);
    action->rename_enterprise->confirmed = true; /* who runs it looked at the plan */
    return action;
}

FALLIBLE rename_entry_intent(struct session *session, const struct rename_list *list,
                             const struct rename_entry *entry, struct arena *arena,
                             const WaveOpened **ret, const EnterpriseView **ret_enterprise,
                             struct error *err)
{
    EnterpriseView *enterprise = NULL;
    TRY(enterprise_view(session, str_of(entry->code), arena, &enterprise, err));
    *ret = wave_intent(rename_entry_action(list, entry, arena), enterprise, arena);
    *ret_enterprise = enterprise;
    return OK;
}

/* --- what was refused ------------------------------------------------------------------------- */

static outcome write_rejected(struct session *session, const struct rename_list *list,
                              struct rejects *rejects, struct error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct rename_entry *entry = list->items[i];
        if (entry->refusal == NULL) {
            continue;
        }
        struct arena *arena = &session->item_arena;
        str code = message_code(entry->refusal->code, arena);
        str text = message_of_error(entry->refusal, session->language, arena);
        tell_row(session, entry->row, entry->refusal);
        TRY(rejects_add(rejects, entry->cells, entry->cells_count, entry->row, code, text, err));
        arena_reset(arena);
    }
    return rejects_close(rejects, err);
}

FALLIBLE rename_list_show_rejected(struct session *session, struct rename_list *list,
                                   const char *path, struct error *err)
{
    struct rejects rejects = {.path = NULL};
    if (list->rejected == 0) {
        return OK;
    }
    session_status(session, error_exit_status(ERROR_REFUSED));
    rejects_init(&rejects, path, list->header, list->header_count, &session->run_arena);
    outcome written = write_rejected(session, list, &rejects, err);
    rejects_release(&rejects);
    TRY(written);
    if (path != NULL) {
        const struct error_arg args[] = {ARG_INT("rows", list->rejected), ARG_TEXT("path", path)};
        report_note(session, TERMINAL_NOTICE, MESSAGE_RENAME_REJECTS, args, 2);
    }
    return OK;
}
