/* fuzz_event - any bytes as a stored record: refused as damage, or a message whose own bytes give
 * the same message again, read quickly or by protobuf-c. The first byte chooses event, views or
 * action. */
#include <stdint.h>

#include <view.pb-c.h>

#include "core/base/record_parts.h"
#include "events/decide.h"
#include "jobs/engine/parts/event_order.h"
#include "jobs/engine/parts/people.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_event(bytes stored, struct arena *arena)
{
    struct error err;
    Event *event = NULL;
    if (!people_open_event(NULL, stored, arena, &event, &err).ok) {
        BUG_UNLESS(err.class == ERROR_CORRUPT);
        return;
    }
    struct personal_slot slot = event_personal(event);
    BUG_UNLESS((slot.personal == NULL) == (slot.sealed == NULL));
    BUG_UNLESS((slot.personal == NULL) == (slot.person_id == NULL));
    struct log_head head = {0};
    if (event_order_head(stored, &head)) { /* it says once where it stands */
        BUG_UNLESS(head.number == event->sequence);
        BUG_UNLESS(event->business_date != NULL && head.day == event->business_date->days);
    }
}

/* The quick reader gives what protobuf-c gives, or leaves it to it. */
static void read_quickly(const ProtobufCMessageDescriptor *kind, bytes stored, bool checks,
                         struct arena *arena)
{
    ProtobufCMessage *message = NULL;
    if (!record_read(kind, stored, checks, arena, &message)) {
        return;
    }
    ProtobufCMessage *unpacked =
        protobuf_c_message_unpack(kind, arena_protobuf(arena), stored.size, stored.data);
    BUG_UNLESS(unpacked != NULL && unpacked->n_unknown_fields == 0);
    BUG_UNLESS(protobuf_c_message_check(message));
    BUG_UNLESS(record_equal(message, unpacked, arena));
}

static void read_record(const ProtobufCMessageDescriptor *kind, bytes stored, struct arena *arena)
{
    struct error err;
    ProtobufCMessage *message = NULL;
    ProtobufCMessage *again = NULL;
    read_quickly(kind, stored, true, arena);
    read_quickly(kind, stored, false, arena);
    if (!record_unpack(kind, stored, arena, &message, &err).ok) {
        BUG_UNLESS(err.class == ERROR_CORRUPT);
        return;
    }
    BUG_UNLESS(protobuf_c_message_check(message));
    BUG_UNLESS(record_unpack(kind, record_pack(message, arena), arena, &again, &err).ok);
    BUG_UNLESS(record_equal(message, again, arena));
    for (unsigned i = 0; i < kind->n_fields; i++) {
        (void)record_get(message, &kind->fields[i], arena); /* any text will do */
        (void)record_has(message, &kind->fields[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const ProtobufCMessageDescriptor *const kinds[] = {
        &event__descriptor,           &action__descriptor,      &certificate_view__descriptor,
        &enterprise_view__descriptor, &person_view__descriptor, &document_view__descriptor,
        &record_view__descriptor,
    };
    if (size == 0) {
        return 0;
    }
    struct arena arena;
    arena_init(&arena, 0);
    bytes stored = bytes_of(data + 1, size - 1);
    read_event(stored, &arena);
    read_record(kinds[data[0] % (sizeof kinds / sizeof *kinds)], stored, &arena);
    arena_release(&arena);
    return 0;
}
