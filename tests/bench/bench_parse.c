/* bench_parse - the bound of every importer that is built of the same parts: glibc's iconv and
 * libcsv over a whole file, nothing kept.
 *
 *     bench_parse FILE.csv     GB18030; prints the rows and what it took, in nanoseconds of wall */
#include <csv.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK = 1 << 16 };

struct parse {
    struct csv_parser parser;
    iconv_t converter;
    unsigned long cells;
    unsigned long rows;
    char utf8[3 * BLOCK];
};

static void on_cell(void *data, size_t size, void *context)
{
    struct parse *parse = context;
    (void)data;
    parse->cells += size > 0;
}

static void on_row(int end, void *context)
{
    struct parse *parse = context;
    (void)end;
    parse->rows++;
}

static void stop(const char *what)
{
    (void)fprintf(stderr, "bench_parse: %s\n", what);
    exit(1);
}

/* Converts and splits a block; returns the bytes of a cut character, left for the next one. */
static size_t take(struct parse *parse, char *block, size_t size)
{
    char *in = block;
    char *out = parse->utf8;
    size_t left = size;
    size_t room = sizeof parse->utf8;
    (void)iconv(parse->converter, &in, &left, &out, &room); /* a cut character ends it early */
    size_t made = (size_t)(out - parse->utf8);
    if (left > 4 || csv_parse(&parse->parser, parse->utf8, made, on_cell, on_row, parse) != made) {
        stop("the file is not what it should be");
    }
    memmove(block, in, left);
    return left;
}

int main(int argc, char **argv)
{
    struct parse *parse = calloc(1, sizeof *parse);
    char *block = malloc(BLOCK + 8);
    struct timespec start;
    struct timespec end;
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (parse == NULL || block == NULL || file == NULL ||
        csv_init(&parse->parser, CSV_STRICT) != 0 ||
        (parse->converter = iconv_open("UTF-8", "GB18030")) == (iconv_t)-1) {
        stop("usage: bench_parse FILE.csv");
        return 1;
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &start); /* a clock that is always there */
    size_t got = 0;
    size_t held = 0;
    while ((got = fread(block + held, 1, BLOCK - held, file)) > 0) {
        held = take(parse, block, held + got);
    }
    (void)csv_fini(&parse->parser, on_cell, on_row, parse); /* the last row may have no end */
    (void)clock_gettime(CLOCK_MONOTONIC, &end);             /* as above */
    (void)printf("%lu %lld\n", parse->rows,
                 (long long)(end.tv_sec - start.tv_sec) * 1000000000LL + end.tv_nsec -
                     start.tv_nsec); /* the script sees what is missing */
    csv_free(&parse->parser);
    (void)iconv_close(parse->converter); /* opened above */
    (void)fclose(file);                  /* read only */
    free(block);
    free(parse);
    return 0;
}
