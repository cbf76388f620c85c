/* source - where a register file comes from: a file, a URL, either of them packed (.gz, .zip), or a
 * folder of daily files.
 *
 * What is fetched or unpacked lies below incoming/ of the store, for its owner alone, while it is
 * read, and then goes; only a part that may be gone on with stays. Of a URL whose file was taken in
 * whole the server's own mark is kept, so that the next night asks for what is newer. What is not
 * newer is not read again, unless something else of the kind was imported since: then it could say
 * something new after all. */
#pragma once

#include "core/io/http.h"
#include "jobs/engine/intake.h"
#include "jobs/session.h"

struct source {
    const char *given; /* as on the command line, or FOLDER/NAME */
    const char *path;  /* the file to read */
    bool unchanged;    /* the server has nothing newer: there is no file, the report is complete */
    struct intake_report report;
    const char *fetched;  /* what goes when it is read; NULL */
    const char *unpacked; /* likewise */
    const char *known;    /* file of the server's mark; NULL: not fetched */
    struct http_state state;
    bool daily;
    struct digest digest; /* daily: of the file as it lies */
};

/* A daily file that was taken in before: *ret_done.
 * fails   as http_fetch and unpack; MISSING MESSAGE_FILE_NOT_READABLE; MALFORMED
 *         MESSAGE_SOURCE_DIGEST (file) when it is not the file that --sha256 names */
FALLIBLE source_open(struct session *session, const char *kind, const char *given, bool daily,
                     struct source *ret, bool *ret_done, struct error *err);

/* What was for this run alone goes. With `report` the file was taken in: what is kept of that for
 * the next run is kept. */
FALLIBLE source_close(struct session *session, const char *kind, const struct source *source,
                      const struct intake_report *report, struct error *err);

/* The register files of a folder in the order of their names: what does not begin with a dot and
 * ends in .csv, .txt, .gz or .zip. fails   MISSING MESSAGE_FILE_NOT_READABLE */
FALLIBLE source_folder(const char *folder, struct arena *arena, const char ***ret,
                       size_t *ret_count, struct error *err);
