/* feeds - see feeds.h. */
#include "projections/feeds.h"

#include <stddef.h>

/* The views, as feeds.def names them. */
enum {
    NOTHING = 0,
    CERTIFICATE = 1U << VIEW_CERTIFICATE,
    PERSON = 1U << VIEW_PERSON,
    ENTERPRISE = 1U << VIEW_ENTERPRISE,
    CLERK = 1U << VIEW_CLERK,
    EXAM = 1U << VIEW_EXAM,
    INSURANCE = 1U << VIEW_INSURANCE,
    NATIONAL = 1U << VIEW_NATIONAL,
    DOCUMENT = 1U << VIEW_DOCUMENT,
    RECORD = 1U << VIEW_RECORD,
    POLICY = 1U << VIEW_POLICY,
    TRUST = 1U << VIEW_TRUST,
    WAVE = 1U << VIEW_WAVE,
    FILE_RECORD = 1U << VIEW_FILE_RECORD,
    VISIT = 1U << VIEW_VISIT,
    APPLICATION = 1U << VIEW_APPLICATION,
    CODE = 1U << VIEW_CODE,
    ALIAS = 1U << VIEW_ALIAS,
    REGISTRY = 1U << VIEW_REGISTRY,
    TEMPLATE = 1U << VIEW_TEMPLATE,
};

uint32_t feeds_of(Event__BodyCase body)
{
    switch (body) {
#define FEED(kind, views, subject)                                                                 \
    case kind:                                                                                     \
        return views;
#include "projections/feeds.def"
#undef FEED
    case EVENT__BODY__NOT_SET:
    case _EVENT__BODY__CASE_IS_INT_SIZE: break;
    }
    return NOTHING;
}

const char *event_subject(const Event *event)
{
    switch (event->body_case) {
#define FEED(kind, views, subject)                                                                 \
    case kind:                                                                                     \
        return subject;
#include "projections/feeds.def"
#undef FEED
    case EVENT__BODY__NOT_SET:
    case _EVENT__BODY__CASE_IS_INT_SIZE: break;
    }
    return NULL;
}

const char *event_certificate(const Event *event)
{
    return feeds(event, VIEW_CERTIFICATE) ? event_subject(event) : NULL;
}
