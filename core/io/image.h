/* image - photos and scans: is a JPEG complete and sane, and what does its header say; and a
 * painter of synthetic portraits. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/io/image_density.h"

enum {
    IMAGE_SIDE_MIN = 20,
    IMAGE_SIDE_MAX = 4000,
    IMAGE_SIZE_MAX = 2 * 1024 * 1024, /* bytes */
    IMAGE_SIDES_RATIO_MAX = 3,        /* of a photo: the longer side to the shorter */
};

struct image_size {
    int width, height; /* pixels, as they are stored */
    int components;    /* 1 grey, 3 colour */
};

/* Is it one complete JPEG: SOI, well-formed segments, a baseline or progressive frame of 8 bits,
 * entropy-coded data up to EOI and nothing but zeros behind, sane sides, 1 or 3 components? And can
 * it be a portrait, by the proportions of its sides? What each kind of photo gives: decision 0055.
 * fails   INVALID MESSAGE_PHOTO_INVALID (reason code: "empty", "too_large", "not_jpeg",
 *         "truncated", "data_behind_the_end", "not_baseline_or_progressive", "precision",
 *         "components", "dimensions", "proportions", "unreadable") */
FALLIBLE image_check_jpeg(bytes jpeg, struct image_size *ret, struct error *err);

/* A checked JPEG without what a camera or a program wrote beside the picture: place, device, time,
 * thumbnail, comments. What says how the colours are meant (JFIF, Adobe) stays. In the arena. */
bytes image_bare(bytes jpeg, struct arena *arena);

struct image_facts {
    const char *wrong;      /* a reason code of image_check_jpeg, but "proportions"; or NULL */
    struct image_size size; /* as far as it was read */
    struct image_density density;
};

/* The same check for callers that report what was found. Accepts any bytes. */
struct image_facts image_look(bytes jpeg);

/* A synthetic one-inch portrait (295 x 413 pixels, about 10 KB): a drawn figure that is nobody. The
 * same seed gives the same bytes. */
FALLIBLE image_paint_portrait(uint32_t seed, struct arena *arena, bytes *ret_jpeg,
                              struct error *err);

/* A synthetic scan of a document (lines that say nothing and a seal), of the portrait's size, whose
 * JFIF header says `dpi` (1 .. 65535). The same seed gives the same bytes. */
FALLIBLE image_paint_sheet(uint32_t seed, int dpi, struct arena *arena, bytes *ret_jpeg,
                           struct error *err);
