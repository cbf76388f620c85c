/* signature_page - the signature sheet of a personnel file (R-PF-23). It is printed, signed by hand
 * inside the frame, scanned and uploaded. It shows the full ID number and is as restricted as a
 * proof. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/page.h"

struct signature_facts {
    str name;
    str id_number;      /* in full */
    str person_id;      /* names the sheet in the metadata */
    int64_t created_us; /* of the collected identity */
};

/* fails   INVALID MESSAGE_PAGE_FACT_MISSING */
FALLIBLE signature_page(const struct signature_facts *facts, struct arena *arena, struct page *ret,
                        struct error *err);
