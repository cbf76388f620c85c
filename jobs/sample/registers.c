/* registers - see registers.h. */
#include "jobs/sample/registers.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/date.h"
#include "core/io/encoding.h"
#include "core/io/file.h"
#include "core/io/messages.h"
#include "events/terms/category.h"
#include "events/terms/identity.h"
#include "events/terms/number.h"
#include "jobs/sample/names.h"
#include "jobs/sample/pieces.h"
#include "jobs/sample/practitioners.h"

enum {
    CONCERN_CLERKS = 20,
    CONCERN_IDENTITIES,
    CONCERN_ENTERPRISES,
    INSURED_MONTHS = 3,
    EXAM_VALID_MONTHS = 12,
    REGISTER_BYTES_MAX = 1 << 30,
};

enum mark { WITHOUT_MARK, WITH_MARK };

/* Some registers come from spreadsheets and begin with a byte order mark. */
static FALLIBLE register_create(struct output *output, const char *name, enum mark mark,
                                struct csv_writer *ret, struct error *err)
{
    TRY(csv_writer_create(output_path(output, name, &output->run), ret, err));
    if (mark == WITH_MARK) {
        (void)fputs("\xEF\xBB\xBF", ret->file); /* a failure shows at the flush */
    }
    return OK;
}

/* --- the first day -------------------------------------------------------------------------- */

static void enterprise_row(struct output *output, struct csv_writer *csv, uint32_t index,
                           int32_t day, struct dice *dice)
{
    static const char *const qualifications[] = {
        "建筑工程施工总承包一级",       "建筑工程施工总承包二级",   "市政公用工程施工总承包二级",
        "建筑装修装饰工程专业承包一级", "地基基础工程专业承包二级", "建筑机电安装工程专业承包三级",
    };
    const struct city *city = output->city;
    const struct enterprise *e = &city->enterprises[index];
    const struct person *legal = &city->persons[e->legal_person];
    csv_write_cell(csv, e->code);
    csv_write_cell(csv, city_enterprise_name(city, index, day));
    csv_write_cell(csv, legal->name);
    output_cell_document(csv, legal);
    output_cell(csv, qualifications[dice_roll(dice, 6)]);
    output_cell(csv, "正常");
    output_row_end(output, csv);
}

static const char *const enterprise_header =
    "统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,法定代表人证件号码,"
    "资质名称及等级,企业状态";

static FALLIBLE write_enterprises(struct output *output, struct error *err)
{
    struct csv_writer csv = {0};
    TRY(register_create(output, "enterprises.csv", WITH_MARK, &csv, err));
    output_header(&csv, enterprise_header);
    for (uint32_t i = 0; i < output->city->enterprises_count; i++) {
        struct dice dice = dice_new(output->city->options.seed + i, CONCERN_ENTERPRISES);
        enterprise_row(output, &csv, i, output->city->start, &dice);
    }
    return csv_writer_close(&csv, err);
}

static FALLIBLE write_clerks(struct output *output, struct error *err)
{
    struct dice dice = dice_new(output->city->options.seed, CONCERN_CLERKS);
    struct csv_writer csv = {0};
    TRY(register_create(output, "clerks.csv", WITHOUT_MARK, &csv, err));
    output_header(&csv, "工号,姓名,部门,部门级别,状态");
    for (uint32_t i = 0; i < CLERKS; i++) {
        csv_write_cell(&csv, output_clerk(i, &output->item));
        csv_write_cell(&csv, name_person(&dice, SEX__CODE__FEMALE, &output->item));
        output_cell(&csv, i < 4 ? "市建管受理中心" : "样板区受理窗口");
        output_cell(&csv, i < 4 ? "市" : "区");
        output_cell(&csv, "在岗");
        output_row_end(output, &csv);
    }
    return csv_writer_close(&csv, err);
}

/* Permits, passports and the like can only be taken down by a clerk. */
static const char *collection_method(const struct person *person, struct dice *dice)
{
    if (person->id_type == ID_TYPE__CODE__HK_MACAU_PERMIT ||
        person->id_type == ID_TYPE__CODE__TAIWAN_PERMIT ||
        person->id_type == ID_TYPE__CODE__PASSPORT) {
        return "人工";
    }
    return dice_permille(dice, 250) ? "在线" : dice_permille(dice, 30) ? "人工" : "读卡";
}

static void identity_row(struct output *output, struct csv_writer *csv, uint32_t index)
{
    const struct person *person = &output->city->persons[index];
    struct dice dice = dice_new(output->city->options.seed + index, CONCERN_IDENTITIES);
    int32_t collected = output->city->start - dice_range(&dice, 20, 1500);
    int32_t valid_from = collected - dice_range(&dice, 100, 2500);
    csv_write_cell(csv, person->name);
    csv_write_cell(csv, sex_text(person->sex));
    csv_write_cell(csv, name_nation(&dice));
    output_cell_date(csv, person->birth);
    csv_write_cell(csv, name_address(&dice, &output->item));
    output_cell_document(csv, person);
    output_cell(csv, "示例公安分局");
    output_cell_date(csv, valid_from);
    if (dice_permille(&dice, 150)) {
        output_cell(csv, "长期");
    } else {
        output_cell_date(csv, date_add_months(valid_from, 240));
    }
    csv_write_cell(csv, pieces_photo_name(index, &output->item));
    output_cell(csv, dice_permille(&dice, 500) ? "市受理中心1号窗" : "样板区3号窗");
    output_cell_date(csv, collected);
    output_cell(csv, collection_method(person, &dice));
    output_cell(csv, dice_permille(&dice, 600) ? "有" : "无");
    output_row_end(output, csv);
    arena_reset(&output->item);
}

static FALLIBLE write_identities(struct output *output, struct error *err)
{
    struct csv_writer csv = {0};
    TRY(register_create(output, "identities.csv", WITH_MARK, &csv, err));
    output_header(&csv,
                  "姓名,性别,民族,出生日期,住址,证件类型,证件号码,签发机关,有效期起,有效期止,照片,"
                  "采集窗口,采集日期,采集方式,个人数字证书");
    for (uint32_t i = 0; i < output->city->persons_count; i++) {
        if (output->city->persons[i].role != ROLE_UNCOLLECTED) {
            identity_row(output, &csv, i);
        }
    }
    return csv_writer_close(&csv, err);
}

static const char *paper_post(const struct certificate *paper, struct dice *dice)
{
    static const char *const posts[] = {"总经理（总裁）", "分管安全生产的副总经理",
                                        "分管生产经营的副总经理", "技术负责人", "安全总监"};
    if (paper->legal) {
        return "法定代表人";
    }
    if (paper->category == CATEGORY__CODE__A) {
        return posts[dice_roll(dice, 5)];
    }
    return paper->category == CATEGORY__CODE__B ? "项目负责人（项目经理）" : "专职安全生产管理人员";
}

static FALLIBLE write_papers(struct output *output, struct error *err)
{
    const struct city *city = output->city;
    struct dice dice = dice_new(city->options.seed, CONCERN_IDENTITIES);
    struct csv_writer csv = {0};
    TRY(register_create(output, "paper.csv", WITHOUT_MARK, &csv, err));
    output_header(
        &csv, "证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,初次领证日期,"
              "发证日期,有效期至,状态");
    for (uint32_t i = 0; i < city->certificates_count; i++) {
        const struct certificate *paper = &city->certificates[i];
        str number = city_number_text(city, i, &output->item);
        bool wide = dice_permille(&dice, 100); /* as many old lists write them */
        csv_write_cell(&csv, wide ? number_full_width(number, &output->item) : number);
        csv_write_cell(&csv, category_text(paper->category));
        csv_write_cell(&csv, city->persons[paper->person].name);
        output_cell_document(&csv, &city->persons[paper->person]);
        csv_write_cell(&csv, city->enterprises[paper->enterprise].code);
        csv_write_cell(&csv, city->enterprises[paper->enterprise].name);
        output_cell(&csv, paper_post(paper, &dice));
        output_cell_date(&csv, paper->first_issued);
        output_cell_date(&csv, paper->issued);
        output_cell_date(&csv, paper->valid_until);
        output_cell(&csv, paper->paper_state);
        output_row_end(output, &csv);
        arena_reset(&output->item);
    }
    return csv_writer_close(&csv, err);
}

static void national_row(struct output *output, struct csv_writer *csv, const struct national *n)
{
    const struct person *person = &output->city->persons[n->person];
    struct arena *arena = &output->item;
    csv_write_cell(csv, number_full_width(n->number, arena));
    csv_write_cell(csv, person->name);
    csv_write_cell(csv, id_type_text(person->id_type));
    csv_write_cell(csv, n->masked ? identity_mask(person->id_type, person->number, arena)
                                  : person->number);
    csv_write_cell(csv, category_text(n->category));
    csv_write_cell(csv, n->enterprise_name);
    output_cell(csv, "");
    csv_write_cell(csv, arena_format(arena, "%.*s省住房和城乡建设厅（示例）",
                                     STR_ARGS(str_first(n->enterprise_name, 6))));
    output_cell_date(csv, n->first_issued);
    output_cell_date(csv, n->issued);
    output_cell_date(csv, n->valid_until);
    output_cell(csv, n->state);
    output_row_end(output, csv);
}

static FALLIBLE write_gb18030(struct output *output, const char *name, bytes utf8,
                              struct error *err)
{
    bytes content = {0};
    str text = {(const char *)utf8.data, utf8.size};
    TRY(encoding_to_gb18030(text, &output->item, &content, err));
    return file_write_new(output_path(output, name, &output->item), content, 0600, err);
}

/* Written to memory first: the writer speaks UTF-8. */
static FALLIBLE write_nationals(struct output *output, struct error *err)
{
    const struct city *city = output->city;
    char *data = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&data, &size);
    MEMORY_UNLESS(memory != NULL);
    struct csv_writer csv = {0};
    csv_writer_on(memory, "national.csv", &csv);
    output_header(
        &csv,
        "证书编号,姓名,证件类型,证件号码,类别,企业名称,统一社会信用代码,发证机关,初次领证日期,"
        "发证日期,有效期至,状态");
    for (uint32_t i = 0; i < city->nationals_count; i++) {
        national_row(output, &csv, &city->nationals[i]);
        arena_reset(&output->item);
    }
    outcome flushed = csv_writer_flush(&csv, err);
    BUG_UNLESS(fclose(memory) == 0);
    outcome written = {false};
    if (flushed.ok) {
        written = write_gb18030(output, "national.csv", bytes_of(data, size), err);
    }
    free(data);
    return written.ok ? OK : error_trace(err, HERE);
}

static void plan_first(struct output *output, const char *kind)
{
    output_plan_import(output, output->city->start, kind,
                       arena_format(&output->item, "%s.csv", kind).data);
    arena_reset(&output->item);
}

FALLIBLE registers_first(struct output *output, struct error *err)
{
    TRY(write_enterprises(output, err));
    TRY(write_clerks(output, err));
    TRY(write_identities(output, err));
    plan_first(output, "enterprises");
    plan_first(output, "clerks");
    plan_first(output, "identities");
    return OK;
}

FALLIBLE registers_second(struct output *output, struct error *err)
{
    TRY(write_papers(output, err));
    TRY(write_nationals(output, err));
    TRY(practitioners_write(output, err));
    plan_first(output, "paper");
    plan_first(output, "national");
    plan_first(output, "registrations");
    plan_first(output, "contracts");
    return OK;
}

/* --- months --------------------------------------------------------------------------------- */

/* The register's new names, if there are any this month. */
static FALLIBLE write_renames(struct output *output, int32_t day, struct error *err)
{
    const struct city *city = output->city;
    struct csv_writer csv = {0};
    for (uint32_t i = 0; i < city->enterprises_count; i++) {
        const struct enterprise *e = &city->enterprises[i];
        if (str_empty(e->new_name) || e->renamed_on != day) {
            continue;
        }
        if (csv.file == NULL) {
            char text[DATE_SIZE];
            date_format(day, text);
            const char *name = arena_format(&output->item, "enterprises-%s.csv", text).data;
            TRY(register_create(output, name, WITHOUT_MARK, &csv, err));
            output_header(&csv, enterprise_header);
            output_plan_import(output, day, "enterprises", name);
        }
        struct dice dice = dice_new(city->options.seed + i, CONCERN_ENTERPRISES);
        enterprise_row(output, &csv, i, day, &dice);
    }
    if (csv.file != NULL) {
        TRY(csv_writer_close(&csv, err));
    }
    return OK;
}

/* "exams-2024-03.csv", in the item arena. */
static const char *month_file(struct output *output, int32_t start, const char *kind)
{
    struct civil civil = date_to_civil(start);
    return arena_format(&output->item, "%s-%04d-%02d.csv", kind, civil.year, civil.month).data;
}

static FALLIBLE month_create(struct output *output, int32_t start, const char *kind,
                             const char *columns, struct csv_writer *ret, struct error *err)
{
    const char *name = month_file(output, start, kind);
    TRY(register_create(output, name, WITHOUT_MARK, ret, err));
    output_header(ret, columns);
    output_plan_import(output, start, kind, name);
    return OK;
}

static const char *const insurance_header = "证件类型,证件号码,缴纳单位统一社会信用代码,缴纳月份";

FALLIBLE month_open(struct output *output, uint32_t month, struct month *ret, struct error *err)
{
    *ret = (struct month){.output = output, .start = city_month_start(output->city, month)};
    TRY(write_renames(output, ret->start, err));
    TRY(month_create(output, ret->start, "exams",
                     "姓名,证件类型,证件号码,类别,考核类型,考试日期,结论,成绩有效期至,准考证号",
                     &ret->exams, err));
    return month_create(output, ret->start, "insurance", insurance_header, &ret->insurance, err);
}

void month_exam(struct month *month, uint32_t person, Category__Code category, const char *kind,
                const char *result, int32_t days_before)
{
    struct output *output = month->output;
    const struct person *p = &output->city->persons[person];
    struct csv_writer *csv = &month->exams;
    int32_t day = month->start - days_before;
    csv_write_cell(csv, p->name);
    output_cell_document(csv, p);
    csv_write_cell(csv, category_text(category));
    output_cell(csv, kind);
    output_cell_date(csv, day);
    output_cell(csv, result);
    output_cell_date(csv, date_add_months(day, EXAM_VALID_MONTHS));
    csv_write_cell(
        csv, arena_format(&output->item, "T%06llu", (unsigned long long)output->summary.rows));
    output_row_end(output, csv);
}

void month_insurance(struct month *month, struct person *person, uint32_t enterprise)
{
    struct output *output = month->output;
    struct civil civil = date_to_civil(month->start);
    int32_t this_month = civil.year * 12 + civil.month - 1;
    int32_t from = this_month - INSURED_MONTHS;
    if (person->insured_at == enterprise && person->insured_month >= from) {
        from = person->insured_month + 1;
    }
    for (int32_t at = from; at < this_month; at++) {
        output_cell_document(&month->insurance, person);
        csv_write_cell(&month->insurance, output->city->enterprises[enterprise].code);
        csv_write_cell(&month->insurance,
                       arena_format(&output->item, "%04d-%02d", at / 12, at % 12 + 1));
        output_row_end(output, &month->insurance);
    }
    person->insured_at = enterprise;
    person->insured_month = this_month - 1;
}

FALLIBLE registers_insured(struct output *output, const char *name, const uint32_t *persons,
                           size_t count, struct error *err)
{
    struct month month = {.output = output, .start = output->city->start};
    TRY(register_create(output, name, WITHOUT_MARK, &month.insurance, err));
    output_header(&month.insurance, insurance_header);
    for (size_t i = 0; i < count; i++) {
        struct person *person = &output->city->persons[persons[i]];
        month_insurance(&month, person, person->enterprise);
    }
    return csv_writer_close(&month.insurance, err);
}

FALLIBLE month_close(struct month *month, struct error *err)
{
    struct csv_writer exams = month->exams;
    month->exams = (struct csv_writer){0};
    TRY(csv_writer_close(&exams, err));
    struct csv_writer insurance = month->insurance;
    month->insurance = (struct csv_writer){0};
    return csv_writer_close(&insurance, err);
}

void month_abandon(struct month *month)
{
    struct error ignored = {0};
    struct csv_writer *writers[] = {&month->exams, &month->insurance};
    for (size_t i = 0; i < 2; i++) {
        if (writers[i]->file != NULL) {
            (void)csv_writer_close(writers[i], &ignored).ok; /* the sample failed before */
        }
    }
}

/* --- everything in one file ----------------------------------------------------------------- */

/* The month's file behind what is there already; its header only when it is the first. */
static FALLIBLE append_month(struct output *output, const char *name, FILE *file, bool is_first,
                             struct error *err)
{
    bytes content = {0};
    TRY(file_read(output_path(output, name, &output->item), &output->item, REGISTER_BYTES_MAX,
                  &content, err));
    const uint8_t *line_end = memchr(content.data, '\n', content.size);
    size_t from = is_first || line_end == NULL ? 0 : (size_t)(line_end - content.data) + 1;
    size_t size = content.size - from;
    if (fwrite(content.data + from, 1, size, file) != size) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", name), ARG_TEXT("why", "write"));
    }
    return OK;
}

static FALLIBLE gather_kind(struct output *output, const char *kind, struct error *err)
{
    struct csv_writer csv = {0};
    const char *whole = arena_format(&output->run, "%s.csv", kind).data;
    TRY(register_create(output, whole, WITHOUT_MARK, &csv, err));
    outcome appended = OK;
    for (uint32_t month = 0; appended.ok && month < MONTHS; month++) {
        const char *name = month_file(output, city_month_start(output->city, month), kind);
        appended = append_month(output, name, csv.file, month == 0, err);
        arena_reset(&output->item);
    }
    if (!csv_writer_close(&csv, err).ok || !appended.ok) {
        return error_trace(err, HERE);
    }
    return OK;
}

FALLIBLE registers_gather(struct output *output, struct error *err)
{
    TRY(gather_kind(output, "exams", err));
    return gather_kind(output, "insurance", err);
}
