/* backup - the layout of a backup folder: that of the store without views, reports, outbox and
 * lock, and with a manifest. Shared by the verbs `backup` and `restore`. */
#pragma once

#include "core/io/log.h"
#include "jobs/session.h"
#include "jobs/store/mirror.h"

#define BACKUP_FORMAT   "anzheng backup 1"
#define BACKUP_MANIFEST "manifest.json"

enum { BACKUP_MANIFEST_MAX = 65536 }; /* bytes */

/* Files that are copied whole: `signing` ones only where they are asked for (--with-keys) and
 * there; the others open what is sealed and belong to every backup. */
struct backup_file {
    const char *path;
    bool signing;
};
extern const struct backup_file backup_files[];
extern const size_t backup_files_count;

/* The folders of files that are named by their digest, and how they end; for each of them. */
struct backup_folder {
    const char *name;
    const char *suffix;
};
extern const struct backup_folder backup_folders[];
extern const size_t backup_folders_count;

/* Copies blobs and documents that `from` has and `to` has not; takes nothing away.
 * fails   as mirror_digests */
FALLIBLE backup_mirror(const char *from, const char *to, struct arena *scratch,
                       struct mirror_report *report, struct error *err);

/* Every page of the copy `name` ("log", "log.old") below `dir`. fails   as soundness_check */
FALLIBLE backup_check_pages(const struct session *session, const char *dir, const char *name,
                            struct error *err);

/* Opens the log below `dir` for reading and checks all of it, pages first.
 * fails   as soundness_check and log_verify */
FALLIBLE backup_verify_log(struct session *session, const char *dir, struct log_report *ret,
                           struct error *err);
