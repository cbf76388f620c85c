/* pdf_image - places the photo on a page (pdf_parts.h): whole, upright, in its own proportions,
 * without the camera's metadata. */
#include "core/io/pdf_parts.h"

#include <hpdf.h>

#include "core/io/image.h"
#include "core/io/messages.h"

/* How the unit square of a stored picture lies in the unit square of what is seen, by EXIF
 * orientation from 1 on: the six numbers of a PDF matrix (ISO 32000-1, 8.3.3). */
struct placing {
    int a, b, c, d, e, f;
};

static struct placing placing_of(int orientation)
{
    static const struct placing placings[8] = {
        {1, 0, 0, 1, 0, 0},   {-1, 0, 0, 1, 1, 0}, {-1, 0, 0, -1, 1, 1}, {1, 0, 0, -1, 0, 1},
        {0, -1, -1, 0, 1, 1}, {0, -1, 1, 0, 0, 1}, {0, 1, 1, 0, 0, 0},   {0, 1, -1, 0, 1, 0},
    };
    BUG_UNLESS(orientation >= 1 && orientation <= 8);
    return placings[orientation - 1];
}

static float points(int64_t um)
{
    return (float)((double)um * 72.0 / 25400.0);
}

outcome pdf_image_draw(struct pdf_canvas *canvas, const struct page_item *item, struct error *err)
{
    struct image_size size;
    if (canvas->photo.size == 0) {
        FAIL(INVALID, MESSAGE_PHOTO_MISSING);
    }
    TRY(image_check_jpeg(canvas->photo, &size, err));
    struct placing placing = placing_of(image_orientation(canvas->photo));
    bytes jpeg = image_bare(canvas->photo, canvas->arena);
    HPDF_Image image = HPDF_LoadJpegImageFromMem(canvas->document, jpeg.data, (HPDF_UINT)jpeg.size);
    if (image == NULL) {
        FAIL(INVALID, MESSAGE_PHOTO_INVALID, ARG_TEXT("reason", "unreadable"));
    }
    bool upright = placing.a != 0;
    int64_t seen_width = upright ? size.width : size.height;
    int64_t seen_height = upright ? size.height : size.width;
    int64_t width = item->width_um, height = item->height_um;
    if (width * seen_height > height * seen_width) {
        width = height * seen_width / seen_height;
    } else {
        height = width * seen_height / seen_width;
    }
    int64_t left = item->x_um + (item->width_um - width) / 2;
    int64_t top = item->y_um + (item->height_um - height) / 2;
    float x = points(left), y = points(canvas->height_um - top - height);
    float w = points(width), h = points(height);
    HPDF_Page page = canvas->page;
    (void)HPDF_Page_GSave(page); /* here and below: errors stay */
    (void)HPDF_Page_Concat(page, w * (float)placing.a, h * (float)placing.b, w * (float)placing.c,
                           h * (float)placing.d, x + w * (float)placing.e,
                           y + h * (float)placing.f);
    (void)HPDF_Page_ExecuteXObject(page, image);
    (void)HPDF_Page_GRestore(page);
    return OK;
}
