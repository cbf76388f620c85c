/* pieces - see pieces.h. */
#include "jobs/sample/pieces.h"

#include "core/base/date.h"
#include "core/io/file.h"
#include "core/io/image.h"

enum { PDF_OBJECTS = 5 };

str pieces_photo_name(uint32_t person, struct arena *arena)
{
    return arena_format(arena, "photos/%02u.jpg", person % PHOTOS + 1);
}

FALLIBLE pieces_photos(struct output *output, struct error *err)
{
    for (uint32_t i = 0; i < PHOTOS; i++) {
        bytes jpeg = {0};
        uint32_t seed = (uint32_t)output->city->options.seed * PHOTOS + i;
        const char *name = pieces_photo_name(i, &output->item).data;
        TRY(image_paint_portrait(seed, &output->item, &jpeg, err));
        TRY(file_write_new(output_path(output, name, &output->item), jpeg, 0644, err));
    }
    return OK;
}

str pieces_scan_name(uint32_t which, struct arena *arena)
{
    return arena_format(arena, "scans/%02u.jpg", which % SCANS + 1);
}

str pieces_signature_name(uint32_t which, struct arena *arena)
{
    return arena_format(arena, "scans/signature-%u.jpg", which % SIGNATURES + 1);
}

static FALLIBLE scan_write(struct output *output, uint32_t index, int dpi, str name,
                           struct error *err)
{
    bytes jpeg = {0};
    uint32_t seed = (uint32_t)output->city->options.seed * (SCANS + SIGNATURES + 1) + index;
    const char *below = arena_format(&output->item, "file/%.*s", STR_ARGS(name)).data;
    TRY(image_paint_sheet(seed, dpi, &output->item, &jpeg, err));
    TRY(file_write_new(output_path(output, below, &output->item), jpeg, 0644, err));
    arena_reset(&output->item);
    return OK;
}

FALLIBLE pieces_scans(struct output *output, struct error *err)
{
    for (uint32_t i = 0; i < SCANS; i++) {
        TRY(scan_write(output, i, 100, pieces_scan_name(i, &output->item), err));
    }
    for (uint32_t i = 0; i < SIGNATURES; i++) {
        TRY(scan_write(output, SCANS + i, 150, pieces_signature_name(i, &output->item), err));
    }
    return scan_write(output, SCANS + SIGNATURES, 60, STR(PIECES_COARSE_SCAN), err);
}

/* Enough of ISO 32000-1 for every reader: catalogue, pages, page, text, font, cross references. */
str pieces_pdf(str id, struct arena *arena)
{
    str text = arena_format(arena,
                            "BT /F1 18 Tf 72 720 Td (Synthetic proof of departure) Tj "
                            "0 -30 Td (No. %.*s) Tj ET",
                            STR_ARGS(id));
    str objects[PDF_OBJECTS] = {
        STR("<< /Type /Catalog /Pages 2 0 R >>"),
        STR("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
        STR("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            "/Resources << /Font << /F1 5 0 R >> >> >>"),
        arena_format(arena, "<< /Length %zu >>\nstream\n%s\nendstream", text.size, text.data),
        STR("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"),
    };
    str pdf = STR("%PDF-1.4\n");
    str table = arena_format(arena, "xref\n0 %d\n0000000000 65535 f \n", PDF_OBJECTS + 1);
    for (int i = 0; i < PDF_OBJECTS; i++) {
        table = arena_format(arena, "%.*s%010zu 00000 n \n", STR_ARGS(table), pdf.size);
        pdf = arena_format(arena, "%.*s%d 0 obj\n%.*s\nendobj\n", STR_ARGS(pdf), i + 1,
                           STR_ARGS(objects[i]));
    }
    return arena_format(arena,
                        "%.*s%.*strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n",
                        STR_ARGS(pdf), STR_ARGS(table), PDF_OBJECTS + 1, pdf.size);
}

str pieces_readme(const struct city *city, struct arena *arena)
{
    char start[DATE_SIZE];
    date_format(city->start, start);
    return arena_format(
        arena,
        "A city that does not exist / 一座虚构的城市\n\n"
        "Everything here is invented: persons, numbers, enterprises, faces. Nothing of it may be\n"
        "taken for real. 本目录中的人员、证件号码、企业、照片均为虚构。\n\n"
        "persons %u, enterprises %u, seed %llu, from %s on\n\n"
        "plan.txt         the steps in order:\n"
        "                 DATE trust FILE | DATE import KIND FILE | DATE submit FILE\n"
        "                 for a store made with: anzheng init --clock=free --signatures=optional\n"
        "                 each step is: anzheng import KIND FILE --today=DATE (submit likewise)\n"
        "plan-signed.txt  the same wishes, each actor's file with its signature:\n"
        "                 DATE trust FILE | DATE import KIND FILE | DATE submit FILE SIGNATURE\n"
        "                 for a store made with: anzheng init --clock=free\n"
        "file/            personnel files of one person in twenty, with scans; what counters\n"
        "                 verified; applications. Records and applications are named by the\n"
        "                 numbers of their events: take all steps before, and no others\n"
        "expected.csv     wishes that are refused on purpose, with the code of the answer\n"
        "trust/           the root of the signatures (ca.pem), and key and certificate of each\n"
        "                 actor that signed, for --signer-key and --signer-cert. All keys follow\n"
        "                 from the seed: trust them in demonstrations only\n",
        city->persons_count, city->enterprises_count, (unsigned long long)city->options.seed,
        start);
}
