/* test_renderer - page, photo and signer to signed bytes; the signature is checked
 * by foreign programs in the acceptance tests. */
#include "jobs/engine/rendering/renderer.h"

#include <string.h>

#include "core/base/date.h"
#include "core/io/authority.h"
#include "core/io/image.h"
#include "core/io/messages.h"
#include "core/io/sign.h"
#include "tests/support/specimen.h"
#include "tests/support/test.h"

struct fixture {
    struct arena arena;
    struct signer *signer;
    struct renderer *renderer;
    bytes photo;
    struct digest digest;
};

static struct signer *make_signer(struct arena *arena)
{
    static const uint8_t seeds[2][32] = {{1}, {2}};
    struct error error;
    struct authority root;
    struct signer *signer = NULL;
    str key, certificate;
    struct authority_subject subject = {.purpose = AUTHORITY_ROOT,
                                        .name = STR("示范根证书"),
                                        .valid_from = 18000,
                                        .valid_until = 25000};
    assert_true(
        authority_key_from_seed(AUTHORITY_KEY_RSA_2048, seeds[0], arena, &root.key_pem, &error).ok);
    assert_true(
        authority_make_root(root.key_pem, &subject, arena, &root.certificate_pem, &error).ok);
    assert_true(authority_key_from_seed(AUTHORITY_KEY_RSA_2048, seeds[1], arena, &key, &error).ok);
    subject.purpose = AUTHORITY_DOCUMENT;
    subject.code = STR("11310000TEX000010W");
    assert_true(authority_issue(&root, key, &subject, arena, &certificate, &error).ok);
    assert_true(
        signer_from_pem(STR("test"), key, certificate, root.certificate_pem, &signer, &error).ok);
    return signer;
}

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    struct error error;
    arena_init(&f->arena, 0);
    f->signer = make_signer(&f->arena);
    const struct renderer_options options = {.signer = f->signer};
    if (!renderer_open(&options, &f->renderer, &error).ok) { /* no fonts: every test skips */
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
    renderer_close(f->renderer);
    signer_close(f->signer);
    arena_release(&f->arena);
    test_free(f);
    return 0;
}

static struct fixture *with_renderer(void **state)
{
    struct fixture *f = *state;
    if (f->renderer == NULL) {
        print_message("a font of the default chain is not installed\n");
        skip();
    }
    return f;
}

static struct page certificate(struct fixture *f, int number)
{
    const struct specimen specimen = {.number = number, .photo_sha256 = digest_bytes(&f->digest)};
    return specimen_certificate(&specimen, &f->arena);
}

static void test_renderer_draw_signs_reproducibly(void **state)
{
    struct fixture *f = with_renderer(state);
    struct error error;
    struct page page = certificate(f, 1);
    struct rendering first, again;
    assert_true(renderer_draw(f->renderer, &page, f->photo, NULL, &f->arena, &first, &error).ok);
    assert_true(renderer_draw(f->renderer, &page, f->photo, NULL, &f->arena, &again, &error).ok);
    assert_true(bytes_equal(first.pdf, again.pdf)); /* RSA PKCS#1 v1.5 is deterministic */
    struct digest digest = digest_sha256(first.pdf);
    assert_memory_equal(first.pdf_sha256, digest.data, PDF_DIGEST_SIZE);
    digest = digest_sha256(page_bytes(&page, &f->arena));
    assert_memory_equal(first.page_sha256, digest.data, PDF_DIGEST_SIZE);
    assert_memory_not_equal(first.unsigned_sha256, first.pdf_sha256, PDF_DIGEST_SIZE);
    assert_true(first.pdf.size <= 64 * 1024);
    assert_true(str_equal(first.template_id, renderer_template_id(f->renderer, &page, &f->arena)));
    assert_non_null(memmem(first.pdf.data, first.pdf.size, "/Contents <3082", 15));
}

/* Characters of which no two are alike, from `first` on, `step` apart. */
static const char *characters(struct fixture *f, uint32_t first, uint32_t step, int count)
{
    char *text = arena_new(&f->arena, (size_t)count * 4 + 1);
    size_t at = 0;
    for (int i = 0; i < count; i++) {
        uint32_t c = first + step * (uint32_t)i;
        if (c >= 0x10000) {
            text[at++] = (char)(0xf0 | c >> 18);
            text[at++] = (char)(0x80 | (c >> 12 & 0x3f));
        } else {
            text[at++] = (char)(0xe0 | c >> 12);
        }
        text[at++] = (char)(0x80 | (c >> 6 & 0x3f));
        text[at++] = (char)(0x80 | (c & 0x3f));
    }
    return text;
}

/* Names as persons and enterprises have them stay below 64 KB, the rarest characters of three fonts
 * too; a transliteration of 50 characters at an enterprise of 50 needs half a kilobyte more when
 * the log has millions of events. Texts that nobody bears, all of characters that no other document
 * has, need the room that their outlines need: nothing is left out. */
static void test_renderer_draw_stays_below_64_kb(void **state)
{
    enum { KB = 1024, LONG = 50, ENTERPRISE = 60 };
    struct fixture *f = with_renderer(state);
    const char *long_enterprise =
        "上海丙示范国际建筑装饰装修与机电设备安装及市政公用基础设施工程技术发展（集团）股份有限公司"
        "第一分公司";
    const char *long_name =
        "阿卜杜热合曼·买买提伊明·依布拉音·吐尔逊·艾合买提·阿不都克里木·玉素甫江·"
        "麦麦提敏·喀迪尔江巴依";
    const struct {
        const char *name, *enterprise;
        size_t most;
    } hard[] = {
        {"龘靐", long_enterprise, 64 * KB},
        {"𠮷㛃䶮犇", long_enterprise, 64 * KB},
        {long_name, NULL, 64 * KB},
        {long_name, long_enterprise, 65 * KB},
        {characters(f, 0x9f90, 1, 8), long_enterprise, 64 * KB},
        {characters(f, 0x29d00, 5, 8), long_enterprise, 64 * KB},
        {characters(f, 0x3500, 5, 16), NULL, 64 * KB},
        {characters(f, 0x9f90, 1, 16), NULL, 64 * KB},
        {characters(f, 0x9f00, 3, LONG), NULL, 80 * KB},
        {characters(f, 0x29d00, 5, LONG), NULL, 80 * KB},
        {characters(f, 0x29d00, 1, 10), characters(f, 0x8a10, 3, ENTERPRISE), 80 * KB},
    };
    char proof[1600]; /* of a log of millions: 23 hashes, a checkpoint, the event */
    memset(proof, 'p', sizeof proof);
    const struct pdf_entry entry = {
        .origin = STR("log.example/anzheng"), .event = 5000000, .proof = {proof, sizeof proof}};
    for (size_t i = 0; i < sizeof hard / sizeof *hard; i++) {
        struct error error;
        struct rendering rendering;
        const struct specimen specimen = {.number = 1,
                                          .name = hard[i].name,
                                          .enterprise = hard[i].enterprise,
                                          .photo_sha256 = digest_bytes(&f->digest)};
        struct page page = specimen_certificate(&specimen, &f->arena);
        assert_true(
            renderer_draw(f->renderer, &page, f->photo, &entry, &f->arena, &rendering, &error).ok);
        assert_in_range(rendering.pdf.size, 1, hard[i].most);
    }
}

/* The photo with its first table of quantities as often as makes it so large. */
static bytes larger_photo(struct fixture *f, size_t size)
{
    const uint8_t *table = memmem(f->photo.data, f->photo.size, "\xff\xdb", 2);
    assert_non_null(table);
    size_t piece = (size_t)(table[2] << 8 | table[3]) + 2, before = (size_t)(table - f->photo.data);
    uint8_t *data = arena_new(&f->arena, size + piece);
    size_t used = before;
    memcpy(data, f->photo.data, before);
    for (; used + f->photo.size - before < size; used += piece) {
        memcpy(data + used, table, piece);
    }
    memcpy(data + used, table, f->photo.size - before);
    return (bytes){data, used + f->photo.size - before};
}

/* Few own outlines are stored as they are, but not where a document is beyond 64 KB for it. */
static void test_renderer_draw_packs_what_would_be_a_little_too_large(void **state)
{
    struct fixture *f = with_renderer(state);
    const struct pdf_entry entry = {.origin = STR("log.example/anzheng"), .event = 5000000};
    for (size_t kb = 18; kb <= 21; kb++) {
        struct error error;
        struct rendering rendering;
        bytes photo = larger_photo(f, kb * 1024);
        struct digest digest = digest_sha256(photo);
        const struct specimen specimen = {.number = 1,
                                          .name = characters(f, 0x9f90, 1, 6),
                                          .photo_sha256 = digest_bytes(&digest)};
        struct page page = specimen_certificate(&specimen, &f->arena);
        assert_true(
            renderer_draw(f->renderer, &page, photo, &entry, &f->arena, &rendering, &error).ok);
        assert_in_range(rendering.pdf.size, photo.size + 42 * 1024, 64 * 1024);
    }
}

static void test_renderer_draw_without_signer_has_no_field(void **state)
{
    struct fixture *f = with_renderer(state);
    struct error error;
    struct renderer *plain = NULL;
    const struct renderer_options options = {.signer = NULL};
    struct page page = specimen_cancellation("", &f->arena);
    struct rendering rendering;
    assert_true(renderer_open(&options, &plain, &error).ok);
    assert_true(
        renderer_draw(plain, &page, (bytes){NULL, 0}, NULL, &f->arena, &rendering, &error).ok);
    assert_null(memmem(rendering.pdf.data, rendering.pdf.size, "/ByteRange", 10));
    assert_memory_equal(rendering.unsigned_sha256, rendering.pdf_sha256, PDF_DIGEST_SIZE);
    renderer_close(plain);
}

static void test_renderer_draw_refuses_another_photo(void **state)
{
    struct fixture *f = with_renderer(state);
    struct error error;
    struct page page = certificate(f, 1);
    struct rendering rendering;
    bytes other;
    assert_true(image_paint_portrait(2, &f->arena, &other, &error).ok);
    assert_false(renderer_draw(f->renderer, &page, other, NULL, &f->arena, &rendering, &error).ok);
    assert_int_equal(error.code, MESSAGE_PHOTO_MISSING);
    assert_true(
        renderer_draw(f->renderer, &page, f->photo, NULL, &f->arena, &rendering, &error).ok);
}

static void test_renderer_template_id_differs_between_kinds(void **state)
{
    struct fixture *f = with_renderer(state);
    struct page one = certificate(f, 1), other = certificate(f, 2);
    struct page proof = specimen_cancellation("", &f->arena);
    str id = renderer_template_id(f->renderer, &one, &f->arena);
    assert_int_equal(id.size, 16);
    assert_true(str_equal(id, renderer_template_id(f->renderer, &other, &f->arena)));
    assert_false(str_equal(id, renderer_template_id(f->renderer, &proof, &f->arena)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_renderer_draw_signs_reproducibly),
        TEST(test_renderer_draw_stays_below_64_kb),
        TEST(test_renderer_draw_packs_what_would_be_a_little_too_large),
        TEST(test_renderer_draw_without_signer_has_no_field),
        TEST(test_renderer_draw_refuses_another_photo),
        TEST(test_renderer_template_id_differs_between_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
