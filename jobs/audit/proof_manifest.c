/* proof_manifest - see proof_manifest.h. */
#include "jobs/audit/proof_manifest.h"

#include "core/io/file.h"
#include "core/io/json.h"
#include "jobs/messages.h"

enum { MANIFEST_BYTES_MAX = 16 * 1024 * 1024 };

static bool is_listed(const char *const *names, size_t count, str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal_c(name, names[i])) {
            return true;
        }
    }
    return false;
}

FALLIBLE proof_manifest_check(const char *path, const char *const *names, size_t count,
                              struct arena *arena, struct error *err)
{
    bytes content = {0};
    JSON_AUTO manifest = NULL;
    TRY(file_read(path, arena, MANIFEST_BYTES_MAX, &content, err));
    if (!json_parse_limited(content, MANIFEST_BYTES_MAX, &manifest, err).ok) {
        err->class = ERROR_MALFORMED; /* as a whole */
        return error_trace(err, HERE);
    }
    const struct json *proofs = json_member(manifest, "proofs");
    bool is_list = proofs != NULL && json_kind(proofs) == JSON_IS_LIST;
    for (size_t i = 0; is_list && i < json_count(proofs); i++) {
        const struct json *file = json_member(json_element(proofs, i), "file");
        if (file == NULL || json_kind(file) != JSON_IS_TEXT || str_empty(json_text(file))) {
            FAIL(MALFORMED, MESSAGE_MANIFEST_FORM, ARG_TEXT("manifest", path),
                 ARG_INT("entry", i + 1));
        }
        str name = json_text(file);
        if (!is_listed(names, count, name)) {
            FAIL(MISSING, MESSAGE_PROOFS_LISTED, ARG_TEXT("manifest", path), ARG_STR("file", name));
        }
    }
    return OK;
}
