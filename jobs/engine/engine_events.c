/* engine_events - appends events to log and views, and reads events and keeps blobs within a
 * transaction; see engine.h. */
#include <string.h>

#include "core/base/record.h"
#include "jobs/engine/engine_parts.h"
#include "jobs/engine/parts/views_walk.h"
#include "jobs/messages.h"

Event *event_new(Event__BodyCase body, struct arena *arena)
{
    Event *event = RECORD_NEW(arena, Event, event);
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&event__descriptor, body);
    BUG_UNLESS(field != NULL);
    (void)record_new_inner(&event->base, field, arena); /* a member of the event now */
    return event;
}

const ProtobufCMessage *event_body(const Event *event, const char **ret_type)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&event__descriptor, event->body_case);
    if (field == NULL) { /* 0 is the number of no field */
        return NULL;
    }
    if (ret_type != NULL) {
        *ret_type = field->name;
    }
    return record_inner(&event->base, field);
}

const char *event_text(const Event *event, const char *name)
{
    const ProtobufCMessage *body = event_body(event, NULL);
    const ProtobufCFieldDescriptor *field =
        body != NULL ? record_find(body->descriptor, str_of(name)) : NULL;
    if (field == NULL || field->type != PROTOBUF_C_TYPE_STRING ||
        field->label == PROTOBUF_C_LABEL_REPEATED) {
        return "";
    }
    return record_pointer((const char *)body + field->offset);
}

/* The envelope that is the same for every event of a run. */
static void fill_envelope(Event *event, const struct run *run, uint64_t sequence,
                          struct arena *arena)
{
    event->sequence = sequence;
    event->recorded_at_us = run->moment.now_us;
    event->business_date = RECORD_NEW(arena, Date, date);
    event->business_date->days = run->moment.today;
    event->operator_ = arena_c_string(arena, str_of(run->operator));
    event->reason = arena_c_string(arena, str_of(run->reason));
    if (event->actor == NULL) {
        event->actor = RECORD_NEW(arena, Actor, actor);
        event->actor->kind = ACTOR_KIND__CODE__OPERATOR;
        event->actor->id = event->operator_;
    }
}

static outcome write_event(struct engine *engine, Event *event, struct arena *arena,
                           struct error *err)
{
    bytes stored = {0};
    uint64_t sequence = 0;
    if (engine->scribe != NULL) {
        engine->txn = NULL; /* the scribe's, from now on */
        scribe_add(engine->scribe, event);
        return OK;
    }
    TRY(people_seal_event(engine->people, event, arena, &stored, err));
    TRY(log_append(engine->txn, stored, &sequence, err));
    BUG_UNLESS(sequence == event->sequence);
    return OK;
}

FALLIBLE engine_append(struct engine *engine, const struct run *run, Event *event,
                       struct arena *arena, uint64_t *ret_sequence, struct error *err)
{
    uint64_t sequence = engine->last_sequence + 1;
    BUG_UNLESS(event->body_case != EVENT__BODY__NOT_SET);
    fill_envelope(event, run, sequence, arena);
    TRY(write_event(engine, event, arena, err));
    struct view_store store = views_store(engine->views);
    TRY(views_apply(&store, event, arena, err));
    engine->last_sequence = sequence;
    engine->erasing |= event->body_case == EVENT__BODY_PERSON_ERASED;
    engine->policies_known &= event->body_case != EVENT__BODY_POLICY_SET;
    if (ret_sequence != NULL) {
        *ret_sequence = sequence;
    }
    return OK;
}

FALLIBLE engine_event(struct engine *engine, uint64_t sequence, struct arena *arena, Event **ret,
                      struct error *err)
{
    bytes stored = {0};
    TRY(engine_log_ready(engine, err));
    struct log_txn *txn = engine_log_txn(engine);
    if (sequence == 0 || sequence > log_size(txn)) {
        FAIL(MISSING, MESSAGE_EVENT_NOT_FOUND, ARG_INT("event", sequence));
    }
    TRY(log_get(txn, sequence, &stored, err));
    return people_open_event(engine->people, stored, arena, ret, err);
}

FALLIBLE engine_meta_put(struct engine *engine, const char *name, bytes value, struct error *err)
{
    if (engine->scribe != NULL) {
        engine->txn = NULL; /* the scribe's, from now on */
        scribe_put_meta(engine->scribe, name, value);
        return OK;
    }
    return log_meta_put(engine->txn, name, value, err);
}

FALLIBLE engine_registry(struct engine *engine, struct arena *arena, RegistryView **ret,
                         struct error *err)
{
    return views_get(engine->views, VIEW_REGISTRY, key_registry(), arena, ret, err);
}

FALLIBLE engine_policies(struct engine *engine, struct arena *arena, struct policies *ret,
                         struct error *err)
{
    if (engine->policies_known) {
        *ret = engine->policies;
        return OK;
    }
    struct policies policies = policies_default();
    struct views_list list = {0};
    TRY(views_list_records(engine->views, VIEW_POLICY, NULL, arena, &list, err));
    for (size_t i = 0; i < list.count; i++) {
        const PolicyView *policy = list.items[i];
        TRY(policies_set(&policies, str_of(policy->key), str_of(policy->value), err));
    }
    engine->policies = policies;
    engine->policies_known = true;
    *ret = policies;
    return OK;
}

/* The thread that commits the log also writes the files. */
static outcome keep_blob(struct engine *engine, bytes content, struct arena *arena,
                         ProtobufCBinaryData *ret, struct error *err)
{
    struct digest digest;
    if (engine->scribe != NULL) {
        engine->txn = NULL; /* the scribe's, from now on */
        digest = scribe_put_blob(engine->scribe, content);
    } else {
        TRY(blob_batch_put(engine->blobs, content, &digest, err));
    }
    *ret = record_binary(digest_bytes(&digest), arena);
    return OK;
}

FALLIBLE engine_blob_seal(struct engine *engine, str key_id, bytes plain, struct arena *arena,
                          ProtobufCBinaryData *ret, struct error *err)
{
    bytes sealed = {0};
    TRY(people_seal_bytes(engine->people, key_id, plain, arena, &sealed, err));
    return keep_blob(engine, sealed, arena, ret, err);
}

FALLIBLE engine_blob_put(struct engine *engine, bytes content, struct arena *arena,
                         ProtobufCBinaryData *ret, struct error *err)
{
    return keep_blob(engine, content, arena, ret, err);
}

FALLIBLE engine_blob_get(struct engine *engine, bytes sha256, struct arena *arena, bytes *ret,
                         struct error *err)
{
    struct digest digest;
    BUG_UNLESS(sha256.size == sizeof digest.data);
    memcpy(digest.data, sha256.data, sizeof digest.data);
    return blob_get(engine->blobs_dir, &digest, arena, ret, err);
}
