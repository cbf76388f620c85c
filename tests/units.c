/* units - the unit tests of one kind in one program: it runs the one that UNIT names, as the
 * program of that test alone would run (arguments, output, exit status). Made three times, see
 * Makefile: a hundred links of the same objects are what the suite need not wait for.
 *
 *   UNIT=tests/core/io/test_csv units-io
 *
 * The name is in the environment, not an argument: processes that a test starts from /proc/self/exe
 * are of the same test, whatever they are given. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define UNIT(name) int unit_##name(int argc, char **argv);
UNITS
#undef UNIT

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} units[] = {
#define UNIT(name) {"tests_" #name, unit_##name},
    UNITS
#undef UNIT
};

static bool is_named(const char *name, const char *path)
{
    for (; *name != '\0' && (*name == *path || (*name == '_' && *path == '/')); path++) {
        name++;
    }
    return *name == '\0' && *path == '\0';
}

int main(int argc, char **argv)
{
    const char *path = getenv("UNIT");
    for (size_t i = 0; path != NULL && i < sizeof units / sizeof *units; i++) {
        if (is_named(units[i].name, path)) {
            return units[i].run(argc, argv);
        }
    }
    (void)fprintf(stderr, "UNIT=%s: no such test in this program\n", path != NULL ? path : "");
    return 2;
}
