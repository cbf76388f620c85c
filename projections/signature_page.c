/* signature_page - see signature_page.h. Title, labels and notes are the guide's. */
#include "projections/signature_page.h"

#include "core/base/unicode.h"
#include "projections/messages.h"
#include "projections/page_layout.h"

enum {
    CENTRE_X = PAGE_A4_WIDTH_UM / 2,
    LEFT_X = 25000,
    WIDTH = 160000,
    HEAD_Y = 46000,
    TITLE_Y = 58000,
    FACTS_Y = 80000,
    NUMBER_X = LEFT_X + 70000,
    FRAME_Y = 92000,
    FRAME_HEIGHT = 70000,
    LABEL_WIDTH = 30000,
    STROKE = 400,
    SIGNED_BELOW = 12000, /* 本人签字, below the frame */
    NOTES_Y = 195000,
    NOTE_PITCH = 8000,
    SIZE_HEAD = 5640,  /* 16 pt */
    SIZE_TITLE = 7760, /* 22 pt */
    SIZE_TEXT = 4940,  /* 14 pt */
    SIZE_NOTE = 3880,  /* 11 pt */
};

/* The guide's notes, broken where the sheet ends. */
static const char *const notes[] = {
    "说明：",
    "1、请在以上签名框内，亲笔填写本人常用手写签名，签字文字要清晰，不要超",
    "出边框，然后扫描成电子图片，分辨率为100DPI-200DPI，并上传。",
    "2、本手写签名作为个人手写签名的备案数据，与个人从业时在工程文件中的签",
    "名一致，提供给管理部门作为核对依据。请认真填写，确认无误后，提交上传。",
};

static FALLIBLE check(const struct signature_facts *facts, struct error *err)
{
    const char *missing = str_empty(facts->name)        ? "name"
                          : str_empty(facts->id_number) ? "id_number"
                                                        : NULL;
    if (missing != NULL) {
        FAIL(INVALID, MESSAGE_PAGE_FACT_MISSING, ARG_TEXT("fact", missing));
    }
    return OK;
}

/* The frame to sign in, with its label at the left. */
static void add_frame(struct page *page, struct text_style label, struct arena *arena)
{
    struct page_item *frame = page_add(page, PAGE_RECTANGLE, PAGE_STATIC, arena);
    frame->x_um = LEFT_X;
    frame->y_um = FRAME_Y;
    frame->width_um = WIDTH;
    frame->height_um = FRAME_HEIGHT;
    frame->size_um = STROKE;
    frame->colour = INK_BLACK;
    layout_line(page, LEFT_X + LABEL_WIDTH, FRAME_Y, 0, FRAME_HEIGHT, STROKE, INK_BLACK, arena);
    (void)layout_text(page, label, LEFT_X + LABEL_WIDTH / 2, FRAME_Y + FRAME_HEIGHT / 2,
                      LABEL_WIDTH, STR("签名"), arena); /* as it is, here and below */
    label.align = PAGE_RIGHT;
    (void)layout_text(page, label, LEFT_X + WIDTH, FRAME_Y + FRAME_HEIGHT + SIGNED_BELOW, 0,
                      STR("本人签字"), arena);
}

static void add_fact(struct page *page, struct text_style style, int32_t x_um, str label, str text,
                     struct arena *arena)
{
    struct text_style value = style;
    int32_t label_width = page_text_half_ems(label) * SIZE_TEXT / 2;
    int32_t width = (x_um == LEFT_X ? NUMBER_X : LEFT_X + WIDTH) - x_um - label_width;
    value.layer = PAGE_VARIABLE;
    (void)layout_text(page, style, x_um, FACTS_Y, 0, label, arena);
    layout_two_lines(page, value, x_um + label_width, FACTS_Y, width, text, arena);
}

FALLIBLE signature_page(const struct signature_facts *facts, struct arena *arena, struct page *ret,
                        struct error *err)
{
    struct text_style style = {PAGE_STATIC, PAGE_CENTRE, PAGE_BOLD, SIZE_HEAD, INK_BLACK};
    struct page page;
    TRY(check(facts, err));
    page_init(&page);
    page.title = STR("签名信息采集表");
    page.number = facts->person_id;
    page.created_us = facts->created_us;
    page.alphabet = STR("0123456789X");
    (void)layout_text(&page, style, CENTRE_X, HEAD_Y, WIDTH, STR("上海市建设工程企业从业人员"),
                      arena);
    style.size_um = SIZE_TITLE;
    (void)layout_text(&page, style, CENTRE_X, TITLE_Y, WIDTH, page.title, arena);
    style = (struct text_style){PAGE_STATIC, PAGE_LEFT, PAGE_REGULAR, SIZE_TEXT, INK_BLACK};
    add_fact(&page, style, LEFT_X, STR("姓名："), unicode_with_marks_joined(facts->name, arena),
             arena);
    add_fact(&page, style, NUMBER_X, STR("证件号："), facts->id_number, arena);
    style.align = PAGE_CENTRE;
    add_frame(&page, style, arena);
    style.align = PAGE_LEFT;
    style.size_um = SIZE_NOTE;
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
        (void)layout_text(&page, style, LEFT_X, NOTES_Y + (int32_t)i * NOTE_PITCH, WIDTH,
                          str_of(notes[i]), arena);
    }
    *ret = page;
    return OK;
}
