/* fuzz_page - any bytes as a page: refused, or a page whose canonical bytes they are. */
#include <stdint.h>

#include "core/base/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct error err;
    struct page page;
    arena_init(&arena, 0);
    if (page_parse(bytes_of(data, size), &arena, &page, &err).ok) {
        BUG_UNLESS(page.count <= PAGE_ITEMS_MAX);
        BUG_UNLESS(bytes_equal(page_bytes(&page, &arena), bytes_of(data, size)));
        (void)page_template_bytes(&page, &arena); /* any bytes will do */
    } else {
        BUG_UNLESS(err.class == ERROR_CORRUPT);
    }
    arena_release(&arena);
    return 0;
}
