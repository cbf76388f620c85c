/* proof - see proof.h. */
#include "core/io/proof.h"

#include <inttypes.h>
#include <string.h>

#include "core/io/messages.h"

/* Hashes in base64, a line each. */
static str format_hashes(const struct tree_proof *path, struct arena *arena)
{
    char *lines = arena_new_raw(arena, path->count * DIGEST_BASE64_SIZE + 1);
    size_t size = 0;
    BUG_UNLESS(path->count <= PROOF_HASHES_MAX);
    for (unsigned i = 0; i < path->count; i++, lines[size++] = '\n') {
        str hash = base64_encode(digest_bytes(&path->hashes[i]), arena);
        memcpy(lines + size, hash.data, hash.size);
        size += hash.size;
    }
    return (str){lines, size};
}

str proof_format(const struct log_proof *proof, struct arena *arena)
{
    str extra = STR("");
    str hashes = format_hashes(&proof->path, arena);
    if (proof->extra.data != NULL) {
        str encoded = base64_encode(proof->extra, arena);
        extra = ARENA_JOIN(arena, STR("extra "), encoded, STR("\n"));
    }
    str index = arena_format(arena, "index %" PRIu64 "\n", proof->index);
    return ARENA_JOIN(arena, STR(PROOF_HEADER "\n"), extra, index, hashes, STR("\n"),
                      proof->checkpoint);
}

str proof_request(uint64_t old_size, const struct tree_proof *path, str checkpoint,
                  struct arena *arena)
{
    str hashes = format_hashes(path, arena);
    return arena_format(arena, "old %" PRIu64 "\n%.*s\n%.*s", old_size, STR_ARGS(hashes),
                        STR_ARGS(checkpoint));
}

/* The text that is left to read. */
struct reading {
    str rest;
    int line;
    struct arena *arena;
};

static outcome malformed(const struct reading *reading, const char *what, struct error *err)
{
    FAIL(MALFORMED, MESSAGE_PROOF_MALFORMED, ARG_INT("line", reading->line),
         ARG_TEXT("what", what));
}

/* The next line, which ends in a line feed. */
static FALLIBLE next_line(struct reading *reading, str *ret, struct error *err)
{
    reading->line++;
    if (str_find_byte(reading->rest, '\n') == reading->rest.size) {
        return malformed(reading, "the file ends here", err);
    }
    *ret = str_cut(&reading->rest, '\n');
    return OK;
}

/* A decimal number without leading zeros. */
static bool is_index(str text, uint64_t *ret)
{
    return str_to_uint64(text, ret) && (text.size == 1 || text.data[0] != '0') &&
           *ret < (uint64_t)1 << PROOF_HASHES_MAX;
}

static FALLIBLE read_extra(struct reading *reading, str *line, bytes *ret, struct error *err)
{
    const str word = STR("extra ");
    if (!str_starts_with(*line, word)) {
        return OK;
    }
    if (!base64_decode(str_from(*line, word.size), reading->arena, ret)) {
        return malformed(reading, "extra: no base64", err);
    }
    ret->data = ret->data != NULL ? ret->data : (const uint8_t *)"";
    return next_line(reading, line, err);
}

static FALLIBLE read_hashes(struct reading *reading, struct tree_proof *ret, struct error *err)
{
    str line = STR("");
    TRY(next_line(reading, &line, err));
    while (line.size > 0) {
        bytes hash = {NULL, 0};
        if (ret->count == PROOF_HASHES_MAX) {
            return malformed(reading, "too many hashes", err);
        }
        if (line.size != DIGEST_BASE64_SIZE - 1 || !base64_decode(line, reading->arena, &hash) ||
            hash.size != DIGEST_SIZE) {
            return malformed(reading, "no hash in base64", err);
        }
        memcpy(ret->hashes[ret->count++].data, hash.data, DIGEST_SIZE);
        TRY(next_line(reading, &line, err));
    }
    return OK;
}

FALLIBLE proof_parse(str text, struct arena *arena, struct log_proof *ret, struct error *err)
{
    const str word = STR("index ");
    struct reading reading = {.rest = text, .arena = arena};
    struct log_proof proof = {.index = 0};
    str line = STR("");
    TRY(next_line(&reading, &line, err));
    if (!str_equal_c(line, PROOF_HEADER)) {
        return malformed(&reading, "it does not begin with " PROOF_HEADER, err);
    }
    TRY(next_line(&reading, &line, err));
    TRY(read_extra(&reading, &line, &proof.extra, err));
    if (!str_starts_with(line, word) || !is_index(str_from(line, word.size), &proof.index)) {
        return malformed(&reading, "no index", err);
    }
    TRY(read_hashes(&reading, &proof.path, err));
    if (str_empty(reading.rest)) {
        reading.line++;
        return malformed(&reading, "no checkpoint", err);
    }
    proof.checkpoint = reading.rest;
    *ret = proof;
    return OK;
}
