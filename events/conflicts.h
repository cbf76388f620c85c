/* conflicts - finds where the national register contradicts a certificate here (R-BJ-05). A row of
 * that register never changes a certificate, so a clerk has to look at the contradiction.
 *
 * A row with a masked ID number can only confirm (R-BJ-07): it counts as a row about the
 * certificate when number, name and visible digits fit. */
#pragma once

#include <view.pb-c.h>

#include "core/base/arena.h"
#include "core/base/str.h"

enum conflict {
    CONFLICT_ENDED_NATIONALLY,    /* in force here; there cancelled, revoked, moved away */
    CONFLICT_IN_FORCE_NATIONALLY, /* ended here; there valid or suspended */
    CONFLICT_STATE_DIFFERS,       /* another state, like suspended and valid */
    CONFLICT_HOLDER_DIFFERS,      /* the same number, but of somebody else */
    CONFLICT_NAME_DIFFERS,        /* the same document, but a name the person never had */
    CONFLICT_VALID_ELSEWHERE,     /* a valid one of the same class in another province */
    CONFLICT_COUNT,
};

/* "ended_nationally". */
str conflict_text(enum conflict conflict);
bool conflict_from_text(str text, enum conflict *ret);

/* What a row has against a certificate: as bits, 1 << enum conflict. The row has the certificate's
 * number, or its person is the holder; `own` says that its person is, under any number he had. */
struct conflict_question {
    const CertificateView *certificate;
    const PersonView *holder;
    const NationalView *national;
    bool own;
    int32_t today;
};
unsigned conflicts_of(const struct conflict_question *question, struct arena *arena);
