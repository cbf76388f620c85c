/* messages - the codes of importers (4000-4999); see core/base/messages.h. */
#pragma once

#include "core/base/messages.h"

#define MESSAGE(number, name, english, chinese) MESSAGE_##name = (number),
enum message_code_importers {
#include "importers/messages.def"
};
#undef MESSAGE
