/* objects_file - the personnel file as JSON and as rows: a person's records with level, source and
 * history. Phone numbers in them, and values that are a resident's number (some certificates are
 * numbered by it), are masked unless the source is unmasked (R-PV-05). */
#pragma once

#include "events/decide.h"
#include "jobs/objects/objects.h"
#include "jobs/report.h"

/* A record as a scan has it, with every event there is (decision 0022). */
FALLIBLE file_record_whole(struct session *session, ProtobufCMessage *record, struct arena *arena,
                           struct error *err);

/* The records of a person that are not deleted, kind by kind in the guide's order, the oldest
 * first. */
FALLIBLE file_of_person(struct session *session, str person_id, struct arena *arena,
                        struct file_records *ret, struct error *err);

/* A value as everybody may see it. */
str file_value_masked(const RecordField *field, struct arena *arena);

/* One record; with `person`, whose it is. The caller gives it back. */
FALLIBLE object_of_file_record(const struct object_source *source, const FileRecordView *record,
                               const PersonView *person, struct json **ret, struct error *err);

/* Adds `records` and `signature` to the object of a person. */
FALLIBLE object_put_file(const struct object_source *source, struct json *object,
                         const PersonView *person, struct error *err);

/* For people: the file as a table of its own, a line a record. Nothing without records. */
FALLIBLE report_file(const struct object_source *source, const PersonView *person,
                     struct error *err);
