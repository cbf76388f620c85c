/* wish - a line of a submission before it is written down: what is meant, apart from how it is
 * spelled. Fields come from the schema by reflection, so a new action or field is wished for as
 * soon as it has a row in the tables (wish_aim.c, wish_field.c), and a test fails while it has not.
 */
#pragma once

#include <action.pb-c.h>

#include "tests/histories/world.h"

enum { WISH_VALUES_MAX = 16, WISH_LIST_MAX = 12 };

enum wish_form {
    WISH_TEXT,
    WISH_CERTIFICATE,
    WISH_DAY,
    WISH_TRUTH,
    WISH_COUNT, /* text or number */
    WISH_PERSON,
    WISH_CERTIFICATES,
    WISH_TEXTS,
    WISH_SELECTION,
    WISH_RAW, /* any JSON */
};

struct wish_person {
    str name;
    str id_type;
    str id_number;
};

struct wish_selection {
    str category; /* empty parts are left out */
    str enterprise;
    bool has_from, has_to;
    int32_t from, to;
};

struct wish_value {
    const char *field;
    enum wish_form form;
    str text;
    int32_t day;
    bool truth;
    struct wish_person person;
    struct wish_selection selection;
    str list[WISH_LIST_MAX];
    size_t list_count;
};

struct wish {
    Action__BodyCase body;
    const char *action;
    const char *id;
    const char *enterprise; /* NULL: left out */
    const char *clerk;      /* NULL: left out */
    struct wish_value values[WISH_VALUES_MAX];
    size_t count;
};

/* What a wish is about, chosen so that it may be accepted. */
struct aim {
    bool hit;                                    /* as far as the world knows, it may be accepted */
    const struct model_certificate *certificate; /* NULL: none known */
    const char *certificates[WISH_LIST_MAX];
    size_t certificates_count;
    int person;
    int enterprise;
    Category__Code category;
    bool legal;
    const char *original;
    FileKind__Code file_kind; /* of a record that is added */
    const struct model_record *record;
    const struct model_application *application;
    bool by_other; /* the second of those who may wish it */
};

/* Who wishes for an action; where two may, aim.by_other chooses the second. */
enum wish_actor {
    BY_ENTERPRISE,
    BY_CLERK,
    BY_PERSON,
    BY_PERSON_OR_ENTERPRISE,
    BY_CLERK_OR_ENTERPRISE
};

/* The row of an action: how often it is wished for, by whom, what it is aimed at. */
struct wish_kind {
    Action__BodyCase body;
    uint32_t weight;
    enum wish_actor actor;
    void (*aim)(struct world *world, struct aim *aim);
};
extern const struct wish_kind wish_kinds[]; /* a weight of 0: wished for by no history */
extern const size_t wish_kinds_count;

/* NULL when the action has no row. */
const struct wish_kind *wish_kind_find(Action__BodyCase body);

/* Sets a value and says whether the field is written at all. */
typedef bool put_value(struct world *world, const struct aim *aim, const struct wish *wish,
                       struct wish_value *value);

/* Those of personnel files (wish_file.c). */
put_value put_kind;
put_value put_fields;
put_value put_record;
put_value put_scan;
put_value put_role;
put_value put_compared;
put_value put_visit;
put_value put_presenter;
put_value put_appointment;
put_value put_batch;
put_value put_refusal;
put_value put_item;
put_value put_persons;
put_value put_months;
put_value put_application;
/* What wishes about files are aimed at. */
void aim_add(struct world *world, struct aim *aim);
void aim_edit(struct world *world, struct aim *aim);
void aim_delete(struct world *world, struct aim *aim);
void aim_scan(struct world *world, struct aim *aim);
void aim_verify(struct world *world, struct aim *aim);
void aim_refuse(struct world *world, struct aim *aim);
void aim_unverify(struct world *world, struct aim *aim);
void aim_open(struct world *world, struct aim *aim);
void aim_accept(struct world *world, struct aim *aim);
void aim_approve(struct world *world, struct aim *aim);
void aim_close(struct world *world, struct aim *aim);

/* Is there a row for a field of this name? */
bool wish_field_known(const char *field);
/* Fills the wish's values from the aim, field by field of the action's message. */
void wish_fill(struct world *world, const struct aim *aim, struct wish *wish);

/* A wish of any kind, most of them such that they may be accepted; texts live as long as the
 * history. The id is the caller's. */
void wish_make(struct world *world, struct wish *ret);

/* Makes something about a wish wrong, or at least another. */
void wish_spoil(struct world *world, struct wish *wish);
/* Makes its content another and nothing else (the id stays). */
void wish_alter(struct world *world, struct wish *wish);

/* The line, spelled one way or another. */
str wish_line(struct world *world, const struct wish *wish, struct arena *arena);
/* A line that is no wish at all; *ret_blank: nothing is on it. */
str wish_nonsense(struct world *world, bool *ret_blank, struct arena *arena);

struct wish_value *wish_value_of(struct wish *wish, const char *field);
