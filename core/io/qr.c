/* qr - see qr.h; owner of libqrencode. */
#include "core/io/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "core/io/messages.h"

outcome qr_encode(str text, struct arena *arena, struct qr *ret, struct error *err)
{
    if (text.size == 0 || text.size > QR_TEXT_SIZE_MAX) {
        FAIL(INVALID, MESSAGE_QR_TOO_LONG, ARG_INT("size", text.size),
             ARG_INT("most", QR_TEXT_SIZE_MAX));
    }
    QRcode *code = QRcode_encodeString8bit(arena_c_string(arena, text), 0, QR_ECLEVEL_M);
    if (code == NULL) {
        FAIL(RESOURCE, MESSAGE_QR_FAILED, ARG_ERRNO("reason", errno));
    }
    size_t count = (size_t)code->width * (size_t)code->width;
    uint8_t *modules = arena_new_raw(arena, count);
    for (size_t i = 0; i < count; i++) {
        modules[i] = code->data[i] & 1;
    }
    *ret = (struct qr){.width = code->width, .modules = modules};
    QRcode_free(code);
    return OK;
}
