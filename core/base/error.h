/* error - failures are values, with a class, a code, arguments and a trace.
 *
 * A fallible function returns `outcome` and takes `struct error *err` last. On failure every ret_
 * parameter is untouched; on success *err is untouched. Five macros have control flow: TRY, FAIL,
 * BUG, BUG_UNLESS, MEMORY_UNLESS. There is no sixth.
 *
 *     TRY(file_read(path, arena, &content, err));
 *     FAIL(INVALID, MESSAGE_BAD_DATE, ARG_STR("value", text));
 *     FAIL(REFUSED("R-AF-03"), MESSAGE_HELD_SIX_MONTHS_OR_LESS, ARG_DATE("first_allowed", day));
 *
 * A code is a row of some messages.def; the sentence is made at the edge (jobs/messages.h) in the
 * reader's language, its placeholders {0}, {1}.. are the arguments in order. The arguments have
 * names because they also answer machines: they are the `detail` object of a refusal. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"

/* What kind of failure: it alone decides the exit status (CONTRACT 1). */
enum error_class {
    ERROR_NONE = 0,
    ERROR_REFUSED,   /* a rule said no; the log is fine                      exit  1 */
    ERROR_INVALID,   /* a row or line is bad; the others go on               exit  1 */
    ERROR_USAGE,     /* wrong option, argument or date                       exit 64 */
    ERROR_MALFORMED, /* an input file is bad as a whole                      exit 65 */
    ERROR_MISSING,   /* an input does not exist or cannot be read            exit 66 */
    ERROR_REMOTE,    /* a remote source is unavailable                       exit 69 */
    ERROR_CREATE,    /* an output cannot be created                          exit 73 */
    ERROR_RESOURCE,  /* disk, memory or map; a retry may help                exit 74 */
    ERROR_BUSY,      /* another process holds the store, or stopped          exit 75 */
    ERROR_SIGNATURE, /* a signature is missing, bad, or not trusted          exit 77 */
    ERROR_CONFIG,    /* configuration or keys                                exit 78 */
    ERROR_CORRUPT,   /* stored bytes contradict their checksum or schema     exit 79 */
};

enum { ERROR_ARGS_MAX = 6, ERROR_ARG_SIZE = 256, ERROR_TRACE_MAX = 8 };

struct error_arg {
    const char *name;          /* a literal: the key in `detail` */
    bool is_number;            /* shown without quotes in JSON */
    bool is_lack;              /* an errno: the machine has no more room, descriptors or memory */
    char text[ERROR_ARG_SIZE]; /* UTF-8, cut at a character */
};

struct error {
    enum error_class class;
    int code;         /* a row of some messages.def */
    const char *rule; /* "R-AF-03", a literal, or NULL */
    int args_count;
    struct error_arg args[ERROR_ARGS_MAX];
    const char *trace[ERROR_TRACE_MAX]; /* "file:line", innermost first */
    int trace_count;
};

/* An ignored outcome does not compile: clang checks the type, gcc checks functions that are
 * FALLIBLE. */
#ifdef __clang__
#define LOOKED_AT __attribute__((warn_unused_result))
#else
#define LOOKED_AT
#endif

/* Not a bool on purpose: a predicate cannot be mistaken for a fallible call. */
typedef struct LOOKED_AT outcome {
    bool ok;
} outcome;

#define OK       ((outcome){true})
#define FALLIBLE __attribute__((warn_unused_result)) outcome

/* Where a failure comes from: the first argument of FAIL. */
struct error_origin {
    enum error_class class;
    const char *rule;
};
#define REFUSED(rule_id) ((struct error_origin){ERROR_REFUSED, rule_id})
#define INVALID          ((struct error_origin){ERROR_INVALID, NULL})
#define USAGE            ((struct error_origin){ERROR_USAGE, NULL})
#define MALFORMED        ((struct error_origin){ERROR_MALFORMED, NULL})
#define MISSING          ((struct error_origin){ERROR_MISSING, NULL})
#define REMOTE           ((struct error_origin){ERROR_REMOTE, NULL})
#define CREATE           ((struct error_origin){ERROR_CREATE, NULL})
#define RESOURCE         ((struct error_origin){ERROR_RESOURCE, NULL})
#define BUSY             ((struct error_origin){ERROR_BUSY, NULL})
#define SIGNATURE        ((struct error_origin){ERROR_SIGNATURE, NULL})
#define CONFIG           ((struct error_origin){ERROR_CONFIG, NULL})
#define CORRUPT          ((struct error_origin){ERROR_CORRUPT, NULL})

#define HERE_LINE_(line) #line
#define HERE_LINE(line)  HERE_LINE_(line)
#define HERE             __FILE__ ":" HERE_LINE(__LINE__)

#define TRY(call)                                                                                  \
    do {                                                                                           \
        if (!(call).ok) {                                                                          \
            return error_trace(err, HERE);                                                         \
        }                                                                                          \
    } while (0)

/* FAIL(origin, MESSAGE_X, ARG_...): at most ERROR_ARGS_MAX arguments. */
#define FAIL(origin, ...) return ERROR_SET(err, origin, __VA_ARGS__)

/* The same as an expression, for a failure that is stored or reported and does not return from the
 * function. */
#define ERROR_SET(error, origin, ...)                                                              \
    error_set((error), (origin), HERE, ERROR_CODE_(__VA_ARGS__, 0), ERROR_COUNT_(__VA_ARGS__),     \
              (const struct error_arg[]){{0}, ERROR_REST_(__VA_ARGS__, {0})})

/* A mistake of our own: prints where and what, aborts. Input never gets here. */
#define BUG(text)                error_bug(HERE, text)
#define BUG_UNLESS(condition)    ((condition) ? (void)0 : error_bug(HERE, #condition))
/* Ends the process when memory is exhausted, because no caller could go on: prints a message and
 * exits with the status of class RESOURCE (74) at once, without cleaning up. */
#define MEMORY_UNLESS(condition) ((condition) ? (void)0 : error_no_memory(HERE))

/* Arguments. `name` is a literal. Text that is too long is cut at a character. */
#define ARG_STR(name, s)         error_arg_str(name, s)
#define ARG_TEXT(name, c_string) error_arg_str(name, str_of(c_string))
/* Any integer type; unsigned values beyond INT64_MAX are kept. */
#define ARG_INT(name, value)                                                                       \
    _Generic((value), unsigned long                                                                \
             : error_arg_count, unsigned long long                                                 \
             : error_arg_count, default                                                            \
             : error_arg_int)(name, value)
#define ARG_DATE(name, days)    error_arg_date(name, days)
#define ARG_ERRNO(name, number) error_arg_errno(name, number)

struct error_arg error_arg_str(const char *name, str text);
struct error_arg error_arg_int(const char *name, int64_t value);
struct error_arg error_arg_count(const char *name, uint64_t value);
struct error_arg error_arg_date(const char *name, int32_t days);
struct error_arg error_arg_errno(const char *name, int number);

/* Fills *err and returns failure; used through ERROR_SET. `args[0]` is a placeholder that is
 * skipped. CREATE and MISSING become RESOURCE when an errno among the arguments says that the disk
 * is full or that descriptors or memory are used up: then the fault is not the file's. */
outcome error_set(struct error *err, struct error_origin origin, const char *here, int code,
                  int count, const struct error_arg *args);
/* Appends `here` to the trace and returns failure; used through TRY. */
outcome error_trace(struct error *err, const char *here);
__attribute__((noreturn)) void error_bug(const char *here, const char *text);
__attribute__((noreturn)) void error_no_memory(const char *here);

/* The exit status of CONTRACT 1 for a class. */
int error_exit_status(enum error_class class);

/* Counting and splitting of FAIL's arguments. */
#define ERROR_CODE_(code, ...)                           (code)
#define ERROR_REST_(code, ...)                           __VA_ARGS__
#define ERROR_COUNT_(...)                                ERROR_COUNT__(__VA_ARGS__, 6, 5, 4, 3, 2, 1, 0, 0)
#define ERROR_COUNT__(c, a1, a2, a3, a4, a5, a6, n, ...) n
