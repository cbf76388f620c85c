/* verbs - see verbs.h. In the order and the groups in which help lists them. */
#include "jobs/verbs.h"

#include <action.pb-c.h>
#include <options.pb-c.h>
#include <stdio.h>
#include <string.h>

#include "core/base/record.h"
#include "jobs/messages.h"
#include "jobs/nearest.h"

/* What an action of CONTRACT 4 as a verb needs and takes is the same of each. */
#define ACTION(name, descriptor)                                                                   \
    {                                                                                              \
        (name), job_action, &(descriptor), NEEDS_WRITE, "", 0, 0, AT_BORDERS, NULL                 \
    }

const struct verb verbs[] = {
    {"list", job_list, &list_options__descriptor, NEEDS_READ, "WHAT", 1, 1, WHERE_IT_PRINTS, NULL},
    {"show", job_show, &show_options__descriptor, NEEDS_READ_KEYS, "WHAT NUMBER", 2, 2,
     WHERE_IT_PRINTS, NULL},
    {"download", job_download, &download_options__descriptor, NEEDS_WRITE, "CERTIFICATE", 1, 1,
     AT_BORDERS, NULL},
    {"deliver", job_deliver, &deliver_options__descriptor, NEEDS_WRITE, "", 0, 0, AT_BORDERS,
     check_deliver},

    ACTION("exchange", exchange__descriptor),
    ACTION("request-regeneration", request_regeneration__descriptor),
    ACTION("issue", issue__descriptor),
    ACTION("extend", extend__descriptor),
    ACTION("enter", enter__descriptor),
    ACTION("change-affiliation", change_affiliation__descriptor),
    ACTION("rename-enterprise", rename_enterprise__descriptor),
    ACTION("cancel", cancel__descriptor),
    ACTION("depart", depart__descriptor),

    ACTION("rename-person", rename_person__descriptor),
    ACTION("suspend", suspend__descriptor),
    ACTION("reinstate", reinstate__descriptor),
    ACTION("revoke", revoke__descriptor),
    ACTION("withdraw", withdraw__descriptor),
    ACTION("cancel-by-authority", cancel_by_authority__descriptor),
    ACTION("withdraw-departure", withdraw_departure__descriptor),
    ACTION("correct-certificate", correct_certificate__descriptor),
    ACTION("change-id-number", change_id_number__descriptor),
    ACTION("change-post", change_post__descriptor),
    ACTION("extend-by-notice", extend_by_notice__descriptor),
    ACTION("convert-category", convert_category__descriptor),
    ACTION("block-person", block_person__descriptor),
    ACTION("erase-person", erase_person__descriptor),

    ACTION("request-code", request_code__descriptor),
    ACTION("register-phone", register_phone__descriptor),
    ACTION("change-phone", change_phone__descriptor),
    ACTION("add-record", add_record__descriptor),
    ACTION("edit-record", edit_record__descriptor),
    ACTION("delete-record", delete_record__descriptor),
    ACTION("attach-scan", attach_scan__descriptor),
    ACTION("upload-signature", upload_signature__descriptor),
    ACTION("verify-record", verify_record__descriptor),
    ACTION("refuse-record", refuse_record__descriptor),
    ACTION("cancel-verification", cancel_verification__descriptor),
    ACTION("open-application", open_application__descriptor),
    ACTION("accept-application", accept_application__descriptor),
    ACTION("approve-application", approve_application__descriptor),
    ACTION("close-application", close_application__descriptor),

    {"import", job_import, &import_options__descriptor, NEEDS_WRITE, "KIND FILE|URL...", 2, -1,
     AT_BORDERS, check_import},
    {"submit", job_submit, &submit_options__descriptor, NEEDS_WRITE, "FILE", 1, 1, AT_BORDERS,
     check_submit},
    {"regenerate", job_regenerate, &regenerate_options__descriptor, NEEDS_WRITE, "", 0, 0,
     AT_BORDERS, NULL},
    {"rename plan", job_rename_plan, &rename_plan_options__descriptor, NEEDS_READ, "[CODE]", 0, 1,
     WHERE_IT_PRINTS, NULL},
    {"rename run", job_rename_run, &rename_run_options__descriptor, NEEDS_WRITE, "[CODE]", 0, 1,
     AT_BORDERS, check_rename_run},
    {"rename status", job_rename_status, &rename_status_options__descriptor, NEEDS_READ, "", 0, 0,
     WHERE_IT_PRINTS, NULL},
    {"notice plan", job_notice_plan, &notice_plan_options__descriptor, NEEDS_READ, "FILE", 1, 1,
     WHERE_IT_PRINTS, NULL},
    {"notice run", job_notice_run, &notice_run_options__descriptor, NEEDS_WRITE, "FILE", 1, 1,
     AT_BORDERS, check_notice_run},
    {"night", job_night, &night_options__descriptor, NEEDS_NOTHING, "FILE", 1, 1, AT_BORDERS, NULL},
    {"status", job_status, &status_options__descriptor, NEEDS_READ, "", 0, 0, WHERE_IT_PRINTS,
     NULL},
    {"expire", job_expire, &expire_options__descriptor, NEEDS_READ, "", 0, 0, WHERE_IT_PRINTS,
     check_expire},
    {"report", job_report, &report_options__descriptor, NEEDS_NOTHING, "", 0, 0, AT_BORDERS,
     check_report},
    {"export national", job_export_national, &export_national_options__descriptor, NEEDS_READ, "",
     0, 0, AT_BORDERS, check_export_national},

    {"audit verify", job_audit_verify, &audit_verify_options__descriptor, NEEDS_NOTHING, "", 0, 0,
     AT_BORDERS, NULL},
    {"audit history", job_audit_history, &audit_history_options__descriptor, NEEDS_READ_KEYS,
     "WHAT NUMBER", 2, 2, WHERE_IT_PRINTS, NULL},
    {"audit replay", job_audit_replay, &audit_replay_options__descriptor, NEEDS_READ_LOG, "", 0, 0,
     AT_BORDERS, NULL},
    {"audit diff", job_audit_diff, &audit_diff_options__descriptor, NEEDS_READ_LOG, "", 0, 0,
     AT_BORDERS, NULL},
    {"audit compare", job_audit_compare, &audit_compare_options__descriptor, NEEDS_NOTHING, "", 0,
     0, AT_BORDERS, check_audit_compare},
    {"audit prove", job_audit_prove, &audit_prove_options__descriptor, NEEDS_READ, "[CERTIFICATE]",
     0, 1, AT_BORDERS, NULL},
    {"audit check", job_audit_check, &audit_check_options__descriptor, NEEDS_NOTHING,
     "FILE|FOLDER...", 1, -1, WHERE_IT_PRINTS, NULL},
    {"audit export", job_audit_export, &audit_export_options__descriptor, NEEDS_READ, "", 0, 0,
     AT_BORDERS, check_audit_export},
    {"audit witness", job_audit_witness, &audit_witness_options__descriptor, NEEDS_NOTHING, "", 0,
     0, AT_BORDERS, NULL},
    {"checkpoint", job_checkpoint, &checkpoint_options__descriptor, NEEDS_LOCK, "", 0, 0,
     AT_BORDERS, NULL},

    {"init", job_init, &init_options__descriptor, NEEDS_NOTHING, "", 0, 0, AT_BORDERS, NULL},
    {"trust add", job_trust_add, &trust_add_options__descriptor, NEEDS_WRITE, "FILE", 1, 1,
     AT_BORDERS, NULL},
    {"trust remove", job_trust_remove, &trust_remove_options__descriptor, NEEDS_WRITE, "FILE", 1, 1,
     AT_BORDERS, NULL},
    {"trust issue", job_trust_issue, &trust_issue_options__descriptor, NEEDS_READ, "", 0, 0,
     AT_BORDERS, NULL},
    {"policy list", job_policy_list, &policy_list_options__descriptor, NEEDS_READ, "", 0, 0,
     WHERE_IT_PRINTS, NULL},
    {"policy set", job_policy_set, &policy_set_options__descriptor, NEEDS_WRITE, "KEY VALUE", 2, 2,
     AT_BORDERS, NULL},
    {"template list", job_template_list, &template_list_options__descriptor, NEEDS_READ, "", 0, 0,
     WHERE_IT_PRINTS, NULL},
    {"template show", job_template_show, &template_show_options__descriptor, NEEDS_READ, "KIND", 1,
     1, WHERE_IT_PRINTS, NULL},
    {"template check", job_template_check, &template_check_options__descriptor, NEEDS_NOTHING,
     "FILE", 1, 1, WHERE_IT_PRINTS, NULL},
    {"template set", job_template_set, &template_set_options__descriptor, NEEDS_WRITE, "KIND FILE",
     2, 2, AT_BORDERS, NULL},
    {"rebuild", job_rebuild, &rebuild_options__descriptor, NEEDS_NOTHING, "", 0, 0, AT_BORDERS,
     check_rebuild},
    {"backup", job_backup, &backup_options__descriptor, NEEDS_NOTHING, "DIR", 1, 1, AT_BORDERS,
     NULL},
    {"restore", job_restore, &restore_options__descriptor, NEEDS_NOTHING, "DIR", 1, 1, AT_BORDERS,
     NULL},

    {"sample", job_sample, &sample_options__descriptor, NEEDS_NOTHING, "", 0, 0, ANYWHERE, NULL},
    {"help", job_help, &help_options__descriptor, NEEDS_NOTHING, "[VERB]", 0, 2, WHERE_IT_PRINTS,
     NULL},
    {"version", job_version, &version_options__descriptor, NEEDS_NOTHING, "", 0, 0, WHERE_IT_PRINTS,
     NULL},
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
    const ProtobufCFieldDescriptor *out = record_find(options->descriptor, STR("out"));
    bool writes = out != NULL && record_has(options, out);
    return verb->ends == ANYWHERE || (verb->ends == WHERE_IT_PRINTS && !writes);
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
