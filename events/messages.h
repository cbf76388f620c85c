/* messages - the codes of events (2000-2999); see core/base/messages.h. */
#pragma once

#include "core/base/messages.h"

#define MESSAGE(number, name, english, chinese) MESSAGE_##name = (number),
enum message_code_events {
#include "events/messages.def"
};
#undef MESSAGE
