/* bench_national - the national platform's export as large as asked for, in UTF-8: 12 columns, rows
 * of all provinces in the order of their numbers. Everybody in it is made up; the same numbers give
 * the same bytes.
 *
 *     bench_national ROWS NIGHT > national.csv
 *
 * NIGHT 0 is the first export; every other night changes 1 % of its rows: another state, another
 * enterprise, another end, each at rows of its own. */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/date.h"
#include "events/terms/credit_code.h"

enum {
    PROVINCES = 31,
    ENTERPRISES = 20000,
    BIRTH_DAYS = 15000,
    ID_SIZE = 19,
    NAME_SIZE = 64,
    CODE_SIZE = 19,
    CHANGED_OF = 100,
    PLACE_FIRST = 110101,
};

struct country {
    char (*codes)[CODE_SIZE];
};

static const char *const provinces[PROVINCES] = {
    "京", "津", "冀", "晋", "蒙", "辽", "吉", "黑", "沪", "苏", "浙", "皖", "闽", "赣", "鲁", "豫",
    "鄂", "湘", "粤", "桂", "琼", "渝", "川", "黔", "滇", "藏", "陕", "甘", "青", "宁", "新"};

/* GB 11643: the check digit makes the weighted sum 1 mod 11. */
static void id_of(int person, char out[ID_SIZE])
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    struct civil birth =
        date_to_civil(date_from_civil((struct civil){1960, 1, 1}) + person % BIRTH_DAYS);
    int sum = 0;
    (void)snprintf(out, ID_SIZE, "%06u%04u%02u%02u%03u",
                   PLACE_FIRST + (unsigned)(person / BIRTH_DAYS / 1000) % 1000,
                   (unsigned)birth.year % 10000, (unsigned)birth.month % 100,
                   (unsigned)birth.day % 100,
                   (unsigned)(person / BIRTH_DAYS) % 1000); /* 17 digits */
    for (int i = 0; i < 17; i++) {
        sum += (out[i] - '0') * weights[i];
    }
    out[17] = "10X98765432"[sum % 11];
    out[18] = 0;
}

static void name_of(int person, char out[NAME_SIZE])
{
    static const char *const families[] = {"张", "王", "李", "赵", "陈", "欧阳", "顾", "薛"};
    static const char *const given[] = {"伟", "秀", "建", "志", "德", "晓", "兰", "云",
                                        "强", "洁", "鹏", "涛", "芳", "英", "杰", "磊"};
    (void)snprintf(out, NAME_SIZE, "%s%s%s", families[person % 8], given[person / 8 % 16],
                   given[person / 128 % 16]); /* fits */
}

/* One row; `night` > 0 changes one of a hundred, each night others. */
static void write_row(const struct country *country, int row, int rows, int night)
{
    static const char *const states[] = {"有效", "暂扣", "注销", "撤销"};
    static const char *const classes[] = {"A", "B", "C1", "C2", "C3"};
    char id[ID_SIZE];
    char name[NAME_SIZE];
    int province = (int)((int64_t)row * PROVINCES / rows);
    int year = 2016 + row % 9;
    bool changed = night > 0 && (row + night * 37) % CHANGED_OF == 0;
    int what = row / CHANGED_OF % 3;
    int enterprise = (row * 7 + (changed && what == 1 ? night : 0)) % ENTERPRISES;
    id_of(row, id);
    name_of(row, name);
    (void)printf("%s建安%s（%d）%07d,%s,身份证,%s,%s,%s省第%d示例建筑公司,%s,"
                 "%s省住建厅（示例）,%d-04-27,%d-04-27,%d-04-%02d,%s\n",
                 provinces[province], classes[row % 5], year, row + 1, name, id, classes[row % 5],
                 provinces[province], enterprise, country->codes[enterprise], provinces[province],
                 year, year + 3, year + 6, changed && what == 2 ? 1 + night % 25 : 26,
                 changed && what == 0 ? states[1 + night % 3] : states[0]); /* main sees errors */
}

int main(int argc, char **argv)
{
    int rows = argc > 1 ? atoi(argv[1]) : 0;
    int night = argc > 2 ? atoi(argv[2]) : 0;
    struct arena arena;
    if (argc != 3 || rows < 1 || night < 0) {
        (void)fprintf(stderr, "usage: bench_national ROWS NIGHT\n");
        return 64;
    }
    arena_init(&arena, 0);
    struct country country = {.codes =
                                  arena_new(&arena, sizeof *country.codes * (size_t)ENTERPRISES)};
    for (int i = 0; i < ENTERPRISES; i++) {
        str start = arena_format(&arena, "91310101MATE%05d", i);
        str code = credit_code_complete(start, &arena);
        (void)snprintf(country.codes[i], CODE_SIZE, "%.*s", STR_ARGS(code)); /* 18 characters */
    }
    (void)puts("证书编号,姓名,证件类型,证件号码,类别,企业名称,统一社会信用代码,发证机关,"
               "初次领证日期,发证日期,有效期至,状态"); /* seen below */
    for (int i = 0; i < rows; i++) {
        write_row(&country, i, rows, night);
    }
    arena_release(&arena);
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        (void)fprintf(stderr, "bench_national: cannot write\n");
        return 1;
    }
    return 0;
}
