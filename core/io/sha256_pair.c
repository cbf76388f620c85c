/* sha256_pair - see sha256_pair.h.
 *
 * The SHA instructions use the old encoding (SSE): while the upper halves of the AVX registers are
 * in use, each takes thirty times as long. This file is compiled for the baseline processor, so the
 * compiler emits no AVX here; in a build for a newer one, the upper halves are cleared at the
 * entry. Blocks are read where the message lies; only the first and the last ones are assembled. */
#include "core/io/sha256_pair.h"

#include <string.h>

#include "core/base/error.h"
#include "core/io/processor.h"

#if defined(__x86_64__)

#include <immintrin.h>

enum { BLOCK = 64, ROUNDS = 64 };

static const uint32_t K[ROUNDS] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/* The state as the instructions want it: words A B E F and C D G H. */
struct state {
    __m128i abef;
    __m128i cdgh;
};

/* The last sixteen words of the message schedule. */
struct words {
    __m128i w[4];
};

#define SHA_TARGET __attribute__((target("sha,sse4.1,ssse3")))

bool sha256_pair_is_there(void)
{
    return processor_hashes_sha256();
}

static inline SHA_TARGET __m128i load(const uint8_t *data)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)data), swap);
}

static inline SHA_TARGET void load_block(struct words *words, const uint8_t *block)
{
    words->w[0] = load(block);
    words->w[1] = load(block + 16);
    words->w[2] = load(block + 32);
    words->w[3] = load(block + 48);
}

/* Four rounds with the words and constants of a group. */
static inline SHA_TARGET void four_rounds(struct state *state, __m128i words, unsigned group)
{
    __m128i keyed =
        _mm_add_epi32(words, _mm_load_si128((const __m128i *)(const void *)&K[(size_t)group * 4]));
    state->cdgh = _mm_sha256rnds2_epu32(state->cdgh, state->abef, keyed);
    state->abef = _mm_sha256rnds2_epu32(state->abef, state->cdgh, _mm_shuffle_epi32(keyed, 0x0e));
}

/* The four words behind those of four groups. */
static inline SHA_TARGET __m128i words_behind(__m128i w0, __m128i w1, __m128i w2, __m128i w3)
{
    __m128i next = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
    return _mm_sha256msg2_epu32(next, w3);
}

static inline SHA_TARGET void next_words(struct words *words)
{
    words->w[0] = words_behind(words->w[0], words->w[1], words->w[2], words->w[3]);
    words->w[1] = words_behind(words->w[1], words->w[2], words->w[3], words->w[0]);
    words->w[2] = words_behind(words->w[2], words->w[3], words->w[0], words->w[1]);
    words->w[3] = words_behind(words->w[3], words->w[0], words->w[1], words->w[2]);
}

static inline SHA_TARGET void add_state(struct state *state, struct state before)
{
    state->abef = _mm_add_epi32(state->abef, before.abef);
    state->cdgh = _mm_add_epi32(state->cdgh, before.cdgh);
}

static inline SHA_TARGET void compress(struct state *state, const uint8_t *block)
{
    struct state now = *state;
    struct words words;
    load_block(&words, block);
    for (unsigned group = 0; group < ROUNDS / 4; group += 4) {
        four_rounds(&now, words.w[0], group);
        four_rounds(&now, words.w[1], group + 1);
        four_rounds(&now, words.w[2], group + 2);
        four_rounds(&now, words.w[3], group + 3);
        next_words(&words); /* the last ones for nothing */
    }
    add_state(state, now);
}

/* Hashes two blocks in alternating steps: the instructions of one run while the other waits for its
 * results. Both states and schedules fit into the sixteen registers. */
static inline SHA_TARGET void compress_pair(struct state *first, struct state *second,
                                            const uint8_t *first_block, const uint8_t *second_block)
{
    struct state a = *first;
    struct state b = *second;
    struct words v;
    struct words w;
    load_block(&v, first_block);
    load_block(&w, second_block);
#define GROUP(n, n1, n2, n3)                                                                       \
    four_rounds(&a, v.w[n], group + (n));                                                          \
    four_rounds(&b, w.w[n], group + (n));                                                          \
    if (group < ROUNDS / 4 - 4) {                                                                  \
        v.w[n] = words_behind(v.w[n], v.w[n1], v.w[n2], v.w[n3]);                                  \
        w.w[n] = words_behind(w.w[n], w.w[n1], w.w[n2], w.w[n3]);                                  \
    }
#pragma GCC unroll 4
    for (unsigned group = 0; group < ROUNDS / 4; group += 4) {
        GROUP(0, 1, 2, 3)
        GROUP(1, 2, 3, 0)
        GROUP(2, 3, 0, 1)
        GROUP(3, 0, 1, 2)
    }
#undef GROUP
    add_state(&a, *first);
    add_state(&b, *second);
    *first = a;
    *second = b;
}

/* A message as blocks: the first with the prefix, those in the middle, one or two with the end. */
struct blocks {
    const uint8_t *data;
    size_t count;
    size_t direct_end; /* blocks 1..direct_end-1 lie in the message as they are */
    uint8_t first[BLOCK];
    uint8_t tail[2 * BLOCK];
};

/* Not memset: compilers turn it into a string instruction, which takes longer to start than this
 * loop takes to end. */
static inline void clear_tail(struct blocks *blocks)
{
#pragma GCC unroll 8
    for (size_t at = 0; at < sizeof blocks->tail; at += sizeof(__m128i)) {
        _mm_storeu_si128((__m128i *)(void *)(blocks->tail + at), _mm_setzero_si128());
    }
}

static void cut(struct blocks *blocks, uint8_t prefix, bytes message)
{
    size_t size = message.size + 1;
    size_t whole = size / BLOCK;
    blocks->data = message.data;
    blocks->count = (size + 8) / BLOCK + 1;
    blocks->direct_end = whole;
    clear_tail(blocks);
    if (whole > 0) {
        blocks->first[0] = prefix;
        memcpy(blocks->first + 1, message.data, BLOCK - 1);
    }
    size_t left = size - whole * BLOCK;
    if (whole == 0) {
        blocks->tail[0] = prefix;
        if (message.size > 0) {
            memcpy(blocks->tail + 1, message.data, message.size);
        }
    } else if (left > 0) {
        memcpy(blocks->tail, message.data + message.size - left, left);
    }
    blocks->tail[left] = 0x80;
    uint64_t bits = __builtin_bswap64((uint64_t)size * 8);
    memcpy(blocks->tail + (blocks->count - whole) * BLOCK - sizeof bits, &bits, sizeof bits);
}

static const uint8_t *block_at(const struct blocks *blocks, size_t at)
{
    if (at >= blocks->direct_end) {
        return blocks->tail + (at - blocks->direct_end) * BLOCK;
    }
    return at == 0 ? blocks->first : blocks->data + at * BLOCK - 1;
}

static SHA_TARGET void state_init(struct state *state)
{
    state->abef = _mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c);
    state->cdgh = _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19);
}

static SHA_TARGET struct digest state_final(const struct state *state)
{
    struct digest digest;
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i feba = _mm_shuffle_epi32(state->abef, 0x1b); /* words from the lowest: A B E F */
    __m128i hgdc = _mm_shuffle_epi32(state->cdgh, 0x1b); /* C D G H */
    __m128i abcd = _mm_unpacklo_epi64(feba, hgdc);
    __m128i efgh = _mm_unpackhi_epi64(feba, hgdc);
    _mm_storeu_si128((__m128i *)(void *)digest.data, _mm_shuffle_epi8(abcd, swap));
    _mm_storeu_si128((__m128i *)(void *)(digest.data + 16), _mm_shuffle_epi8(efgh, swap));
    return digest;
}

__attribute__((noinline)) SHA_TARGET void sha256_pair(uint8_t prefix, bytes first, bytes second,
                                                      struct digest *ret_first,
                                                      struct digest *ret_second)
{
    struct state states[2];
    struct blocks parts[2];
    cut(&parts[0], prefix, first);
    cut(&parts[1], prefix, second);
#if defined(__AVX__)
    _mm256_zeroupper();
#endif
    state_init(&states[0]);
    state_init(&states[1]);
    size_t both = parts[0].count < parts[1].count ? parts[0].count : parts[1].count;
    for (size_t at = 0; at < both; at++) {
        compress_pair(&states[0], &states[1], block_at(&parts[0], at), block_at(&parts[1], at));
    }
    for (unsigned i = 0; i < 2; i++) {
        for (size_t at = both; at < parts[i].count; at++) {
            compress(&states[i], block_at(&parts[i], at));
        }
    }
    *ret_first = state_final(&states[0]);
    *ret_second = state_final(&states[1]);
}

#else

bool sha256_pair_is_there(void)
{
    return false;
}

void sha256_pair(uint8_t prefix, bytes first, bytes second, struct digest *ret_first,
                 struct digest *ret_second)
{
    (void)prefix;
    (void)first;
    (void)second;
    (void)ret_first;
    (void)ret_second;
    BUG("no such instructions");
}

#endif
