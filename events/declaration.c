/* declaration - the text that an enterprise accepts before an entry (R-IN-04, R-IN-05), verbatim
 * from the manual, section 4.2: paragraphs end with a line feed. Entry events carry the digest of
 * this text: never change it. A new wording needs a text of its own. */
#include "events/decide.h"

static const char DECLARATION_TEXT[] = "本公司已充分知悉相关法律法规及《建筑施工企业主要负责人、"
                                       "项目负责人和专职安全生产管理人员安全生产管理规定》、《上"
                                       "海市建筑施工企业主要负责人、项目负责人和专职安全生产管理"
                                       "人员安全生产考核办法》等规章制度的全部要求。现郑重承诺如"
                                       "下：\n"
                                       "1. 本次申请上海市建筑施工企业主要负责人、项目负责人和"
                                       "专职安全生产管理人员安全生产考核合格证书，所提供的信息及"
                                       "提交材料均真实、合法、有效，并愿意配合对申领内容的调查、"
                                       "核查、检验。\n"
                                       "2. 本公司自愿遵守相关法律法规及《建筑施工企业主要负责"
                                       "人、项目负责人和专职安全生产管理人员安全生产管理规定》、"
                                       "《上海市建筑施工企业主要负责人、项目负责人和专职安全生产"
                                       "管理人员安全生产考核办法》。\n"
                                       "3. 本公司愿意承担不实承诺、未履行承诺、隐瞒有关情况、"
                                       "提供虚假材料或违反法律法规行为的全部法律责任，接受有关部"
                                       "门的处理及惩戒。本公司已知悉并同意，若出现上述行为，相关"
                                       "失信信息将作为失信信息记录在有关公共信用信息共享平台，并"
                                       "依法依规向社会公示。\n"
                                       "4. 以上承诺为本公司真实意思表示。\n";

/* SHA-256 of the text: pure code cannot compute it; a test in tests/jobs does. */
static const uint8_t DECLARATION_SHA256[] = {
    0xaa, 0x58, 0x4e, 0xa1, 0x70, 0x25, 0x56, 0x0f, 0x21, 0xaa, 0x4f, 0xc8, 0xc1, 0x4e, 0x25, 0x14,
    0x21, 0xfc, 0x6d, 0x3d, 0x93, 0x1d, 0x59, 0xcf, 0x95, 0xdb, 0xd2, 0x94, 0x82, 0xb6, 0xad, 0xd7,
};

str declaration_text(void)
{
    return (str){DECLARATION_TEXT, sizeof DECLARATION_TEXT - 1};
}

bytes declaration_sha256(void)
{
    return (bytes){DECLARATION_SHA256, sizeof DECLARATION_SHA256};
}
