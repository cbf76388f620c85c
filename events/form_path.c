/* form_path - see form_path.h. */
#include "events/form_path.h"

#include "events/messages.h"

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
    if (!str_empty(str_of(path)) && leaves_folder(str_of(path))) {
        FAIL(INVALID, MESSAGE_BAD_FIELD, ARG_TEXT("field", field),
             ARG_TEXT("why", "a path below the folder of the file"));
    }
    if (!str_empty(str_of(digest)) && !is_hex_digest(str_of(digest))) {
        FAIL(INVALID, MESSAGE_BAD_FIELD, ARG_TEXT("field", digest_field),
             ARG_TEXT("why", "64 hexadecimal digits"));
    }
    return OK;
}
