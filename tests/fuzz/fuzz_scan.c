/* fuzz_scan - any bytes as a scan: whatever a header says, what is told of it is small and of one
 * source, and a file that is taken as a JPEG is one as a photo too, unless it is a strip. */
#include <stdint.h>
#include <string.h>

#include "core/io/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A scan may be a strip, a photo may not. */
static bool is_strip(struct image_size size)
{
    return size.width > IMAGE_SIDES_RATIO_MAX * size.height ||
           size.height > IMAGE_SIDES_RATIO_MAX * size.width;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err;
    struct image_size checked;
    struct image_facts facts = image_look(bytes_of(data, size));
    bool sane = image_check_jpeg(bytes_of(data, size), &checked, &err).ok;
    const char *source = facts.density.source;
    BUG_UNLESS(sane == (facts.wrong == NULL && !is_strip(facts.size)));
    BUG_UNLESS(!sane || facts.size.width == checked.width);
    BUG_UNLESS(strcmp(source, "JFIF") == 0 || strcmp(source, "EXIF") == 0 || source[0] == 0);
    BUG_UNLESS(source[0] != 0 || (facts.density.x == 0 && facts.density.y == 0));
    BUG_UNLESS(facts.density.x <= 3000000 && facts.density.y <= 3000000);
    return 0;
}
