/* wave - the rules of mass changes (D26): an enterprise's new name, a notice that extends
 * certificates, a notice that converts their class. A wave has one intent, a list of certificates,
 * and one event for each of them.
 *
 * Three pure functions: wave_intent() says what an action intends, wave_selects() whether a
 * certificate belongs on the list, wave_item() what becomes of a listed certificate when its turn
 * comes. Days may pass between listing and turn: a certificate that is no longer eligible then
 * becomes a failed item with its code, so that done + failed equals the announced count (R-NM-06).
 * The engine (jobs/engine/judging/wave.h) keeps the list, works through it and remembers how far it
 * got. */
#pragma once

#include "events/decide.h"

/* Is it an action that opens a wave, and of which kind; NONE when it does not. */
bool action_is_wave(Action__BodyCase body);
WaveKind__Code wave_kind_of(Action__BodyCase body);

/* Where a wave action says how many certificates it expects; NULL for other actions. */
char **wave_expected(Action *action);

/* The enterprise that a notice selects; "" when it selects none, or the action is another. */
const char *notice_enterprise(const Action *action);

/* What a wave action intends: kind, enterprise, value, notice, selection. Count and digest of the
 * list are still absent. `enterprise` is the acting one as the register has it. */
WaveOpened *wave_intent(const Action *action, const EnterpriseView *enterprise,
                        struct arena *arena);

/* Why the wave would not take the certificate on that day: the message; 0 when it would. */
int wave_obstacle(const WaveOpened *wave, const CertificateView *certificate, int32_t today,
                  struct arena *arena);

/* Would the wave take the certificate on that day? */
bool wave_selects(const WaveOpened *wave, const CertificateView *certificate, int32_t today,
                  struct arena *arena);

/* The event of one item of the wave with that number, caused by it: EnterpriseNameChanged,
 * ValidityExtended, CategoryConverted, or WaveItemFailed with the code of why not. Is the holder
 * blocked? */
Event *wave_item(const WaveOpened *wave, uint64_t number, const CertificateView *certificate,
                 bool blocked, int32_t today, struct arena *arena);

/* The last event of a wave whose items are all done or failed. */
Event *wave_closing(const WaveView *wave, struct arena *arena);

/* Decides the opening: the count that was expected is the one that was listed.
 * fails   REFUSED `none` when nothing was listed, MESSAGE_COUNT_DIFFERS */
struct wave_opening {
    const char *expected_count; /* "" when none was given */
    const char *rule;
    int none; /* the message when there is nothing to do */
    const char *none_rule;
};
FALLIBLE wave_open(const struct dossier *dossier, const Action *action,
                   const struct wave_opening *opening, struct arena *arena,
                   struct decision *decision, struct error *err);
