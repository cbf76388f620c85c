/* bench_city - the input files of the figures: registers as large as asked for, and wishes that all
 * are accepted. Everybody in them is made up; the same numbers give the same bytes.
 *
 *     bench_city DIR ROWS WISHERS
 *
 * ROWS rows a register; the first WISHERS persons have photos and wish: each exchanges a paper B,
 * extends it, and is issued a C3. For a store whose business date is 2026-06-30. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/base/date.h"
#include "core/io/image.h"
#include "events/terms/credit_code.h"

enum { ENTERPRISES = 500, PHOTOS = 64, BIRTH_DAYS = 15000, PATH_SIZE = 4096, ID_SIZE = 19 };

struct city {
    const char *dir;
    int rows;
    int wishers;
    struct arena arena;
    str codes[ENTERPRISES];
};

static FILE *create(const struct city *city, const char *name, const char *header)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", city->dir, name); /* a cut name fails to open */
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        (void)fprintf(stderr, "bench_city: cannot write %s\n", path);
        exit(1);
    }
    (void)fputs(header, file); /* finish() sees an error */
    return file;
}

static void finish(FILE *file)
{
    bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed) {
        (void)fprintf(stderr, "bench_city: cannot write\n");
        exit(1);
    }
}

static int32_t birth_of(int person)
{
    return date_from_civil((struct civil){1960, 1, 1}) + person % BIRTH_DAYS;
}

/* GB 11643: the check digit makes the weighted sum 1 mod 11. */
static const char *id_of(int person, char out[ID_SIZE])
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    struct civil birth = date_to_civil(birth_of(person));
    int sum = 0;
    (void)snprintf(out, ID_SIZE, "310101%04u%02u%02u%03u", (unsigned)birth.year % 10000,
                   (unsigned)birth.month % 100, (unsigned)birth.day % 100,
                   (unsigned)(person / BIRTH_DAYS) % 1000); /* 17 digits */
    for (int i = 0; i < 17; i++) {
        sum += (out[i] - '0') * weights[i];
    }
    out[17] = "10X98765432"[sum % 11];
    out[18] = 0;
    return out;
}

static const char *name_of(int person, char out[ID_SIZE])
{
    static const char *const families[] = {"张", "王", "李", "赵", "陈", "欧阳", "顾", "薛"};
    static const char *const given[] = {"伟", "秀", "建", "志", "德", "晓", "兰", "云",
                                        "强", "洁", "鹏", "涛", "芳", "英", "杰", "磊"};
    (void)snprintf(out, ID_SIZE, "%s%s%s", families[person % 8], given[person / 8 % 16],
                   given[person / 128 % 16]); /* at most 12 bytes */
    return out;
}

static int enterprise_of(int person)
{
    return person % ENTERPRISES;
}

static void write_enterprises(struct city *city)
{
    FILE *file = create(city, "enterprises.csv",
                        "统一社会信用代码,企业名称,法定代表人姓名,法定代表人证件类型,"
                        "法定代表人证件号码,资质名称及等级,企业状态\n");
    for (int i = 0; i < ENTERPRISES; i++) {
        char id[ID_SIZE];
        str start = arena_format(&city->arena, "91310101MATEX%04d", i);
        city->codes[i] = credit_code_complete(start, &city->arena);
        (void)fprintf(file, "%s,上海第%d示例建筑工程有限公司,李示例,身份证,%s,,正常\n",
                      city->codes[i].data, i, id_of(i, id)); /* finish() sees an error */
    }
    finish(file);
}

static void write_identities(const struct city *city, const char *file_name, int from, int count,
                             bool photos)
{
    FILE *file = create(city, file_name,
                        "姓名,性别,民族,出生日期,住址,证件类型,证件号码,签发机关,有效期起,"
                        "有效期止,照片,采集窗口,采集日期,采集方式\n");
    for (int i = from; i < from + count; i++) {
        char id[ID_SIZE];
        char name[ID_SIZE];
        char birth[DATE_SIZE];
        char photo[32] = "";
        date_format(birth_of(i), birth);
        if (photos) {
            (void)snprintf(photo, sizeof photo, "photos/%d.jpg", i % PHOTOS); /* fits */
        }
        (void)id_of(i, id);
        (void)fprintf(file,
                      "%s,%s,汉,%s,上海市假想路%d号,身份证,%s,示例公安分局,2015-03-01,长期,%s,"
                      "市受理中心1号窗,2024-05-06,读卡\n",
                      name_of(i, name), (id[16] - '0') % 2 == 1 ? "男" : "女", birth, i, id,
                      photo); /* finish() sees an error */
    }
    finish(file);
}

static void write_photos(struct city *city)
{
    char path[PATH_SIZE];
    struct error err;
    (void)snprintf(path, sizeof path, "%s/photos", city->dir); /* create() sees a cut name */
    (void)mkdir(path, 0755);                                   /* as above */
    for (uint32_t i = 0; i < PHOTOS; i++) {
        bytes jpeg = {NULL, 0};
        if (!image_paint_portrait(i * 977, &city->arena, &jpeg, &err).ok) {
            (void)fprintf(stderr, "bench_city: no portrait\n");
            exit(1);
        }
        (void)snprintf(path, sizeof path, "%s/photos/%u.jpg", city->dir, i); /* as above */
        FILE *file = fopen(path, "wb");
        if (file == NULL || fwrite(jpeg.data, 1, jpeg.size, file) != jpeg.size) {
            (void)fprintf(stderr, "bench_city: cannot write %s\n", path);
            exit(1);
        }
        finish(file);
    }
}

/* Three months a person, each row one. */
static void write_insurance(const struct city *city)
{
    FILE *file =
        create(city, "insurance.csv", "证件类型,证件号码,缴纳单位统一社会信用代码,缴纳月份\n");
    for (int i = 0; i < city->rows; i++) {
        char id[ID_SIZE];
        int person = i / 3;
        (void)fprintf(file, "身份证,%s,%s,2026-%02d\n", id_of(person, id),
                      city->codes[enterprise_of(person)].data, 4 + i % 3); /* see finish() */
    }
    finish(file);
}

/* Two exams a person: a first C3 and an extension of the B. */
static void write_exams(const struct city *city)
{
    FILE *file =
        create(city, "exams.csv",
               "姓名,证件类型,证件号码,类别,考核类型,考试日期,结论,成绩有效期至,准考证号\n");
    for (int i = 0; i < city->rows; i++) {
        char id[ID_SIZE];
        char name[ID_SIZE];
        (void)fprintf(file, "%s,身份证,%s,%s,2026-04-07,合格,2027-04-07,T%07d\n",
                      name_of(i / 2, name), id_of(i / 2, id), i % 2 == 0 ? "C3,新取证" : "B,延期",
                      i); /* finish() sees an error */
    }
    finish(file);
}

static void write_paper(const struct city *city)
{
    FILE *file = create(city, "paper.csv",
                        "证书编号,类别,姓名,证件类型,证件号码,统一社会信用代码,企业名称,职务,"
                        "初次领证日期,发证日期,有效期至,状态\n");
    for (int i = 0; i < city->rows; i++) {
        char id[ID_SIZE];
        char name[ID_SIZE];
        int enterprise = enterprise_of(i);
        (void)fprintf(file,
                      "沪建安B(2023)%07d,B,%s,身份证,%s,%s,上海第%d示例建筑工程有限公司,项目经理,"
                      "2020-08-30,2023-08-30,2026-08-29,有效\n",
                      i + 1, name_of(i, name), id_of(i, id), city->codes[enterprise].data,
                      enterprise); /* finish() sees an error */
    }
    finish(file);
}

static void write_national(const struct city *city)
{
    FILE *file = create(city, "national.csv",
                        "证书编号,姓名,证件类型,证件号码,类别,企业名称,统一社会信用代码,发证机关,"
                        "初次领证日期,发证日期,有效期至,状态\n");
    for (int i = 0; i < city->rows; i++) {
        char id[ID_SIZE];
        char name[ID_SIZE];
        (void)fprintf(file,
                      "皖建安B(2019)%07d,%s,身份证,%s,B,安徽示例建设有限公司,,安徽省住房和城乡"
                      "建设厅（示例）,2019-04-27,2022-04-27,2025-04-26,注销\n",
                      i + 1, name_of(i, name), id_of(i, id)); /* finish() sees an error */
    }
    finish(file);
}

static void write_wishes(const struct city *city)
{
    static const char *const kinds[] = {"exchange", "issue", "extend"};
    FILE *file = create(city, "wishes.jsonl", "");
    for (int i = 0; i < 3 * city->wishers; i++) {
        char id[ID_SIZE];
        char name[ID_SIZE];
        int kind = i / city->wishers;
        int person = i % city->wishers;
        (void)fprintf(file, "{\"id\":\"W%07d\",\"action\":\"%s\",\"enterprise\":\"%s\",", i,
                      kinds[kind], city->codes[enterprise_of(person)].data); /* see finish() */
        if (kind == 1) {
            (void)fprintf(file,
                          "\"category\":\"C3\",\"person\":{\"name\":\"%s\",\"id_type\":\"身份证\","
                          "\"id_number\":\"%s\"},",
                          name_of(person, name), id_of(person, id)); /* see finish() */
        } else {
            (void)fprintf(file, "\"certificate\":\"沪建安B(2023)%07d\",",
                          person + 1); /* as above */
        }
        (void)fprintf(file, "\"confirmed\":true}\n"); /* as above */
    }
    finish(file);
}

int main(int argc, char **argv)
{
    struct city city = {.dir = argc > 1 ? argv[1] : "",
                        .rows = argc > 2 ? atoi(argv[2]) : 0,
                        .wishers = argc > 3 ? atoi(argv[3]) : 0};
    if (argc != 4 || city.rows < 3 * city.wishers || city.wishers < 1) {
        (void)fprintf(stderr, "usage: bench_city DIR ROWS WISHERS; ROWS at least 3 * WISHERS\n");
        return 64;
    }
    arena_init(&city.arena, 0);
    write_enterprises(&city);
    write_photos(&city);
    write_identities(&city, "photos.csv", 0, city.wishers, true);
    write_identities(&city, "identities.csv", city.wishers, city.rows, false);
    write_insurance(&city);
    write_exams(&city);
    write_paper(&city);
    write_national(&city);
    write_wishes(&city);
    arena_release(&city.arena);
    return 0;
}
