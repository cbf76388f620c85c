/* test_pdf - drawing pages: the same bytes every time, nothing lost in silence, a file that other
 * programs read (qpdf, pdftotext, where they are installed). */
#include "core/io/pdf.h"

#include <hpdf.h>
#include <hpdf_utils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io/image.h"
#include "core/io/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/specimen.h"
#include "tests/support/test.h"

enum { SIGNATURE_SIZE = 300 };

struct fixture {
    struct scratch scratch;
    struct arena arena;
    struct pdf_printer *printer;
    bytes photo;
    struct digest digest;
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    struct error error;
    const struct pdf_options options = {.signature_size = SIGNATURE_SIZE};
    arena_init(&f->arena, 0);
    scratch_open(&f->scratch);
    if (!pdf_open(&options, &f->printer, &error).ok) { /* no fonts: every test skips */
        assert_int_equal(error.code, MESSAGE_FONT_UNUSABLE);
    }
    assert_true(image_paint_portrait(1, &f->arena, &f->photo, &error).ok);
    f->digest = digest_sha256(f->photo);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    pdf_close(f->printer);
    scratch_close(&f->scratch);
    arena_release(&f->arena);
    test_free(f);
    return 0;
}

static struct fixture *with_printer(void **state)
{
    struct fixture *f = *state;
    if (f->printer == NULL) {
        print_message("a font of the default chain is not installed\n");
        skip();
    }
    return f;
}

static struct page named(struct fixture *f, const char *name)
{
    const struct specimen specimen = {
        .name = name, .number = 1, .photo_sha256 = digest_bytes(&f->digest)};
    return specimen_certificate(&specimen, &f->arena);
}

static struct pdf_document draw(struct fixture *f, const struct page *page, bytes photo)
{
    struct pdf_document document;
    struct error error;
    assert_true(pdf_draw(f->printer, page, photo, NULL, &f->arena, &document, &error).ok);
    return document;
}

static bool holds(struct pdf_document document, const char *text)
{
    return memmem(document.data, document.size, text, strlen(text)) != NULL;
}

static void test_pdf_draw_gives_the_same_bytes(void **state)
{
    struct fixture *f = with_printer(state);
    struct page page = named(f, "张三"), rare = named(f, "𠮷䶮堃");
    struct pdf_document first = draw(f, &page, f->photo);
    struct pdf_document other = draw(f, &rare, f->photo);
    struct pdf_document again = draw(f, &page, f->photo);
    assert_int_equal(first.size, again.size);
    assert_memory_equal(first.data, again.data, first.size);
    assert_memory_not_equal(first.pdf_sha256, other.pdf_sha256, PDF_DIGEST_SIZE);
    assert_string_equal(first.template_id, other.template_id);
    struct pdf_printer *kept = f->printer; /* a fresh process gives the same file too */
    const struct pdf_options options = {.signature_size = SIGNATURE_SIZE};
    struct error error;
    assert_true(pdf_open(&options, &f->printer, &error).ok);
    struct pdf_document rare_first = draw(f, &rare, f->photo); /* in whatever order */
    struct pdf_document fresh = draw(f, &page, f->photo);
    pdf_close(kept);
    assert_int_equal(other.size, rare_first.size);
    assert_memory_equal(other.data, rare_first.data, other.size);
    assert_int_equal(first.size, fresh.size);
    assert_memory_equal(first.data, fresh.data, first.size);
}

static void test_pdf_draw_digests_are_those_of_the_bytes(void **state)
{
    struct fixture *f = with_printer(state);
    struct error error;
    for (int i = 0; i < 3; i++) { /* the beginning's digest taken and known */
        struct page page = named(f, i == 2 ? "𠮷" : "张三");
        struct pdf_document document = draw(f, &page, f->photo);
        bytes whole = {document.data, document.size};
        struct digest digest = digest_sha256(whole);
        assert_memory_equal(digest.data, document.unsigned_sha256, PDF_DIGEST_SIZE);
        size_t open = document.contents_at - 1;
        size_t behind = document.contents_at + document.contents_size + 1;
        uint8_t *ranges = arena_new(&f->arena, document.size);
        memcpy(ranges, document.data, open);
        memcpy(ranges + open, document.data + behind, document.size - behind);
        digest = digest_sha256((bytes){ranges, open + document.size - behind});
        assert_memory_equal(digest.data, document.signed_sha256, PDF_DIGEST_SIZE);
        assert_true(pdf_sign(&document, bytes_of("\x30\x03", 2), &error).ok);
        digest = digest_sha256(whole);
        assert_memory_equal(digest.data, document.pdf_sha256, PDF_DIGEST_SIZE);
        assert_memory_equal(document.data + document.contents_at, "300300", 6);
    }
}

static size_t occurrences(struct pdf_document document, const char *text)
{
    size_t count = 0, size = strlen(text);
    for (size_t at = 0; at + size <= document.size; at++) {
        count += memcmp(document.data + at, text, size) == 0;
    }
    return count;
}

static void test_pdf_draw_gives_every_sheet_a_page(void **state)
{
    struct fixture *f = with_printer(state);
    struct page one = specimen_departure(2, &f->arena), three = specimen_departure(60, &f->arena);
    struct pdf_document first = draw(f, &three, (bytes){0});
    struct pdf_document single = draw(f, &one, (bytes){0});
    struct pdf_document again = draw(f, &three, (bytes){0});
    assert_int_equal(occurrences(first, "/Type /Page\n"), 3);
    assert_int_equal(occurrences(single, "/Type /Page\n"), 1);
    assert_int_equal(occurrences(first, "/Type /Sig\n"), 1); /* one signature for all of them */
    assert_int_equal(first.size, again.size);
    assert_memory_equal(first.data, again.data, first.size);
    struct digest digest = digest_sha256((bytes){again.data, again.size});
    assert_memory_equal(digest.data, again.unsigned_sha256, PDF_DIGEST_SIZE);
}

static void test_pdf_draw_has_what_an_archive_wants(void **state)
{
    struct fixture *f = with_printer(state);
    struct page page = named(f, "张三");
    struct pdf_document document = draw(f, &page, f->photo);
    assert_memory_equal(document.data, "%PDF-1.4\n", 9);
    assert_true(holds(document, "<pdfaid:part>1</pdfaid:part>"));
    assert_true(holds(document, "/GTS_PDFA1"));
    assert_true(holds(document, "/CIDSet"));
    assert_true(holds(document, "/ID [ <"));
    assert_true(holds(document, "<anz:number>沪建安B(2018)0000001</anz:number>"));
    assert_true(holds(document, "<dc:identifier>1.2.156.3005.2."));
    assert_true(holds(document, "/SubFilter /ETSI.CAdES.detached"));
    assert_false(holds(document, "/Encrypt"));
}

/* What libharu counts on: all bytes, nothing beyond, and the end as the answer. */
static void test_pdf_memory_does_what_libharu_does(void **state)
{
    uint8_t from[40], to[40];
    (void)state;
    for (HPDF_UINT size = 0; size < 32; size++) {
        for (size_t i = 0; i < sizeof from; i++) {
            from[i] = (uint8_t)(i + size);
            to[i] = 0xee;
        }
        assert_ptr_equal(HPDF_MemCpy(to, from, size), to + size);
        assert_memory_equal(to, from, size);
        assert_int_equal(to[size], 0xee);
        assert_ptr_equal(HPDF_MemSet(to, 7, size), to + size);
        for (HPDF_UINT i = 0; i < size; i++) {
            assert_int_equal(to[i], 7);
        }
        assert_int_equal(to[size], 0xee);
    }
    char text[8];
    for (int room = 0; room < 8; room++) { /* the last byte is for the NUL */
        memset(text, 'x', sizeof text);
        HPDF_BYTE *end = HPDF_StrCpy(text, "abcd", text + room);
        assert_ptr_equal(end, text + (room < 4 ? room : 4));
        assert_memory_equal(text, "abcd", (size_t)((char *)end - text));
        assert_int_equal(*end, 0);
        assert_int_equal(HPDF_StrLen("abcd", room), room < 4 ? room : 4);
    }
    assert_ptr_equal(HPDF_StrCpy(text, NULL, text + 4), text);
    assert_int_equal(text[0], 0);
    assert_int_equal(HPDF_StrLen("abcd", -1), 4);
    assert_int_equal(HPDF_StrLen(NULL, -1), 0);
}

static void test_pdf_draw_refuses_a_missing_glyph(void **state)
{
    struct fixture *f = with_printer(state);
    struct error error;
    struct page page = named(f, "张\xf3\xa0\x80\x81三");
    struct pdf_document document = {.size = 5};
    assert_false(pdf_draw(f->printer, &page, f->photo, NULL, &f->arena, &document, &error).ok);
    assert_int_equal(error.class, ERROR_INVALID);
    assert_int_equal(error.code, MESSAGE_GLYPH_MISSING);
    assert_string_equal(error.args[0].text, "U+E0001");
    assert_int_equal(document.size, 5);
    page = named(f, "张三"); /* and the printer goes on */
    (void)draw(f, &page, f->photo);
}

/* Text in the layer: `head`, then characters from U+4E00 on, `count` of them. */
static void add_characters(struct fixture *f, struct page *page, enum page_layer layer, str head,
                           int count)
{
    enum { LINE = 100 };
    struct page_item *item = page_add(page, PAGE_TEXT, layer, &f->arena);
    item->text = head;
    item->size_um = 3000;
    for (int i = 0; i < count; i += LINE) {
        char *text = arena_new(&f->arena, 3 * LINE);
        int size = 0;
        for (int k = i; k < i + LINE && k < count; k++) {
            size += (int)utf8_encode(0x4e00 + (uint32_t)k, text + size); /* three bytes each */
        }
        item = page_add(page, PAGE_TEXT, layer, &f->arena);
        item->text = (str){text, (size_t)size};
        item->size_um = 3000;
    }
}

static void refuses_characters(struct fixture *f, enum page_layer layer, str head, int count)
{
    struct error error;
    struct page page = named(f, "张三");
    struct pdf_document document = {.size = 5};
    add_characters(f, &page, layer, head, count);
    assert_false(pdf_draw(f->printer, &page, f->photo, NULL, &f->arena, &document, &error).ok);
    assert_int_equal(error.class, ERROR_INVALID);
    assert_int_equal(error.code, MESSAGE_PAGE_CHARACTERS);
    assert_int_equal(document.size, 5);
    page = named(f, "张三"); /* and the printer goes on */
    (void)draw(f, &page, f->photo);
}

/* A font in a document holds so many glyphs and no more, whoever asks for them. */
static void test_pdf_draw_refuses_more_characters_than_a_font_holds(void **state)
{
    struct fixture *f = with_printer(state);
    refuses_characters(f, PAGE_STATIC, STR("张"), 2200);
    refuses_characters(f, PAGE_VARIABLE, STR("张"), 2200);
}

/* There is room for these characters, and not for the accents that they are put together with. */
static void test_pdf_draw_refuses_parts_without_room(void **state)
{
    static const int count = 2105;
    const str accented = STR("ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüý");
    struct fixture *f = with_printer(state);
    struct page page = named(f, "张三");
    add_characters(f, &page, PAGE_VARIABLE, STR("张"), count + 53);
    (void)draw(f, &page, f->photo);
    refuses_characters(f, PAGE_VARIABLE, accented, count);
}

static void test_pdf_draw_refuses_bad_photos(void **state)
{
    struct fixture *f = with_printer(state);
    struct error error;
    struct page page = named(f, "张三");
    struct pdf_document document;
    bytes half = {f->photo.data, f->photo.size / 2}, none = {NULL, 0};
    assert_false(pdf_draw(f->printer, &page, half, NULL, &f->arena, &document, &error).ok);
    assert_int_equal(error.code, MESSAGE_PHOTO_INVALID);
    assert_false(pdf_draw(f->printer, &page, none, NULL, &f->arena, &document, &error).ok);
    assert_int_equal(error.code, MESSAGE_PHOTO_MISSING);
    (void)draw(f, &page, f->photo); /* and the printer goes on */
}

static void test_pdf_sign_refuses_what_does_not_fit(void **state)
{
    struct fixture *f = with_printer(state);
    struct error error;
    struct page page = named(f, "张三");
    struct pdf_document document = draw(f, &page, f->photo);
    uint8_t cms[SIGNATURE_SIZE + 1] = {0x30};
    assert_false(pdf_sign(&document, bytes_of(cms, sizeof cms), &error).ok);
    assert_int_equal(error.code, MESSAGE_SIGNATURE_TOO_LARGE);
    assert_true(pdf_sign(&document, bytes_of(cms, SIGNATURE_SIZE), &error).ok);
}

/* Exit status and output of a program on the file "a.pdf" of the scratch directory. */
static int run(struct fixture *f, const char *program, const char *redirection, str *ret_output)
{
    const char *out = scratch_path(&f->scratch, "out.txt");
    str command = arena_format(&f->arena, "%s %s %s %s", program,
                               scratch_path(&f->scratch, "a.pdf"), redirection, out);
    int status = system(command.data);
    bytes output = scratch_read(&f->scratch, out);
    *ret_output = (str){(const char *)output.data, output.size};
    return status;
}

static void test_pdf_draw_is_read_by_other_programs(void **state)
{
    struct fixture *f = with_printer(state);
    if (access("/usr/bin/qpdf", X_OK) != 0 || access("/usr/bin/pdftotext", X_OK) != 0) {
        print_message("qpdf or pdftotext is not installed\n");
        skip();
    }
    static const char *const names[] = {"张三", "𠮷䶮堃𪚥𫍯𫟼㛃犇·喆𬱒𮯠"};
    str output;
    for (size_t i = 0; i < 2; i++) {
        struct page page = named(f, names[i]);
        struct pdf_document document = draw(f, &page, f->photo);
        (void)scratch_write(&f->scratch, "a.pdf", document.data, document.size); /* its path */
        assert_int_equal(run(f, "qpdf --check", ">", &output), 0);
        assert_non_null(memmem(output.data, output.size, "No syntax or stream", 19));
        assert_int_equal(run(f, "pdftotext", "", &output), 0);
        assert_non_null(memmem(output.data, output.size, names[i], strlen(names[i])));
        assert_non_null(memmem(output.data, output.size, "上海示范建筑工程有限公司", 36));
        assert_non_null(memmem(output.data, output.size, "安全生产考核合格证书", 30));
        assert_null(memmem(output.data, output.size, "不在这里", 12));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_pdf_draw_gives_the_same_bytes),
        TEST(test_pdf_draw_digests_are_those_of_the_bytes),
        TEST(test_pdf_draw_gives_every_sheet_a_page),
        TEST(test_pdf_draw_has_what_an_archive_wants),
        TEST(test_pdf_memory_does_what_libharu_does),
        TEST(test_pdf_draw_refuses_a_missing_glyph),
        TEST(test_pdf_draw_refuses_more_characters_than_a_font_holds),
        TEST(test_pdf_draw_refuses_parts_without_room),
        TEST(test_pdf_draw_refuses_bad_photos),
        TEST(test_pdf_sign_refuses_what_does_not_fit),
        TEST(test_pdf_draw_is_read_by_other_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
