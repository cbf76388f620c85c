/* holder - the name of the holder that stands on a certificate, as far as the registry knows it. */
#pragma once

#include "events/decide.h"

/* Is the name on the certificate the one of the collected identity (R-LK-02)? True when nothing
 * speaks against it. */
bool holder_name_agrees(const PersonView *person, const CertificateView *certificate,
                        struct arena *arena);

/* The name on a certificate, whatever the person was called since; "" when it is not known. */
str holder_printed_name(const PersonView *person, const CertificateView *certificate);

/* Has or had the person this name? A register that is behind does not contradict. */
bool holder_is_known_as(const PersonView *person, str name, struct arena *arena);
