/* bench_render - how many documents a core draws and signs a second, how big they are, and whether
 * memory stays flat. Prints name, value, unit, ratio, against what, with tabs between: documents
 * against signing alone with the same key, memory against what it was after 1 000 documents. The
 * signer knows RSA and P-256; of SM2 the raw signature is taken, and drawing beside it.
 *
 *     bench_render [COUNT] [DIRECTORY]   documents a variant (20 000); writes samples to DIRECTORY
 */
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/base/date.h"
#include "core/io/authority.h"
#include "core/io/image.h"
#include "core/io/processor.h"
#include "core/io/sign.h"
#include "jobs/engine/rendering/renderer.h"
#include "tests/support/specimen.h"

enum { PHOTOS = 8 };

static double cpu_seconds(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage); /* cannot fail for this process */
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static long resident_kib(void)
{
    long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file != NULL) {
        if (fscanf(file, "%ld %ld", &pages, &resident) != 2) {
            resident = 0;
        }
        (void)fclose(file); /* only read */
    }
    return resident * 4;
}

__attribute__((noreturn)) static void fail(const struct error *error)
{
    fprintf(stderr, "failed: %d %s %s\n", error->code, error->args[0].text, error->trace[0]);
    exit(1);
}

static void write_file(const char *directory, const char *name, bytes pdf)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", directory, name); /* a short path */
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(pdf.data, 1, pdf.size, file) != pdf.size || fclose(file) != 0) {
        fprintf(stderr, "could not write %s\n", path);
        exit(1);
    }
}

struct photos {
    bytes jpeg[PHOTOS];
    struct digest digest[PHOTOS];
};

/* Signatures a second over a digest that is there; prints them too. */
static double sign_rate(const char *name, struct signer *signer)
{
    enum { SIGNATURES = 2000 };
    struct arena arena;
    struct error error;
    const uint8_t digest[32] = {1};
    arena_init(&arena, 0);
    double start = cpu_seconds();
    for (int i = 0; i < SIGNATURES; i++) {
        bytes cms = {NULL, 0};
        arena_reset(&arena);
        if (!signer_cms(signer, digest, &arena, &cms, &error).ok) {
            fail(&error);
        }
    }
    double rate = SIGNATURES / (cpu_seconds() - start);
    (void)printf("sign %s\t%.0f\tsignatures/s CPU\t1.000\titself\n", name, rate);
    arena_release(&arena);
    return rate;
}

/* A raw signature over an SM3 digest that is there, without the CMS around it. */
static double sm2_rate(void)
{
    enum { SIGNATURES = 2000 };
    uint8_t digest[32] = {1}, signature[128];
    EVP_PKEY *key = EVP_EC_gen("SM2");
    EVP_PKEY_CTX *context = key == NULL ? NULL : EVP_PKEY_CTX_new(key, NULL);
    if (context == NULL || EVP_PKEY_sign_init(context) != 1) {
        (void)fprintf(stderr, "no SM2\n");
        exit(1);
    }
    double start = cpu_seconds();
    for (int i = 0; i < SIGNATURES; i++) {
        size_t size = sizeof signature;
        if (EVP_PKEY_sign(context, signature, &size, digest, sizeof digest) != 1) {
            (void)fprintf(stderr, "SM2 does not sign\n");
            exit(1);
        }
    }
    double rate = SIGNATURES / (cpu_seconds() - start);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    return rate;
}

static double run(const char *name, struct signer *signer, int count, const struct photos *photos,
                  const char *directory)
{
    static const char *const families[] = {"张", "王", "李", "赵", "欧阳", "𠮷", "堃", "䶮"};
    static const char *const given[] = {"伟", "秀英", "建国", "志强", "喆", "犇", "㛃", "晓东"};
    struct renderer *renderer = NULL;
    struct error error;
    const struct renderer_options options = {.signer = signer};
    struct arena arena;
    struct arena kept;
    arena_init(&arena, 0);
    arena_init(&kept, 0);
    const struct template *template = specimen_template(TEMPLATE_CERTIFICATE, &kept);
    if (!renderer_open(&options, &renderer, &error).ok) {
        fail(&error);
    }
    size_t total = 0;
    long resident_early = 0;
    double start = cpu_seconds();
    for (int i = 0; i < count; i++) {
        arena_reset(&arena);
        int photo = i % PHOTOS;
        str person =
            arena_format(&arena, "%s%s%s", families[i % 8], given[i / 8 % 8], given[i / 64 % 8]);
        const struct specimen specimen = {
            .name = person.data,
            .number = i + 1,
            .photo_sha256 = digest_bytes(&photos->digest[photo]),
            .template = template,
        };
        struct page page = specimen_certificate(&specimen, &arena);
        struct rendering rendering;
        if (!renderer_draw(renderer, &page, photos->jpeg[photo], NULL, &arena, &rendering, &error)
                 .ok) {
            fail(&error);
        }
        total += rendering.pdf.size;
        if (i == 1000) {
            resident_early = resident_kib();
        }
        if (directory != NULL && (i < 2 || i == count - 1)) {
            write_file(directory, arena_format(&arena, "%s-%d.pdf", name, i).data, rendering.pdf);
        }
    }
    double seconds = cpu_seconds() - start;
    double rate = count / seconds;
    double bare = signer != NULL ? sign_rate(name, signer) : rate;
    (void)printf("render %s%s\t%.0f\tPDFs/s a core\t%.3f\t%s\n", signer != NULL ? "and sign " : "",
                 name, rate, rate / bare, signer != NULL ? "signing alone" : "itself");
    (void)printf("size %s\t%zu\tbytes\t%.3f\t64 KiB\n", name, total / (size_t)count,
                 (double)total / count / 65536);
    (void)printf("memory %s\t%ld\tkB\t%.3f\tafter 1000 documents\n", name, resident_kib(),
                 (double)resident_kib() / (double)resident_early);
    renderer_close(renderer);
    arena_release(&arena);
    arena_release(&kept);
    return rate;
}

/* A root and a document signer under it, from seeds; the root goes to DIRECTORY/root.pem. */
static struct signer *make_signer(enum authority_key_kind kind, struct arena *arena,
                                  const char *directory)
{
    static const uint8_t seeds[2][32] = {{1}, {2}};
    struct error error;
    struct authority root;
    struct signer *signer = NULL;
    str key, certificate;
    struct authority_subject subject = {.purpose = AUTHORITY_ROOT,
                                        .name = STR("示范根证书"),
                                        .valid_from = date_from_civil((struct civil){2020, 1, 1}),
                                        .valid_until = date_from_civil((struct civil){2040, 1, 1})};
    if (!authority_key_from_seed(kind, seeds[0], arena, &root.key_pem, &error).ok ||
        !authority_make_root(root.key_pem, &subject, arena, &root.certificate_pem, &error).ok ||
        !authority_key_from_seed(kind, seeds[1], arena, &key, &error).ok) {
        fail(&error);
    }
    subject.purpose = AUTHORITY_DOCUMENT;
    subject.name = STR("上海市住房和城乡建设管理委员会");
    subject.code = STR("11310000TEX000010W");
    if (!authority_issue(&root, key, &subject, arena, &certificate, &error).ok ||
        !signer_from_pem(STR("bench"), key, certificate, root.certificate_pem, &signer, &error)
             .ok) {
        fail(&error);
    }
    if (directory != NULL) {
        write_file(directory, "root.pem", str_bytes(root.certificate_pem));
    }
    return signer;
}

/* Signs as a worker does: libcrypto is told what the processor does better before it is loaded. */
static void start_as_worker(char **argv)
{
    static const char told[] = "BENCH_RENDER_TOLD";
    if (getenv(told) == NULL && setenv(told, "1", 1) == 0) {
        processor_advise_children();
        (void)execv("/proc/self/exe", argv); /* without it the figure is the library's own */
    }
}

int main(int argc, char **argv)
{
    start_as_worker(argv);
    int count = argc > 1 ? atoi(argv[1]) : 20000;
    const char *directory = argc > 2 ? argv[2] : NULL;
    struct arena arena;
    struct error error;
    struct photos photos;
    arena_init(&arena, 0);
    for (uint32_t i = 0; i < PHOTOS; i++) {
        if (!image_paint_portrait(i * 977, &arena, &photos.jpeg[i], &error).ok) {
            fail(&error);
        }
        photos.digest[i] = digest_sha256(photos.jpeg[i]);
    }
    double unsigned_rate = run("only", NULL, count, &photos, directory);
    struct signer *rsa = make_signer(AUTHORITY_KEY_RSA_2048, &arena, directory);
    (void)run("RSA-2048", rsa, count, &photos, directory); /* printed */
    signer_close(rsa);
    struct signer *curve = make_signer(AUTHORITY_KEY_P256, &arena, NULL);
    (void)run("P-256", curve, count, &photos, directory); /* printed */
    signer_close(curve);
    double sm2 = sm2_rate();
    double both = 1 / (1 / unsigned_rate + 1 / sm2);
    (void)printf("sign SM2\t%.0f\tsignatures/s CPU\t1.000\traw, the signer has RSA and P-256\n",
                 sm2);
    (void)printf("render and sign SM2\t%.0f\tPDFs/s a core\t%.3f\tsigning alone, raw, added\n",
                 both, both / sm2);
    arena_release(&arena);
    return 0;
}
