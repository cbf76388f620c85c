/* fuzz_template - any bytes as a page description: refused with a message, or a template whose
 * specimen is a sound page, with names as long as may be. */
#include <stdint.h>

#include "jobs/documents/template_specimen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct error err;
    struct template template;
    str text = {0};
    arena_init(&arena, 0);
    if (str_from_bytes(bytes_of(data, size), &text)) {
        if (!template_parse(STR("fuzz"), text, &arena, &template, &err).ok) {
            BUG_UNLESS(err.class == ERROR_MALFORMED);
        } else {
            for (int longest = 0; longest < 2; longest++) {
                struct page page, back;
                if (template_specimen(&template, longest == 1, &arena, &page, &err).ok) {
                    bytes packed = page_bytes(&page, &arena);
                    BUG_UNLESS(page_parse(packed, &arena, &back, &err).ok);
                } else {
                    BUG_UNLESS(err.class == ERROR_INVALID);
                }
            }
        }
    }
    arena_release(&arena);
    return 0;
}
