/* note - see note.h. */
#include "core/io/note.h"

#include <inttypes.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/file.h"
#include "core/io/key.h"
#include "core/io/messages.h"

enum {
    KEY_ID_SIZE = 4,
    SIGNATURE_SIZE = 64,
    TIME_SIZE = 8,             /* before the signature of a cosigner */
    SIGNATURE_LINE_MAX = 8192, /* bytes; more than a line of any known type */
};

#define DASH "\xe2\x80\x94 "

struct note_key {
    EVP_PKEY *key;
};

static struct note_key *key_of(EVP_PKEY *inner)
{
    struct note_key *key = malloc(sizeof *key);
    MEMORY_UNLESS(key != NULL);
    key->key = inner;
    return key;
}

FALLIBLE note_key_generate(struct note_key **ret, struct error *err)
{
    (void)err; /* no operator could do anything about it */
    EVP_PKEY *inner = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    if (inner == NULL) {
        BUG("Ed25519 refused to make a key");
    }
    *ret = key_of(inner);
    return OK;
}

FALLIBLE note_key_load_as(const char *path, const char *name, struct note_key **ret,
                          struct error *err)
{
    EVP_PKEY *inner = NULL;
    outcome opened = key_open_as(path, name, &inner, err);
    if (!opened.ok && err->code != MESSAGE_KEY_UNREADABLE) {
        return error_trace(err, HERE);
    }
    if (!opened.ok || EVP_PKEY_is_a(inner, "ED25519") != 1) {
        EVP_PKEY_free(inner);
        FAIL(CONFIG, MESSAGE_KEY_UNUSABLE, ARG_TEXT("path", path));
    }
    *ret = key_of(inner);
    return OK;
}

FALLIBLE note_key_load(const char *path, struct note_key **ret, struct error *err)
{
    return note_key_load_as(path, path, ret, err);
}

FALLIBLE note_key_save(const struct note_key *key, const char *path, struct error *err)
{
    char *data = NULL;
    BIO *bio = BIO_new(BIO_s_secmem());
    if (bio == NULL ||
        PEM_write_bio_PKCS8PrivateKey(bio, key->key, NULL, NULL, 0, NULL, NULL) != 1) {
        BUG("a key cannot be written as PEM");
    }
    long size = BIO_get_mem_data(bio, &data);
    outcome result = file_replace(path, bytes_of(data, (size_t)size), 0600, err);
    BIO_free(bio);
    return result;
}

static void public_key_of(const struct note_key *key, uint8_t ret[NOTE_PUBLIC_KEY_SIZE])
{
    size_t size = NOTE_PUBLIC_KEY_SIZE;
    if (EVP_PKEY_get_raw_public_key(key->key, ret, &size) != 1 || size != NOTE_PUBLIC_KEY_SIZE) {
        BUG("an Ed25519 key without a public part");
    }
}

void note_key_close(struct note_key *key)
{
    if (key != NULL) {
        EVP_PKEY_free(key->key);
        free(key);
    }
}

static bool is_space(uint32_t code_point)
{
    return code_point <= 0x20 || (code_point >= 0x7f && code_point <= 0xa0) ||
           code_point == 0x1680 || (code_point >= 0x2000 && code_point <= 0x200a) ||
           code_point == 0x2028 || code_point == 0x2029 || code_point == 0x202f ||
           code_point == 0x205f || code_point == 0x3000;
}

bool note_name_is_valid(str name)
{
    if (name.size == 0 || name.size > NOTE_NAME_MAX) {
        return false;
    }
    while (name.size > 0) {
        uint32_t code_point = str_next(&name);
        if (is_space(code_point) || code_point == '+') {
            return false;
        }
    }
    return true;
}

static uint32_t read_key_id(const uint8_t bytes_of_id[KEY_ID_SIZE])
{
    return (uint32_t)bytes_of_id[0] << 24 | (uint32_t)bytes_of_id[1] << 16 |
           (uint32_t)bytes_of_id[2] << 8 | bytes_of_id[3];
}

/* SHA-256(name || 0x0a || type || public key), its first four bytes. */
static uint32_t key_id_of(const struct note_verifier *verifier)
{
    struct digester digester;
    const uint8_t between[2] = {'\n', (uint8_t)verifier->type};
    digester_init(&digester);
    digester_update(&digester, str_bytes(verifier->name));
    digester_update(&digester, bytes_of(between, sizeof between));
    digester_update(&digester, bytes_of(verifier->public_key, NOTE_PUBLIC_KEY_SIZE));
    struct digest digest = digester_final(&digester);
    return read_key_id(digest.data);
}

static struct note_verifier verifier_of(const struct note_key *key, enum note_type type, str name)
{
    struct note_verifier verifier = {.type = type, .name = name};
    public_key_of(key, verifier.public_key);
    verifier.key_id = key_id_of(&verifier);
    return verifier;
}

struct note_verifier note_verifier_of(const struct note_key *key, str name)
{
    return verifier_of(key, NOTE_SIGNER, name);
}

struct note_verifier note_cosigner_of(const struct note_key *key, str name)
{
    return verifier_of(key, NOTE_COSIGNER, name);
}

str note_vkey_format(const struct note_verifier *verifier, struct arena *arena)
{
    uint8_t typed[1 + NOTE_PUBLIC_KEY_SIZE] = {(uint8_t)verifier->type};
    memcpy(typed + 1, verifier->public_key, NOTE_PUBLIC_KEY_SIZE);
    str encoded = base64_encode(bytes_of(typed, sizeof typed), arena);
    return arena_format(arena, "%.*s+%08" PRIx32 "+%.*s", STR_ARGS(verifier->name),
                        verifier->key_id, STR_ARGS(encoded));
}

static bool parse_key_id(str text, uint32_t *ret)
{
    uint32_t value = 0;
    if (text.size != 8) {
        return false;
    }
    for (size_t i = 0; i < 8; i++) {
        char c = text.data[i];
        bool is_digit = c >= '0' && c <= '9';
        if (!is_digit && (c < 'a' || c > 'f')) {
            return false;
        }
        value = value << 4 | (uint32_t)(is_digit ? c - '0' : c - 'a' + 10);
    }
    *ret = value;
    return true;
}

static FALLIBLE parse_vkey(str text, enum note_type type, struct arena *arena,
                           struct note_verifier *ret, struct error *err)
{
    str rest = text;
    struct note_verifier verifier = {.type = type, .name = str_cut(&rest, '+')};
    str id = rest.data != NULL ? str_cut(&rest, '+') : STR("");
    bytes key = {NULL, 0};
    bool good = rest.data != NULL && note_name_is_valid(verifier.name) &&
                parse_key_id(id, &verifier.key_id) && base64_decode(rest, arena, &key) &&
                key.size == 1 + NOTE_PUBLIC_KEY_SIZE && key.data[0] == (uint8_t)type;
    if (good) {
        memcpy(verifier.public_key, key.data + 1, NOTE_PUBLIC_KEY_SIZE);
        good = key_id_of(&verifier) == verifier.key_id;
    }
    if (!good) {
        FAIL(CONFIG, MESSAGE_VKEY_INVALID, ARG_STR("key", text));
    }
    *ret = verifier;
    return OK;
}

FALLIBLE note_vkey_parse(str text, struct arena *arena, struct note_verifier *ret,
                         struct error *err)
{
    return parse_vkey(text, NOTE_SIGNER, arena, ret, err);
}

FALLIBLE note_cosigner_parse(str text, struct arena *arena, struct note_verifier *ret,
                             struct error *err)
{
    return parse_vkey(text, NOTE_COSIGNER, arena, ret, err);
}

/* What a cosigner signs. */
static str cosigned_text(str text, uint64_t seconds, struct arena *arena)
{
    return arena_format(arena, "cosignature/v1\ntime %" PRIu64 "\n%.*s", seconds, STR_ARGS(text));
}

static void sign_text(const struct note_key *key, str text, uint8_t ret[SIGNATURE_SIZE])
{
    size_t size = SIGNATURE_SIZE;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context == NULL ||
        EVP_DigestSignInit_ex(context, NULL, NULL, NULL, NULL, key->key, NULL) != 1 ||
        EVP_DigestSign(context, ret, &size, (const uint8_t *)text.data, text.size) != 1 ||
        size != SIGNATURE_SIZE) {
        BUG("Ed25519 refused to sign");
    }
    EVP_MD_CTX_free(context);
}

/* Big-endian. */
static void put_number(uint8_t *out, uint64_t number, int size)
{
    for (int i = 0; i < size; i++) {
        out[i] = (uint8_t)(number >> 8 * (size - 1 - i));
    }
}

/* "— name base64(key id || signature)" and a line feed. */
static str signature_line(const struct note_verifier *verifier, bytes signature,
                          struct arena *arena)
{
    uint8_t content[KEY_ID_SIZE + TIME_SIZE + SIGNATURE_SIZE];
    BUG_UNLESS(signature.size <= TIME_SIZE + SIGNATURE_SIZE);
    put_number(content, verifier->key_id, KEY_ID_SIZE);
    memcpy(content + KEY_ID_SIZE, signature.data, signature.size);
    str encoded = base64_encode(bytes_of(content, KEY_ID_SIZE + signature.size), arena);
    return arena_format(arena, DASH "%.*s %.*s\n", STR_ARGS(verifier->name), STR_ARGS(encoded));
}

FALLIBLE note_sign(const struct note_key *key, str name, str text, struct arena *arena, str *ret,
                   struct error *err)
{
    uint8_t signature[SIGNATURE_SIZE];
    BUG_UNLESS(str_ends_with(text, STR("\n")));
    if (!note_name_is_valid(name)) {
        FAIL(CONFIG, MESSAGE_NOTE_NAME_INVALID, ARG_STR("name", name));
    }
    struct note_verifier verifier = note_verifier_of(key, name);
    sign_text(key, text, signature);
    str line = signature_line(&verifier, bytes_of(signature, sizeof signature), arena);
    *ret = arena_format(arena, "%.*s\n%.*s", STR_ARGS(text), STR_ARGS(line));
    return OK;
}

FALLIBLE note_cosign(const struct note_key *key, str name, str text, int64_t seconds,
                     struct arena *arena, str *ret_line, struct error *err)
{
    uint8_t signature[TIME_SIZE + SIGNATURE_SIZE];
    BUG_UNLESS(str_ends_with(text, STR("\n")) && seconds >= 0);
    if (!note_name_is_valid(name)) {
        FAIL(CONFIG, MESSAGE_NOTE_NAME_INVALID, ARG_STR("name", name));
    }
    struct note_verifier verifier = note_cosigner_of(key, name);
    put_number(signature, (uint64_t)seconds, TIME_SIZE);
    sign_text(key, cosigned_text(text, (uint64_t)seconds, arena), signature + TIME_SIZE);
    *ret_line = signature_line(&verifier, bytes_of(signature, sizeof signature), arena);
    return OK;
}

static bool ed25519_fits(const struct note_verifier *verifier, str text, bytes signature)
{
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, verifier->public_key,
                                                   NOTE_PUBLIC_KEY_SIZE);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    MEMORY_UNLESS(context != NULL);
    bool good = key != NULL && signature.size == SIGNATURE_SIZE &&
                EVP_DigestVerifyInit_ex(context, NULL, NULL, NULL, NULL, key, NULL) == 1 &&
                EVP_DigestVerify(context, signature.data, signature.size,
                                 (const uint8_t *)text.data, text.size) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return good;
}

/* *seconds: the time of the latest cosignature. */
static bool signature_fits(const struct note_verifier *verifier, str text, bytes signature,
                           struct arena *arena, int64_t *seconds)
{
    uint64_t time = 0;
    if (verifier->type == NOTE_SIGNER) {
        return ed25519_fits(verifier, text, signature);
    }
    if (signature.size != TIME_SIZE + SIGNATURE_SIZE) {
        return false;
    }
    for (int i = 0; i < TIME_SIZE; i++) {
        time = time << 8 | signature.data[i];
    }
    if (time > INT64_MAX || !ed25519_fits(verifier, cosigned_text(text, time, arena),
                                          bytes_of(signature.data + TIME_SIZE, SIGNATURE_SIZE))) {
        return false;
    }
    *seconds = (int64_t)time > *seconds ? (int64_t)time : *seconds;
    return true;
}

/* The offset of the signature lines, behind the last empty line; 0 when there is no empty line. */
static size_t signatures_at(str note)
{
    for (size_t i = note.size; i >= 2; i--) {
        if (note.data[i - 1] == '\n' && note.data[i - 2] == '\n') {
            return i;
        }
    }
    return 0;
}

static bool has_control_characters(str text)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = (uint8_t)text.data[i];
        if ((c < 0x20 && c != '\n') || c == 0x7f) {
            return true;
        }
    }
    return false;
}

enum line_result { LINE_MALFORMED, LINE_FOREIGN, LINE_GOOD, LINE_BAD };

/* One line without its line feed: "— name base64". */
static enum line_result check_line(str line, const struct note_verifier *verifier, str text,
                                   struct arena *arena, int64_t *seconds)
{
    bytes content = {NULL, 0};
    if (!str_starts_with(line, STR(DASH)) || line.size > SIGNATURE_LINE_MAX) {
        return LINE_MALFORMED;
    }
    str rest = str_from(line, sizeof DASH - 1);
    str name = str_cut(&rest, ' ');
    if (rest.data == NULL || !note_name_is_valid(name) || !base64_decode(rest, arena, &content) ||
        content.size <= KEY_ID_SIZE) {
        return LINE_MALFORMED;
    }
    if (!str_equal(name, verifier->name) || read_key_id(content.data) != verifier->key_id) {
        return LINE_FOREIGN;
    }
    bytes signature = {content.data + KEY_ID_SIZE, content.size - KEY_ID_SIZE};
    return signature_fits(verifier, text, signature, arena, seconds) ? LINE_GOOD : LINE_BAD;
}

static outcome check_lines(str lines, const struct note_verifier *verifier, str text,
                           struct arena *arena, int64_t *seconds, struct error *err)
{
    bool is_signed = false;
    while (lines.size > 0) {
        str line = str_cut(&lines, '\n');
        enum line_result result = check_line(line, verifier, text, arena, seconds);
        if (result == LINE_MALFORMED) {
            FAIL(SIGNATURE, MESSAGE_NOTE_MALFORMED, ARG_TEXT("what", "a signature line"));
        }
        if (result == LINE_BAD) {
            FAIL(SIGNATURE, MESSAGE_NOTE_BAD_SIGNATURE, ARG_STR("name", verifier->name));
        }
        is_signed = is_signed || result == LINE_GOOD;
    }
    if (!is_signed) {
        FAIL(SIGNATURE, MESSAGE_NOTE_NOT_SIGNED, ARG_STR("name", verifier->name));
    }
    return OK;
}

FALLIBLE note_split(str note, str *ret_text, str *ret_lines, struct error *err)
{
    size_t at = signatures_at(note);
    if (at == 0 || at == note.size || !str_ends_with(note, STR("\n"))) {
        FAIL(SIGNATURE, MESSAGE_NOTE_MALFORMED, ARG_TEXT("what", "no signature lines"));
    }
    if (has_control_characters(note)) {
        FAIL(SIGNATURE, MESSAGE_NOTE_MALFORMED, ARG_TEXT("what", "control characters"));
    }
    *ret_text = str_first(note, at - 1);
    *ret_lines = str_from(note, at);
    return OK;
}

static FALLIBLE verify(str note, const struct note_verifier *verifier, str *ret_text,
                       int64_t *ret_seconds, struct error *err)
{
    struct arena arena;
    str text = STR("");
    str lines = STR("");
    int64_t seconds = 0;
    TRY(note_split(note, &text, &lines, err));
    arena_init(&arena, 0);
    outcome result = check_lines(lines, verifier, text, &arena, &seconds, err);
    arena_release(&arena);
    TRY(result);
    *ret_text = text;
    *ret_seconds = seconds;
    return OK;
}

FALLIBLE note_verify(str note, const struct note_verifier *verifier, str *ret_text,
                     struct error *err)
{
    int64_t seconds = 0;
    return verify(note, verifier, ret_text, &seconds, err);
}

FALLIBLE note_verify_cosignature(str note, const struct note_verifier *cosigner,
                                 int64_t *ret_seconds, struct error *err)
{
    str text = STR("");
    BUG_UNLESS(cosigner->type == NOTE_COSIGNER);
    return verify(note, cosigner, &text, ret_seconds, err);
}
