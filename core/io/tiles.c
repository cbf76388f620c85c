/* tiles - see tiles.h. */
#include "core/io/tiles.h"

#include "core/io/file.h"
#include "core/io/http.h"
#include "core/io/messages.h"

enum {
    CHECKPOINT_LIMIT = 64 * 1024,
    TILE_LIMIT = TREE_TILE_WIDTH * DIGEST_SIZE,
    REDIRECTS_MAX = 3,
};

struct tile_kept {
    unsigned level;
    uint64_t index;
    unsigned width;
    const struct digest *hashes;
};

static FALLIBLE read_url(struct tiles *tiles, const char *url, size_t limit, bytes *ret,
                         struct error *err)
{
    const struct http_fetch fetch = {
        .url = url, .path = tiles->scratch, .bytes_max = limit, .redirects_max = REDIRECTS_MAX};
    struct http_fetched fetched;
    struct error ignored;
    TRY(file_remove(tiles->scratch, err));
    TRY(http_fetch(&fetch, &fetched, err));
    outcome read = file_read(tiles->scratch, tiles->arena, limit, ret, err);
    if (!file_remove(tiles->scratch, &ignored).ok) {
        return read; /* the next one removes it */
    }
    return read;
}

static FALLIBLE read_file(struct tiles *tiles, const char *name, size_t limit, bytes *ret,
                          struct error *err)
{
    str place = str_of(tiles->place);
    while (str_ends_with(place, STR("/"))) {
        place.size--;
    }
    const char *path = arena_format(tiles->arena, "%.*s/%s", STR_ARGS(place), name).data;
    if (http_is_url(place)) {
        return read_url(tiles, path, limit, ret, err);
    }
    return file_read(path, tiles->arena, limit, ret, err);
}

FALLIBLE tiles_checkpoint(struct tiles *tiles, str *ret, struct error *err)
{
    bytes content = {0};
    TRY(read_file(tiles, "checkpoint", CHECKPOINT_LIMIT, &content, err));
    if (!str_from_bytes(content, ret)) {
        FAIL(CORRUPT, MESSAGE_TILES_NOT_TEXT, ARG_TEXT("place", tiles->place));
    }
    return OK;
}

/* A partial tile may have been replaced by the full one, which begins with it. */
static FALLIBLE read_tile(struct tiles *tiles, struct tile tile, bytes *ret, struct error *err)
{
    char path[TILE_PATH_SIZE];
    struct error partial;
    struct error full;
    tile_path(tile, path);
    if (!read_file(tiles, path, TILE_LIMIT, ret, &partial).ok) {
        struct tile whole = {.level = tile.level, .index = tile.index, .width = TREE_TILE_WIDTH};
        tile_path(whole, path);
        if (tile.width == TREE_TILE_WIDTH || !read_file(tiles, path, TILE_LIMIT, ret, &full).ok) {
            *err = partial;
            return error_trace(err, HERE);
        }
        tile.width = TREE_TILE_WIDTH;
    }
    if (ret->size != (size_t)tile.width * DIGEST_SIZE) {
        FAIL(CORRUPT, MESSAGE_TILES_TILE_SIZE, ARG_TEXT("tile", path), ARG_INT("bytes", ret->size),
             ARG_INT("expected", tile.width * DIGEST_SIZE));
    }
    return OK;
}

static outcome read_hash(void *context, unsigned level, uint64_t index, struct digest *ret,
                         struct error *err)
{
    struct tiles *tiles = context;
    uint64_t count = tree_level_count(tiles->size, level);
    struct tile tile = {.level = level, .index = index / TREE_TILE_WIDTH};
    bytes content = {0};
    BUG_UNLESS(index < count);
    uint64_t left = count - tile.index * TREE_TILE_WIDTH;
    tile.width = left < TREE_TILE_WIDTH ? (unsigned)left : TREE_TILE_WIDTH;
    for (size_t i = 0; i < tiles->kept_count; i++) {
        const struct tile_kept *kept = &tiles->kept[i];
        if (kept->level == level && kept->index == tile.index && kept->width == tile.width) {
            *ret = kept->hashes[index % TREE_TILE_WIDTH];
            return OK;
        }
    }
    TRY(read_tile(tiles, tile, &content, err));
    ARENA_GROW(tiles->arena, tiles->kept, tiles->kept_count, &tiles->kept_capacity);
    tiles->kept[tiles->kept_count++] =
        (struct tile_kept){level, tile.index, tile.width, (const void *)content.data};
    *ret = ((const struct digest *)(const void *)content.data)[index % TREE_TILE_WIDTH];
    return OK;
}

struct tree_reader tiles_reader(struct tiles *tiles)
{
    return (struct tree_reader){read_hash, tiles};
}
