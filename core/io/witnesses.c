/* witnesses - see witnesses.h. */
#include "core/io/witnesses.h"

#include <string.h>

#include "core/io/messages.h"

enum { QUORUM_NONE = -1, LINE_WORDS_MAX = WITNESS_NODES_MAX + 3 };

static outcome malformed(int line, const char *what, struct error *err)
{
    FAIL(CONFIG, MESSAGE_WITNESSES_MALFORMED, ARG_INT("line", line), ARG_TEXT("what", what));
}

static bool same_key(const struct note_verifier *a, const struct note_verifier *b)
{
    return memcmp(a->public_key, b->public_key, NOTE_PUBLIC_KEY_SIZE) == 0;
}

/* --- adding ---------------------------------------------------------------------------------- */

static FALLIBLE add_log(struct witnesses *witnesses, const struct note_verifier *key, int line,
                        struct error *err)
{
    for (size_t i = 0; i < witnesses->logs_count; i++) {
        if (same_key(key, &witnesses->logs[i])) {
            return malformed(line, "a log twice", err);
        }
    }
    if (witnesses->logs_count == WITNESSES_MAX) {
        return malformed(line, "too many logs", err);
    }
    witnesses->logs[witnesses->logs_count++] = *key;
    return OK;
}

static int find_node(const struct witnesses *witnesses, str name)
{
    for (size_t i = 0; i < witnesses->nodes_count; i++) {
        if (str_equal(witnesses->nodes[i].name, name)) {
            return (int)i;
        }
    }
    return QUORUM_NONE;
}

static FALLIBLE add_node(struct witnesses *witnesses, const struct witness_node *node, int line,
                         struct error *err)
{
    if (str_equal_c(node->name, "none") || find_node(witnesses, node->name) != QUORUM_NONE) {
        return malformed(line, "a name that is taken", err);
    }
    if (witnesses->nodes_count == WITNESS_NODES_MAX) {
        return malformed(line, "too many names", err);
    }
    witnesses->nodes[witnesses->nodes_count++] = *node;
    return OK;
}

static FALLIBLE add_witness(struct witnesses *witnesses, str name, const struct witness *witness,
                            int line, struct error *err)
{
    for (size_t i = 0; i < witnesses->witnesses_count; i++) {
        if (same_key(&witness->key, &witnesses->witnesses[i].key)) {
            return malformed(line, "a witness twice", err);
        }
    }
    if (witnesses->witnesses_count == WITNESSES_MAX) {
        return malformed(line, "too many witnesses", err);
    }
    const struct witness_node node = {.name = name, .witness = (int)witnesses->witnesses_count};
    TRY(add_node(witnesses, &node, line, err));
    witnesses->witnesses[witnesses->witnesses_count++] = *witness;
    return OK;
}

FALLIBLE witnesses_add_log(struct witnesses *witnesses, str vkey, struct arena *arena,
                           struct error *err)
{
    struct note_verifier key;
    TRY(note_vkey_parse(vkey, arena, &key, err));
    return add_log(witnesses, &key, (int)witnesses->logs_count + 1, err);
}

FALLIBLE witnesses_add(struct witnesses *witnesses, str vkey, struct arena *arena,
                       struct error *err)
{
    struct witness witness = {.url = STR("")};
    TRY(note_cosigner_parse(vkey, arena, &witness.key, err));
    /* compares the whole key, because two witnesses may have the same name */
    return add_witness(witnesses, vkey, &witness, (int)witnesses->witnesses_count + 1, err);
}

FALLIBLE witnesses_ask(struct witnesses *witnesses, unsigned quorum, struct error *err)
{
    struct witness_node all = {.name = STR("quorum"), .witness = -1, .needed = quorum};
    if (quorum > witnesses->witnesses_count) {
        return malformed((int)witnesses->witnesses_count, "a quorum of more than there are", err);
    }
    if (quorum == 0) {
        witnesses->quorum = QUORUM_NONE;
        return OK;
    }
    for (size_t i = 0; i < witnesses->nodes_count; i++) {
        all.members |= (uint64_t)1 << i;
    }
    witnesses->quorum = (int)witnesses->nodes_count;
    return add_node(witnesses, &all, (int)witnesses->witnesses_count, err);
}

/* --- the file -------------------------------------------------------------------------------- */

/* The words of a line; more than fit are counted as one too many. */
static size_t split_words(str line, str words[LINE_WORDS_MAX])
{
    size_t count = 0;
    size_t at = 0;
    while (at < line.size) {
        size_t start = at;
        while (at < line.size && line.data[at] != ' ' && line.data[at] != '\t') {
            at++;
        }
        if (at > start) {
            if (count == LINE_WORDS_MAX) {
                return LINE_WORDS_MAX + 1;
            }
            words[count++] = str_first(str_from(line, start), at - start);
        }
        at++;
    }
    return count;
}

static FALLIBLE parse_log(struct witnesses *witnesses, const str *words, size_t count, int line,
                          struct arena *arena, struct error *err)
{
    struct note_verifier key;
    struct error cause;
    if (count < 2 || count > 3 || !note_vkey_parse(words[1], arena, &key, &cause).ok) {
        return malformed(line, "log: no key of a log", err);
    }
    return add_log(witnesses, &key, line, err);
}

static FALLIBLE parse_witness(struct witnesses *witnesses, const str *words, size_t count, int line,
                              struct arena *arena, struct error *err)
{
    struct witness witness;
    struct error cause;
    if (count < 3 || count > 4 || !note_cosigner_parse(words[2], arena, &witness.key, &cause).ok) {
        return malformed(line, "witness: no key of a witness", err);
    }
    witness.url = count == 4 ? words[3] : STR("");
    return add_witness(witnesses, words[1], &witness, line, err);
}

static bool parse_needed(str word, size_t members, unsigned *ret)
{
    uint64_t number = str_equal_c(word, "all") ? members : 1;
    bool is_number = !str_equal_c(word, "all") && !str_equal_c(word, "any");
    if (is_number && !str_to_uint64(word, &number)) {
        return false;
    }
    *ret = (unsigned)(number <= members ? number : 0);
    return *ret > 0;
}

static FALLIBLE parse_group(struct witnesses *witnesses, const str *words, size_t count, int line,
                            struct error *err)
{
    struct witness_node group = {.witness = -1};
    if (count < 4 || count > LINE_WORDS_MAX || !parse_needed(words[2], count - 3, &group.needed)) {
        return malformed(line, "group: how many of whom", err);
    }
    group.name = words[1];
    for (size_t i = 3; i < count; i++) {
        int member = find_node(witnesses, words[i]);
        if (member == QUORUM_NONE) {
            return malformed(line, "group: a member that is not above", err);
        }
        if (witnesses->nodes[member].is_member) {
            return malformed(line, "group: a member twice", err);
        }
        witnesses->nodes[member].is_member = true;
        group.members |= (uint64_t)1 << member;
    }
    return add_node(witnesses, &group, line, err);
}

static FALLIBLE parse_line(struct witnesses *witnesses, str text, int line, bool *has_quorum,
                           struct arena *arena, struct error *err)
{
    str words[LINE_WORDS_MAX];
    size_t count = split_words(text, words);
    if (count == 0 || words[0].data[0] == '#') {
        return OK;
    }
    if (str_equal_c(words[0], "log")) {
        return parse_log(witnesses, words, count, line, arena, err);
    }
    if (str_equal_c(words[0], "witness")) {
        return parse_witness(witnesses, words, count, line, arena, err);
    }
    if (str_equal_c(words[0], "group")) {
        return parse_group(witnesses, words, count, line, err);
    }
    if (!str_equal_c(words[0], "quorum") || count != 2 || *has_quorum) {
        return malformed(line, *has_quorum ? "a second quorum" : "no such line", err);
    }
    *has_quorum = true;
    witnesses->quorum = find_node(witnesses, words[1]);
    if (witnesses->quorum == QUORUM_NONE && !str_equal_c(words[1], "none")) {
        return malformed(line, "quorum: a name that is not above", err);
    }
    return OK;
}

FALLIBLE witnesses_parse(str text, struct arena *arena, struct witnesses *ret, struct error *err)
{
    struct witnesses witnesses = {.quorum = QUORUM_NONE};
    bool has_quorum = false;
    int line = 0;
    str rest = text;
    while (rest.data != NULL && rest.size > 0) {
        TRY(parse_line(&witnesses, str_cut(&rest, '\n'), ++line, &has_quorum, arena, err));
    }
    if (!has_quorum) {
        return malformed(line, "no quorum line", err);
    }
    *ret = witnesses;
    return OK;
}

/* --- asking ---------------------------------------------------------------------------------- */

bool witnesses_suffice(const struct witnesses *witnesses, const bool cosigned[WITNESSES_MAX])
{
    bool stands[WITNESS_NODES_MAX] = {false};
    if (witnesses->quorum == QUORUM_NONE) {
        return true;
    }
    for (size_t i = 0; i < witnesses->nodes_count; i++) { /* members stand above their group */
        const struct witness_node *node = &witnesses->nodes[i];
        unsigned count = 0;
        for (size_t member = 0; member < i; member++) {
            count += (node->members >> member & 1) != 0 && stands[member] ? 1 : 0;
        }
        stands[i] = node->witness >= 0 ? cosigned[node->witness] : count >= node->needed;
    }
    return stands[witnesses->quorum];
}
