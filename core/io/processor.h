/* processor - what this processor can do, and where a library chooses the slower code for it. */
#pragma once

#include <stdbool.h>

/* Has it the SHA extensions and SSE 4.1, which go together in sha256_pair.c? */
bool processor_hashes_sha256(void);
/* The value of the environment variable OPENSSL_ia32cap (OPENSSL_ia32cap(3)) with which libcrypto
 * signs with RSA fastest here, a constant; NULL where its own choice is best or nothing was
 * measured. libcrypto reads the variable once, when it is loaded: it is for processes yet to be
 * started. Figures: docs/decisions/0113. */
const char *processor_openssl_choice(void);
/* Puts it into the environment of this process for those that it will start, unless whoever runs
 * the program has set the variable. Before there are threads. */
void processor_advise_children(void);
