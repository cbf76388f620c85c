/* codes - see codes.h. */
#include "jobs/engine/judging/codes.h"

#include <stdio.h>
#include <string.h>

#include "core/base/record.h"
#include "core/io/digest.h"
#include "events/terms/identity.h"

enum { CODE_DIGITS = 6, CODES = 1000000 };

/* Draws again above the last whole million, so that the codes are evenly distributed. */
static uint32_t random_below_million(void)
{
    const uint32_t limit = UINT32_MAX - UINT32_MAX % CODES;
    uint32_t number = UINT32_MAX;
    while (number >= limit) {
        random_bytes((uint8_t *)&number, sizeof number);
    }
    return number % CODES;
}

static ProtobufCBinaryData hash_of_code(struct people *people, const char *phone_id,
                                        const char *code, struct arena *arena)
{
    str text = arena_format(arena, "%s\n%s", phone_id, code);
    struct digest digest = people_hash(people, "code", text, arena);
    return record_binary(digest_bytes(&digest), arena);
}

static char *id_of_phone(struct people *people, const char *phone, struct arena *arena)
{
    return arena_c_string(arena, str_of(people_id_of_phone(people, str_of(phone), arena)));
}

/* A typed number names a person only if it has the form of the number on the card. */
static char *id_of_number(const RegisterPhone *wish, struct people *people, struct arena *arena)
{
    IdType__Code type = ID_TYPE__CODE__NONE;
    str normal = STR("");
    bool exact = id_type_from_text(str_of(wish->person->id_type), &type) &&
                 identity_normalise(type, str_of(wish->id_number), arena, &normal) &&
                 str_equal_c(normal, wish->id_number);
    return arena_c_string(arena, exact ? str_of(people_id(people, type, normal, arena)) : STR(""));
}

static ProtobufCBinaryData hash_of_form(const RegisterPhone *wish, struct people *people,
                                        struct arena *arena)
{
    str text = arena_format(arena, "%s\n%s\n%s\n%s\n%s\n%s", wish->name, wish->id_number,
                            wish->address, wish->issuer, wish->valid_from, wish->valid_to);
    struct digest digest = people_hash(people, "card", text, arena);
    return record_binary(digest_bytes(&digest), arena);
}

void codes_fill(Action *action, struct people *people, struct arena *arena)
{
    if (action->body_case == ACTION__BODY_REQUEST_CODE) {
        RequestCode *wish = action->request_code;
        wish->phone_id = id_of_phone(people, wish->phone, arena);
    } else if (action->body_case == ACTION__BODY_REGISTER_PHONE) {
        RegisterPhone *wish = action->register_phone;
        wish->phone_id = id_of_phone(people, wish->phone, arena);
        wish->code_hash = hash_of_code(people, wish->phone_id, wish->code, arena);
        wish->number_id = id_of_number(wish, people, arena);
        wish->form_hash = hash_of_form(wish, people, arena);
    } else if (action->body_case == ACTION__BODY_CHANGE_PHONE) {
        ChangePhone *wish = action->change_phone;
        wish->phone_id = id_of_phone(people, wish->phone, arena);
        wish->code_hash = hash_of_code(people, wish->phone_id, wish->code, arena);
    }
}

void codes_draw(Action *action, struct people *people, struct arena *arena)
{
    if (action->body_case == ACTION__BODY_REQUEST_CODE) {
        RequestCode *wish = action->request_code;
        wish->sent_code = arena_new(arena, CODE_DIGITS + 1);
        (void)snprintf(wish->sent_code, CODE_DIGITS + 1, "%0*u", CODE_DIGITS,
                       (unsigned)random_below_million()); /* always six digits */
        wish->code_hash = hash_of_code(people, wish->phone_id, wish->sent_code, arena);
    }
}

void codes_strip(Action *copy, struct arena *arena)
{
    char *nothing = arena_c_string(arena, STR(""));
    if (copy->body_case == ACTION__BODY_REQUEST_CODE) {
        copy->request_code->phone = nothing;
    } else if (copy->body_case == ACTION__BODY_REGISTER_PHONE) {
        RegisterPhone *wish = copy->register_phone;
        wish->phone = wish->code = wish->name = wish->id_number = nothing;
        wish->address = wish->issuer = wish->valid_from = wish->valid_to = nothing;
    } else if (copy->body_case == ACTION__BODY_CHANGE_PHONE) {
        copy->change_phone->phone = copy->change_phone->code = nothing;
    }
}

struct outgoing_code codes_outgoing(const Action *action, const Event *event)
{
    if (event->body_case != EVENT__BODY_CODE_REQUESTED) {
        return (struct outgoing_code){.code = NULL};
    }
    BUG_UNLESS(action->body_case == ACTION__BODY_REQUEST_CODE);
    return (struct outgoing_code){
        .phone = action->request_code->phone,
        .code = action->request_code->sent_code,
        .event = event->sequence,
        .expires_at_us = event->code_requested->expires_at_us,
    };
}
