/* keys - see keys.h. */
#include "jobs/sample/keys.h"

#include "core/base/date.h"
#include "core/io/authority.h"
#include "core/io/file.h"

enum {
    ROOT_TERM_MONTHS = 240,
    ACTOR_TERM_MONTHS = 120,
};

static FALLIBLE key_make(struct output *output, uint32_t index, str *ret, struct error *err)
{
    str text = arena_format(&output->item, "sample key %u of seed %llu", index,
                            (unsigned long long)output->city->options.seed);
    struct digest seed = digest_sha256(str_bytes(text));
    return authority_key_from_seed(AUTHORITY_KEY_RSA_2048, seed.data, &output->run, ret, err);
}

FALLIBLE keys_make(struct output *output, struct error *err)
{
    int32_t start = output->city->start;
    struct authority_subject root = {AUTHORITY_ROOT, STR("Sample root, trusted by nobody"), STR(""),
                                     date_add_months(start, -12),
                                     date_add_months(start, ROOT_TERM_MONTHS)};
    TRY(key_make(output, 0, &output->root_key, err));
    for (uint32_t i = 0; i < SIGNER_KEYS; i++) {
        TRY(key_make(output, i + 1, &output->keys[i], err));
    }
    return authority_make_root(output->root_key, &root, &output->run, &output->root_certificate,
                               err);
}

/* For single verbs: --signer-cert and --signer-key. */
static FALLIBLE pair_write(struct output *output, str code, str key, str certificate,
                           struct error *err)
{
    const char *key_name = arena_format(&output->item, "trust/%.*s.key", STR_ARGS(code)).data;
    const char *name = arena_format(&output->item, "trust/%.*s.pem", STR_ARGS(code)).data;
    TRY(file_write_new(output_path(output, key_name, &output->item), str_bytes(key), 0600, err));
    return file_write_new(output_path(output, name, &output->item), str_bytes(certificate), 0644,
                          err);
}

static FALLIBLE signer_make(struct output *output, uint32_t actor, str code, struct error *err)
{
    const struct city *city = output->city;
    struct authority root = {.key_pem = output->root_key,
                             .certificate_pem = output->root_certificate};
    str key = output->keys[actor % SIGNER_KEYS];
    str certificate = {0};
    bool clerk = actor >= city->enterprises_count;
    struct authority_subject subject = {
        clerk ? AUTHORITY_CLERK : AUTHORITY_ENTERPRISE,
        clerk ? code : city->enterprises[actor].name,
        code,
        date_add_months(city->start, -1),
        date_add_months(city->start, ACTOR_TERM_MONTHS),
    };
    TRY(authority_issue(&root, key, &subject, &output->item, &certificate, err));
    TRY(pair_write(output, code, key, certificate, err));
    return signer_from_pem(code, key, certificate, STR(""), &output->signers[actor], err);
}

FALLIBLE keys_sign(struct output *output, uint32_t actor, str code, bytes content, bytes *ret,
                   struct error *err)
{
    if (output->signers[actor] == NULL) {
        TRY(signer_make(output, actor, code, err));
    }
    return signer_detached(output->signers[actor], content, &output->item, ret, err);
}
