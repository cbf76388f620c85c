/* event_order - see event_order.h. */
#include "jobs/engine/parts/event_order.h"

#include "core/io/messages.h"

/* The wire of protobuf, as far as an envelope needs it. */
enum {
    WIRE_NUMBER = 0,
    WIRE_FIXED64 = 1,
    WIRE_BYTES = 2,
    WIRE_FIXED32 = 5,
    TAG_SEQUENCE = 1 << 3 | WIRE_NUMBER,
    TAG_BUSINESS_DATE = 3 << 3 | WIRE_BYTES,
    TAG_DAYS = 1 << 3 | WIRE_NUMBER,
    NUMBER_SIZE_MAX = 10,
};

FALLIBLE event_order_follow(struct event_order *order, const Event *event, uint64_t number,
                            struct error *err)
{
    const char *wrong = event->sequence != number                                    ? "number"
                        : event->business_date == NULL                               ? "day"
                        : order->any && event->business_date->days < order->last_day ? "day"
                                                                                     : NULL;
    if (wrong != NULL) {
        FAIL(CORRUPT, MESSAGE_LOG_EVENT_OUT_OF_PLACE, ARG_INT("event", number),
             ARG_TEXT("what", wrong));
    }
    *order = (struct event_order){true, event->business_date->days};
    return OK;
}

static bool take_long_number(bytes *in, uint64_t *ret)
{
    uint64_t value = 0;
    for (size_t i = 0; i < in->size && i < NUMBER_SIZE_MAX; i++) {
        value |= (uint64_t)(in->data[i] & 0x7fU) << (7 * i);
        if (in->data[i] < 0x80) {
            *in = (bytes){in->data + i + 1, in->size - i - 1};
            *ret = value;
            return true;
        }
    }
    return false;
}

/* Nearly all have one byte. */
static inline bool take_number(bytes *in, uint64_t *ret)
{
    if (in->size == 0 || in->data[0] >= 0x80) {
        return take_long_number(in, ret);
    }
    *ret = in->data[0];
    *in = (bytes){in->data + 1, in->size - 1};
    return true;
}

static bool take_bytes(bytes *in, size_t size, bytes *ret)
{
    if (size > in->size) {
        return false;
    }
    *ret = (bytes){in->data, size};
    *in = (bytes){in->data + size, in->size - size};
    return true;
}

/* A field: its tag, and what it holds, a number or bytes. */
static bool take_field(bytes *in, uint64_t *ret_tag, uint64_t *ret_number, bytes *ret_bytes)
{
    if (!take_number(in, ret_tag)) {
        return false;
    }
    switch (*ret_tag & 7) {
    case WIRE_NUMBER: return take_number(in, ret_number);
    case WIRE_FIXED64: return take_bytes(in, 8, ret_bytes);
    case WIRE_FIXED32: return take_bytes(in, 4, ret_bytes);
    case WIRE_BYTES: return take_number(in, ret_number) && take_bytes(in, *ret_number, ret_bytes);
    default: return false;
    }
}

/* A date is a sint32 of days since 1970-01-01; 0 is not written. A wider number is refused, because
 * other readers take its lower half, which is another day. */
static bool read_day(bytes date, int64_t *ret)
{
    uint64_t tag = 0, number = 0;
    bytes ignored = {0};
    bool one = date.size == 0 || (take_field(&date, &tag, &number, &ignored) && tag == TAG_DAYS);
    *ret = (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
    return one && date.size == 0 && number <= UINT32_MAX;
}

bool event_order_head(bytes stored, struct log_head *ret)
{
    int numbers = 0, days = 0;
    bytes rest = stored;
    while (rest.size > 0) {
        uint64_t tag = 0, number = 0;
        bytes content = {0};
        if (!take_field(&rest, &tag, &number, &content)) {
            return false;
        }
        if (tag == TAG_SEQUENCE) {
            ret->number = number;
            numbers++;
        } else if (tag == TAG_BUSINESS_DATE) {
            days += read_day(content, &ret->day) ? 1 : 2;
        }
    }
    return numbers == 1 && days == 1;
}
