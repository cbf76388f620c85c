/* template_parts - shared by the two steps of reading a page description: template_parse.c reads
 * lines, template_check.c validates them. */
#pragma once

#include "projections/template.h"

struct template_reader {
    str file;
    int line;
    str rest; /* of the line */
    enum template_part part;
    bool values_begun; /* a text of the document's own was read: what follows it is read after it */
    struct template *template;
};

/* Checks an item by itself - its text, and that it lies on the paper - and adds it. */
FALLIBLE template_add(struct template_reader *reader, struct template_item *item, const char *name,
                      struct error *err);

/* Checks the whole: what a page of that kind must show, and that a departure proof holds its
 * certificates on few sheets. */
FALLIBLE template_check(struct template_reader *reader, struct error *err);
