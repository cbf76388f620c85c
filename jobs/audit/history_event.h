/* history_event - an event as `audit history` shows it: when, who, on whose signature, what. */
#pragma once

#include <event.pb-c.h>

#include "core/base/arena.h"
#include "core/io/json.h"

/* The caller gives it back. Nothing personal is in it. */
struct json *history_event(const Event *event, struct arena *arena);

/* Its beginning: number, the type, the day and the instant; the rest is put by the caller. */
struct json *history_envelope(const Event *event, str type, struct arena *arena);
