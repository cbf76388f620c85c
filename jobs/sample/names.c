/* names - see names.h. Everything here is invented; resemblance is chance. */
#include "jobs/sample/names.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/error.h"
#include "events/terms/credit_code.h"

#define COUNT(table) ((uint32_t)(sizeof(table) / sizeof((table)[0])))

/* The common ones several times: a city has many of them. */
static const char *const surnames[] = {
    "王", "王", "王", "王", "李", "李", "李", "李", "张",   "张",   "张",   "刘",   "刘", "陈",
    "陈", "杨", "杨", "黄", "黄", "赵", "吴", "吴", "周",   "周",   "徐",   "徐",   "孙", "马",
    "朱", "朱", "胡", "郭", "何", "高", "林", "罗", "郑",   "梁",   "谢",   "宋",   "唐", "许",
    "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董",   "袁",   "潘",   "于",   "蒋", "蔡",
    "余", "杜", "叶", "程", "苏", "魏", "吕", "丁", "任",   "沈",   "沈",   "姚",   "卢", "姜",
    "崔", "钟", "谭", "陆", "汪", "范", "金", "石", "廖",   "贾",   "夏",   "韦",   "付", "方",
    "白", "邹", "孟", "熊", "秦", "邱", "江", "尹", "薛",   "闫",   "段",   "雷",   "侯", "龙",
    "史", "陶", "黎", "贺", "顾", "顾", "毛", "郝", "龚",   "邵",   "万",   "钱",   "严", "覃",
    "武", "戴", "莫", "孔", "向", "汤", "瞿", "施", "欧阳", "上官", "诸葛", "司马",
};

static const char *const men[] = {
    "伟", "强", "磊", "军", "勇", "杰", "涛", "明", "超", "刚", "平", "辉", "鹏",
    "华", "飞", "建", "国", "志", "文", "海", "波", "斌", "亮", "俊", "峰", "林",
    "浩", "宇", "晨", "东", "永", "德", "福", "荣", "根", "兴", "立", "庆", "生",
    "光", "大", "春", "成", "良", "思", "远", "子", "轩", "博", "嘉",
};

static const char *const women[] = {
    "芳", "娜", "敏", "静", "丽", "艳", "娟", "霞", "秀", "英", "兰", "玉", "红", "梅",
    "琴", "燕", "玲", "洁", "倩", "婷", "雪", "慧", "颖", "佳", "怡", "欣", "琳", "晶",
    "莉", "萍", "云", "月", "珍", "凤", "美", "巧", "素", "雅", "文", "思",
};

/* Every one of these was lost by some system: outside GBK, outside the basic plane, or new. */
static const char *const rare[] = {"堃", "喆", "𠮷", "䶮", "翀", "犇", "珺", "昇", "㛃", "玥"};

static const char *const dotted_given[] = {"古丽娜尔", "阿卜杜拉", "买买提", "阿依古丽",
                                           "努尔兰",   "扎西",     "次仁",   "帕提古丽"};
static const char *const dotted_family[] = {"艾合买提", "吐尔逊", "玉素甫", "卡德尔",
                                            "多吉",     "卓玛",   "热合曼", "叶尔肯"};

static const char *const firm_words[] = {
    "浦江", "申达",   "沪建",   "永固", "金石", "长风", "东海", "宏基", "中天", "恒筑",
    "明珠", "华泰",   "瑞安居", "鼎新", "安泰", "海纳", "众力", "卓越", "远大", "鸿图",
    "嘉实", "同济筑", "振申",   "启明", "荣华", "盛世", "博远", "铭建", "凯旋", "云程",
};
static const char *const firm_second[] = {"",   "新", "兴", "盛", "隆", "达", "昌", "顺",
                                          "源", "诚", "信", "和", "润", "鑫", "丰", "堃"};
static const char *const firm_trades[] = {"建设",     "建筑工程", "建筑安装", "市政工程",
                                          "装饰工程", "机电安装", "基础工程", "园林建设"};
static const char *const firm_forms[] = {"有限公司", "集团有限公司", "股份有限公司",
                                         "（集团）有限公司"};

static const char *const provinces[][2] = {{"江苏", "苏"}, {"浙江", "浙"}, {"安徽", "皖"},
                                           {"山东", "鲁"}, {"河南", "豫"}, {"四川", "川"},
                                           {"湖北", "鄂"}, {"福建", "闽"}};

static const char *const nations[] = {"汉", "汉", "汉",   "汉", "汉", "汉",  "汉", "汉",
                                      "汉", "汉", "汉",   "汉", "汉", "汉",  "汉", "汉",
                                      "回", "满", "土家", "苗", "壮", "蒙古"};

static const char *const streets[] = {"样板路", "示例路",   "测试弄", "虚构大道",
                                      "演示街", "样例中路", "假想路", "模型路"};

static const char *const areas[] = {"310101", "310104", "310105", "310106", "310107", "310109",
                                    "310110", "310112", "310113", "310114", "310115", "310116",
                                    "310117", "310118", "310120", "310151"};

static const char *pick(struct dice *dice, const char *const *table, uint32_t count)
{
    return table[dice_roll(dice, count)];
}

str name_person(struct dice *dice, Sex__Code sex, struct arena *arena)
{
    bool female = sex == SEX__CODE__FEMALE;
    const char *const *given = female ? women : men;
    uint32_t count = female ? COUNT(women) : COUNT(men);
    const char *surname = pick(dice, surnames, COUNT(surnames));
    const char *first = pick(dice, given, count);
    if (dice_permille(dice, 12)) {
        first = pick(dice, rare, COUNT(rare));
    }
    const char *second = dice_permille(dice, 720) ? pick(dice, given, count) : "";
    return arena_format(arena, "%s%s%s", surname, first, second);
}

str name_dotted(struct dice *dice, struct arena *arena)
{
    const char *given = pick(dice, dotted_given, COUNT(dotted_given));
    return arena_format(arena, "%s·%s", given, pick(dice, dotted_family, COUNT(dotted_family)));
}

str name_enterprise(struct dice *dice, uint32_t index, struct arena *arena)
{
    /* Word and second word walk through all pairs, so that a repeated pair is far away and then
     * mostly differs in its trade. */
    uint32_t words = COUNT(firm_words);
    const char *word = firm_words[index % words];
    const char *second = firm_second[index / words % COUNT(firm_second)];
    const char *trade = pick(dice, firm_trades, COUNT(firm_trades));
    const char *form =
        dice_permille(dice, 700) ? firm_forms[0] : pick(dice, firm_forms, COUNT(firm_forms));
    uint32_t round = index / words / COUNT(firm_second);
    if (round == 0) {
        return arena_format(arena, "上海%s%s%s%s", word, second, trade, form);
    }
    return arena_format(arena, "上海%s%s第%u%s%s", word, second, round, trade, form);
}

str name_foreign_enterprise(struct dice *dice, str *ret_province, struct arena *arena)
{
    uint32_t province = dice_roll(dice, COUNT(provinces));
    const char *word = pick(dice, firm_words, COUNT(firm_words));
    *ret_province = str_of(provinces[province][1]);
    return arena_format(arena, "%s%s%s%s", provinces[province][0], word,
                        pick(dice, firm_trades, COUNT(firm_trades)), firm_forms[0]);
}

str name_nation(struct dice *dice)
{
    return str_of(pick(dice, nations, COUNT(nations)));
}

str name_address(struct dice *dice, struct arena *arena)
{
    uint32_t house = 1 + dice_roll(dice, 1200);
    return arena_format(arena, "上海市%s%u号%u室", pick(dice, streets, COUNT(streets)), house,
                        101 + dice_roll(dice, 1500));
}

/* --- numbers -------------------------------------------------------------------------------- */

/* MOD 11-2 (GB 11643-1999) over 17 digits. */
static str with_check_digit(str first_17, struct arena *arena)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    BUG_UNLESS(first_17.size == 17);
    int sum = 0;
    for (int i = 0; i < 17; i++) {
        sum += (first_17.data[i] - '0') * weights[i];
    }
    return arena_format(arena, "%.*s%c", STR_ARGS(first_17), "10X98765432"[sum % 11]);
}

enum {
    BIRTH_DAYS = 14610,  /* 1960-01-01 .. 1999-12-31 */
    BIRTH_STRIDE = 7919, /* a prime that does not divide it: neighbours are not born in a row */
    ORDERS = 499,        /* order numbers of one sex */
};

str number_resident(uint32_t index, Sex__Code sex, struct arena *arena, int32_t *ret_birth)
{
    uint32_t day = (uint32_t)((uint64_t)index * BIRTH_STRIDE % BIRTH_DAYS);
    uint32_t order = index / BIRTH_DAYS % ORDERS * 2 + (sex == SEX__CODE__MALE ? 1 : 2);
    *ret_birth = date_from_civil((struct civil){1960, 1, 1}) + (int32_t)day;
    struct civil civil = date_to_civil(*ret_birth);
    str first = arena_format(arena, "%s%04d%02d%02d%03u", areas[index % COUNT(areas)], civil.year,
                             civil.month, civil.day, order);
    return with_check_digit(first, arena);
}

str number_other(IdType__Code type, uint32_t index, Sex__Code sex, int32_t birth,
                 struct arena *arena)
{
    struct civil civil = date_to_civil(birth);
    uint32_t order = index % 450 * 2 + (sex == SEX__CODE__MALE ? 1 : 2);
    const char *head = NULL;
    switch (type) {
    case ID_TYPE__CODE__PERMANENT_RESIDENT: head = "931840"; break;
    case ID_TYPE__CODE__HK_MACAU_RESIDENCE: head = index % 3 == 0 ? "820000" : "810000"; break;
    case ID_TYPE__CODE__TAIWAN_RESIDENCE: head = "830000"; break;
    case ID_TYPE__CODE__HK_MACAU_PERMIT: return arena_format(arena, "H%08u", 10000000 + index);
    case ID_TYPE__CODE__TAIWAN_PERMIT: return arena_format(arena, "%08u", 20000000 + index);
    case ID_TYPE__CODE__PASSPORT: return arena_format(arena, "P%07u", 1000000 + index);
    case ID_TYPE__CODE__NONE:
    case ID_TYPE__CODE__RESIDENT:
    case ID_TYPE__CODE__OFFICER:
    case ID_TYPE__CODE__OTHER:
    case _ID_TYPE__CODE_IS_INT_SIZE: BUG("no such number here");
    }
    str first =
        arena_format(arena, "%s%04d%02d%02d%03u", head, civil.year, civil.month, civil.day, order);
    return with_check_digit(first, arena);
}

/* GB 11714: the check character of an eight-character organisation code. */
static char organisation_check(const char *code)
{
    static const int weights[8] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 8; i++) {
        char c = code[i];
        sum += (c >= 'A' ? c - 'A' + 10 : c - '0') * weights[i];
    }
    int check = 11 - sum % 11;
    return check == 10 ? 'X' : check == 11 ? '0' : (char)('0' + check);
}

str code_enterprise(uint32_t index, struct arena *arena)
{
    static const char letters[] = "XYWUTRQPNMLK";
    uint32_t area = index % COUNT(areas);
    uint32_t number = index / COUNT(areas);
    BUG_UNLESS(number / 1000 < sizeof(letters) - 1);
    str organisation = arena_format(arena, "MATE%c%03u", letters[number / 1000], number % 1000);
    str first = arena_format(arena, "91%s%s%c", areas[area], organisation.data,
                             organisation_check(organisation.data));
    return credit_code_complete(first, arena);
}
