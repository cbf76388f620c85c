/* trusted - see trusted.h. */
#include "jobs/engine/trusted.h"

#include <string.h>

#include "core/base/record.h"

enum { ROOTS_MAX = 64 }; /* a city trusts a handful */

FALLIBLE trusted_roots(struct engine *engine, struct arena *arena, struct trust *trust,
                       struct error *err)
{
    struct view_key prefix = {0};
    struct views_scan scan = {0};
    bytes *roots = ARENA_ARRAY(arena, bytes, ROOTS_MAX);
    size_t count = 0;
    bool more = false;
    TRY(views_scan_open(engine_views(engine), VIEW_TRUST, &prefix, (bytes){0}, &scan, err));
    outcome result;
    while ((result = views_scan_next(&scan, &more, err)).ok && more && count < ROOTS_MAX) {
        ProtobufCMessage *message = NULL;
        result = views_scan_record(&scan, arena, &message, err);
        if (!result.ok) {
            break;
        }
        const TrustView *root = (const TrustView *)(void *)message;
        if (root->certificate_der.len > 0) {
            roots[count++] = bytes_of(root->certificate_der.data, root->certificate_der.len);
        }
    }
    views_scan_close(&scan);
    TRY(result);
    trust->roots = roots;
    trust->roots_count = count;
    return OK;
}
