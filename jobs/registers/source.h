/* source - where a register file comes from: a file, a URL, either of them packed (.gz, .zip), or a
 * folder of daily files.
 *
 * A fetched or unpacked file is below incoming/ of the store (incoming.h) while it is read, and is
 * then removed; only a partial download that can be resumed stays.
 *
 * A URL can be fetched before the store's lock is taken, in three steps: source_ask() with the
 * store open finds out what to request, source_fetch() needs no store, source_open() needs it
 * again. When a file was imported completely, the server's version mark of its URL is kept, and the
 * next night asks only for something newer. A file that is not newer is not read again, unless
 * something else of the kind was imported since: its rows could then be a change after all. If
 * something was imported during the download, the URL is requested again, because the download may
 * be the older of the two. */
#pragma once

#include "core/io/http.h"
#include "jobs/engine/intake/intake.h"
#include "jobs/registers/incoming.h"
#include "jobs/session.h"

struct source {
    const char *given; /* as on the command line, or FOLDER/NAME */
    const char *path;  /* the file to read */
    bool is_remote;    /* a URL */
    bool is_here;      /* and has been asked for */
    bool unchanged;    /* the server has nothing newer: there is no file, the report is complete */
    struct intake_report report;
    struct incoming *incoming; /* the caller's, for the whole run */
    const char *name;          /* of what is fetched */
    const char *fetched;       /* what goes when it is read; NULL */
    const char *unpacked;      /* likewise */
    const char *known;         /* file of the server's mark; NULL: not fetched */
    uint64_t known_since;      /* event that the mark is of */
    uint64_t asked_at;         /* the last event when the server was to be asked */
    bool overtaken;            /* others took in something of the kind while it came */
    struct http_state asks;    /* what is only sent when it is not this any more */
    struct http_state state;
    bool daily;
    struct digest digest;     /* daily: of the file as it lies */
    struct file_state before; /* of a local file, when nothing of it had been read */
};

struct source source_of(struct session *session, const char *given, bool daily,
                        struct incoming *incoming);

/* What the server is to be asked: anything, or what is newer than the mark. Of a URL; the store is
 * open. fails   CREATE, RESOURCE, CORRUPT */
FALLIBLE source_ask(struct session *session, const char *kind, struct source *source,
                    struct error *err);

/* Behind the lock, before anything is imported: did others import something of the kind since
 * source_ask? Then what came may be the older of two, and source_open asks for it again. Of a URL
 * that was fetched. fails   RESOURCE, CORRUPT */
FALLIBLE source_look_back(struct session *session, const char *kind, struct source *source,
                          struct error *err);

/* Fetches it, after source_ask; the store may be closed. fails   as http_fetch; CONFIG */
FALLIBLE source_fetch(struct session *session, struct source *source, struct error *err);

/* A daily file that was taken in before: *ret_done.
 * fails   as source_ask, source_fetch and unpack; MISSING MESSAGE_FILE_NOT_READABLE,
 *         MESSAGE_FILE_CHANGED when others write to it meanwhile; MALFORMED
 *         MESSAGE_SOURCE_DIGEST (file) when it is not the file that --sha256 names */
FALLIBLE source_open(struct session *session, const char *kind, struct source *source,
                     bool *ret_done, struct error *err);

/* What the file that is read must be, where it lies as it was named; NULL: nobody else has it. */
const struct file_state *source_before(const struct source *source);

/* Of a daily file: to be written when it is taken in. Lies in the source and the arena. */
struct intake_note source_taken(const struct source *source, const char *kind, struct arena *arena);

/* Names in a failure what the command named, where the file that is bad, or in which the run was
 * stopped, was only for this run: a fetched or unpacked one is gone when the message is read. */
void source_name(struct session *session, const struct source *source, struct error *err);

/* What was for this run alone goes. With `report` the file was taken in: what is kept of a URL for
 * the next run is kept. */
FALLIBLE source_close(struct session *session, const struct source *source,
                      const struct intake_report *report, struct error *err);

/* How many of the files of a daily folder there are up to the last one that was taken in as it lies
 * there now; what cannot be read was not. */
size_t source_last_taken(struct session *session, const char *kind, const char *const *paths,
                         size_t count);

/* The register files of a folder in the order of their names: what does not begin with a dot and
 * ends in .csv, .txt, .gz or .zip, of any case. fails   MISSING MESSAGE_FILE_NOT_READABLE */
FALLIBLE source_folder(const char *folder, struct arena *arena, const char ***ret,
                       size_t *ret_count, struct error *err);
