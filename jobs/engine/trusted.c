/* trusted - see trusted.h. */
#include "jobs/engine/trusted.h"

#include "core/base/record.h"

FALLIBLE trusted_roots(struct engine *engine, struct arena *arena, struct trust *trust,
                       struct error *err)
{
    struct view_key prefix = {0};
    struct views_scan scan = {0};
    bytes *roots = NULL;
    size_t count = 0;
    size_t capacity = 0;
    bool more = false;
    TRY(views_scan_open(engine_views(engine), VIEW_TRUST, &prefix, (bytes){0}, &scan, err));
    outcome result;
    while ((result = views_scan_next(&scan, &more, err)).ok && more) {
        ProtobufCMessage *message = NULL;
        result = views_scan_record(&scan, arena, &message, err);
        if (!result.ok) {
            break;
        }
        const TrustView *root = (const TrustView *)(void *)message;
        if (root->certificate_der.len > 0) {
            ARENA_GROW(arena, roots, count, &capacity);
            roots[count++] = bytes_of(root->certificate_der.data, root->certificate_der.len);
        }
    }
    views_scan_close(&scan);
    TRY(result);
    trust->roots = roots;
    trust->roots_count = count;
    return OK;
}
