/* messages - the codes of core/io (1100-1999); see core/base/messages.h. */
#pragma once

#include "core/base/messages.h"

#define MESSAGE(number, name, english, chinese) MESSAGE_##name = (number),
enum message_code_io {
#include "core/io/messages.def"
};
#undef MESSAGE
