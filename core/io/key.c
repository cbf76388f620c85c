/* key - see key.h. Tokens are reached through OpenSSL's engine of that name: Debian 12 has no
 * provider for them. */
#define OPENSSL_SUPPRESS_DEPRECATED /* of engines: there is no provider */
#include "core/io/key.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/messages.h"
#include "core/io/digest.h"
#include "core/io/messages.h"
#include "core/io/private.h"

enum { PEM_BYTES_MAX = 64 * 1024, NAME_SIZE = 128, OTHERS_RIGHTS = 077 };

static const char scheme[] = "pkcs11:";

bool key_is_of_token(const char *path)
{
    return strncmp(path, scheme, sizeof scheme - 1) == 0;
}

/* --- the passphrase ----------------------------------------------------------------------------
 */

/* The variable of "keys/document.key" is ANZHENG_DOCUMENT_PASSPHRASE. */
static void variable_name(const char *path, char ret[NAME_SIZE])
{
    const char *base = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
    size_t size = key_is_of_token(path) ? 0 : strcspn(base, ".");
    if (size == 0 || size > NAME_SIZE / 2) {
        base = "token";
        size = strlen(base);
    }
    char name[NAME_SIZE / 2 + 1];
    for (size_t i = 0; i < size; i++) {
        name[i] = isalnum((unsigned char)base[i]) ? (char)toupper((unsigned char)base[i]) : '_';
    }
    name[size] = 0;
    (void)snprintf(ret, NAME_SIZE, "ANZHENG_%s_PASSPHRASE", name); /* fits: checked above */
}

/* The passphrase, empty when there is none; in the arena, for the caller to wipe. */
static FALLIBLE read_passphrase(const char *variable, struct arena *arena, str *ret,
                                struct error *err)
{
    const char *value = getenv(variable);
    const char *file = getenv(arena_format(arena, "%s_FILE", variable).data);
    *ret = (str){0};
    if (value != NULL && *value != 0) {
        *ret = arena_str(arena, str_of(value));
    } else if (file != NULL && *file != 0) {
        TRY(private_read(file, arena, ret, err));
    }
    return OK;
}

static int give_passphrase(char *buffer, int size, int writing, void *state)
{
    const str *passphrase = state;
    (void)writing; /* only reading asks */
    if (passphrase->size == 0 || passphrase->size > (size_t)size) {
        return -1; /* a program must not stop and ask the terminal for one */
    }
    memcpy(buffer, passphrase->data, passphrase->size);
    return (int)passphrase->size;
}

/* --- files -------------------------------------------------------------------------------------
 */

/* Checks the opened file, because the file at the path may change. */
static FALLIBLE read_private_pem(const char *path, struct arena *arena, bytes *ret,
                                 struct error *err)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    bool is_private =
        fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & OTHERS_RIGHTS) == 0;
    uint8_t *data = arena_new_raw(arena, PEM_BYTES_MAX);
    ssize_t size = is_private ? read(fd, data, PEM_BYTES_MAX) : 0;
    int why = errno;
    (void)close(fd); /* read only */
    if (!is_private) {
        FAIL(CONFIG, MESSAGE_FILE_NOT_PRIVATE, ARG_TEXT("path", path));
    }
    if (size < 0) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    *ret = bytes_of(data, (size_t)size);
    return OK;
}

static FALLIBLE open_pem(const char *path, const char *variable, struct arena *arena,
                         EVP_PKEY **ret, struct error *err)
{
    static const char mark[] = "ENCRYPTED";
    bytes pem = {0};
    str passphrase = {0};
    TRY(read_private_pem(path, arena, &pem, err));
    bool is_locked = memmem(pem.data, pem.size, mark, sizeof mark - 1) != NULL;
    if (is_locked) {
        TRY(read_passphrase(variable, arena, &passphrase, err));
    }
    BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
    BUG_UNLESS(bio != NULL);
    *ret = PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, &passphrase);
    BIO_free(bio);
    ERR_clear_error();
    memory_wipe((void *)(uintptr_t)pem.data, pem.size);
    if (passphrase.size > 0) {
        memory_wipe((void *)(uintptr_t)passphrase.data, passphrase.size);
    }
    if (*ret == NULL && is_locked && passphrase.size == 0) {
        FAIL(CONFIG, MESSAGE_KEY_PASSPHRASE_NEEDED, ARG_TEXT("path", path),
             ARG_TEXT("variable", variable));
    }
    if (*ret == NULL && is_locked) {
        FAIL(CONFIG, MESSAGE_KEY_PASSPHRASE_WRONG, ARG_TEXT("path", path));
    }
    if (*ret == NULL) {
        FAIL(CONFIG, MESSAGE_KEY_UNREADABLE, ARG_TEXT("name", path));
    }
    return OK;
}

/* --- tokens ------------------------------------------------------------------------------------
 */

static FALLIBLE token_fails(const char *uri, struct error *err)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    FAIL(CONFIG, MESSAGE_TOKEN_UNUSABLE, ARG_TEXT("uri", uri),
         ARG_TEXT("reason", reason != NULL ? reason : "no such key, or a wrong PIN"));
}

/* The engine stays loaded until the program ends: its keys need it. */
static FALLIBLE open_token(const char *uri, const char *variable, struct arena *arena,
                           EVP_PKEY **ret, struct error *err)
{
    str pin = {0};
    if (strstr(uri, "pin-value") != NULL) {
        FAIL(CONFIG, MESSAGE_TOKEN_PIN_IN_URI, ARG_TEXT("variable", variable));
    }
    TRY(read_passphrase(variable, arena, &pin, err));
    ENGINE_load_dynamic();
    ENGINE *engine = ENGINE_by_id("pkcs11");
    bool usable = engine != NULL && ENGINE_init(engine) == 1;
    if (usable && pin.size > 0) {
        char *text = arena_c_string(arena, pin);
        usable = ENGINE_ctrl_cmd_string(engine, "PIN", text, 0) == 1;
        memory_wipe(text, pin.size);
    }
    *ret = usable ? ENGINE_load_private_key(engine, uri, NULL, NULL) : NULL;
    if (pin.size > 0) {
        memory_wipe((void *)(uintptr_t)pin.data, pin.size);
    }
    if (*ret == NULL) {
        return token_fails(uri, err);
    }
    return OK;
}

FALLIBLE key_open_as(const char *path, const char *name, struct evp_pkey_st **ret,
                     struct error *err)
{
    struct arena arena;
    char variable[NAME_SIZE];
    variable_name(key_is_of_token(path) ? path : name, variable);
    arena_init(&arena, 0);
    outcome opened = key_is_of_token(path) ? open_token(path, variable, &arena, ret, err)
                                           : open_pem(path, variable, &arena, ret, err);
    arena_release(&arena);
    return opened.ok ? OK : error_trace(err, HERE);
}

FALLIBLE key_open(const char *path, struct evp_pkey_st **ret, struct error *err)
{
    return key_open_as(path, path, ret, err);
}
