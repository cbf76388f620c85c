/* category - classes of certificates and the posts printed on them (R-NAT-01, RULES D22, D23). */
#pragma once

#include <terms.pb-c.h>

#include "core/base/arena.h"
#include "core/base/str.h"

/* A, B, C, C1, C2, C3 in any width and case; false otherwise. */
bool category_from_text(str text, Category__Code *ret);
/* "A", "C1"; "" for NONE, "?" for OTHER. */
str category_text(Category__Code category);
/* One of C, C1, C2, C3. */
bool category_is_c(Category__Code category);
/* Of one kind only one may be held (D13): A, B, and the C's of any subclass are three kinds. */
bool category_is_same_kind(Category__Code a, Category__Code b);

/* 建筑施工企业主要负责人 ...: the line above the title of the page. */
str category_class_line(Category__Code category);
/* 企业主要负责人, 项目负责人, 机械类专职安全生产管理人员...: the class name of the proofs. */
str category_class_name(Category__Code category);

/* Post codes 01-08, 99 of the national table: is it one, its Chinese text, and back (also by code).
 */
bool post_is_code(str code);
str post_text(str code);
bool post_from_text(str text, str *ret_code);
/* The post that a class prescribes: 01 for a legal-representative A, 07 for B, 08 for C, "" for
 * another A, which may have 02-06 or 99. */
str post_prescribed(Category__Code category, bool legal_representative);
/* May a certificate of the class carry the post (D23)? */
bool post_fits(str code, Category__Code category, bool legal_representative);

/* 有效, 暂扣, ... of the national platform, and back. */
bool national_state_from_text(str text, NationalState__Code *ret);
str national_state_text(NationalState__Code state);
