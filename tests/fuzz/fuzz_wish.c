/* fuzz_wish - any UTF-8 as a line of a submission: an action in good form, or INVALID with a
 * reason. */
#include <stdint.h>

#include "core/base/record.h"
#include "events/decide.h"
#include "jobs/engine/judging/wish.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(Action *action, struct arena *arena)
{
    struct error err;
    BUG_UNLESS(protobuf_c_message_check(&action->base));
    BUG_UNLESS(action_is_wish(action->body_case));
    BUG_UNLESS(action_field(action->body_case) != NULL);
    bool good = action_check_form(action, arena, &err).ok;
    BUG_UNLESS(good || err.class == ERROR_INVALID);
    (void)wish_parts(action); /* any will do */
    struct digest one = wish_content(action, arena);
    struct digest two = wish_content(action, arena);
    BUG_UNLESS(bytes_equal(digest_bytes(&one), digest_bytes(&two)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str line;
    if (!str_from_bytes(bytes_of(data, size), &line)) {
        return 0;
    }
    struct arena arena;
    struct error err;
    Action action = ACTION__INIT;
    str id = {0};
    str name = {0};
    arena_init(&arena, 0);
    if (wish_parse(line, &arena, &action, &id, &name, &err).ok) {
        judge(&action, &arena);
    } else {
        BUG_UNLESS(err.class == ERROR_INVALID);
    }
    arena_release(&arena);
    return 0;
}
