/* help_examples - a command for each verb, as it would be typed; the same in both languages. The
 * persons, enterprises and files are invented; tests/jobs/t1333-help-pages.sh runs each of them. */
#pragma once

/* The example of a verb without its leading "anzheng VERB "; NULL when there is none. */
const char *help_example(const char *verb);
