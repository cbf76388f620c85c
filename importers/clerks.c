/* clerks - the clerks of the counters. */
#include "importers/kinds.h"
#include "importers/messages.h"
#include "importers/row.h"

enum column { CLERK, NAME, DEPARTMENT, LEVEL, STATE };

const struct import_column clerks_columns[CLERKS_COLUMNS] = {
    [CLERK] = {"工号", {NULL}, .mandatory = true},
    [NAME] = {"姓名", ALIASES_NAME, .mandatory = true},
    [DEPARTMENT] = {"部门", {NULL}, .mandatory = true},
    [LEVEL] = {"部门级别", {NULL}, .mandatory = true, .unlisted = "not_level"},
    [STATE] = {"状态", {NULL}, .mandatory = false},
};

enum level { CITY, DISTRICT };

static const struct row_word levels[] = {
    {"市", CITY}, {"市级", CITY}, {"区", DISTRICT}, {"区级", DISTRICT}, {NULL, 0},
};

FALLIBLE clerks_read(struct import_row *row, struct arena *arena, Action *ret, struct error *err)
{
    RegisterClerk *wish = ARENA_NEW(arena, RegisterClerk);
    register_clerk__init(wish);
    ClerkRegistered *entry = ARENA_NEW(arena, ClerkRegistered);
    clerk_registered__init(entry);
    entry->personal = ARENA_NEW(arena, Personal);
    personal__init(entry->personal);
    int level = CITY;
    TRY(row_code(row, CLERK, arena, &entry->clerk, err));
    TRY(row_person_name(row, NAME, arena, &entry->personal->name, err));
    TRY(row_word(row, LEVEL, levels, MESSAGE_BAD_CODE, arena, &level, err));
    entry->department = row_free_text(row, DEPARTMENT, arena);
    entry->level = arena_c_string(arena, level == CITY ? STR("市") : STR("区"));
    entry->state = row_free_text(row, STATE, arena);
    wish->row = entry;
    ret->register_clerk = wish;
    return OK;
}
