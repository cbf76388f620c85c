/* processor - see processor.h.
 *
 * For the primes of RSA-2048 libcrypto 3 has a multiplication in vectors (AVX2), which it does not
 * take where the processor has MULX and ADX too: on Intel's these are faster. AMD's family 19h
 * (Zen 3) needs half as much time again with them. With AVX-512 IFMA, as of Zen 4, there is a third
 * way, faster than both, which the choice does not touch. */
#include "core/io/processor.h"

#include <stdlib.h>

static const char VARIABLE[] = "OPENSSL_ia32cap";

#if defined(__x86_64__)

#include <cpuid.h>

/* Leaf 7, EBX; <cpuid.h> of clang and gcc do not name them alike. */
enum { HAS_AVX2 = 1 << 5, HAS_BMI2 = 1 << 8, HAS_ADX = 1 << 19, HAS_IFMA = 1 << 21 };

/* Family 0xf, with 0xa in the field that extends it. */
enum { FAMILY_BITS = 0x0ff00f00, FAMILY_19H = 0x00a00f00 };

bool processor_hashes_sha256(void)
{
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    bool has_sse41 = __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_SSE4_1) != 0;
    return has_sse41 && __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0;
}

static bool is_amd_19h(void)
{
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    return __get_cpuid(0, &a, &b, &c, &d) != 0 && b == signature_AMD_ebx &&
           c == signature_AMD_ecx && d == signature_AMD_edx &&
           __get_cpuid(1, &a, &b, &c, &d) != 0 && (a & FAMILY_BITS) == FAMILY_19H;
}

const char *processor_openssl_choice(void)
{
    /* The third word of libcrypto's capabilities is this EBX: keep all of it but ADX. */
    static const char without_adx[] = ":~0x80000";
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    const unsigned both_ways = HAS_AVX2 | HAS_BMI2 | HAS_ADX;

    if (!is_amd_19h() || __get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) {
        return NULL;
    }
    return (b & (both_ways | HAS_IFMA)) == both_ways ? without_adx : NULL;
}

#else

bool processor_hashes_sha256(void)
{
    return false;
}

const char *processor_openssl_choice(void)
{
    return NULL;
}

#endif

void processor_advise_children(void)
{
    const char *choice = processor_openssl_choice();
    if (choice != NULL) {
        (void)setenv(VARIABLE, choice, 0); /* without it they sign as libcrypto would */
    }
}
