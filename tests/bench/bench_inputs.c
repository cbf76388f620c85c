/* bench_inputs - what the peers draw and sign, and keys for a store with another signer: one page
 * as a table, its photo, RSA and P-256 keys with certificates (tests/bench/peers).
 *
 *     bench_inputs DIR
 *
 * page.tsv: kind, x, y, width, height, size, colour, align, weight, text; lengths in points from
 * the top left; of a QR code the text is its rows of 0 and 1, commas between. */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/date.h"
#include "core/base/qr.h"
#include "core/io/authority.h"
#include "core/io/digest.h"
#include "core/io/file.h"
#include "core/io/image.h"
#include "tests/support/specimen.h"

static void must(outcome result, const struct error *error)
{
    if (!result.ok) {
        (void)fprintf(stderr, "bench_inputs: %d %s\n", error->code, error->args[0].text);
        exit(1);
    }
}

static void write_file(const char *dir, const char *name, bytes content, struct arena *arena)
{
    struct error error;
    must(file_write_new(arena_format(arena, "%s/%s", dir, name).data, content, 0600, &error),
         &error);
}

static void write_keys(const char *dir, const char *name, enum authority_key_kind kind,
                       struct arena *arena)
{
    static const uint8_t seeds[2][32] = {{1}, {2}};
    struct error error;
    struct authority root;
    str key, certificate;
    struct authority_subject subject = {.purpose = AUTHORITY_ROOT,
                                        .name = STR("示范根证书"),
                                        .valid_from = date_from_civil((struct civil){2020, 1, 1}),
                                        .valid_until = date_from_civil((struct civil){2040, 1, 1})};
    must(authority_key_from_seed(kind, seeds[0], arena, &root.key_pem, &error), &error);
    must(authority_make_root(root.key_pem, &subject, arena, &root.certificate_pem, &error), &error);
    must(authority_key_from_seed(kind, seeds[1], arena, &key, &error), &error);
    subject.purpose = AUTHORITY_DOCUMENT;
    subject.name = STR("上海市住房和城乡建设管理委员会");
    subject.code = STR("11310000TEX000010W");
    must(authority_issue(&root, key, &subject, arena, &certificate, &error), &error);
    write_file(dir, arena_format(arena, "%s.key", name).data, str_bytes(key), arena);
    write_file(dir, arena_format(arena, "%s.pem", name).data, str_bytes(certificate), arena);
}

static double points(int32_t um)
{
    return (double)um * 72.0 / 25400.0;
}

static str qr_rows(str text, struct arena *arena)
{
    struct qr qr;
    if (!qr_encode(text, arena, &qr)) {
        (void)fprintf(stderr, "bench_inputs: no QR code\n");
        exit(1);
    }
    char *out = arena_new(arena, (size_t)(qr.width * (qr.width + 1)));
    size_t at = 0;
    for (int i = 0; i < qr.width * qr.width; i++) {
        if (i > 0 && i % qr.width == 0) {
            out[at++] = ',';
        }
        out[at++] = (qr.rows[i / qr.width] >> i % qr.width & 1) != 0 ? '1' : '0';
    }
    return (str){out, at};
}

static void write_page(const char *dir, const struct page *page, struct arena *arena)
{
    static const char *const kinds[] = {"", "text", "line", "rectangle", "image", "qr", "seal"};
    static const char *const aligns[] = {"", "left", "centre", "right"};
    str table = STR("");
    for (size_t i = 0; i < page->count; i++) {
        const struct page_item *item = &page->items[i];
        str below = item->text, text = str_cut(&below, '\n');
        if (item->kind == PAGE_QR) {
            text = qr_rows(item->text, arena);
        }
        table = arena_format(arena, "%.*s%s\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%06x\t%s\t%s\t%.*s\n",
                             STR_ARGS(table), kinds[item->kind], points(item->x_um),
                             points(item->y_um), points(item->width_um), points(item->height_um),
                             points(item->size_um), item->colour, aligns[item->align],
                             item->weight == PAGE_BOLD ? "bold" : "regular", STR_ARGS(text));
    }
    write_file(dir, "page.tsv", str_bytes(table), arena);
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct error error;
    bytes photo = {NULL, 0};
    if (argc != 2) {
        (void)fprintf(stderr, "usage: bench_inputs DIR\n");
        return 64;
    }
    arena_init(&arena, 0);
    must(image_paint_portrait(977, &arena, &photo, &error), &error);
    struct digest digest = digest_sha256(photo);
    const struct specimen specimen = {.number = 1, .photo_sha256 = digest_bytes(&digest)};
    struct page page = specimen_certificate(&specimen, &arena);
    write_page(argv[1], &page, &arena);
    write_file(argv[1], "photo.jpg", photo, &arena);
    write_keys(argv[1], "rsa", AUTHORITY_KEY_RSA_2048, &arena);
    write_keys(argv[1], "p256", AUTHORITY_KEY_P256, &arena);
    arena_release(&arena);
    return 0;
}
