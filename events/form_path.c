/* form_path - checks the name and the digest of a file that comes with a wish; see form.h. */
#include "events/form.h"

enum { SHA256_HEX_SIZE = 64 };

static bool leaves_folder(str path)
{
    if (str_starts_with(path, STR("/"))) {
        return true;
    }
    for (str rest = path; rest.data != NULL;) {
        if (str_equal(str_cut(&rest, '/'), STR(".."))) {
            return true;
        }
    }
    return false;
}

static bool is_hex_digest(str text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) {
            return false;
        }
    }
    return text.size == SHA256_HEX_SIZE;
}

FALLIBLE form_path_check(const char *field, const char *path, const char *digest_field,
                         const char *digest, struct error *err)
{
    if (leaves_folder(str_of(path))) {
        return form_bad(field, "a path below the folder of the file", err);
    }
    if (!str_empty(str_of(digest)) && !is_hex_digest(str_of(digest))) {
        return form_bad(digest_field, "64 hexadecimal digits", err);
    }
    return OK;
}

static int value_of(char c)
{
    return c <= '9' ? c - '0' : (c | ' ') - 'a' + 10; /* the form let nothing else through */
}

bool form_digest_differs(const char *promised, ProtobufCBinaryData found)
{
    str hex = str_of(promised);
    bool differs = !str_empty(hex) && hex.size != 2 * found.len;
    for (size_t i = 0; i < hex.size && !differs; i += 2) {
        differs = (value_of(hex.data[i]) << 4 | value_of(hex.data[i + 1])) != found.data[i / 2];
    }
    return differs;
}
