/* learning - maps the words in which people and certificates write titles and degrees of education
 * to the codes of the national platform (FACTS 3.3). */
#pragma once

#include "core/base/arena.h"
#include "core/base/str.h"

/* 正高级工程师 is 01, 高级工程师 02, 工程师 03, 助理工程师 04, 技术员 05; NULL for what is none of
 * these ranks. The words may stand in a longer title (建筑高级工程师). */
const char *title_code(str text, struct arena *arena);

/* 博士 is 01, 硕士 02, 本科 03, 专科 04, 中专 05, 高中 06, 初中 07, anything else 99; NULL when
 * empty. */
const char *education_code(str text, struct arena *arena);
