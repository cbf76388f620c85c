/* identity - documents that name a person: kinds, normal forms, check digits, keys, masks.
 *
 * source  GB 11643-1999 (resident number); RULES D24, R-PV-05. */
#pragma once

#include <terms.pb-c.h>

#include "core/base/arena.h"
#include "core/base/str.h"

/* 身份证, 外国人永久居留身份证, ... (CONTRACT 3); also accepts the enum's own names. */
bool id_type_from_text(str text, IdType__Code *ret);
/* The Chinese name of a kind; "" for NONE. */
str id_type_text(IdType__Code type);
/* Is it a card with a chip, which the counter's reader and the online channel can read (R-GEN-04)?
 */
bool id_type_is_card(IdType__Code type);
/* The kind of a number whose kind is not given: 15 or 18 digits (stars count as digits), 9..,
 * 81/82/83..; NONE otherwise. */
IdType__Code id_type_guess(str number);

/* Normal form: trimmed, without inner blanks, half width, upper case, Excel's leading ' removed.
 * Nothing is dropped: the number stays as the document prints it. False when the form does not fit
 * the kind (a card's number holds a birth date that exists); a wrong check digit does fit. Masked
 * numbers do not fit. */
bool identity_normalise(IdType__Code type, str number, struct arena *arena, str *ret);

/* Is the check digit right? True for kinds without one and for 15-digit numbers. */
bool identity_check_digit_is_right(IdType__Code type, str normal);

/* What makes two documents name one person (D24): kind and number, 15 digits as 18, re-issue
 * counters of permits dropped; "resident:310101189912310017". */
str identity_key(IdType__Code type, str normal, struct arena *arena);

/* "310*************17": numbers of cards 3 + stars + 2, others 2 + stars + 2; of 5 to 7 characters
 * 1 + stars + 1, of fewer stars only. */
str identity_mask(IdType__Code type, str normal, struct arena *arena);

/* Does the text hold a '*'? Do the visible characters of a masked number agree with a number? */
bool identity_is_masked(str number);
bool identity_mask_agrees(str masked, str normal);

/* 男, 女 and back (also M/F, 1/2). */
bool sex_from_text(str text, Sex__Code *ret);
str sex_text(Sex__Code sex);
