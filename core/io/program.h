/* program - an identity of the running program: its own code and that of the libraries it has
 * loaded.
 *
 * Results that are kept between runs are only valid for the program that made them; this tells
 * whether it is the same one. */
#pragma once

#include <stdbool.h>

#include "core/io/digest.h"

/* A digest of the build ids of all that is loaded; another build of any of them has another one.
 * What is loaded later changes it, too (ask when everything that counts is there), except libcurl
 * and what comes behind it: whether a file was fetched says nothing about the results. False when
 * something has no build id: then nobody can tell. */
bool program_identity(struct digest *ret);
