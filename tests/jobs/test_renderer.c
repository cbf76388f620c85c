/* test_renderer - page, photo and signer to signed bytes; the signature is checked
 * by foreign programs in the acceptance tests. */
#include "jobs/engine/renderer.h"

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
        TEST(test_renderer_draw_without_signer_has_no_field),
        TEST(test_renderer_draw_refuses_another_photo),
        TEST(test_renderer_template_id_differs_between_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
