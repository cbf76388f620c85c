/* names - invented names, numbers and codes of persons and enterprises. */
#pragma once

#include <terms.pb-c.h>

#include "core/base/arena.h"
#include "core/base/str.h"
#include "jobs/sample/dice.h"

/* 王伟, 欧阳思远, now and then a character outside the usual sets (𠮷, 䶮, 堃, 喆). */
str name_person(struct dice *dice, Sex__Code sex, struct arena *arena);
/* 古丽娜尔·艾合买提: a name with a middle dot. */
str name_dotted(struct dice *dice, struct arena *arena);
/* 上海某某建设集团有限公司; `index` keeps names apart. */
str name_enterprise(struct dice *dice, uint32_t index, struct arena *arena);
/* A construction enterprise of another province; *ret_province is its short name (苏, 浙). */
str name_foreign_enterprise(struct dice *dice, str *ret_province, struct arena *arena);
str name_nation(struct dice *dice);
/* A street of the city. */
str name_address(struct dice *dice, struct arena *arena);

/* The `index`-th person's resident number, with a right check digit: areas of Shanghai, born
 * 1960-1999. No two indexes have the same number. */
str number_resident(uint32_t index, Sex__Code sex, struct arena *arena, int32_t *ret_birth);
/* The number of another kind of document for the same person; RESIDENT is not one of them. */
str number_other(IdType__Code type, uint32_t index, Sex__Code sex, int32_t birth,
                 struct arena *arena);
/* The `index`-th enterprise's credit code: 91310..MATEX.., with right check characters. */
str code_enterprise(uint32_t index, struct arena *arena);
