/* event_order - checks the order of events in a log: each event holds its own number, and business
 * dates never decrease, so that "as of a day" is a prefix of the log. The tree does not check that:
 * it only protects the bytes. */
#pragma once

#include <event.pb-c.h>

#include "core/base/error.h"
#include "core/io/log.h"

/* Zeros to begin with. */
struct event_order {
    bool any;
    int32_t last_day;
};

/* Fits the event behind those that were followed before?
 * number  its place in the log
 * fails   CORRUPT MESSAGE_LOG_EVENT_OUT_OF_PLACE */
FALLIBLE event_order_follow(struct event_order *order, const Event *event, uint64_t number,
                            struct error *err);

/* Number and day of an event, read from its stored bytes alone: for log_check_heads(). False when
 * it does not say each of them once. */
bool event_order_head(bytes stored, struct log_head *ret);
