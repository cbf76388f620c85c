/* fuzz_image - any bytes as a photo: refused with a reason, or a JPEG of sane size. */
#include <stdint.h>

#include "core/io/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err;
    struct image_size image;
    if (image_check_jpeg(bytes_of(data, size), &image, &err).ok) {
        BUG_UNLESS(image.width >= IMAGE_SIDE_MIN && image.width <= IMAGE_SIDE_MAX);
        BUG_UNLESS(image.height >= IMAGE_SIDE_MIN && image.height <= IMAGE_SIDE_MAX);
        BUG_UNLESS(image.components == 1 || image.components == 3);
    } else {
        BUG_UNLESS(err.class == ERROR_INVALID);
    }
    return 0;
}
