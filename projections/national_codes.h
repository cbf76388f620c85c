/* national_codes - translates what an event did to a certificate into the operation codes of the
 * national platform (codes: FACTS 3.3; which event is which operation: decision 0036). */
#pragma once

#include <stdbool.h>

#include <event.pb-c.h>
#include <view.pb-c.h>

struct national_codes {
    const char *state;     /* certState on the event's own day: "01" valid, "02" suspended ... */
    const char *operation; /* operateType: "01" first issue ... "10" departure withdrawn */
};

/* `after` is the certificate as the event left it. False for events that the platform is not told:
 * those of paper, and those that change nothing of the certificate. */
bool national_codes_of_event(const Event *event, const CertificateView *after,
                             struct national_codes *ret);

/* Of a certificate whose last day has passed: no event says so (05, 04). False when its status is
 * one that has ended otherwise. */
bool national_codes_of_expiry(const CertificateView *certificate, struct national_codes *ret);
