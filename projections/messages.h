/* messages - the codes of projections (3000-3999); see core/base/messages.h. */
#pragma once

#include "core/base/messages.h"

#define MESSAGE(number, name, english, chinese) MESSAGE_##name = (number),
enum message_code_projections {
#include "projections/messages.def"
};
#undef MESSAGE
