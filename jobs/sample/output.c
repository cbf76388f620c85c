/* output - see output.h. */
#include "jobs/sample/output.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/date.h"
#include "core/io/file.h"
#include "events/terms/identity.h"
#include "jobs/messages.h"
#include "jobs/sample/keys.h"
#include "jobs/sample/pieces.h"

enum { FILE_MODE = 0644, DIRECTORY_MODE = 0755 };

/* --- growing texts -------------------------------------------------------------------------- */

static void text_open(struct text *text)
{
    text->file = open_memstream(&text->data, &text->size);
    MEMORY_UNLESS(text->file != NULL);
}

static void text_close(struct text *text)
{
    if (text->file != NULL) {
        (void)fclose(text->file); /* memory */
        free(text->data);
        *text = (struct text){0};
    }
}

static bytes text_bytes(struct text *text)
{
    BUG_UNLESS(fflush(text->file) == 0); /* memory */
    return bytes_of(text->data, text->size);
}

static void text_put(struct text *text, str s)
{
    BUG_UNLESS(fwrite(s.data, 1, s.size, text->file) == s.size);
}

static void text_empty(struct text *text)
{
    text_close(text);
    text_open(text);
}

/* --- the frame ------------------------------------------------------------------------------ */

const char *output_path(const struct output *output, const char *name, struct arena *arena)
{
    return arena_format(arena, "%s/%s", output->root, name).data;
}

static FALLIBLE write_file(struct output *output, const char *name, str content, struct error *err)
{
    return file_write_new(output_path(output, name, &output->item), str_bytes(content), FILE_MODE,
                          err);
}

static FALLIBLE directories_make(struct output *output, struct error *err)
{
    static const char *const names[] = {"",        "photos",     "days/proofs",
                                        "actions", "file/scans", "trust"};
    if (file_exists(output_path(output, "plan.txt", &output->item)) ||
        file_exists(output_path(output, "enterprises.csv", &output->item))) {
        FAIL(CREATE, MESSAGE_SAMPLE_EXISTS, ARG_TEXT("directory", output->root));
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        TRY(directory_make(output_path(output, names[i], &output->item), DIRECTORY_MODE, err));
    }
    return OK;
}

static FALLIBLE output_start(struct output *output, struct error *err)
{
    TRY(directories_make(output, err));
    TRY(keys_make(output, err));
    TRY(file_replace(output_path(output, "trust/ca.key", &output->item),
                     str_bytes(output->root_key), 0600, err));
    TRY(write_file(output, "trust/ca.pem", output->root_certificate, err));
    TRY(write_file(output, "README.txt", pieces_readme(output->city, &output->item), err));
    TRY(pieces_photos(output, err));
    TRY(csv_writer_create(output_path(output, "expected.csv", &output->run), &output->expected,
                          err));
    output_header(&output->expected, "日期,操作者,编号,结果,代码");
    return OK;
}

FALLIBLE output_open(const struct city *city, struct output *ret, struct error *err)
{
    *ret = (struct output){.city = city, .root = city->options.out, .actor = NONE};
    arena_init(&ret->run, 0);
    arena_init(&ret->item, 0);
    text_open(&ret->plan);
    text_open(&ret->plan_signed);
    text_open(&ret->day_lines);
    text_open(&ret->actor_lines);
    ret->signers = ARENA_ARRAY(&ret->run, struct signer *, city->enterprises_count + CLERKS);
    char day[DATE_SIZE];
    date_format(city->start, day);
    ret->day_text = arena_str(&ret->run, str_of(day)).data;
    str trust = arena_format(&ret->item, "%s trust trust/ca.pem\n", day);
    text_put(&ret->plan, trust); /* not needed there: the numbers of events must be the same */
    text_put(&ret->plan_signed, trust);
    return output_start(ret, err);
}

FALLIBLE output_finish(struct output *output, struct error *err)
{
    struct csv_writer expected = output->expected;
    output->expected = (struct csv_writer){0};
    TRY(csv_writer_close(&expected, err));
    TRY(file_replace(output_path(output, "plan-signed.txt", &output->item),
                     text_bytes(&output->plan_signed), FILE_MODE, err));
    return file_replace(output_path(output, "plan.txt", &output->item), text_bytes(&output->plan),
                        FILE_MODE, err);
}

void output_close(struct output *output)
{
    struct error ignored = {0};
    if (output->expected.file != NULL) { /* not finished: another error is already told */
        (void)csv_writer_close(&output->expected, &ignored).ok;
    }
    for (uint32_t i = 0; i < output->city->enterprises_count + CLERKS; i++) {
        signer_close(output->signers[i]);
    }
    text_close(&output->plan);
    text_close(&output->plan_signed);
    text_close(&output->day_lines);
    text_close(&output->actor_lines);
    arena_release(&output->item);
    arena_release(&output->run);
}

void output_plan_import(struct output *output, int32_t day, const char *kind, const char *file)
{
    char text[DATE_SIZE];
    date_format(day, text);
    str line = arena_format(&output->item, "%s import %s %s\n", text, kind, file);
    text_put(&output->plan, line);
    text_put(&output->plan_signed, line);
}

/* --- days ----------------------------------------------------------------------------------- */

FALLIBLE output_day_begin(struct output *output, int32_t day, struct error *err)
{
    char text[DATE_SIZE];
    date_format(day, text);
    arena_reset(&output->item);
    output->day = day;
    output->day_text = arena_str(&output->run, str_of(text)).data;
    text_empty(&output->day_lines);
    const char *name = arena_format(&output->item, "actions/%s", text).data;
    return directory_make(output_path(output, name, &output->item), DIRECTORY_MODE, err);
}

str output_clerk(uint32_t clerk, struct arena *arena)
{
    return arena_format(arena, "SH%04u", 1001 + clerk);
}

str output_actor(const struct output *output, uint32_t actor, struct arena *arena)
{
    uint32_t enterprises = output->city->enterprises_count;
    return actor < enterprises ? output->city->enterprises[actor].code
                               : output_clerk(actor - enterprises, arena);
}

/* What the actor wished so far becomes his signed file. */
static FALLIBLE actor_end(struct output *output, struct error *err)
{
    if (output->actor == NONE) {
        return OK;
    }
    bytes content = text_bytes(&output->actor_lines);
    bytes signature = {0};
    str code = output_actor(output, output->actor, &output->item);
    str name = arena_format(&output->item, "actions/%s/%.*s", output->day_text, STR_ARGS(code));
    const char *lines = arena_format(&output->item, "%s.jsonl", name.data).data;
    const char *signed_by = arena_format(&output->item, "%s.p7s", name.data).data;
    TRY(keys_sign(output, output->actor, code, content, &signature, err));
    TRY(file_write_new(output_path(output, lines, &output->item), content, FILE_MODE, err));
    TRY(file_write_new(output_path(output, signed_by, &output->item), signature, FILE_MODE, err));
    text_put(&output->plan_signed,
             arena_format(&output->item, "%s submit %s %s\n", output->day_text, lines, signed_by));
    text_put(&output->day_lines, (str){(const char *)content.data, content.size});
    text_empty(&output->actor_lines);
    output->actor = NONE;
    output->summary.signatures++;
    arena_reset(&output->item);
    return OK;
}

/* A wish that is written, and what is expected of it. */
static FALLIBLE line_write(struct output *output, str actor, const struct json *line,
                           const char *answer, const char *code, struct error *err)
{
    TRY(json_write_line(line, output->actor_lines.file, err));
    output->summary.wishes++;
    if (answer != NULL) {
        str cells[] = {str_of(output->day_text), actor, json_text(json_member(line, "id")),
                       str_of(answer), str_of(code != NULL ? code : "")};
        for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
            csv_write_cell(&output->expected, cells[i]);
        }
        csv_write_row_end(&output->expected);
        output->summary.refusals++;
    }
    return OK;
}

FALLIBLE output_line(struct output *output, uint32_t actor, const struct json *line,
                     const char *answer, const char *code, struct error *err)
{
    if (actor != output->actor) {
        TRY(actor_end(output, err));
        output->actor = actor;
    }
    return line_write(output, output_actor(output, actor, &output->item), line, answer, code, err);
}

/* --- steps of the first day ----------------------------------------------------------------- */

FALLIBLE output_step_line(struct output *output, str name, const struct json *line,
                          const char *answer, const char *code, struct error *err)
{
    BUG_UNLESS(output->actor == NONE);
    return line_write(output, name, line, answer, code, err);
}

static FALLIBLE step_sign(struct output *output, uint32_t actor, const char *name, bytes content,
                          struct error *err)
{
    bytes signature = {0};
    str code = output_actor(output, actor, &output->item);
    TRY(keys_sign(output, actor, code, content, &signature, err));
    TRY(file_write_new(output_path(output, name, &output->item), signature, FILE_MODE, err));
    output->summary.signatures++;
    return OK;
}

FALLIBLE output_step_end(struct output *output, uint32_t actor, const char *step, struct error *err)
{
    bytes content = text_bytes(&output->actor_lines);
    const char *lines = arena_format(&output->item, "file/%s.jsonl", step).data;
    const char *signed_by = arena_format(&output->item, "file/%s.p7s", step).data;
    str submit = arena_format(&output->item, "%s submit %s", output->day_text, lines);
    TRY(file_write_new(output_path(output, lines, &output->item), content, FILE_MODE, err));
    text_put(&output->plan, submit);
    text_put(&output->plan_signed, submit);
    if (actor != NONE) {
        TRY(step_sign(output, actor, signed_by, content, err));
        text_put(&output->plan_signed, arena_format(&output->item, " %s", signed_by));
    }
    text_put(&output->plan, STR("\n"));
    text_put(&output->plan_signed, STR("\n"));
    text_empty(&output->actor_lines);
    arena_reset(&output->item);
    return OK;
}

/* --- attachments, the end of a day ---------------------------------------------------------- */

FALLIBLE output_proof(struct output *output, str id, bool is_pdf, str *ret_name,
                      char ret_digest[DIGEST_HEX_SIZE], struct error *err)
{
    str content = is_pdf ? pieces_pdf(id, &output->item) : STR("this is no PDF\n");
    str name = arena_format(&output->item, "proofs/%.*s.pdf", STR_ARGS(id));
    const char *places[] = {
        arena_format(&output->item, "days/%s", name.data).data,
        arena_format(&output->item, "actions/%s/%s", output->day_text, name.data).data,
    };
    const char *folder = arena_format(&output->item, "actions/%s/proofs", output->day_text).data;
    struct digest digest = digest_sha256(str_bytes(content));
    TRY(directory_make(output_path(output, folder, &output->item), DIRECTORY_MODE, err));
    for (size_t i = 0; i < 2; i++) {
        TRY(write_file(output, places[i], content, err));
    }
    digest_hex(&digest, ret_digest);
    *ret_name = name;
    return OK;
}

FALLIBLE output_day_end(struct output *output, struct error *err)
{
    TRY(actor_end(output, err));
    bytes content = text_bytes(&output->day_lines);
    if (content.size != 0) {
        const char *name = arena_format(&output->item, "days/%s.jsonl", output->day_text).data;
        TRY(file_write_new(output_path(output, name, &output->item), content, FILE_MODE, err));
        text_put(&output->plan,
                 arena_format(&output->item, "%s submit %s\n", output->day_text, name));
        if (output->summary.days++ == 0) {
            output->summary.first_day = output->day;
        }
        output->summary.last_day = output->day;
    }
    arena_reset(&output->item);
    return OK;
}

/* --- registers -------------------------------------------------------------------------------- */

void output_header(struct csv_writer *csv, const char *names)
{
    for (str rest = str_of(names); rest.data != NULL;) {
        csv_write_cell(csv, str_cut(&rest, ','));
    }
    csv_write_row_end(csv);
}

void output_cell(struct csv_writer *csv, const char *text)
{
    csv_write_cell(csv, str_of(text));
}

void output_cell_date(struct csv_writer *csv, int32_t days)
{
    char text[DATE_SIZE];
    date_format(days, text);
    output_cell(csv, text);
}

void output_cell_document(struct csv_writer *csv, const struct person *person)
{
    csv_write_cell(csv, id_type_text(person->id_type));
    csv_write_cell(csv, person->number);
}

void output_row_end(struct output *output, struct csv_writer *csv)
{
    csv_write_row_end(csv);
    output->summary.rows++;
}
