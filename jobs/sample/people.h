/* people - invents the enterprises and persons of the first day, their paper certificates and what
 * the national platform knows of them. */
#pragma once

#include "jobs/sample/city.h"

/* Fills the empty city. */
void people_invent(struct city *city);
