/* trusted - see trusted.h. */
#include "jobs/engine/trusted.h"

#include "core/base/record.h"
#include "jobs/engine/views_walk.h"

FALLIBLE trusted_roots(struct engine *engine, struct arena *arena, struct trust *trust,
                       struct error *err)
{
    struct views_list list = {0};
    size_t count = 0;
    TRY(views_list_records(engine_views(engine), VIEW_TRUST, NULL, arena, &list, err));
    bytes *roots = ARENA_ARRAY(arena, bytes, list.count);
    for (size_t i = 0; i < list.count; i++) {
        const TrustView *root = list.items[i];
        if (root->certificate_der.len > 0) {
            roots[count++] = bytes_of(root->certificate_der.data, root->certificate_der.len);
        }
    }
    trust->roots = roots;
    trust->roots_count = count;
    return OK;
}
