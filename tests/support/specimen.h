/* specimen - facts of synthetic certificates and proofs, for tests and benchmarks. Nobody in them
 * exists. */
#pragma once

#include "core/base/arena.h"
#include "core/base/page.h"
#include "core/base/str.h"
#include "projections/template.h"

struct specimen {
    const char *name;                /* NULL: the usual one */
    const char *enterprise;          /* NULL: the usual one */
    int number;                      /* serial */
    bytes photo_sha256;              /* 32 bytes, or empty */
    const struct template *template; /* parsed once; NULL: the program's own, parsed each time */
};

/* The page of a B certificate; what is NULL is the usual. */
struct page specimen_certificate(const struct specimen *specimen, struct arena *arena);
/* The two proofs of the same person; `signer` is a digest in hex or "", the departure names so many
 * certificates. */
struct page specimen_cancellation(const char *signer, struct arena *arena);
struct page specimen_departure(size_t certificates, struct arena *arena);

/* The program's own description of that kind. */
const struct template *specimen_template(enum template_kind kind, struct arena *arena);
