/* main - arguments in, exit status out: opens a session, runs the verb, prints the error if there
 * is one. session.c opens what the verb needs; report.c prints its results. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/io/damage.h"
#include "core/io/processor.h"
#include "core/io/stop.h"
#include "core/io/streams.h"
#include "jobs/engine/rendering/workers.h"
#include "jobs/report.h"
#include "jobs/session.h"

/* Output that cannot be written is an error, but only now does the last of it go out. */
static outcome flush_output(struct error *err)
{
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        FAIL(RESOURCE, MESSAGE_OUTPUT_FAILED, ARG_ERRNO("why", errno));
    }
    return OK;
}

enum { INTERNAL_ERROR = 70 };

/* A mistake of our own has told itself on stderr; what is left is its exit status. */
static void end_after_mistake(int number)
{
    (void)number; /* SIGABRT */
    _exit(INTERNAL_ERROR);
}

static outcome run(struct session *session, int argc, char **argv, struct error *err)
{
    TRY(session_open(session, argc, argv, err));
    if (verb_ends_at_once(session->verb, session->options)) {
        stop_at_once();
    }
    TRY(session->verb->run(session, err));
    return flush_output(err);
}

int main(int argc, char **argv)
{
    static const char *const text_is_utf8 = "C.UTF-8"; /* whatever the locale (CONTRACT 1) */
    struct session session;
    struct error err;

    if (!streams_keep()) {
        return INTERNAL_ERROR; /* there is nowhere to tell it */
    }
    if (argc > 1 && strcmp(argv[1], "render-worker") == 0) {
        return worker_main(argc, argv);
    }
    (void)setlocale(LC_CTYPE, text_is_utf8); /* every Debian has it; without, tables look worse */
    processor_advise_children();             /* the workers that sign */
    stop_install();
    (void)damage_install();                   /* without it a crash is told by the shell */
    (void)signal(SIGABRT, end_after_mistake); /* cannot fail: a signal that exists */
    session_init(&session, argc, argv);
    if (!run(&session, argc, argv, &err).ok) {
        session_status(&session, error_exit_status(err.class));
        report_error(&session, &err);
    }
    int status = session.status;
    session_close(&session);
    return status;
}
