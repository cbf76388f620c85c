/* fuzz_draw - any page description that is one, drawn: its specimen becomes a document of which
 * nothing but the signature is missing, or is refused for what stands on it. */
#include <stdint.h>

#include "core/io/messages.h"
#include "core/io/pdf.h"
#include "jobs/documents/template_specimen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIGNATURE_SIZE = 300 };

/* With the fonts of this machine. Opened once. */
static struct pdf_printer *shared_printer(void)
{
    static struct pdf_printer *printer;
    struct error err;
    const struct pdf_options options = {.signature_size = SIGNATURE_SIZE};
    BUG_UNLESS(printer != NULL || pdf_open(&options, &printer, &err).ok);
    return printer;
}

static void draw(const struct template *template, bool longest, struct arena *arena)
{
    struct error err;
    struct page page;
    struct pdf_document document;
    const bytes no_photo = {NULL, 0};
    if (!template_specimen(template, longest, arena, &page, &err).ok) {
        return; /* fuzz_template looks at that */
    }
    if (pdf_draw(shared_printer(), &page, no_photo, NULL, arena, &document, &err).ok) {
        BUG_UNLESS(document.contents_size == 2 * (size_t)SIGNATURE_SIZE);
    } else {
        BUG_UNLESS(err.class == ERROR_INVALID);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct error err;
    struct template template;
    str text = {0};
    arena_init(&arena, 0);
    if (str_from_bytes(bytes_of(data, size), &text) &&
        template_parse(STR("fuzz"), text, &arena, &template, &err).ok) {
        draw(&template, false, &arena);
        draw(&template, true, &arena);
    }
    arena_release(&arena);
    return 0;
}
