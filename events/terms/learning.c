/* learning - see learning.h. */
#include "events/terms/learning.h"

#include <string.h>

#include "core/base/unicode.h"

struct word {
    const char *text;
    const char *code;
};

/* The first word that is found counts: the longer ones stand before those that they hold. What a
 * skilled worker is called is no title. */
static const struct word titles[] = {
    {"技师", NULL},   {"正高", "01"},     {"教授级高", "01"}, {"研究员级高", "01"},
    {"副高", "02"},   {"高级工程", "02"}, {"高级工", NULL},   {"高级", "02"},
    {"高工", "02"},   {"助理", "04"},     {"助工", "04"},     {"技术员", "05"},
    {"工程师", "03"}, {"经济师", "03"},   {"会计师", "03"},   {"建筑师", "03"},
    {"规划师", "03"}, {"中级", "03"},     {"初级", "04"},     {NULL, NULL},
};

static const struct word educations[] = {
    {"博士", "01"},     {"硕士", "02"}, {"研究生", "02"}, {"本科", "03"}, {"学士", "03"},
    {"中等专科", "05"}, {"中专", "05"}, {"中技", "05"},   {"技校", "05"}, {"职高", "06"},
    {"专科", "04"},     {"大专", "04"}, {"高职", "04"},   {"高中", "06"}, {"初中", "07"},
    {"小学", "07"},     {NULL, NULL},
};

static const char *code_of(str text, const struct word *words, struct arena *arena)
{
    str plain = unicode_without_blanks(unicode_narrow(text, arena), arena);
    for (const struct word *word = words; plain.size > 0 && word->text != NULL; word++) {
        if (memmem(plain.data, plain.size, word->text, strlen(word->text)) != NULL) {
            return word->code;
        }
    }
    return NULL;
}

const char *title_code(str text, struct arena *arena)
{
    return code_of(text, titles, arena);
}

const char *education_code(str text, struct arena *arena)
{
    const char *code = code_of(text, educations, arena);
    return code == NULL && !str_empty(str_trim(text)) ? "99" : code;
}
