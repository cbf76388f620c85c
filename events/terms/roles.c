/* roles - see roles.h. */
#include "events/terms/roles.h"

#include <stddef.h>

#include "core/base/unicode.h"

/* R-PF-21, in the guide's order. */
static const char *const roles[] = {
    "施工-项目经理",   "施工-项目技术负责人", "施工-施工管理人员", "监理-总监",
    "勘察-项目负责人", "勘察-专业负责人",     "勘察-主要参与人员", "设计-项目负责人",
    "设计-专业负责人", "设计-主要设计人员",   "招标-项目负责人",   "造价-项目负责人",
    "检测-项目负责人",
};

const char *role_from_text(str text, struct arena *arena)
{
    str word = unicode_without_blanks(unicode_narrow(text, arena), arena);
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (str_equal_c(word, roles[i])) {
            return roles[i];
        }
    }
    return NULL;
}
