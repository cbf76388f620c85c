/* arena - memory by lifetime: allocate, never free, reset or release everything at once.
 *
 * A function that takes a `struct arena *` may allocate and never frees; a function that takes none
 * keeps no memory. Lifetimes used here: run (the process), batch (one write transaction), item (one
 * row or event). Memory is zeroed, except what arena_new_raw() gives. Asking for more than
 * `limit_bytes` is a BUG: every input is limited where it enters (events/limits.h), so no input can
 * lead to it. Under AddressSanitizer every block is a malloc of its own, so overruns and use after
 * reset are found. */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_SEPARATE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_SEPARATE 1
#endif
#endif
#ifndef ARENA_SEPARATE
#define ARENA_SEPARATE 0
#endif

enum { ARENA_ALIGNMENT = alignof(max_align_t) };

struct arena_chunk {
    struct arena_chunk *next;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char data[];
};

struct arena {
    struct arena_chunk *first;
    struct arena_chunk *current;
    size_t used_bytes;
    size_t limit_bytes;
    ProtobufCAllocator protobuf; /* allocates here; free does nothing */
};

enum { ARENA_LIMIT_DEFAULT_MIB = 4096 };

/* No allocation yet; limit_bytes 0 means the default limit. The arena must not be moved after. */
void arena_init(struct arena *arena, size_t limit_bytes);
/* Forgets all blocks; chunks of the usual size are kept for reuse. */
void arena_reset(struct arena *arena);
/* Gives everything back. */
void arena_release(struct arena *arena);

/* Used by arena_new_raw() alone: the slow path, for a block that does not fit into the current
 * chunk. */
void *arena_new_apart(struct arena *arena, size_t size);

/* `size` zeroed bytes, aligned for any type; never NULL; size 0 gives a valid pointer. */
void *arena_new(struct arena *arena, size_t size);
/* The same without zeroing, for buffers that are filled at once. Inline, because a rebuild
 * allocates hundreds of millions of blocks. */
static inline void *arena_new_raw(struct arena *arena, size_t size)
{
    struct arena_chunk *chunk = arena->current;
    size_t rounded = (size + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
    size_t room = chunk != NULL ? chunk->size - chunk->used : 0;
    if (ARENA_SEPARATE || rounded == 0 || rounded > room ||
        rounded > arena->limit_bytes - arena->used_bytes) {
        return arena_new_apart(arena, size);
    }
    void *block = chunk->data + chunk->used;
    chunk->used += rounded;
    arena->used_bytes += rounded;
    return block;
}
/* The same for a buffer that the kernel copies into (bytes of a file or a pipe): aligned to a cache
 * line. malloc puts a large block a few bytes behind the start of a page, and some processors copy
 * three times slower to an address up to 63 bytes further into its page than the source is into its
 * own (decision 0104). */
void *arena_buffer(struct arena *arena, size_t size);
enum { ARENA_BUFFER_ALIGNMENT = 64 };
/* SIZE_MAX when the product overflows: the arena then treats the request as a BUG. */
static inline size_t arena_array_size(size_t item_size, size_t count)
{
    size_t size = 0;
    return __builtin_mul_overflow(item_size, count, &size) ? SIZE_MAX : size;
}
#define ARENA_NEW(arena, type) ((type *)arena_new((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count)                                                            \
    ((type *)arena_new((arena), arena_array_size(sizeof(type), (count))))

/* Room behind `count` items: the items themselves while `*capacity` holds one more, else a copy
 * with twice the room, zeroed behind them. Begins with NULL, 0 and 0. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity,
                 size_t item_size);
#define ARENA_GROW(arena, items, count, capacity)                                                  \
    ((items) = arena_grow((arena), (items), (count), (capacity), sizeof *(items)))

/* Copies; both copies are NUL-terminated behind their size. */
str arena_str(struct arena *arena, str s);
bytes arena_bytes(struct arena *arena, bytes b);
char *arena_c_string(struct arena *arena, str s);

/* printf into the arena; the result is NUL-terminated. */
str arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Concatenates texts, quicker than arena_format() for long ones; NUL-terminated. */
str arena_join(struct arena *arena, const str *parts, size_t count);
#define ARENA_JOIN(arena, ...)                                                                     \
    arena_join((arena), (const str[]){__VA_ARGS__}, sizeof(const str[]){__VA_ARGS__} / sizeof(str))

/* The allocator for protobuf-c's unpack. */
ProtobufCAllocator *arena_protobuf(struct arena *arena);
