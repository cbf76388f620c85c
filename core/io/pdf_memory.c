/* pdf_memory - faster versions of libharu's four busiest functions.
 *
 * Debian's libharu copies, fills and counts a byte at a time, which takes a quarter of drawing a
 * document. The program's own symbols come before a library's (ELF interposition), so these replace
 * HPDF_MemCpy, HPDF_MemSet, HPDF_StrLen and HPDF_StrCpy. They behave exactly alike: the ones that
 * write return the end of what they wrote. */
#include <hpdf.h>
#include <hpdf_utils.h>
#include <string.h>

HPDF_BYTE *HPDF_MemCpy(HPDF_BYTE *out, const HPDF_BYTE *in, HPDF_UINT n)
{
    if (n > 0) {
        memcpy(out, in, n);
    }
    return out + n;
}

void *HPDF_MemSet(void *s, HPDF_BYTE c, HPDF_UINT n)
{
    if (n > 0) {
        memset(s, c, n);
    }
    return (HPDF_BYTE *)s + n;
}

/* At most so many bytes; below 0: however many there are. */
HPDF_UINT HPDF_StrLen(const char *s, HPDF_INT most)
{
    if (s == NULL) {
        return 0;
    }
    return (HPDF_UINT)(most < 0 ? strlen(s) : strnlen(s, (size_t)most));
}

/* Up to `last`, where a text that is too long gets its NUL. */
HPDF_BYTE *HPDF_StrCpy(char *out, const char *in, char *last)
{
    size_t size = in == NULL || last <= out ? 0 : strnlen(in, (size_t)(last - out));
    if (size > 0) {
        memcpy(out, in, size);
    }
    out[size] = '\0';
    return (HPDF_BYTE *)out + size;
}
