/* category - see category.h. */
#include "events/terms/category.h"

enum { POST_LEGAL = 0, POST_B = 6, POST_C = 7 };

bool category_from_text(str text, Category__Code *ret)
{
    static const struct {
        const char *text;
        Category__Code category;
    } rows[] = {
        {"A", CATEGORY__CODE__A},   {"B", CATEGORY__CODE__B},   {"C", CATEGORY__CODE__C},
        {"C1", CATEGORY__CODE__C1}, {"C2", CATEGORY__CODE__C2}, {"C3", CATEGORY__CODE__C3},
    };
    char plain[2] = {0};
    size_t size = 0;
    text = str_trim(text);
    while (!str_empty(text)) {
        uint32_t c = str_next(&text);
        c = c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c;
        c = c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
        if (size == sizeof plain || c > 0x7f) {
            return false;
        }
        plain[size++] = (char)c;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (str_equal_c((str){plain, size}, rows[i].text)) {
            *ret = rows[i].category;
            return true;
        }
    }
    return false;
}

str category_text(Category__Code category)
{
    switch (category) {
    case CATEGORY__CODE__A: return STR("A");
    case CATEGORY__CODE__B: return STR("B");
    case CATEGORY__CODE__C1: return STR("C1");
    case CATEGORY__CODE__C2: return STR("C2");
    case CATEGORY__CODE__C3: return STR("C3");
    case CATEGORY__CODE__C: return STR("C");
    case CATEGORY__CODE__OTHER: return STR("?");
    case CATEGORY__CODE__NONE:
    case _CATEGORY__CODE_IS_INT_SIZE: break;
    }
    return STR("");
}

bool category_is_c(Category__Code category)
{
    switch (category) {
    case CATEGORY__CODE__C:
    case CATEGORY__CODE__C1:
    case CATEGORY__CODE__C2:
    case CATEGORY__CODE__C3: return true;
    case CATEGORY__CODE__NONE:
    case CATEGORY__CODE__A:
    case CATEGORY__CODE__B:
    case CATEGORY__CODE__OTHER:
    case _CATEGORY__CODE_IS_INT_SIZE: break;
    }
    return false;
}

bool category_is_same_kind(Category__Code a, Category__Code b)
{
    return a == b || (category_is_c(a) && category_is_c(b));
}

str category_class_line(Category__Code category)
{
    switch (category) {
    case CATEGORY__CODE__A: return STR("建筑施工企业主要负责人");
    case CATEGORY__CODE__B: return STR("建筑施工企业项目负责人");
    case CATEGORY__CODE__C: return STR("建筑施工企业专职安全生产管理人员");
    case CATEGORY__CODE__C1: return STR("建筑施工企业机械类专职安全生产管理人员");
    case CATEGORY__CODE__C2: return STR("建筑施工企业土建类专职安全生产管理人员");
    case CATEGORY__CODE__C3: return STR("建筑施工企业综合类专职安全生产管理人员");
    case CATEGORY__CODE__NONE:
    case CATEGORY__CODE__OTHER:
    case _CATEGORY__CODE_IS_INT_SIZE: break;
    }
    return STR("");
}

str category_class_name(Category__Code category)
{
    if (category == CATEGORY__CODE__A) {
        return STR("企业主要负责人");
    }
    return str_from(category_class_line(category), STR("建筑施工企业").size);
}

/* The national code table of posts; `also` are other spellings met in registers. */
static const struct post {
    const char *code;
    const char *text;
    const char *also[3];
} posts[] = {
    {"01", "法定代表人", {NULL}},
    {"02", "总经理（总裁）", {"总经理", "总裁", NULL}},
    {"03", "分管安全生产的副总经理", {NULL}},
    {"04", "分管生产经营的副总经理", {NULL}},
    {"05", "技术负责人", {NULL}},
    {"06", "安全总监", {NULL}},
    {"07", "项目负责人（项目经理）", {"项目负责人", "项目经理", NULL}},
    {"08", "专职安全生产管理人员", {NULL}},
    {"99", "其他", {NULL}},
};
enum { POSTS_COUNT = sizeof posts / sizeof posts[0] };

static const struct post *post_find(str code)
{
    for (size_t i = 0; i < POSTS_COUNT; i++) {
        if (str_equal_c(code, posts[i].code)) {
            return &posts[i];
        }
    }
    return NULL;
}

bool post_is_code(str code)
{
    return post_find(code) != NULL;
}

str post_text(str code)
{
    const struct post *post = post_find(code);
    return post != NULL ? str_of(post->text) : STR("");
}

/* Equal but for the width of brackets. */
static bool post_texts_equal(str a, str b)
{
    while (!str_empty(a) && !str_empty(b)) {
        uint32_t left = str_next(&a);
        uint32_t right = str_next(&b);
        left = left == 0xff08 || left == 0xff09 ? left - 0xfee0 : left;
        right = right == 0xff08 || right == 0xff09 ? right - 0xfee0 : right;
        if (left != right) {
            return false;
        }
    }
    return str_empty(a) && str_empty(b);
}

static bool post_is_called(const struct post *post, str text)
{
    if (str_equal_c(text, post->code) || post_texts_equal(text, str_of(post->text))) {
        return true;
    }
    for (size_t i = 0; post->also[i] != NULL; i++) {
        if (str_equal_c(text, post->also[i])) {
            return true;
        }
    }
    return false;
}

bool post_from_text(str text, str *ret_code)
{
    text = str_trim(text);
    for (size_t i = 0; i < POSTS_COUNT; i++) {
        if (post_is_called(&posts[i], text)) {
            *ret_code = str_of(posts[i].code);
            return true;
        }
    }
    return false;
}

str post_prescribed(Category__Code category, bool legal_representative)
{
    if (legal_representative && category == CATEGORY__CODE__A) {
        return str_of(posts[POST_LEGAL].code);
    }
    if (category == CATEGORY__CODE__B) {
        return str_of(posts[POST_B].code);
    }
    return category_is_c(category) ? str_of(posts[POST_C].code) : STR("");
}

bool post_fits(str code, Category__Code category, bool legal_representative)
{
    str prescribed = post_prescribed(category, legal_representative);
    if (!post_is_code(code)) {
        return false;
    }
    if (!str_empty(prescribed)) {
        return str_equal(code, prescribed);
    }
    if (category != CATEGORY__CODE__A) {
        return true; /* a class nobody knows prescribes nothing */
    }
    return !str_equal_c(code, "01") && !str_equal_c(code, "07") && !str_equal_c(code, "08");
}

static const struct {
    const char *text;
    NationalState__Code state;
} national_states[] = {
    {"有效", NATIONAL_STATE__CODE__VALID},     {"暂扣", NATIONAL_STATE__CODE__SUSPENDED},
    {"撤销", NATIONAL_STATE__CODE__REVOKED},   {"注销", NATIONAL_STATE__CODE__CANCELLED},
    {"失效", NATIONAL_STATE__CODE__LAPSED},    {"办理转出", NATIONAL_STATE__CODE__TRANSFERRED},
    {"吊销", NATIONAL_STATE__CODE__WITHDRAWN}, {"其他", NATIONAL_STATE__CODE__OTHER},
};
enum { NATIONAL_STATES_COUNT = sizeof national_states / sizeof national_states[0] };

bool national_state_from_text(str text, NationalState__Code *ret)
{
    text = str_trim(text);
    for (size_t i = 0; i < NATIONAL_STATES_COUNT; i++) {
        if (str_equal_c(text, national_states[i].text)) {
            *ret = national_states[i].state;
            return true;
        }
    }
    return false;
}

str national_state_text(NationalState__Code state)
{
    for (size_t i = 0; i < NATIONAL_STATES_COUNT; i++) {
        if (national_states[i].state == state) {
            return str_of(national_states[i].text);
        }
    }
    return STR("");
}
