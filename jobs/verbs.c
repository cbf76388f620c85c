/* verbs - see verbs.h. In the order and the groups in which help lists them. */
#include "jobs/verbs.h"

#include <action.pb-c.h>
#include <options.pb-c.h>
#include <stdio.h>
#include <string.h>

#include "core/base/record.h"
#include "jobs/messages.h"
#include "jobs/nearest.h"

const struct verb verbs[] = {
    {"list", job_list, &list_options__descriptor, NEEDS_READ, "WHAT", 1, 1},
    {"show", job_show, &show_options__descriptor, NEEDS_READ_KEYS, "WHAT NUMBER", 2, 2},
    {"download", job_download, &download_options__descriptor, NEEDS_WRITE, "CERTIFICATE", 1, 1},
    {"deliver", job_deliver, &deliver_options__descriptor, NEEDS_WRITE, "", 0, 0},

    {"exchange", job_action, &exchange__descriptor, NEEDS_WRITE, "", 0, 0},
    {"request-regeneration", job_action, &request_regeneration__descriptor, NEEDS_WRITE, "", 0, 0},
    {"issue", job_action, &issue__descriptor, NEEDS_WRITE, "", 0, 0},
    {"extend", job_action, &extend__descriptor, NEEDS_WRITE, "", 0, 0},
    {"enter", job_action, &enter__descriptor, NEEDS_WRITE, "", 0, 0},
    {"change-affiliation", job_action, &change_affiliation__descriptor, NEEDS_WRITE, "", 0, 0},
    {"rename-enterprise", job_action, &rename_enterprise__descriptor, NEEDS_WRITE, "", 0, 0},
    {"cancel", job_action, &cancel__descriptor, NEEDS_WRITE, "", 0, 0},
    {"depart", job_action, &depart__descriptor, NEEDS_WRITE, "", 0, 0},

    {"rename-person", job_action, &rename_person__descriptor, NEEDS_WRITE, "", 0, 0},
    {"suspend", job_action, &suspend__descriptor, NEEDS_WRITE, "", 0, 0},
    {"reinstate", job_action, &reinstate__descriptor, NEEDS_WRITE, "", 0, 0},
    {"revoke", job_action, &revoke__descriptor, NEEDS_WRITE, "", 0, 0},
    {"withdraw", job_action, &withdraw__descriptor, NEEDS_WRITE, "", 0, 0},
    {"cancel-by-authority", job_action, &cancel_by_authority__descriptor, NEEDS_WRITE, "", 0, 0},
    {"withdraw-departure", job_action, &withdraw_departure__descriptor, NEEDS_WRITE, "", 0, 0},
    {"correct-certificate", job_action, &correct_certificate__descriptor, NEEDS_WRITE, "", 0, 0},
    {"change-id-number", job_action, &change_id_number__descriptor, NEEDS_WRITE, "", 0, 0},
    {"change-post", job_action, &change_post__descriptor, NEEDS_WRITE, "", 0, 0},
    {"extend-by-notice", job_action, &extend_by_notice__descriptor, NEEDS_WRITE, "", 0, 0},
    {"convert-category", job_action, &convert_category__descriptor, NEEDS_WRITE, "", 0, 0},
    {"block-person", job_action, &block_person__descriptor, NEEDS_WRITE, "", 0, 0},
    {"erase-person", job_action, &erase_person__descriptor, NEEDS_WRITE, "", 0, 0},

    {"request-code", job_action, &request_code__descriptor, NEEDS_WRITE, "", 0, 0},
    {"register-phone", job_action, &register_phone__descriptor, NEEDS_WRITE, "", 0, 0},
    {"change-phone", job_action, &change_phone__descriptor, NEEDS_WRITE, "", 0, 0},
    {"add-record", job_action, &add_record__descriptor, NEEDS_WRITE, "", 0, 0},
    {"edit-record", job_action, &edit_record__descriptor, NEEDS_WRITE, "", 0, 0},
    {"delete-record", job_action, &delete_record__descriptor, NEEDS_WRITE, "", 0, 0},
    {"attach-scan", job_action, &attach_scan__descriptor, NEEDS_WRITE, "", 0, 0},
    {"upload-signature", job_action, &upload_signature__descriptor, NEEDS_WRITE, "", 0, 0},
    {"verify-record", job_action, &verify_record__descriptor, NEEDS_WRITE, "", 0, 0},
    {"refuse-record", job_action, &refuse_record__descriptor, NEEDS_WRITE, "", 0, 0},
    {"cancel-verification", job_action, &cancel_verification__descriptor, NEEDS_WRITE, "", 0, 0},
    {"open-application", job_action, &open_application__descriptor, NEEDS_WRITE, "", 0, 0},
    {"accept-application", job_action, &accept_application__descriptor, NEEDS_WRITE, "", 0, 0},
    {"approve-application", job_action, &approve_application__descriptor, NEEDS_WRITE, "", 0, 0},
    {"close-application", job_action, &close_application__descriptor, NEEDS_WRITE, "", 0, 0},

    {"import", job_import, &import_options__descriptor, NEEDS_WRITE, "KIND FILE|URL...", 2, -1},
    {"submit", job_submit, &submit_options__descriptor, NEEDS_WRITE, "FILE", 1, 1},
    {"regenerate", job_regenerate, &regenerate_options__descriptor, NEEDS_WRITE, "", 0, 0},
    {"rename plan", job_rename_plan, &rename_plan_options__descriptor, NEEDS_READ, "[CODE]", 0, 1},
    {"rename run", job_rename_run, &rename_run_options__descriptor, NEEDS_WRITE, "[CODE]", 0, 1},
    {"rename status", job_rename_status, &rename_status_options__descriptor, NEEDS_READ, "", 0, 0},
    {"notice plan", job_notice_plan, &notice_plan_options__descriptor, NEEDS_READ, "FILE", 1, 1},
    {"notice run", job_notice_run, &notice_run_options__descriptor, NEEDS_WRITE, "FILE", 1, 1},
    {"night", job_night, &night_options__descriptor, NEEDS_NOTHING, "FILE", 1, 1},
    {"status", job_status, &status_options__descriptor, NEEDS_READ, "", 0, 0},
    {"expire", job_expire, &expire_options__descriptor, NEEDS_READ, "", 0, 0},
    {"report", job_report, &report_options__descriptor, NEEDS_NOTHING, "", 0, 0},
    {"export national", job_export_national, &export_national_options__descriptor, NEEDS_READ, "",
     0, 0},

    {"audit verify", job_audit_verify, &audit_verify_options__descriptor, NEEDS_NOTHING, "", 0, 0},
    {"audit history", job_audit_history, &audit_history_options__descriptor, NEEDS_READ_KEYS,
     "WHAT NUMBER", 2, 2},
    {"audit replay", job_audit_replay, &audit_replay_options__descriptor, NEEDS_READ_LOG, "", 0, 0},
    {"audit diff", job_audit_diff, &audit_diff_options__descriptor, NEEDS_READ_LOG, "", 0, 0},
    {"audit compare", job_audit_compare, &audit_compare_options__descriptor, NEEDS_NOTHING, "", 0,
     0},
    {"audit prove", job_audit_prove, &audit_prove_options__descriptor, NEEDS_READ, "[CERTIFICATE]",
     0, 1},
    {"audit check", job_audit_check, &audit_check_options__descriptor, NEEDS_NOTHING,
     "FILE|FOLDER...", 1, -1},
    {"audit export", job_audit_export, &audit_export_options__descriptor, NEEDS_READ, "", 0, 0},
    {"audit witness", job_audit_witness, &audit_witness_options__descriptor, NEEDS_NOTHING, "", 0,
     0},
    {"checkpoint", job_checkpoint, &checkpoint_options__descriptor, NEEDS_LOCK, "", 0, 0},

    {"init", job_init, &init_options__descriptor, NEEDS_NOTHING, "", 0, 0},
    {"trust add", job_trust_add, &trust_add_options__descriptor, NEEDS_WRITE, "FILE", 1, 1},
    {"trust remove", job_trust_remove, &trust_remove_options__descriptor, NEEDS_WRITE, "FILE", 1,
     1},
    {"trust issue", job_trust_issue, &trust_issue_options__descriptor, NEEDS_READ, "", 0, 0},
    {"policy list", job_policy_list, &policy_list_options__descriptor, NEEDS_READ, "", 0, 0},
    {"policy set", job_policy_set, &policy_set_options__descriptor, NEEDS_WRITE, "KEY VALUE", 2, 2},
    {"template list", job_template_list, &template_list_options__descriptor, NEEDS_READ, "", 0, 0},
    {"template show", job_template_show, &template_show_options__descriptor, NEEDS_READ, "KIND", 1,
     1},
    {"template check", job_template_check, &template_check_options__descriptor, NEEDS_NOTHING,
     "FILE", 1, 1},
    {"template set", job_template_set, &template_set_options__descriptor, NEEDS_WRITE, "KIND FILE",
     2, 2},
    {"rebuild", job_rebuild, &rebuild_options__descriptor, NEEDS_NOTHING, "", 0, 0},
    {"backup", job_backup, &backup_options__descriptor, NEEDS_NOTHING, "DIR", 1, 1},
    {"restore", job_restore, &restore_options__descriptor, NEEDS_NOTHING, "DIR", 1, 1},

    {"sample", job_sample, &sample_options__descriptor, NEEDS_NOTHING, "", 0, 0},
    {"help", job_help, &help_options__descriptor, NEEDS_NOTHING, "[VERB]", 0, 2},
    {"version", job_version, &version_options__descriptor, NEEDS_NOTHING, "", 0, 0},
};
const size_t verbs_count = sizeof verbs / sizeof *verbs;

/* By what people do, not by what the program does: each begins with a verb of the table. */
static const struct {
    int heading;
    const char *first;
} groups[] = {
    {MESSAGE_HELP_GROUP_LOOK, "list"},
    {MESSAGE_HELP_GROUP_CERTIFICATES, "exchange"},
    {MESSAGE_HELP_GROUP_AUTHORITY, "rename-person"},
    {MESSAGE_HELP_GROUP_FILES, "request-code"},
    {MESSAGE_HELP_GROUP_OPERATE, "import"},
    {MESSAGE_HELP_GROUP_AUDIT, "audit verify"},
    {MESSAGE_HELP_GROUP_STORE, "init"},
    {MESSAGE_HELP_GROUP_MORE, "sample"},
};

int verb_heading(const struct verb *verb)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (strcmp(groups[i].first, verb->name) == 0) {
            return groups[i].heading;
        }
    }
    return 0;
}

enum { VERB_SIZE = 64 };

static const struct verb *find_exactly(const char *name)
{
    for (size_t i = 0; i < verbs_count; i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            return &verbs[i];
        }
    }
    return NULL;
}

const struct verb *verb_find(char *const *words, int count, int *ret_words)
{
    char two[VERB_SIZE];
    const struct verb *verb = NULL;
    if (count >= 2) {
        int size = snprintf(two, sizeof two, "%s %s", words[0], words[1]);
        verb = size > 0 && size < VERB_SIZE ? find_exactly(two) : NULL;
        *ret_words = 2;
    }
    if (verb == NULL && count >= 1 && strchr(words[0], ' ') == NULL) {
        verb = find_exactly(words[0]);
        *ret_words = 1;
    }
    return verb;
}

static bool is_verb(char *first, char *second)
{
    int taken = 0;
    return verb_find((char *[]){first, second}, 2, &taken) != NULL;
}

/* How many words from words[at] on are one option: the value of a common one may stand behind it;
 * of one that only the verb knows, the next word is its value unless it completes the verb. */
static int option_words(char **words, int count, int at)
{
    const char *word = words[at];
    if (strncmp(word, "--", 2) != 0 || strchr(word, '=') != NULL || at + 1 >= count) {
        return 1;
    }
    const ProtobufCFieldDescriptor *common =
        record_find(&common_options__descriptor, str_of(word + 2));
    if (common != NULL) {
        return common->type == PROTOBUF_C_TYPE_BOOL ? 1 : 2;
    }
    return *words[at + 1] == '-' || is_verb(words[0], words[at + 1]) ? 1 : 2;
}

void verb_join_words(char **words, int count)
{
    int taken = 0;
    int at = 1;
    if (count < 2 || verb_find(words, count, &taken) != NULL) {
        return;
    }
    while (at < count && *words[at] == '-' && strcmp(words[at], "--") != 0) {
        at += option_words(words, count, at);
    }
    if (at < count && is_verb(words[0], words[at])) {
        char *second = words[at];
        memmove(words + 2, words + 1, (size_t)(at - 1) * sizeof *words);
        words[1] = second;
    }
}

const char *const verb_not_options[] = {"person_id", "new_person_id", "attachment", "scan",
                                        "phone_id",  "sent_code",     "code_hash",  "number_id",
                                        "form_hash", "persons",       NULL};

bool verb_is_action(const struct verb *verb)
{
    return verb->run == job_action;
}

bool verb_ends_at_once(const struct verb *verb, const ProtobufCMessage *options)
{
    static const char *const printing[] = {
        "list",          "show",          "rename plan",    "rename status", "notice plan",
        "status",        "expire",        "audit history",  "audit check",   "policy list",
        "template list", "template show", "template check", "help",          "version",
    };
    const ProtobufCFieldDescriptor *out = record_find(options->descriptor, STR("out"));
    bool writes = out != NULL && record_has(options, out);
    for (size_t i = 0; !writes && i < sizeof printing / sizeof *printing; i++) {
        if (strcmp(printing[i], verb->name) == 0) {
            return true;
        }
    }
    return verb->run == job_sample;
}

const char *const *action_options_without(const struct verb *verb)
{
    static const char *const without[] = {"applicants", NULL};
    return verb->options == &open_application__descriptor ? NULL : without;
}

str verb_nearest(str word)
{
    str nearest = str_of(verbs[0].name);
    int best = nearest_distance(word, nearest);
    for (size_t i = 0; i < verbs_count; i++) {
        str name = str_of(verbs[i].name);
        str first = str_first(name, str_find_byte(name, ' '));
        int whole_distance = nearest_distance(word, name);
        int first_distance = nearest_distance(word, first);
        int distance = first_distance < whole_distance ? first_distance : whole_distance;
        if (distance < best) {
            best = distance;
            nearest = first_distance < whole_distance ? first : name;
        }
    }
    return nearest;
}
