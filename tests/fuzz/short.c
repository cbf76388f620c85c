/* short - every fuzz target on its corpus and on some changed copies of each seed, without
 * libFuzzer: what `make test` runs in seconds. Prints TAP.
 *
 *   short [COUNT [SEED]]    COUNT changed inputs a target; the same ones for the same SEED
 *
 * A target runs in a process of its own. The input that it died of stays in build/fuzz/. Long runs,
 * led by coverage, are `make fuzz`. */
#include <dirent.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TARGETS                                                                                    \
    TARGET(cms)                                                                                    \
    TARGET(csv)                                                                                    \
    TARGET(draw)                                                                                   \
    TARGET(encoding)                                                                               \
    TARGET(event)                                                                                  \
    TARGET(image)                                                                                  \
    TARGET(import)                                                                                 \
    TARGET(json)                                                                                   \
    TARGET(lines)                                                                                  \
    TARGET(mappers)                                                                                \
    TARGET(note)                                                                                   \
    TARGET(page)                                                                                   \
    TARGET(pages)                                                                                  \
    TARGET(pdf)                                                                                    \
    TARGET(proof)                                                                                  \
    TARGET(scan)                                                                                   \
    TARGET(template)                                                                               \
    TARGET(unpack)                                                                                 \
    TARGET(wish)

#define TARGET(name) int fuzz_##name##_input(const uint8_t *data, size_t size);
TARGETS
#undef TARGET

enum { INPUT_MAX = 70000, PATH_ROOM = 1024, SEEDS_MAX = 256, COUNT_DEFAULT = 150 };

struct target {
    const char *name;
    int (*input)(const uint8_t *data, size_t size);
};

static const struct target targets[] = {
#define TARGET(name) {#name, fuzz_##name##_input},
    TARGETS
#undef TARGET
};

struct input {
    size_t size;
    uint8_t data[INPUT_MAX];
};

struct seeds {
    struct input *items[SEEDS_MAX];
    size_t count;
};

static void must(int good, const char *what)
{
    if (!good) {
        perror(what);
        exit(1);
    }
}

/* xorshift: the same numbers for the same seed. */
static uint64_t next(uint64_t *dice)
{
    *dice ^= *dice << 13;
    *dice ^= *dice >> 7;
    *dice ^= *dice << 17;
    return *dice;
}

static void read_seed(struct seeds *seeds, const char *folder, const char *name)
{
    char path[PATH_ROOM];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    struct input *seed = calloc(1, sizeof *seed);
    must(file != NULL && seed != NULL && seeds->count < SEEDS_MAX, path);
    seed->size = fread(seed->data, 1, sizeof seed->data, file);
    (void)fclose(file);
    seeds->items[seeds->count++] = seed;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void read_seeds(struct seeds *seeds, const char *name)
{
    char folder[PATH_ROOM / 4];
    struct dirent **entries;
    (void)snprintf(folder, sizeof folder, "tests/fuzz/corpus/%s", name);
    int count = scandir(folder, &entries, is_visible, alphasort);
    must(count > 0, folder);
    for (int i = 0; i < count; i++) {
        read_seed(seeds, folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

static void cut_out(struct input *input, size_t at, size_t size)
{
    size = size < input->size - at ? size : input->size - at;
    memmove(input->data + at, input->data + at + size, input->size - at - size);
    input->size -= size;
}

static void put_in(struct input *input, size_t at, const uint8_t *data, size_t size)
{
    size = size < INPUT_MAX - input->size ? size : INPUT_MAX - input->size;
    memmove(input->data + at + size, input->data + at, input->size - at);
    memmove(input->data + at, data, size);
    input->size += size;
}

/* One small change. */
static void change(struct input *input, const struct seeds *seeds, uint64_t *dice)
{
    static const uint8_t loved[] = {0,   '"', ',',  '\n', '\r', '\'',
                                    '=', '{', 0x7f, 0x80, 0xff, 0xd8};
    const struct input *other = seeds->items[next(dice) % seeds->count];
    size_t at = next(dice) % (input->size + 1);
    size_t from = next(dice) % (other->size + 1);
    size_t size = next(dice) % 32;
    uint8_t byte = loved[next(dice) % sizeof loved];
    size = size < other->size - from ? size : other->size - from;
    switch (next(dice) % 5) {
    case 0: cut_out(input, at, size + 1); break;
    case 1: put_in(input, at, other->data + from, size); break;
    case 2: put_in(input, at, &byte, 1); break;
    default:
        if (at < input->size) {
            input->data[at] ^= (uint8_t)(1U << next(dice) % 8);
        }
    }
}

/* The input lies in `shared`, a file, while it is tried. */
static void try_input(const struct target *target, struct input *shared, const struct input *input)
{
    uint8_t *exact = malloc(input->size > 0 ? input->size : 1); /* so that a byte too far is seen */
    must(exact != NULL, "memory");
    memcpy(shared, input, sizeof input->size + input->size);
    memcpy(exact, input->data, input->size);
    (void)target->input(exact, input->size); /* it dies, or it is good */
    free(exact);
}

static void run_target(const struct target *target, struct input *shared, uint64_t count,
                       uint64_t dice)
{
    struct seeds seeds = {0};
    struct input *input = calloc(1, sizeof *input);
    must(input != NULL, "memory");
    read_seeds(&seeds, target->name);
    for (size_t i = 0; i < seeds.count; i++) {
        try_input(target, shared, seeds.items[i]);
    }
    for (uint64_t i = 0; i < count; i++) {
        *input = *seeds.items[i % seeds.count];
        for (uint64_t changes = 1 + next(&dice) % 4; changes > 0; changes--) {
            change(input, &seeds, &dice);
        }
        try_input(target, shared, input);
    }
    for (size_t i = 0; i < seeds.count; i++) {
        free(seeds.items[i]);
    }
    free(input);
}

static void keep(const struct input *shared, const char *name)
{
    char path[PATH_ROOM];
    (void)snprintf(path, sizeof path, "build/fuzz/short-%s", name);
    FILE *file = fopen(path, "wb");
    must(file != NULL && fwrite(shared->data, 1, shared->size, file) == shared->size &&
             fclose(file) == 0,
         path);
    (void)printf("# the input is in %s\n", path);
}

static int survives(const struct target *target, struct input *shared, uint64_t count,
                    uint64_t dice)
{
    int status = 0;
    (void)fflush(stdout);
    pid_t child = fork();
    must(child >= 0, "fork");
    if (child == 0) {
        run_target(target, shared, count, dice);
        exit(0);
    }
    must(waitpid(child, &status, 0) == child, "waitpid");
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* A target that is in no table here would never run. */
static int count_sources(void)
{
    int count = 0;
    DIR *folder = opendir("tests/fuzz");
    must(folder != NULL, "tests/fuzz");
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        count += strncmp(entry->d_name, "fuzz_", 5) == 0;
    }
    (void)closedir(folder);
    return count;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

/* Targets make their files below a folder of ours. */
static void enter_folder(char *folder, size_t room)
{
    const char *parent = getenv("TMPDIR");
    (void)snprintf(folder, room, "%s/anzheng-fuzz.XXXXXX", parent != NULL ? parent : "/tmp");
    must(mkdtemp(folder) != NULL && setenv("TMPDIR", folder, 1) == 0, folder);
}

int main(int argc, char **argv)
{
    enum { TARGETS_COUNT = sizeof targets / sizeof *targets };
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : COUNT_DEFAULT;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    char folder[PATH_ROOM];
    int bad = count_sources() != TARGETS_COUNT;
    struct input *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(shared != MAP_FAILED, "memory");
    (void)printf("1..%d\n%sok 1 - every target has its row\n", TARGETS_COUNT + 1,
                 bad ? "not " : "");
    (void)mkdir("build/fuzz", 0777); /* mostly there */
    enter_folder(folder, sizeof folder);
    for (int i = 0; i < TARGETS_COUNT; i++) {
        int good = survives(&targets[i], shared, count, seed * 0x9e3779b97f4a7c15U + 1);
        (void)printf("%sok %d - fuzz %s\n", good ? "" : "not ", i + 2, targets[i].name);
        bad |= !good;
        if (!good) {
            keep(shared, targets[i].name);
        }
    }
    must(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0, folder);
    return bad;
}
