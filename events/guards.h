/* guards - the checks that many rules share, in the order of RULES 0.3: confirmed, enterprise or
 * clerk, person, found, own, name, collected, stored state, medium, expired, suspended. A rule
 * calls the guards that it needs, in this order, then makes its own checks.
 *
 * Every guard fails REFUSED and names the rule that refuses. */
#pragma once

#include "events/decide.h"

/* Dates of messages: the day, which must be there. */
int32_t day_of(const Date *date);
Date *date_new(int32_t days, struct arena *arena);

/* `rule` is the confirmation's own: R-EX-06, R-IS-12 ... */
FALLIBLE guard_confirmed(bool confirmed, const char *rule, struct error *err);
/* D20. */
FALLIBLE guard_enterprise(const struct dossier *dossier, const Action *action, struct error *err);
/* D34, D37: a clerk who works acts for the authority; `rule` is the action's own. */
FALLIBLE guard_authority(const struct dossier *dossier, const Action *action, const char *rule,
                         struct error *err);

/* The collected identity that counts now, or NULL. */
const IdentityVersion *identity_collected(const PersonView *person);
/* The name of the collected identity, else the name the person is known by. */
str person_current_name(const PersonView *person);

/* R-PV-02: a person who is to be left alone, or erased, takes part in nothing. Stands where the
 * person is first known: the guards of persons and of names below ask it themselves. */
FALLIBLE guard_not_blocked(const struct dossier *dossier, struct error *err);

/* D21: the person named in the action is collected, and its name equals. */
FALLIBLE guard_person_collected(const struct dossier *dossier, const PersonName *named,
                                struct arena *arena, struct error *err);
/* D38: a known person must have the given name; an unknown person passes. */
FALLIBLE guard_person_called(const struct dossier *dossier, const PersonName *named,
                             struct arena *arena, struct error *err);
/* The same of one who is not blocked. */
FALLIBLE guard_person_name(const struct dossier *dossier, const PersonName *named,
                           struct arena *arena, struct error *err);

FALLIBLE guard_found(const CertificateView *certificate, const char *asked, struct error *err);
FALLIBLE guard_own(const CertificateView *certificate, const Action *action, struct error *err);
/* An optional `name` beside the dossier's certificate must equal the holder's (CONTRACT 4): as the
 * certificate prints it, or as it is now. */
FALLIBLE guard_holder_name(const struct dossier *dossier, const char *name, struct arena *arena,
                           struct error *err);
/* D21 for actions that name only a certificate; the certificate's printed name equals it too. */
FALLIBLE guard_holder_collected(const struct dossier *dossier, const CertificateView *certificate,
                                struct arena *arena, struct error *err);

/* D28: what ended or released certificates answer. */
FALLIBLE guard_in_force(const CertificateView *certificate, struct error *err);
FALLIBLE guard_not_ended(const CertificateView *certificate, struct error *err);
FALLIBLE guard_already_ended(const CertificateView *certificate, const char *rule,
                             struct error *err);
/* D28: the authority ends and mends what has not ended; a released one has not. */
FALLIBLE guard_can_end(const CertificateView *certificate, const char *rule, struct error *err);
/* D31. */
FALLIBLE guard_electronic(const CertificateView *certificate, struct error *err);
/* D30. */
FALLIBLE guard_unexpired(const CertificateView *certificate, int32_t today, const char *rule,
                         struct error *err);
/* D29; an expired suspended certificate counts as expired only. */
FALLIBLE guard_not_suspended(const CertificateView *certificate, int32_t today, struct error *err);
/* R-AF-02, D6. */
FALLIBLE guard_not_legal(const CertificateView *certificate, const char *rule, struct error *err);
