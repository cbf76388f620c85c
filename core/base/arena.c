/* arena - see arena.h. */
#include "core/base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"

enum { CHUNK_SIZE = 64 * 1024 - (int)sizeof(struct arena_chunk) };

static void *protobuf_alloc(void *data, size_t size)
{
    return arena_new_raw(data, size);
}

/* protobuf-c frees what it allocated while an unpack fails; the arena keeps it until its reset. */
static void protobuf_free(void *data, void *pointer)
{
    (void)data;    /* nothing is freed alone */
    (void)pointer; /* nothing is freed alone */
}

void arena_init(struct arena *arena, size_t limit_bytes)
{
    *arena = (struct arena){
        .limit_bytes =
            limit_bytes != 0 ? limit_bytes : (size_t)ARENA_LIMIT_DEFAULT_MIB * 1024 * 1024,
        .protobuf = {protobuf_alloc, protobuf_free, arena},
    };
}

void arena_release(struct arena *arena)
{
    struct arena_chunk *chunk = arena->first;
    while (chunk != NULL) {
        struct arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    arena->first = NULL;
    arena->current = NULL;
    arena->used_bytes = 0;
}

void arena_reset(struct arena *arena)
{
    if (ARENA_SEPARATE) {
        arena_release(arena);
        return;
    }
    /* Larger chunks were made for one block; kept, they would pile up, each a little too small for
     * the next one. */
    struct arena_chunk **link = &arena->first;
    while (*link != NULL) {
        struct arena_chunk *chunk = *link;
        if (chunk->size > CHUNK_SIZE) {
            *link = chunk->next;
            free(chunk);
        } else {
            chunk->used = 0;
            link = &chunk->next;
        }
    }
    arena->current = arena->first;
    arena->used_bytes = 0;
}

static struct arena_chunk *chunk_new(size_t size)
{
    BUG_UNLESS(size <= SIZE_MAX - sizeof(struct arena_chunk));
    struct arena_chunk *chunk = malloc(sizeof *chunk + size);
    MEMORY_UNLESS(chunk != NULL);
    chunk->next = NULL;
    chunk->size = size;
    chunk->used = 0;
    return chunk;
}

/* Makes a chunk with room for `size` the current one. */
static void arena_advance(struct arena *arena, size_t size)
{
    struct arena_chunk *next = arena->current != NULL ? arena->current->next : arena->first;
    if (next == NULL || next->size < size) {
        struct arena_chunk *chunk = chunk_new(size > CHUNK_SIZE ? size : CHUNK_SIZE);
        chunk->next = next;
        if (arena->current != NULL) {
            arena->current->next = chunk;
        } else {
            arena->first = chunk;
        }
        next = chunk;
    }
    arena->current = next;
}

void *arena_new_apart(struct arena *arena, size_t size)
{
    size_t rounded = (size + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
    BUG_UNLESS(rounded >= size);
    if (rounded > arena->limit_bytes - arena->used_bytes) { /* it holds no more than that now */
        BUG("an arena outgrew its limit");
    }
    arena->used_bytes += rounded;
    if (ARENA_SEPARATE) {
        struct arena_chunk *chunk = chunk_new(size);
        chunk->next = arena->first;
        arena->first = chunk;
        return chunk->data;
    }
    struct arena_chunk *chunk = arena->current;
    if (chunk == NULL || chunk->size - chunk->used < rounded) {
        arena_advance(arena, rounded);
        chunk = arena->current;
    }
    void *block = chunk->data + chunk->used;
    chunk->used += rounded;
    return block;
}

void *arena_buffer(struct arena *arena, size_t size)
{
    enum { MASK = ARENA_BUFFER_ALIGNMENT - 1 };
    if (ARENA_SEPARATE) {
        return arena_new_raw(arena, size); /* whose ends are known */
    }
    BUG_UNLESS(size <= SIZE_MAX - MASK);
    uint8_t *block = arena_new_raw(arena, size + MASK);
    return block + (-(uintptr_t)block & MASK);
}

void *arena_new(struct arena *arena, size_t size)
{
    return memset(arena_new_raw(arena, size), 0, size);
}

bytes arena_bytes(struct arena *arena, bytes b)
{
    uint8_t *copy = arena_new_raw(arena, b.size + 1);
    if (b.size > 0) {
        memcpy(copy, b.data, b.size);
    }
    copy[b.size] = 0;
    return (bytes){copy, b.size};
}

enum { GROW_FIRST = 16 };

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t item_size)
{
    if (count < *capacity) {
        return items;
    }
    size_t larger = *capacity == 0 ? GROW_FIRST : *capacity * 2;
    void *copy = arena_new(arena, arena_array_size(item_size, larger));
    if (count > 0) {
        memcpy(copy, items, count * item_size);
    }
    *capacity = larger;
    return copy;
}

str arena_str(struct arena *arena, str s)
{
    bytes copy = arena_bytes(arena, str_bytes(s));
    return (str){(const char *)copy.data, copy.size};
}

char *arena_c_string(struct arena *arena, str s)
{
    char *copy = arena_new_raw(arena, s.size + 1);
    if (s.size > 0) {
        memcpy(copy, s.data, s.size);
    }
    copy[s.size] = 0;
    return copy;
}

/* What is left of the current chunk. */
static size_t arena_room(const struct arena *arena)
{
    const struct arena_chunk *chunk = arena->current;
    return ARENA_SEPARATE || chunk == NULL ? 0 : chunk->size - chunk->used;
}

/* Written at once where the text will stand, when it fits there: counting first takes the C library
 * a step a character. */
str arena_format(struct arena *arena, const char *format, ...)
{
    va_list args;
    size_t room = arena_room(arena);
    char *text = room > 0 ? (char *)arena->current->data + arena->current->used : NULL;
    va_start(args, format);
    int size = vsnprintf(text, room, format, args);
    va_end(args);
    BUG_UNLESS(size >= 0);
    bool fits = (size_t)size < room;
    char *block = arena_new_raw(arena, (size_t)size + 1);
    if (fits && block == text) {
        return (str){text, (size_t)size};
    }
    va_start(args, format);
    int written = vsnprintf(block, (size_t)size + 1, format, args);
    va_end(args);
    BUG_UNLESS(written == size);
    return (str){block, (size_t)size};
}

str arena_join(struct arena *arena, const str *parts, size_t count)
{
    size_t size = 0, at = 0;
    for (size_t i = 0; i < count; i++) {
        size += parts[i].size;
    }
    char *text = arena_new_raw(arena, size + 1);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].size > 0) {
            memcpy(text + at, parts[i].data, parts[i].size);
        }
        at += parts[i].size;
    }
    text[size] = '\0';
    return (str){text, size};
}

ProtobufCAllocator *arena_protobuf(struct arena *arena)
{
    return &arena->protobuf;
}
