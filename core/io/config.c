/* config - see config.h. inih reads lines; the schema knows names and types. */
#include "core/io/config.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "core/base/map.h"
#include "core/base/messages.h"
#include "core/base/record.h"
#include "core/io/file.h"
#include "core/io/file_open.h"
#include "core/io/messages.h"

enum {
    LINE_BYTES = 190,         /* inih cuts lines at 200 bytes without an error */
    CONFIG_BYTES_MAX = 65536, /* of the whole file */
};

struct reading {
    const char *path;
    ProtobufCMessage *message;
    struct arena *arena;
    struct map seen;
    struct error first; /* what was wrong with the first bad key */
    bool failed;
    bool twice;
    const char *key;
    const char *value;
};

/* Called by inih for each key; 0 says that the line is wrong. */
static int on_key(void *context, const char *section, const char *name, const char *value)
{
    struct reading *reading = context;
    if (reading->failed) {
        return 1; /* report the first fault only */
    }
    str key = *section != '\0' ? arena_format(reading->arena, "%s.%s", section, name)
                               : arena_str(reading->arena, str_of(name));
    reading->key = key.data;
    reading->value = arena_c_string(reading->arena, str_of(value));
    bool made;
    (void)map_put(&reading->seen, str_bytes(key), &made); /* a set: no values */
    reading->twice = !made;
    outcome set = made ? record_set(reading->message, key, str_of(reading->value), reading->arena,
                                    &reading->first)
                       : (outcome){false};
    reading->failed = !set.ok;
    return set.ok ? 1 : 0;
}

/* The whole file, checked: UTF-8, and no line that inih would cut. */
static FALLIBLE read_all(const char *path, struct arena *arena, str *ret, struct error *err)
{
    FILE *file = NULL;
    struct error why; /* the last argument of err: no such file, no right, no regular file */
    if (!file_open_stream(path, &file, &why).ok) {
        FAIL(CONFIG, MESSAGE_CONFIG_UNREADABLE, ARG_TEXT("file", path),
             ARG_TEXT("why", why.args[why.args_count - 1].text));
    }
    char *data = arena_new(arena, CONFIG_BYTES_MAX + 1);
    size_t size = fread(data, 1, CONFIG_BYTES_MAX, file);
    int reason = ferror(file) != 0 ? errno : size == CONFIG_BYTES_MAX ? EFBIG : 0;
    (void)fclose(file); /* read only */
    str text = STR("");
    if (reason == 0 && !str_from_bytes(bytes_of(data, size), &text)) {
        reason = EILSEQ;
    }
    if (reason != 0) {
        FAIL(CONFIG, MESSAGE_CONFIG_UNREADABLE, ARG_TEXT("file", path), ARG_ERRNO("why", reason));
    }
    *ret = text;
    return OK;
}

/* Refuses lines that inih would misread: long ones, which it cuts, and indented ones, which it adds
 * to the key above. */
static FALLIBLE check_lines(const char *path, str text, struct error *err)
{
    int number = 0;
    for (str rest = text; rest.data != NULL;) {
        str line = str_cut(&rest, '\n');
        number++;
        if (line.size > LINE_BYTES) {
            FAIL(CONFIG, MESSAGE_CONFIG_LINE_TOO_LONG, ARG_TEXT("file", path),
                 ARG_INT("line", number), ARG_INT("limit", LINE_BYTES));
        }
        bool indented = str_starts_with(line, STR(" ")) || str_starts_with(line, STR("\t"));
        if (indented && !str_empty(str_trim(line))) {
            FAIL(CONFIG, MESSAGE_CONFIG_SYNTAX, ARG_TEXT("file", path), ARG_INT("line", number));
        }
    }
    return OK;
}

FALLIBLE config_read(const char *path, ProtobufCMessage *message, struct arena *arena,
                     struct error *err)
{
    str text = STR("");
    TRY(read_all(path, arena, &text, err));
    TRY(check_lines(path, text, err));
    struct reading reading = {.path = path, .message = message, .arena = arena};
    map_init(&reading.seen, arena);
    int line = ini_parse_string(text.data, on_key, &reading);
    if (line == 0) {
        return OK;
    }
    if (!reading.failed || line < 0) {
        FAIL(CONFIG, MESSAGE_CONFIG_SYNTAX, ARG_TEXT("file", path), ARG_INT("line", line));
    }
    if (reading.twice) {
        FAIL(CONFIG, MESSAGE_CONFIG_KEY_TWICE, ARG_TEXT("file", path), ARG_INT("line", line),
             ARG_TEXT("key", reading.key));
    }
    if (reading.first.code == MESSAGE_NO_SUCH_FIELD) {
        FAIL(CONFIG, MESSAGE_CONFIG_UNKNOWN_KEY, ARG_TEXT("file", path), ARG_INT("line", line),
             ARG_TEXT("key", reading.key));
    }
    const char *expected = reading.first.args_count > 2 ? reading.first.args[2].text : "";
    FAIL(CONFIG, MESSAGE_CONFIG_BAD_VALUE, ARG_TEXT("file", path), ARG_INT("line", line),
         ARG_TEXT("key", reading.key), ARG_TEXT("value", reading.value),
         ARG_TEXT("expected", expected));
}

static void write_comment(FILE *file, const char *comment)
{
    for (str rest = str_of(comment); rest.data != NULL;) {
        str line = str_cut(&rest, '\n');
        (void)fprintf(file, "# %.*s\n", STR_ARGS(line)); /* as below */
    }
}

static void write_key(FILE *file, const ProtobufCMessage *message, const struct config_key *key,
                      struct arena *arena)
{
    const ProtobufCFieldDescriptor *field = record_find(message->descriptor, str_of(key->key));
    BUG_UNLESS(field != NULL);
    if (key->comment != NULL) {
        write_comment(file, key->comment);
    }
    str value = record_get(message, field, arena);
    bool absent = !record_has(message, field);
    (void)fprintf(file, "%s%s = %.*s\n\n", absent ? "# " : "", key->key, STR_ARGS(value));
    /* a failure is reported at the end */
}

FALLIBLE config_write(const char *path, const ProtobufCMessage *message,
                      const struct config_key *keys, size_t keys_count, struct arena *arena,
                      struct error *err)
{
    FILE *file = NULL;
    TRY(file_create(path, 0644, &file, err));
    for (size_t i = 0; i < keys_count; i++) {
        write_key(file, message, &keys[i], arena);
    }
    return file_finish(file, path, err);
}
