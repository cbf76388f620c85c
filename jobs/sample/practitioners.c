/* practitioners - see practitioners.h. */
#include "jobs/sample/practitioners.h"

#include "jobs/sample/dice.h"

enum { CONCERN_PRACTITIONERS = 40, PROJECTS_MAX = 3, STOREYS_MAX = 33 };

/* A registered constructor with the enterprise of the certificate; now and then one whose
 * registration is over. */
static void registration_row(struct output *output, struct csv_writer *csv,
                             const struct certificate *held, struct dice *dice)
{
    const struct city *city = output->city;
    bool first_class = dice_permille(dice, 400);
    bool ended = dice_permille(dice, 60);
    output_cell_document(csv, &city->persons[held->person]);
    output_cell(csv, first_class ? "一级注册建造师" : "二级注册建造师");
    csv_write_cell(
        csv, arena_format(&output->item, "沪%c31%07u", first_class ? '1' : '2', held->person + 1));
    csv_write_cell(csv, city->enterprises[held->enterprise].code);
    output_cell(csv, ended ? "注销" : "正常");
    output_cell(csv, ended ? "不再执业" : "");
    output_cell_date(csv, city->start + dice_range(dice, 400, 1400));
    output_row_end(output, csv);
}

static void contract_row(struct output *output, struct csv_writer *csv,
                         const struct certificate *held, uint32_t project, struct dice *dice)
{
    static const char *const buildings[] = {"住宅楼", "办公楼", "学校", "厂房", "停车楼"};
    const struct city *city = output->city;
    int32_t from = city->start - dice_range(dice, 600, 2500);
    uint32_t storeys = dice_roll(dice, STOREYS_MAX) + 1;
    output_cell_document(csv, &city->persons[held->person]);
    csv_write_cell(csv, arena_format(&output->item, "样板路%u号%s（%u期）", held->person % 900 + 1,
                                     buildings[dice_roll(dice, 5)], project + 1));
    csv_write_cell(csv, arena_format(&output->item, "%u层，%u平方米", storeys, storeys * 860));
    output_cell(csv, project == 0 ? "施工-项目经理" : "施工-施工管理人员");
    csv_write_cell(csv, city->enterprises[held->enterprise].name);
    output_cell(csv, "建筑工程施工总承包二级");
    output_cell_date(csv, from);
    output_cell_date(csv, from + dice_range(dice, 120, 500));
    output_cell(csv, "上海市");
    output_cell(csv, "上海市");
    output_row_end(output, csv);
}

/* Is it the person's first B? One registration each. */
static bool is_practitioners(const struct city *city, uint32_t index)
{
    const struct certificate *held = &city->certificates[index];
    bool first = held->category == CATEGORY__CODE__B;
    for (uint32_t i = city->persons[held->person].certificates; i != NONE && first;
         i = city->certificates[i].next) {
        first = i >= index || city->certificates[i].category != CATEGORY__CODE__B;
    }
    return first;
}

static FALLIBLE write_register(struct output *output, bool contracts, struct error *err)
{
    const struct city *city = output->city;
    const char *name = contracts ? "contracts.csv" : "registrations.csv";
    struct dice dice = dice_new(city->options.seed, CONCERN_PRACTITIONERS + contracts);
    struct csv_writer csv = {0};
    TRY(csv_writer_create(output_path(output, name, &output->run), &csv, err));
    output_header(
        &csv, contracts
                  ? "证件类型,证件号码,项目名称,项目规模及技术指标,本人在工程中所起的作用,"
                    "完成项目的工程单位,资质名称及等级,开始时间,结束时间,项目所在地省市,"
                    "业绩完成单位所在地省市"
                  : "证件类型,证件号码,注册类型,注册编号,注册单位统一社会信用代码,状态,状态说明,"
                    "有效期至");
    for (uint32_t i = 0; i < city->certificates_count; i++) {
        const struct certificate *held = &city->certificates[i];
        if (!is_practitioners(city, i)) {
            continue;
        }
        if (!contracts) {
            registration_row(output, &csv, held, &dice);
        }
        uint32_t projects = contracts ? dice_roll(&dice, PROJECTS_MAX + 1) : 0;
        for (uint32_t k = 0; k < projects; k++) {
            contract_row(output, &csv, held, k, &dice);
        }
        arena_reset(&output->item);
    }
    return csv_writer_close(&csv, err);
}

FALLIBLE practitioners_write(struct output *output, struct error *err)
{
    TRY(write_register(output, false, err));
    return write_register(output, true, err);
}
