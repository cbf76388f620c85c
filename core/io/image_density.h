/* image_density - how many dots of a JPEG make an inch, as its header says: JFIF (APP0) or EXIF
 * (APP1); and which way up EXIF says it is. */
#pragma once

#include <stdint.h>

#include "core/base/str.h"

struct image_density {
    uint32_t x, y;      /* dots per inch, dots/cm x 2.54 rounded; 0: not said */
    const char *source; /* "JFIF", "EXIF"; "" when the file does not say */
};

/* JFIF's, when it names a unit; else EXIF's. A JFIF header of mere proportions (unit 0) says
 * nothing. Any bytes may come: what is no JPEG, or breaks off, has no density. */
struct image_density image_density(bytes jpeg);

/* EXIF's orientation, 1 to 8: where the first row and the first column of the picture are seen (1:
 * top and left; 6: right and top, a camera held upright). 1 when nothing or nonsense is said. */
int image_orientation(bytes jpeg);
