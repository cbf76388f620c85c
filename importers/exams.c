/* exams - results of the assessment centre. */
#include "importers/kinds.h"
#include "importers/messages.h"
#include "importers/row.h"

enum column {
    NAME,
    ID_TYPE,
    ID_NUMBER,
    CATEGORY,
    KIND,
    EXAM_DATE,
    RESULT,
    VALID_UNTIL,
    TICKET,
};

const struct import_column exams_columns[EXAMS_COLUMNS] = {
    [NAME] = {"姓名", ALIASES_NAME, .mandatory = true},
    [ID_TYPE] = {"证件类型", {NULL}, .mandatory = true},
    [ID_NUMBER] = {"证件号码", ALIASES_ID_NUMBER, .mandatory = true},
    [CATEGORY] = {"类别", ALIASES_CATEGORY, .mandatory = true},
    [KIND] = {"考核类型", {NULL}, .mandatory = true, .unlisted = "not_exam"},
    [EXAM_DATE] = {"考试日期", {NULL}, .mandatory = true},
    [RESULT] = {"结论", {NULL}, .mandatory = true, .unlisted = "not_result"},
    [VALID_UNTIL] = {"成绩有效期至", {NULL}, .mandatory = true},
    [TICKET] = {"准考证号", {NULL}, .mandatory = false},
};

static const struct row_word kinds[] = {
    {"新取证", EXAM_KIND__CODE__FIRST},
    {"延期", EXAM_KIND__CODE__EXTENSION},
    {NULL, 0},
};

static const struct row_word results[] = {{"合格", 1}, {"不合格", 0}, {NULL, 0}};

FALLIBLE exams_read(struct import_row *row, struct arena *arena, Action *ret, struct error *err)
{
    RecordExam *wish = ARENA_NEW(arena, RecordExam);
    record_exam__init(wish);
    ExamRecorded *entry = ARENA_NEW(arena, ExamRecorded);
    exam_recorded__init(entry);
    Personal *person = ARENA_NEW(arena, Personal);
    personal__init(person);
    int kind = 0;
    int passed = 0;
    TRY(row_person_name(row, NAME, arena, &person->name, err));
    TRY(row_identity(row, ID_TYPE, ID_NUMBER, NULL, arena, person, err));
    TRY(row_category(row, CATEGORY, false, arena, &entry->category, err));
    TRY(row_word(row, KIND, kinds, MESSAGE_BAD_CODE, arena, &kind, err));
    TRY(row_date(row, EXAM_DATE, arena, &entry->exam_date, err));
    TRY(row_word(row, RESULT, results, MESSAGE_BAD_CODE, arena, &passed, err));
    TRY(row_date(row, VALID_UNTIL, arena, &entry->valid_until, err));
    TRY(row_date_order(row, EXAM_DATE, entry->exam_date, VALID_UNTIL, entry->valid_until, err));
    TRY(row_code(row, TICKET, arena, &entry->ticket, err));
    entry->kind = (ExamKind__Code)kind;
    entry->passed = passed != 0;
    wish->row = entry;
    wish->person = person;
    ret->record_exam = wish;
    return OK;
}
