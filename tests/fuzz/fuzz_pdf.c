/* fuzz_pdf - any bytes as a document of this program. */
#include <stdint.h>

#include "core/io/pdf_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct pdf_reading reading;
    struct error err;
    arena_init(&arena, 0);
    if (pdf_read(bytes_of(data, size), &arena, &reading, &err).ok) {
        BUG_UNLESS(reading.signed_bytes.size < size && reading.cms.size > 0);
        BUG_UNLESS(reading.facts.number.size > 0);
        BUG_UNLESS((reading.facts.event > 0) == (reading.facts.origin.size > 0));
    } else {
        BUG_UNLESS(err.class == ERROR_MALFORMED || err.class == ERROR_CORRUPT);
    }
    arena_release(&arena);
    return 0;
}
