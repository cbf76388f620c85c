/* seal - sealing and person ids of seal.h; the keyring is in keyring.c. */
#include "core/io/seal.h"

#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/digest.h"
#include "core/io/file.h"
#include "core/io/messages.h"

enum { NONCE_SIZE = 12, TAG_SIZE = 16, PERSON_ID_BYTES = 15, HASH_KEY_TEXT_SIZE = 65 };

/* Cipher and context are kept, because making them costs more than sealing a person's data. */
struct sealer {
    EVP_CIPHER *cipher;
    EVP_CIPHER_CTX *sealing;
    EVP_CIPHER_CTX *opening;
    uint8_t opening_key[SEAL_KEY_SIZE]; /* that `opening` is set up for */
    bool is_opening;
    struct random_pool nonces;
};

FALLIBLE sealer_open(struct sealer **ret, struct error *err)
{
    (void)err; /* no operator could do anything about it */
    struct sealer *sealer = calloc(1, sizeof *sealer);
    MEMORY_UNLESS(sealer != NULL);
    sealer->cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    sealer->sealing = EVP_CIPHER_CTX_new();
    sealer->opening = EVP_CIPHER_CTX_new();
    if (sealer->cipher == NULL || sealer->sealing == NULL || sealer->opening == NULL ||
        EVP_EncryptInit_ex2(sealer->sealing, sealer->cipher, NULL, NULL, NULL) != 1 ||
        EVP_DecryptInit_ex2(sealer->opening, sealer->cipher, NULL, NULL, NULL) != 1) {
        BUG("this OpenSSL has no AES-256-GCM");
    }
    *ret = sealer;
    return OK;
}

void sealer_close(struct sealer *sealer)
{
    if (sealer != NULL) {
        EVP_CIPHER_CTX_free(sealer->sealing); /* wipes the key schedule */
        EVP_CIPHER_CTX_free(sealer->opening);
        EVP_CIPHER_free(sealer->cipher);
        memory_wipe(sealer->opening_key, sizeof sealer->opening_key);
        free(sealer);
    }
}

static const uint8_t *data_of(bytes b)
{
    return b.size > 0 ? b.data : (const uint8_t *)"";
}

void seal_to(struct sealer *sealer, const uint8_t key[SEAL_KEY_SIZE], bytes plain, bytes aad,
             uint8_t *out)
{
    EVP_CIPHER_CTX *context = sealer->sealing;
    BUG_UNLESS(plain.size < INT_MAX && aad.size < INT_MAX);
    uint8_t *text = out + NONCE_SIZE;
    int size = 0;
    int rest = 0;
    /* Random nonces: with 96 bits, one key may seal 2^32 texts; a person has a few dozen. */
    random_pool_take(&sealer->nonces, out, NONCE_SIZE);
    if (EVP_EncryptInit_ex2(context, NULL, key, out, NULL) != 1 ||
        EVP_EncryptUpdate(context, NULL, &size, data_of(aad), (int)aad.size) != 1 ||
        EVP_EncryptUpdate(context, text, &size, data_of(plain), (int)plain.size) != 1 ||
        EVP_EncryptFinal_ex(context, text + size, &rest) != 1 ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE, text + plain.size) != 1) {
        BUG("AES-256-GCM refused to seal");
    }
}

bytes seal(struct sealer *sealer, const uint8_t key[SEAL_KEY_SIZE], bytes plain, bytes aad,
           struct arena *arena)
{
    uint8_t *out = arena_new_raw(arena, plain.size + SEAL_OVERHEAD);
    seal_to(sealer, key, plain, aad, out);
    return (bytes){out, plain.size + SEAL_OVERHEAD};
}

FALLIBLE unseal(struct sealer *sealer, const uint8_t key[SEAL_KEY_SIZE], bytes sealed, bytes aad,
                struct arena *arena, bytes *ret, struct error *err)
{
    EVP_CIPHER_CTX *context = sealer->opening;
    int size = 0;
    int rest = 0;
    if (sealed.size < SEAL_OVERHEAD || sealed.size >= INT_MAX || aad.size >= INT_MAX) {
        FAIL(CORRUPT, MESSAGE_SEAL_BROKEN);
    }
    size_t plain_size = sealed.size - SEAL_OVERHEAD;
    const uint8_t *text = sealed.data + NONCE_SIZE;
    uint8_t tag[TAG_SIZE];
    memcpy(tag, text + plain_size, TAG_SIZE);
    uint8_t *out = arena_new_raw(arena, plain_size + 1);
    out[plain_size] = 0;
    bool same_key = sealer->is_opening && memcmp(sealer->opening_key, key, SEAL_KEY_SIZE) == 0;
    if (!same_key) { /* setting up a key takes longer than opening a short text with it */
        memcpy(sealer->opening_key, key, SEAL_KEY_SIZE);
        sealer->is_opening = true;
    }
    if (EVP_DecryptInit_ex2(context, NULL, same_key ? NULL : key, sealed.data, NULL) != 1 ||
        EVP_DecryptUpdate(context, NULL, &size, data_of(aad), (int)aad.size) != 1 ||
        EVP_DecryptUpdate(context, out, &size, text, (int)plain_size) != 1 ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE, tag) != 1) {
        BUG("AES-256-GCM refused to unseal");
    }
    if (EVP_DecryptFinal_ex(context, out + size, &rest) != 1) {
        memory_wipe(out, plain_size); /* not authentic: wipe what was decrypted */
        FAIL(CORRUPT, MESSAGE_SEAL_BROKEN);
    }
    *ret = (bytes){out, plain_size};
    return OK;
}

static void hash_key_path(const char *dir, char out[PATH_MAX])
{
    int size = snprintf(out, PATH_MAX, "%s/hash.key", dir);
    BUG_UNLESS(size > 0 && size < PATH_MAX);
}

FALLIBLE hash_key_make(const char *dir, struct error *err)
{
    char path[PATH_MAX];
    char text[HASH_KEY_TEXT_SIZE + 1];
    struct digest key;
    hash_key_path(dir, path);
    if (file_exists(path)) { /* with another key every person would get another id */
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), ARG_TEXT("why", "exists"));
    }
    random_bytes(key.data, sizeof key.data);
    digest_hex(&key, text);
    text[HASH_KEY_TEXT_SIZE - 1] = '\n';
    outcome result = file_replace(path, bytes_of(text, HASH_KEY_TEXT_SIZE), 0600, err);
    memory_wipe(text, sizeof text);
    memory_wipe(&key, sizeof key);
    return result;
}

FALLIBLE hash_key_load(const char *dir, uint8_t ret[SEAL_KEY_SIZE], struct error *err)
{
    char path[PATH_MAX];
    struct arena arena;
    struct digest key;
    bytes content = {NULL, 0};
    hash_key_path(dir, path);
    arena_init(&arena, 0);
    outcome read = file_read(path, &arena, HASH_KEY_TEXT_SIZE, &content, err);
    bool lacking = !read.ok && err->class == ERROR_RESOURCE;
    bool hidden =
        !read.ok && err->class == ERROR_MISSING && (file_exists(path) || file_is_hidden(path));
    bool good = read.ok && content.size == HASH_KEY_TEXT_SIZE &&
                content.data[content.size - 1] == '\n' &&
                digest_parse_hex((str){(const char *)content.data, content.size - 1}, &key);
    if (content.data != NULL) {
        memory_wipe((void *)(uintptr_t)content.data, content.size);
    }
    arena_release(&arena);
    if (lacking || hidden) { /* no descriptors left, rights, a failing disk: the error says which */
        err->class = lacking ? ERROR_RESOURCE : ERROR_CONFIG;
        return error_trace(err, HERE);
    }
    if (!good) {
        FAIL(CONFIG, MESSAGE_KEY_UNUSABLE, ARG_TEXT("path", path));
    }
    memcpy(ret, key.data, SEAL_KEY_SIZE);
    memory_wipe(&key, sizeof key);
    return OK;
}

void person_id_make(const struct hmac_key *hash_key, str identity_key, char ret[PERSON_ID_SIZE])
{
    struct digest hash = hmac_sha256(hash_key, str_bytes(identity_key));
    base32_format(bytes_of(hash.data, PERSON_ID_BYTES), ret);
}
