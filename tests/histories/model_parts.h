/* model_parts - the two halves of the model: certificates that are made, and those that change. */
#pragma once

#include "tests/histories/model.h"

#define IS(status) (1U << STATUS__CODE__##status)

/* Notes why an event cannot be; always false. */
bool model_complain(struct model *model, const Event *event, const char *number, const char *why);
const char *model_copy(struct model *model, const char *text);
bool model_is_c(Category__Code category);
/* D12: an exam serves once. */
bool model_use_exam(struct model *model, const Event *event, const char *number,
                    const ExamKey *exam);

bool model_apply_paper(struct model *model, const Event *event);
bool model_apply_issued(struct model *model, const Event *event);
/* Records and applications (model_file.c). */
bool model_apply_file(struct model *model, const Event *event);
bool model_apply_entered(struct model *model, const Event *event);
