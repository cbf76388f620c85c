/* pdf_reader - parses a document that this program made, so that it can be verified.
 *
 * It accepts only the exact form that core/io/pdf.h writes: one table of objects, objects without a
 * gap between them, no incremental update, one signature over the whole file. A viewer then shows
 * what was signed. The reader judges nothing else: cms.h verifies the signature and its signer,
 * proof.h the proof. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/io/digest.h"

enum { PDF_BYTES_MAX = 8 * 1024 * 1024 };

/* What the metadata say. */
struct pdf_facts {
    str number;     /* of the certificate, or the id of a proof */
    str identifier; /* 证照标识; the number where there is none */
    str code;       /* text of the QR code, or empty */
    int64_t created_us;
    str origin; /* of the log; empty: no entry is named, and what follows is empty */
    uint64_t event;
    struct digest leaf;
    str proof; /* C2SP tlog-proof, or empty */
};

struct pdf_reading {
    bytes signed_bytes; /* the two ranges, joined */
    bytes cms;          /* DER */
    struct digest pdf_sha256;
    struct digest unsigned_sha256; /* with Contents all zeros */
    struct pdf_facts facts;
    bool shows_code; /* the modules of facts.code are drawn on a page */
};

/* Everything in the arena.
 * fails   MALFORMED MESSAGE_PDF_FOREIGN: no PDF, or none of this program;
 *         CORRUPT MESSAGE_PDF_ALTERED (what): one that was changed, cut or added to */
FALLIBLE pdf_read(bytes file, struct arena *arena, struct pdf_reading *ret, struct error *err);

/* How many bytes a file keeps free for its signature, by its own word: pdf_reserve() with as many
 * draws it again to the byte. 0: none, or it is no such file. */
size_t pdf_signature_room(bytes file);

/* The facts in the metadata of a file whose form is not in question; false when it has none. */
bool pdf_facts_read(bytes file, struct arena *arena, struct pdf_facts *ret);
/* The facts in the metadata; false when they are not as this program writes them. */
bool pdf_metadata_read(str xmp, struct arena *arena, struct pdf_facts *ret);
