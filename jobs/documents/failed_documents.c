/* failed_documents - see failed_documents.h. */
#include "jobs/documents/failed_documents.h"

#include <string.h>

#include "core/base/record.h"
#include "core/io/csv.h"
#include "core/io/file.h"
#include "core/io/output.h"
#include "jobs/objects/blocked_persons.h"
#include "jobs/objects/objects.h"
#include "jobs/report.h"

enum { LIST_MODE = 0600 };

struct failed_list {
    struct session *session;
    struct csv_writer writer;
    struct blocked_persons blocked; /* nothing is drawn for them, so they are not to do */
};

/* "path: why" of a file that could not be read; older events have the path alone. */
static bool path_and_why(str code, str detail, str *ret_path, str *ret_why)
{
    static const char between[] = ": ";
    const char *at = NULL;
    for (size_t i = 0; str_equal_c(code, "file_not_readable") && i + 1 < detail.size; i++) {
        at = memcmp(detail.data + i, between, 2) == 0 ? detail.data + i : at;
    }
    if (at == NULL) {
        return false;
    }
    *ret_path = str_first(detail, (size_t)(at - detail.data));
    *ret_why = str_from(detail, ret_path->size + 2);
    return true;
}

str failed_document_words(enum language language, str code, str detail, struct arena *arena)
{
    str path = {0};
    str why = {0};
    if (!path_and_why(code, detail, &path, &why)) {
        return detail;
    }
    why = message_value(language, STR("why"), why, arena);
    return arena_format(arena, "%.*s%s%.*s", STR_ARGS(path),
                        language == LANGUAGE_CHINESE ? "：" : ": ", STR_ARGS(why));
}

/* The sentence of the reason. Of its arguments only the detail was kept. */
static str sentence_of(const struct failed_list *list, const DocumentView *document,
                       struct arena *arena)
{
    const struct message *message =
        message_named(message_row_name(str_of(document->error_code), arena));
    struct error_arg args[ERROR_ARGS_MAX];
    for (size_t i = 0; i < ERROR_ARGS_MAX; i++) {
        args[i] = ARG_STR("detail", STR("…"));
    }
    str path = {0};
    str why = {0};
    str detail = str_of(document->error_detail);
    if (path_and_why(str_of(document->error_code), detail, &path, &why)) {
        args[0] = ARG_STR("path", path);
        args[1] = ARG_STR("why", message_value(list->session->language, STR("why"), why, arena));
    } else if (!str_empty(detail)) {
        args[0] = ARG_STR("detail", detail);
    }
    return message == NULL ? STR("")
                           : message_fill(message_template(message, list->session->language), args,
                                          ERROR_ARGS_MAX, arena);
}

static str numbers_of(const DocumentView *document, struct arena *arena)
{
    str numbers = {0};
    for (size_t i = 0; i < document->n_certificates; i++) {
        numbers = arena_format(arena, "%.*s%s%s", STR_ARGS(numbers), i > 0 ? " " : "",
                               document->certificates[i]);
    }
    return document->n_certificates > 0 ? numbers : str_of(document->id);
}

static outcome write_row(void *state, str id, struct error *err)
{
    struct failed_list *list = state;
    struct session *session = list->session;
    struct arena *arena = &session->item_arena;
    DocumentView *document = NULL;
    CertificateView *certificate = NULL;
    bool blocked = false;
    TRY(blocked_persons_have(&list->blocked, id, &blocked, err));
    if (blocked) {
        return OK;
    }
    TRY(document_view(session, id, arena, &document, err));
    TRY(certificate_view(session, id, arena, &certificate, err));
    const char *enterprise =
        *document->enterprise != 0 ? document->enterprise : certificate->enterprise;
    str kind = record_enum_text(&document_kind__code__descriptor, (int)document->kind, arena);
    const str cells[] = {
        id,
        message_value(session->language, STR("kind"), kind, arena),
        numbers_of(document, arena),
        str_of(enterprise),
        str_of(document->error_code),
        sentence_of(list, document, arena),
        str_of(document->error_detail),
        arena_format(arena, "%u", document->attempts),
    };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        csv_write_for_people(&list->writer, cells[i]);
    }
    csv_write_row_end(&list->writer);
    arena_reset(arena);
    return OK;
}

static void write_header(struct failed_list *list)
{
    static const char *const paths[] = {"document_id", "kind",    "certificates", "enterprise",
                                        "code",        "message", "detail",       "attempts"};
    struct arena *arena = &list->session->item_arena;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        csv_write_for_people(&list->writer,
                             report_label(list->session->language, str_of(paths[i]), arena));
    }
    csv_write_row_end(&list->writer);
    arena_reset(arena);
}

static outcome write_failed(struct failed_list *list, struct error *err)
{
    struct session *session = list->session;
    TRY(blocked_persons_load(session, index_blocked_persons(), &session->run_arena, &list->blocked,
                             err));
    return each_of_index(session, index_documents(DOCUMENT_STATUS__CODE__FAILED), write_row, list,
                         err);
}

static FALLIBLE write_rows(struct failed_list *list, struct error *err)
{
    struct session *session = list->session;
    write_header(list);
    TRY(engine_begin(session->engine, err));
    outcome walked = write_failed(list, err);
    engine_abort(session->engine);
    return walked;
}

FALLIBLE failed_documents_write(struct session *session, struct error *err)
{
    struct failed_list list = {.session = session};
    struct error closing;
    FILE *file = NULL;
    const char *folder = engine_path(session->engine, &session->run_arena, "reports");
    const char *path =
        engine_path(session->engine, &session->run_arena, "reports/failed-documents.csv");
    TRY(directory_make(folder, 0755, err));
    TRY(output_create(path, LIST_MODE, &file, err));
    csv_writer_on(file, path, &list.writer);
    csv_write_mark(&list.writer);
    outcome written = write_rows(&list, err);
    bool closed = csv_writer_close(&list.writer, written.ok ? err : &closing).ok;
    return closed ? written : error_trace(err, HERE);
}

str failed_document_detail(const struct error *failure, struct arena *arena)
{
    str first = failure->args_count > 0 ? str_of(failure->args[0].text) : STR("");
    switch (failure->code) {
    case MESSAGE_GLYPH_MISSING:
    case MESSAGE_PAGE_CHARACTERS:
    case MESSAGE_FONT_UNUSABLE:
    case MESSAGE_ICC_UNUSABLE:
    case MESSAGE_PDF_FAILED:
    case MESSAGE_PHOTO_INVALID:
    case MESSAGE_QR_TOO_LONG:
    case MESSAGE_SIGNATURE_TOO_LARGE:
    case MESSAGE_BLOB_MISSING:
    case MESSAGE_BLOB_ALTERED: return first;
    case MESSAGE_FILE_NOT_READABLE:
        return failure->args_count < 2
                   ? first
                   : arena_format(arena, "%.*s: %s", STR_ARGS(first), failure->args[1].text);
    }
    return STR("");
}
