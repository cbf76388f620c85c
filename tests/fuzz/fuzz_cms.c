/* fuzz_cms - any bytes as a signature, a revocation list, a certificate and a root: read or
 * refused, and never more than one kind of answer. */
#include <stdint.h>
#include <string.h>

#include "core/io/authority.h"
#include "core/io/cms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FROM = 18000, TODAY = 19000, UNTIL = 21000 };

/* The root of the signature in the corpus. Made once. */
static bytes trusted_root(void)
{
    static struct arena arena;
    static bytes root;
    if (root.data == NULL) {
        const uint8_t seed[32] = {7};
        struct authority_subject subject = {AUTHORITY_ROOT, STR("Root"), STR(""), FROM, UNTIL};
        struct cms_signer facts;
        struct error err;
        str key, pem;
        arena_init(&arena, 0);
        BUG_UNLESS(authority_key_from_seed(AUTHORITY_KEY_P256, seed, &arena, &key, &err).ok);
        BUG_UNLESS(authority_make_root(key, &subject, &arena, &pem, &err).ok);
        BUG_UNLESS(trust_root_read(STR("r"), str_bytes(pem), &arena, &root, &facts, &err).ok);
    }
    return root;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct error err;
    struct cms_signer signer;
    bytes root = trusted_root();
    bytes input = bytes_of(data, size);
    bytes der = {0};
    arena_init(&arena, 0);
    struct trust trust = {.roots = &root, .roots_count = 1};
    bytes content = str_bytes(STR("text"));
    if (!cms_verify_detached(input, content, &trust, TODAY, &arena, &signer, &err).ok) {
        BUG_UNLESS(err.class == ERROR_SIGNATURE);
        trust.revocation_lists = &input;
        trust.revocation_lists_count = 1;
        BUG_UNLESS(!cms_verify_detached(input, content, &trust, TODAY, &arena, &signer, &err).ok);
        BUG_UNLESS(err.class == ERROR_SIGNATURE || err.class == ERROR_CONFIG);
    }
    if (!cms_certificate_read(STR("c"), input, &arena, &signer, &err).ok) {
        BUG_UNLESS(err.class == ERROR_CONFIG);
    }
    struct cms_signer told;
    str pem;
    if (!cms_signer_certificate(input, &arena, &told, &pem, &err).ok) {
        BUG_UNLESS(err.class == ERROR_SIGNATURE);
    } else if (cms_verify_detached(input, content, &trust, TODAY, &arena, &signer, &err).ok) {
        BUG_UNLESS(memcmp(told.certificate_sha256, signer.certificate_sha256, 32) == 0);
    }
    if (!revocation_list_read(STR("l"), input, &arena, &der, &err).ok) {
        BUG_UNLESS(err.class == ERROR_CONFIG);
    }
    if (!trust_root_read(STR("r"), input, &arena, &der, &signer, &err).ok) {
        BUG_UNLESS(err.class == ERROR_CONFIG);
    }
    arena_release(&arena);
    return 0;
}
