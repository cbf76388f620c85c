/* kinds - declares the functions of each view, which projections/registry.c puts into its table,
 * and what the views share. */
#pragma once

#include "projections/feeds.h"
#include "projections/registry.h"

#define VIEW_KEY(name) bool name(const Event *event, struct view_key *ret)
#define VIEW_APPLY(name)                                                                           \
    FALLIBLE name(ProtobufCMessage *view, const Event *event, struct arena *arena,                 \
                  struct error *err)
#define VIEW_INDEX_OF(name)                                                                        \
    void name(const ProtobufCMessage *view, struct arena *arena, const struct index_sink *sink)

/* Of the views whose key is what the event is about. */
VIEW_KEY(subject_key);

VIEW_APPLY(certificate_apply);
VIEW_INDEX_OF(certificate_index);

struct trail_fields certificate_trail(ProtobufCMessage *view);

VIEW_APPLY(person_apply);
VIEW_INDEX_OF(person_index);

VIEW_APPLY(document_apply);
VIEW_INDEX_OF(document_index);

VIEW_KEY(record_key);
VIEW_APPLY(record_apply);

VIEW_APPLY(enterprise_apply);
struct trail_fields enterprise_trail(ProtobufCMessage *view);

VIEW_APPLY(clerk_apply);

VIEW_KEY(exam_key);
VIEW_APPLY(exam_apply);

VIEW_KEY(insurance_key);
VIEW_APPLY(insurance_apply);

VIEW_KEY(national_key);
VIEW_APPLY(national_apply);
VIEW_INDEX_OF(national_index);

VIEW_APPLY(policy_apply);

VIEW_APPLY(template_apply);
VIEW_KEY(trust_key);
VIEW_APPLY(trust_apply);

VIEW_KEY(wave_key);
VIEW_APPLY(wave_apply);
VIEW_INDEX_OF(wave_index);

VIEW_KEY(file_record_key);
VIEW_APPLY(file_record_apply);
VIEW_INDEX_OF(file_record_index);
struct trail_fields file_record_trail(ProtobufCMessage *view);

VIEW_KEY(visit_key);
VIEW_APPLY(visit_apply);

VIEW_APPLY(application_apply);

VIEW_KEY(code_key);
VIEW_APPLY(code_apply);

VIEW_KEY(alias_key);
VIEW_APPLY(alias_apply);

VIEW_KEY(registry_key);
VIEW_APPLY(registry_apply);

/* A repeated field with one more value, in the arena. */
uint64_t *numbers_with(const uint64_t *numbers, size_t count, uint64_t number, struct arena *arena);
char **texts_with(char *const *texts, size_t count, char *text, struct arena *arena);

/* Fails: the event cannot follow those before it. */
FALLIBLE log_contradicts(const Event *event, const char *what, struct error *err);

/* Adds an index entry: a prefix, and the text that is put behind it there. */
void index_add(const struct index_sink *sink, struct view_key *prefix, str text);

/* --- keys made where they are wanted -------------------------------------------------------------
 *
 * As key_...() and index_...() of registry.h, which give a copy of some hundred bytes: too much for
 * what a rebuild does several times an event. */

/* Of the records whose key is one text: certificates, persons, documents and others. */
void make_key_of_text(struct view_key *ret, str text);
void make_key_registry(struct view_key *ret);
void make_key_wave(struct view_key *ret, uint64_t wave);
void make_key_exam(struct view_key *ret, str person_id, Category__Code category,
                   ExamKind__Code kind, int32_t date);
void make_key_insurance(struct view_key *ret, str person_id, int32_t month, str enterprise);
void make_key_national(struct view_key *ret, str person_id, str number);
void make_key_record(struct view_key *ret, str enterprise, RecordList__Code list, uint64_t event);
void make_index_certificates_of_enterprise(struct view_key *ret, str code);
void make_index_certificates_of_person(struct view_key *ret, str person_id);
void make_index_certificates_of_serial(struct view_key *ret, int year, uint32_t serial);
void make_index_certificates_of_end(struct view_key *ret, int32_t valid_until);
void make_index_persons_of_name(struct view_key *ret, str name_key, bool prefix_only);
void make_index_documents_of_template(struct view_key *ret, DocumentStatus__Code status,
                                      str template_id);
