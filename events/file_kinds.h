/* file_kinds - what a record of a personnel file says: the guide's labels, kind by kind, which of
 * them must be there, which are days and which are chosen from a list (R-PF-18..26).
 *
 * Mandatory is what the guide marks with an asterisk, and of the kinds whose screens it does not
 * mark, the label that a record is known by. Labels and chosen words are compared without regard to
 * the width of their signs; stored are those of the tables here. */
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
