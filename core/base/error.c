/* error - see error.h. */
#include "core/base/error.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/date.h"

struct error_arg error_arg_str(const char *name, str text)
{
    struct error_arg arg = {.name = name};
    str first = str_first_text(text, ERROR_ARG_SIZE - 1);
    if (first.size > 0) {
        memcpy(arg.text, first.data, first.size);
    }
    return arg;
}

struct error_arg error_arg_int(const char *name, int64_t value)
{
    struct error_arg arg = {.name = name, .is_number = true};
    (void)snprintf(arg.text, sizeof arg.text, "%" PRId64, value); /* 20 digits always fit */
    return arg;
}

struct error_arg error_arg_count(const char *name, uint64_t value)
{
    struct error_arg arg = {.name = name, .is_number = true};
    (void)snprintf(arg.text, sizeof arg.text, "%" PRIu64, value); /* 20 digits always fit */
    return arg;
}

struct error_arg error_arg_date(const char *name, int32_t days)
{
    char text[DATE_SIZE];
    date_format(days, text);
    return error_arg_str(name, str_of(text));
}

static bool is_lack(int number)
{
    return number == ENOSPC || number == EDQUOT || number == EMFILE || number == ENFILE ||
           number == ENOMEM;
}

struct error_arg error_arg_errno(const char *name, int number)
{
    struct error_arg arg = error_arg_str(name, str_of(strerror(number)));
    arg.is_lack = is_lack(number);
    return arg;
}

/* What is not there, or cannot be made, for want of what the machine has too little of. */
static enum error_class class_of(enum error_class class, const struct error_arg *arg)
{
    bool may_lack = class == ERROR_CREATE || class == ERROR_MISSING;
    return may_lack && arg->is_lack ? ERROR_RESOURCE : class;
}

outcome error_set(struct error *err, struct error_origin origin, const char *here, int code,
                  int count, const struct error_arg *args)
{
    BUG_UNLESS(count >= 0 && count <= ERROR_ARGS_MAX);
    BUG_UNLESS(origin.class != ERROR_NONE);
    err->class = origin.class;
    err->code = code;
    err->rule = origin.rule;
    err->args_count = count;
    for (int i = 0; i < count; i++) {
        err->args[i] = args[i + 1];
        err->class = class_of(err->class, &err->args[i]);
    }
    err->trace[0] = here;
    err->trace_count = 1;
    return (outcome){false};
}

outcome error_trace(struct error *err, const char *here)
{
    if (err->trace_count < ERROR_TRACE_MAX) {
        err->trace[err->trace_count++] = here;
    }
    return (outcome){false};
}

void error_bug(const char *here, const char *text)
{
    (void)fprintf(stderr, "anzheng: internal error at %s: %s\n", here, text); /* nothing to do */
    abort();
}

/* No table of messages can be asked without memory: both languages at once. */
void error_no_memory(const char *here)
{
    (void)fprintf(
        stderr, /* nothing to do */
        "anzheng: there is not enough memory (at %s): what was committed stays; run it "
        "again with more, or with a smaller --memory where the verb has one / "
        "内存不足：已提交的内容不受影响；请增加内存，或（如该命令支持）减小 --memory 后重新运行\n",
        here);
    _exit(error_exit_status(ERROR_RESOURCE));
}

int error_exit_status(enum error_class class)
{
    switch (class) {
    case ERROR_NONE: return 0;
    case ERROR_REFUSED: return 1;
    case ERROR_INVALID: return 1;
    case ERROR_USAGE: return 64;
    case ERROR_MALFORMED: return 65;
    case ERROR_MISSING: return 66;
    case ERROR_REMOTE: return 69;
    case ERROR_CREATE: return 73;
    case ERROR_RESOURCE: return 74;
    case ERROR_BUSY: return 75;
    case ERROR_SIGNATURE: return 77;
    case ERROR_CONFIG: return 78;
    case ERROR_CORRUPT: return 79;
    }
    return 70;
}
