/* record_plan - compact tables ("plans") that tell record_read.c and record_write.c how to read and
 * write each kind of message.
 *
 * protobuf-c describes a field in 72 bytes: its name, its default, where its count is. Reading and
 * writing need ten of them, indexed by the field's number. The plans are generated from
 * protobuf-c's descriptors when the program is built (plans/make_plans.c) and are read-only
 * (decision 0122). */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum plan_wire { PLAN_WIRE_VARINT = 0, PLAN_WIRE_SIZED = 2 };

/* What the value of a field is. */
enum plan_kind {
    PLAN_NONE, /* of a number that is no field's */
    PLAN_TEXT,
    PLAN_BYTES,
    PLAN_DAY, /* a message Date */
    PLAN_MESSAGE,
    PLAN_INT32, /* an enum too */
    PLAN_UINT32,
    PLAN_SINT32,
    PLAN_BOOL,
    PLAN_WIDE, /* int64 and uint64, which are stored and written alike */
};

static inline bool plan_is_number(enum plan_kind kind)
{
    return kind >= PLAN_INT32;
}

/* PLAN_SINGLE: one value, absent from the bytes when it is zero or empty. PLAN_CHOICE: a member of
 * the message's oneof, always a message. PLAN_LIST: a repeated field, packed when its items are
 * numbers. */
enum plan_shape { PLAN_SINGLE, PLAN_CHOICE, PLAN_LIST };

/* A tag has two bytes at most. */
enum { PLAN_NUMBER_MOST = 2047 };

struct plan_field {
    uint16_t tag; /* before a value: its number and wire type */
    uint8_t kind;
    uint8_t shape;
    uint16_t offset; /* of the value in the message */
    uint16_t beside; /* offset of a list's count, or of the number of the chosen member */
    uint16_t inner;  /* the plan of a PLAN_MESSAGE, as an index */
};

struct record_plan {
    const ProtobufCMessageDescriptor *descriptor;
    const struct plan_field *fields; /* by number, from 0 to last */
    uint16_t last;                   /* the highest number of a field */
    uint16_t size;                   /* of the message in memory */
    uint16_t choice_first;           /* the numbers from here on, and up to there, are of */
    uint16_t choice_last;            /* members of the oneof; 0 when there is none */
};

/* The most bytes that a number or a day takes with its tag, or that a tag and a length take before
 * a text, bytes or a message: a tag has two bytes, a number ten. */
enum { PLAN_VALUE_MOST = 16 };

/* All plans, and where to look for that of a descriptor: made by plans/make_plans.c. */
extern const struct record_plan record_plans[];
enum { PLAN_SLOT_BITS = 10, PLAN_SLOTS = 1 << PLAN_SLOT_BITS };
extern const uint16_t record_plan_slots[PLAN_SLOTS]; /* index + 1; 0: none */

/* The slot at which a lookup begins; it probes the following slots up to an empty one. Reads four
 * bytes of the name: every name has three letters at least, and its NUL. */
static inline unsigned record_plan_slot(const ProtobufCMessageDescriptor *descriptor)
{
    uint32_t name;
    memcpy(&name, descriptor->short_name, sizeof name);
    uint32_t size = (uint32_t)descriptor->sizeof_message;
    return ((name + size * descriptor->n_fields) * UINT32_C(2654435769)) >> (32 - PLAN_SLOT_BITS);
}

/* The plan of a descriptor; NULL when it has none. */
static inline const struct record_plan *record_plan_of(const ProtobufCMessageDescriptor *descriptor)
{
    unsigned slot = record_plan_slot(descriptor);
    while (record_plan_slots[slot] != 0) {
        const struct record_plan *plan = &record_plans[record_plan_slots[slot] - 1];
        if (plan->descriptor == descriptor) {
            return plan;
        }
        slot = (slot + 1) % PLAN_SLOTS;
    }
    return NULL;
}
