/* rules - one function for each action; decide() is the only caller. */
#pragma once

#include "events/decide.h"

typedef outcome rule_function(const struct dossier *dossier, const Action *action,
                              struct moment moment, struct arena *arena, struct decision *decision,
                              struct error *err);

rule_function decide_exchange;
rule_function decide_request_regeneration;
rule_function decide_issue;
rule_function decide_extend;
rule_function decide_enter;
rule_function decide_change_affiliation;
rule_function decide_rename_enterprise;
rule_function decide_cancel;
rule_function decide_depart;
rule_function decide_rename_person;
rule_function decide_suspend;
rule_function decide_reinstate;
rule_function decide_revoke;
rule_function decide_withdraw;
rule_function decide_cancel_by_authority;
rule_function decide_withdraw_departure;
rule_function decide_correct_certificate;
rule_function decide_change_id_number;
rule_function decide_change_post;
rule_function decide_extend_by_notice;
rule_function decide_convert_category;
rule_function decide_block_person;
rule_function decide_erase_person;
rule_function decide_request_code;
rule_function decide_register_phone;
rule_function decide_change_phone;
rule_function decide_add_record;
rule_function decide_edit_record;
rule_function decide_delete_record;
rule_function decide_attach_scan;
rule_function decide_upload_signature;
rule_function decide_verify_record;
rule_function decide_refuse_record;
rule_function decide_cancel_verification;
rule_function decide_open_application;
rule_function decide_accept_application;
rule_function decide_approve_application;
rule_function decide_close_application;
rule_function decide_register_enterprise;
rule_function decide_collect_identity;
rule_function decide_register_clerk;
rule_function decide_record_exam;
rule_function decide_record_insurance;
rule_function decide_register_paper;
rule_function decide_record_national;
rule_function decide_record_registration;
rule_function decide_record_contract;

/* R-GEN-10: every successful change ends with the pointer to 电子证书查询及下载. */
struct error_arg pointer_to_download(void);

/* Numbers of certificates in one detail, joined by commas; "…" behind the last stands for those
 * that have no room. */
struct error_arg numbers_detail(const char *name, const char *const *numbers, size_t count,
                                struct arena *arena);
