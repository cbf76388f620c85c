/* test_pdf_reader - a document is read back whole, and nothing else is: every bit counts. */
#include "core/io/pdf_reader.h"

#include <string.h>

#include "core/io/authority.h"
#include "core/io/image.h"
#include "core/io/messages.h"
#include "core/io/pdf.h"
#include "tests/support/specimen.h"
#include "tests/support/test.h"

enum { SIGNATURE_SIZE = 300 };

#define PROOF "c2sp.org/tlog-proof@v1\nextra aGVsbG8=\nindex 6\n\nlog<&>\n"

struct fixture {
    struct arena arena;
    struct pdf_document document;
    bytes file;
};

static int setup(void **state)
{
    static const uint8_t cms[] = {0x30, 3, 2, 1, 7};
    const struct pdf_options options = {.signature_size = SIGNATURE_SIZE};
    struct fixture *f = test_calloc(1, sizeof *f);
    struct pdf_printer *printer = NULL;
    struct error error;
    bytes photo = {0};
    struct pdf_entry entry = {.origin = STR("log.example"), .event = 7, .proof = STR(PROOF)};
    arena_init(&f->arena, 0);
    *state = f;
    if (!pdf_open(&options, &printer, &error).ok) { /* no fonts: every test skips */
        assert_int_equal(error.code, MESSAGE_FONT_UNUSABLE);
        return 0;
    }
    assert_true(image_paint_portrait(1, &f->arena, &photo, &error).ok);
    struct digest digest = digest_sha256(photo);
    const struct specimen specimen = {.number = 1, .photo_sha256 = digest_bytes(&digest)};
    struct page page = specimen_certificate(&specimen, &f->arena);
    entry.leaf = digest_leaf(str_bytes(STR("hello")));
    assert_true(pdf_draw(printer, &page, photo, &entry, &f->arena, &f->document, &error).ok);
    assert_true(pdf_sign(&f->document, bytes_of(cms, sizeof cms), &error).ok);
    f->file = (bytes){f->document.data, f->document.size};
    pdf_close(printer);
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    arena_release(&f->arena);
    test_free(f);
    return 0;
}

static struct fixture *with_document(void **state)
{
    struct fixture *f = *state;
    if (f->document.size == 0) {
        print_message("a font of the default chain is not installed\n");
        skip();
    }
    return f;
}

static void test_pdf_read_gives_back_what_was_written(void **state)
{
    struct fixture *f = with_document(state);
    struct pdf_reading reading;
    struct error error;
    assert_true(pdf_read(f->file, &f->arena, &reading, &error).ok);
    assert_memory_equal(reading.pdf_sha256.data, f->document.pdf_sha256, PDF_DIGEST_SIZE);
    assert_memory_equal(reading.unsigned_sha256.data, f->document.unsigned_sha256, PDF_DIGEST_SIZE);
    struct digest ranges = digest_sha256(reading.signed_bytes);
    assert_memory_equal(ranges.data, f->document.signed_sha256, PDF_DIGEST_SIZE);
    assert_true(bytes_equal(reading.cms, bytes_of("\x30\3\2\1\7", 5)));
    assert_true(str_equal(reading.facts.number, STR("沪建安B(2018)0000001")));
    assert_true(str_starts_with(reading.facts.identifier, STR("1.2.156.3005.2.")));
    assert_true(str_equal(reading.facts.origin, STR("log.example")));
    assert_true(str_equal(reading.facts.proof, STR(PROOF)));
    assert_int_equal(reading.facts.event, 7);
    struct digest leaf = digest_leaf(str_bytes(STR("hello")));
    assert_true(digest_equal(&reading.facts.leaf, &leaf));
    assert_true(reading.shows_code);
}

/* Is it refused, or read with another digest of what is signed? */
static bool is_noticed(struct fixture *f, bytes file, const struct digest *signed_sha256)
{
    struct arena arena;
    struct pdf_reading reading;
    struct error error;
    arena_init(&arena, 0);
    bool read = pdf_read(file, &arena, &reading, &error).ok;
    if (read) {
        struct digest ranges = digest_sha256(reading.signed_bytes);
        read = digest_equal(&ranges, signed_sha256) &&
               bytes_equal(reading.cms, bytes_of("\x30\3\2\1\7", 5));
    } else {
        assert_true(error.code == MESSAGE_PDF_FOREIGN || error.code == MESSAGE_PDF_ALTERED);
        assert_int_equal(error.class,
                         error.code == MESSAGE_PDF_FOREIGN ? ERROR_MALFORMED : ERROR_CORRUPT);
    }
    arena_release(&arena);
    (void)f;
    return !read;
}

static void test_pdf_read_notices_every_kind_of_change(void **state)
{
    struct fixture *f = with_document(state);
    struct digest signed_sha256;
    size_t size = f->file.size;
    uint8_t *copy = arena_new(&f->arena, size + 64);
    memcpy(signed_sha256.data, f->document.signed_sha256, PDF_DIGEST_SIZE);
    for (size_t at = 0; at < size; at += at < 2000 || at > size - 5000 ? 7 : 97) { /* one bit */
        memcpy(copy, f->file.data, size);
        copy[at] ^= (uint8_t)(1 << at % 8);
        assert_true(is_noticed(f, (bytes){copy, size}, &signed_sha256));
    }
    for (size_t shorter = 0; shorter < size; shorter += shorter < 40 ? 1 : 1999) { /* cut off */
        assert_true(is_noticed(f, (bytes){f->file.data, shorter}, &signed_sha256));
    }
    memcpy(copy, f->file.data, size); /* an update, as other programs append them */
    memcpy(copy + size, "9 0 obj\n<<>>\nendobj\nstartxref\n15\n%%EOF\n", 40);
    for (size_t more = 1; more <= 40; more++) {
        assert_true(is_noticed(f, (bytes){copy, size + more}, &signed_sha256));
    }
    assert_false(is_noticed(f, f->file, &signed_sha256));
}

static void test_pdf_read_refuses_strangers(void **state)
{
    struct fixture *f = *state;
    struct pdf_reading reading;
    struct error error;
    static const char *const strangers[] = {"", "%PDF-1.4\n", "\177ELF", "%PDF-1.4\n1 0 obj\n"};
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        bytes file = str_bytes(str_of(strangers[i]));
        assert_false(pdf_read(file, &f->arena, &reading, &error).ok);
        assert_int_equal(error.code, MESSAGE_PDF_FOREIGN);
    }
}

static void test_pdf_signature_room_is_what_the_file_keeps(void **state)
{
    struct fixture *f = with_document(state);
    char text[] = "x\n/ByteRange [0 4 99 7]";
    assert_int_equal(pdf_signature_room(f->file), SIGNATURE_SIZE);
    assert_int_equal(pdf_signature_room(bytes_of(f->file.data, f->document.contents_at)), 0);
    assert_int_equal(pdf_signature_room((bytes){0}), 0);
    assert_int_equal(pdf_signature_room(str_bytes(str_of(text))), 0); /* beyond its end */
    memcpy(text, "x\n/ByteRange [0 99 4 7]", sizeof text - 1);
    assert_int_equal(pdf_signature_room(str_bytes(str_of(text))), 0);
    memcpy(text, "x\n/ByteRange [0 4 14 7]", sizeof text - 1);
    assert_int_equal(pdf_signature_room(str_bytes(str_of(text))), 4);
}

static void test_pdf_metadata_read_wants_each_word_once(void **state)
{
    struct fixture *f = *state;
    struct pdf_facts facts;
    static const char whole[] = "<anz:number>n&amp;1</anz:number><dc:identifier>i</dc:identifier>"
                                "<xmp:CreateDate>2026-11-26T01:02:03+08:00</xmp:CreateDate>";
    static const char *const bad[] = {
        "<anz:number>2</anz:number>",
        "</anz:number>",
        "<anz:proof>p</anz:proof>",
        "<anz:entry>o</anz:entry>",
        "<anz:entry>o 3</anz:entry>",
        "<anz:entry>o 3 QUJD</anz:entry>",
        "<anz:code><b></anz:code>",
        "<anz:code>&nbsp;</anz:code>",
        "<anz:entry>o 0 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</anz:entry>",
        "<anz:entry>o 7 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA</anz:entry>",
    };
    assert_true(pdf_metadata_read(str_of(whole), &f->arena, &facts));
    assert_true(str_equal(facts.number, STR("n&1")));
    assert_int_equal(facts.event, 0);
    str with = arena_format(&f->arena,
                            "%s<anz:entry>o 7 "
                            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</anz:entry>",
                            whole);
    assert_true(pdf_metadata_read(with, &f->arena, &facts));
    assert_int_equal(facts.event, 7);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        str text = arena_format(&f->arena, "%s%s", whole, bad[i]);
        assert_false(pdf_metadata_read(text, &f->arena, &facts));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pdf_read_gives_back_what_was_written),
        cmocka_unit_test(test_pdf_read_notices_every_kind_of_change),
        cmocka_unit_test(test_pdf_read_refuses_strangers),
        cmocka_unit_test(test_pdf_signature_room_is_what_the_file_keeps),
        cmocka_unit_test(test_pdf_metadata_read_wants_each_word_once),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
