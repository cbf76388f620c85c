/* file_kinds - the fields of each kind of personnel-file record, by the guide's labels: which are
 * mandatory, which are days, which take a value from a list (R-PF-18..26).
 *
 * A field is mandatory if the guide marks it with an asterisk; where the guide marks nothing, only
 * the field that identifies the record is. Labels and list values are compared without regard to
 * full or half width; the spelling of the tables here is stored. */
#pragma once

#include <terms.pb-c.h>

#include "core/base/arena.h"
#include "core/base/str.h"

enum file_form {
    FORM_TEXT,   /* as it stands in the document, not shortened (R-PF-03) */
    FORM_DATE,   /* a day, stored as YYYY-MM-DD */
    FORM_END,    /* a day, or 至今 */
    FORM_ROLE,   /* one of the 13 of R-PF-21 */
    FORM_YES_NO, /* 是 or 否 */
    FORM_PHONE,  /* masked wherever it is shown */
};

struct file_label {
    const char *name;
    enum file_form form;
    bool mandatory;
};

struct file_kind {
    FileKind__Code kind;
    const char *name; /* of CONTRACT 4 */
    bool takes_scans; /* work and projects are told, not shown (R-PF-19, R-PF-20) */
    const struct file_label *labels;
    size_t count;
};

/* Never NULL; registrations and NONE have no labels. */
const struct file_kind *file_kind_of(FileKind__Code kind);
/* The kind of a name; NULL when there is none that a wish may name. */
const struct file_kind *file_kind_named(str name);

/* The label of a kind, or NULL. */
const struct file_label *file_label_of(const struct file_kind *kind, str name);
/* The label of that name in any kind, or NULL: a name has the same form everywhere. */
const struct file_label *file_label_any(str name, size_t *ret_place);

/* A label or chosen word as it is compared: narrow, without blanks. */
str file_word(str text, struct arena *arena);

/* The role as it is stored; NULL when it is none of the 13. */
const char *file_role(str text, struct arena *arena);
