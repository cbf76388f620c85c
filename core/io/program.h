/* program - an identity of the running program: its own code and that of the libraries it has
 * loaded.
 *
 * Results that are kept between runs are only valid for the program that made them; this tells
 * whether it is the same one. */
#pragma once

#include <stdbool.h>

#include "core/io/digest.h"

/* A digest of the build ids of all loaded objects: another build of any of them gives another
 * digest. So do objects that are loaded later; call it when everything that matters is loaded.
 * libcurl and the objects behind it do not count, because no result depends on them. False when
 * something has no build id: then nobody can tell. */
bool program_identity(struct digest *ret);
