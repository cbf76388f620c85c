/* kinds - declares the format of each register for the table in registry.c. */
#pragma once

#include "importers/registry.h"

/* The enum counts the columns; the table has them in this order. */
enum {
    ENTERPRISES_COLUMNS = 7,
    IDENTITIES_COLUMNS = 15,
    CLERKS_COLUMNS = 5,
    EXAMS_COLUMNS = 9,
    INSURANCE_COLUMNS = 4,
    PAPER_COLUMNS = 12,
    NATIONAL_COLUMNS = 12,
    REGISTRATIONS_COLUMNS = 8,
    CONTRACTS_COLUMNS = 11,
};

extern const struct import_column enterprises_columns[ENTERPRISES_COLUMNS];
extern const struct import_column identities_columns[IDENTITIES_COLUMNS];
extern const struct import_column clerks_columns[CLERKS_COLUMNS];
extern const struct import_column exams_columns[EXAMS_COLUMNS];
extern const struct import_column insurance_columns[INSURANCE_COLUMNS];
extern const struct import_column paper_columns[PAPER_COLUMNS];
extern const struct import_column national_columns[NATIONAL_COLUMNS];
extern const struct import_column registrations_columns[REGISTRATIONS_COLUMNS];
extern const struct import_column contracts_columns[CONTRACTS_COLUMNS];

FALLIBLE enterprises_read(struct import_row *row, struct arena *arena, Action *ret,
                          struct error *err);
FALLIBLE identities_read(struct import_row *row, struct arena *arena, Action *ret,
                         struct error *err);
FALLIBLE clerks_read(struct import_row *row, struct arena *arena, Action *ret, struct error *err);
FALLIBLE exams_read(struct import_row *row, struct arena *arena, Action *ret, struct error *err);
FALLIBLE insurance_read(struct import_row *row, struct arena *arena, Action *ret,
                        struct error *err);
FALLIBLE paper_read(struct import_row *row, struct arena *arena, Action *ret, struct error *err);
FALLIBLE national_read(struct import_row *row, struct arena *arena, Action *ret, struct error *err);
FALLIBLE registrations_read(struct import_row *row, struct arena *arena, Action *ret,
                            struct error *err);
FALLIBLE contracts_read(struct import_row *row, struct arena *arena, Action *ret,
                        struct error *err);

/* Headers that several registers share (FACTS 5.4). */
#define ALIASES_NAME                                                                               \
    {                                                                                              \
        "人员姓名"                                                                             \
    }
#define ALIASES_ID_NUMBER                                                                          \
    {                                                                                              \
        "身份证号", "证件号", "身份证件号码", "身份证号码"                                    \
    }
#define ALIASES_CERTIFICATE                                                                        \
    {                                                                                              \
        "证书号", "证号", "编号"                                                                 \
    }
#define ALIASES_CATEGORY                                                                           \
    {                                                                                              \
        "岗位类别", "证书类别", "人员类别", "岗位类型"                                         \
    }
#define ALIASES_ENTERPRISE                                                                         \
    {                                                                                              \
        "单位名称", "聘用企业", "公司名称"                                                     \
    }
#define ALIASES_CODE                                                                               \
    {                                                                                              \
        "社会信用代码"                                                                       \
    }
#define ALIASES_VALID_UNTIL                                                                        \
    {                                                                                              \
        "有效期", "有效期结束日期", "到期日期", "有效截止日期"                               \
    }
#define ALIASES_STATE                                                                              \
    {                                                                                              \
        "证书状态"                                                                             \
    }
