/* pdf_memory - libharu's two busiest functions, quicker.
 *
 * Debian's libharu copies and fills memory a byte at a time, which takes a quarter of drawing a
 * document. The program's own symbols come before a library's (ELF interposition), so these stand
 * in for HPDF_MemCpy and HPDF_MemSet and do exactly what they do: both return the end. */
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
