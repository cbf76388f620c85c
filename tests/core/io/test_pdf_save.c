/* test_pdf_save - files as libharu would write them, whether what is shared was kept or not. */
#include <hpdf.h>
#include <hpdf_doc.h>
#include <hpdf_objects.h>
#include <string.h>

#include "core/io/pdf_parts.h"
#include "tests/support/test.h"

/* A page, information, two shared streams, and as many objects of its own. */
static HPDF_Doc document_of(struct pdf_template *template, bool known, int own)
{
    HPDF_Doc document = pdf_document_new();
    const struct page page = {.width_um = 210000, .height_um = 297000};
    void *last = NULL;
    template->shared.first = pdf_objects_count(document);
    if (known) {
        for (size_t i = 0; i < template->shared.count; i++) {
            last = pdf_stand_in(document);
        }
    } else {
        last = pdf_stream_deflated(document, bytes_of("one", 3));
        last = pdf_stream_deflated(document, bytes_of("another", 7));
        template->shared.count = pdf_objects_count(document) - template->shared.first;
        last = HPDF_Xref_GetEntry(document->xref, document->xref->entries->count - 1)->obj;
    }
    HPDF_Page drawn = pdf_document_page(document, &page);
    (void)HPDF_Dict_Add(drawn, "Length", last); /* errors stay: pdf_save looks */
    for (int i = 0; i < own; i++) {
        (void)pdf_stream_deflated(document, bytes_of("its own", 7)); /* as above */
    }
    return document;
}

/* By libharu itself; nothing may stand in. */
static bytes whole(HPDF_Doc document, struct arena *arena)
{
    assert_int_equal(HPDF_SaveToStream(document), HPDF_OK);
    HPDF_UINT32 size = HPDF_GetStreamSize(document);
    uint8_t *data = arena_new_raw(arena, size);
    (void)HPDF_ReadFromStream(document, data, &size); /* the size is looked at */
    assert_int_equal(size, HPDF_GetStreamSize(document));
    return (bytes){data, size};
}

static void test_pdf_save_writes_what_libharu_writes(void **state)
{
    static const int own[] = {0, 7, 1, 120}; /* numbers of one digit to three */
    struct pdf_template template = {0};
    struct arena arena;
    struct error error;
    (void)state;
    arena_init(&arena, 0);
    arena_init(&template.arena, 0);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        struct pdf_template unused = {0};
        struct pdf_document saved = {0};
        size_t shared_at = 0;
        HPDF_Doc ours = document_of(&template, i > 0, own[i]);
        HPDF_Doc theirs = document_of(&unused, false, own[i]);
        assert_true(pdf_save(ours, &template, &arena, &saved, &shared_at, &error).ok);
        bytes expected = whole(theirs, &arena);
        assert_int_equal(saved.size, expected.size);
        assert_memory_equal(saved.data, expected.data, expected.size);
        assert_memory_equal(saved.data + shared_at, template.shared.bytes.data,
                            template.shared.bytes.size);
        pdf_document_free(&ours);
        pdf_document_free(&theirs);
    }
    arena_release(&template.arena);
    arena_release(&arena);
}

static void test_pdf_save_tells_what_libharu_refuses(void **state)
{
    struct pdf_template template = {0};
    struct pdf_document saved = {0};
    struct arena arena;
    struct error error;
    size_t shared_at = 0;
    (void)state;
    arena_init(&arena, 0);
    arena_init(&template.arena, 0);
    HPDF_Doc document = document_of(&template, false, 0);
    (void)HPDF_Page_SetWidth(document->cur_page, -1.0F); /* an error that stays */
    assert_false(pdf_save(document, &template, &arena, &saved, &shared_at, &error).ok);
    assert_int_equal(error.class, ERROR_RESOURCE);
    assert_int_equal(template.shared.bytes.size, 0);
    pdf_document_free(&document);
    arena_release(&template.arena);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pdf_save_writes_what_libharu_writes),
        cmocka_unit_test(test_pdf_save_tells_what_libharu_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
