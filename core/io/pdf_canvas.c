/* pdf_canvas - draws the items of a page with libharu's operators (pdf_parts.h).
 *
 * A page counts micrometres from the top, a PDF points from the bottom. Colours, line widths and
 * fonts are set anew for every item, so the content streams of template and page do not depend on
 * each other. libharu keeps its first error in the document; pdf.c checks for it before it returns
 * any bytes. */
#include "core/io/pdf_parts.h"

#include <hpdf.h>
#include <hpdf_doc.h>
#include <hpdf_pages.h>
#include <stdio.h>
#include <string.h>

#include "core/base/character.h"
#include "core/base/qr.h"
#include "core/base/unicode.h"
#include "core/io/messages.h"

/* Proportions of a seal, in thousandths of its diameter (a seal of 42 mm: ring 1.2 mm, star 14 mm,
 * characters about 5 mm), and angles in degrees. */
enum {
    SEAL_RING = 28,
    SEAL_STAR_RADIUS = 168,
    SEAL_STAR_INNER = 382, /* of the star's radius: a regular pentagram */
    SEAL_GLYPH = 112,
    SEAL_GLYPH_SMALL = 66,
    SEAL_TEXT_RADIUS = 352, /* of the baseline */
    SEAL_LINE_Y = 275,
    SEAL_ARC_MOST = 236,
    SEAL_STEP_MOST = 24,
    CONTENT_ROOM = 16 * 1024, /* most pages need no more */
    BOLD_STROKE = 32,         /* stroke of bold text, in thousandths of the em */
};

static float points(int32_t um)
{
    return (float)((double)um * 72.0 / 25400.0);
}

static float up(const struct pdf_canvas *canvas, int32_t y_um)
{
    return points(canvas->height_um - y_um);
}

static float part(float whole, int thousandths)
{
    return whole * (float)thousandths / 1000.0F;
}

static float light(uint32_t colour, int shift)
{
    return (float)(colour >> shift & 0xff) / 255.0F;
}

static void set_fill(HPDF_Page page, uint32_t colour)
{
    (void)HPDF_Page_SetRGBFill(page, light(colour, 16), light(colour, 8),
                               light(colour, 0)); /* here and below: errors stay */
}

static void set_stroke(HPDF_Page page, uint32_t colour)
{
    (void)HPDF_Page_SetRGBStroke(page, light(colour, 16), light(colour, 8), light(colour, 0));
}

/* --- text ------------------------------------------------------------------------------------- */

/* The font object for a character, and its number in it: the template's when it has the character
 * already. */
static struct pdf_font *font_for(struct pdf_canvas *canvas, uint32_t character, uint16_t *ret_cid)
{
    int index = font_chain_find(canvas->chain, character);
    BUG_UNLESS(index != FONT_NONE); /* pdf_draw has checked every text */
    struct pdf_font *font = &canvas->fixed[index];
    uint16_t cid = subset_find(&font->subset, character);
    if (cid == 0 && canvas->variable != NULL) {
        font = &canvas->variable[index];
        canvas->took_variable = true;
    }
    if (cid == 0) {
        cid = subset_add(&font->subset, character);
        BUG_UNLESS(cid != 0);
    }
    if (font->object == NULL) {
        pdf_font_begin(canvas->document, font);
    }
    *ret_cid = cid;
    return font;
}

/* Digits of glyph numbers, as many as one operator shows. */
struct run {
    char *digits, *end;
};

static void run_add(struct run *run, uint16_t cid)
{
    static const char hex[] = "0123456789ABCDEF";
    for (int shift = 12; shift >= 0; shift -= 4) {
        *run->end++ = hex[cid >> shift & 0xf];
    }
}

/* Nothing when it is empty. */
static void run_show(struct run *run, HPDF_Page page)
{
    const HPDF_PageAttr attributes = page->attr;
    if (run->end > run->digits) {
        (void)HPDF_Stream_WriteStr(attributes->stream, "<"); /* here and below: errors stay */
        (void)HPDF_Stream_Write(attributes->stream, (const HPDF_BYTE *)run->digits,
                                (HPDF_UINT)(run->end - run->digits));
        (void)HPDF_Stream_WriteStr(attributes->stream, "> Tj\n");
        run->end = run->digits;
    }
}

/* Shows a text at the current text position, one operator for each run of a font and a width. */
static void show_runs(struct pdf_canvas *canvas, str text, float size)
{
    char *digits = arena_new_raw(canvas->arena, 4 * text.size);
    struct run run = {digits, digits};
    struct pdf_font *current = NULL;
    uint32_t letter = 0, width = 100;
    while (text.size > 0) {
        uint16_t cid = 0;
        uint32_t character = character_next(&text);
        struct pdf_font *font = font_for(canvas, character, &cid);
        uint32_t wanted = font_chain_mark_width(canvas->chain, letter, character);
        if (font != current || wanted != width) {
            run_show(&run, canvas->page);
        }
        if (font != current) {
            (void)HPDF_Page_SetFontAndSize(canvas->page, font->object, size); /* errors stay */
            current = font;
        }
        if (wanted != width) {
            (void)HPDF_Page_SetHorizontalScalling(canvas->page, (float)wanted); /* errors stay */
            width = wanted;
        }
        run_add(&run, cid);
        letter = unicode_is_mark(character) ? letter : character;
    }
    run_show(&run, canvas->page);
    if (width != 100) {
        (void)HPDF_Page_SetHorizontalScalling(canvas->page, 100); /* errors stay */
    }
}

static void set_weight(HPDF_Page page, enum page_weight weight, float size)
{
    bool bold = weight == PAGE_BOLD;
    if (bold) {
        (void)HPDF_Page_SetLineWidth(page, part(size, BOLD_STROKE)); /* errors stay */
    }
    (void)HPDF_Page_SetTextRenderingMode(page, bold ? HPDF_FILL_THEN_STROKE : HPDF_FILL);
}

/* The number of gaps between the characters; a variation selector takes no place of its own. */
static int64_t gaps_of(str text)
{
    int64_t characters = 0;
    for (; text.size > 0; characters++) {
        (void)character_next(&text);
    }
    return characters - 1;
}

static void draw_text(struct pdf_canvas *canvas, const struct page_item *item)
{
    HPDF_Page page = canvas->page;
    int32_t ems = font_chain_width(canvas->chain, item->text);
    int64_t gaps = item->spacing_um != 0 ? gaps_of(item->text) : 0;
    int64_t wide = (int64_t)ems * item->size_um / 1000 + gaps * item->spacing_um;
    float shrink = 1.0F;
    if (item->width_um > 0 && wide > item->width_um) {
        shrink = (float)item->width_um / (float)wide;
        wide = item->width_um;
    }
    float x = points(item->x_um), size = points(item->size_um) * shrink;
    float width = points((int32_t)wide);
    if (item->align != PAGE_LEFT) {
        x -= item->align == PAGE_CENTRE ? width / 2.0F : width;
    }
    set_fill(page, item->colour);
    if (item->weight == PAGE_BOLD) {
        set_stroke(page, item->colour);
    }
    (void)HPDF_Page_BeginText(page); /* here and below: errors stay */
    set_weight(page, item->weight, size);
    (void)HPDF_Page_SetCharSpace(page, points(item->spacing_um) * shrink);
    (void)HPDF_Page_MoveTextPos(page, x, up(canvas, item->y_um));
    show_runs(canvas, item->text, size);
    (void)HPDF_Page_EndText(page);
}

/* As the last document that had it, or anew. */
static void draw_text_again(struct pdf_canvas *canvas, const struct page_item *item)
{
    if (item->text.size == 0) {
        return;
    }
    if (canvas->repeated == NULL) {
        draw_text(canvas, item);
        return;
    }
    bytes known = pdf_repeated_find(canvas->repeated, item);
    if (known.size > 0) {
        const HPDF_PageAttr attributes = canvas->page->attr;
        (void)HPDF_Stream_Write(attributes->stream, known.data, (HPDF_UINT)known.size); /* taken */
        return;
    }
    size_t before = canvas->content->size;
    canvas->took_variable = false;
    draw_text(canvas, item);
    if (!canvas->took_variable) {
        bytes drawn = {canvas->content->data + before, canvas->content->size - before};
        pdf_repeated_keep(canvas->repeated, item, drawn);
    }
}

/* --- lines, boxes, codes --------------------------------------------------------------------- */

static void draw_line(struct pdf_canvas *canvas, const struct page_item *item)
{
    HPDF_Page page = canvas->page;
    set_stroke(page, item->colour);
    (void)HPDF_Page_SetLineWidth(page, points(item->size_um)); /* here and below: errors stay */
    (void)HPDF_Page_MoveTo(page, points(item->x_um), up(canvas, item->y_um));
    (void)HPDF_Page_LineTo(page, points(item->x_um + item->width_um),
                           up(canvas, item->y_um + item->height_um));
    (void)HPDF_Page_Stroke(page);
}

static void draw_rectangle(struct pdf_canvas *canvas, const struct page_item *item)
{
    HPDF_Page page = canvas->page;
    bool stroked = item->size_um > 0;
    if (stroked) {
        set_stroke(page, item->colour);
        (void)HPDF_Page_SetLineWidth(page, points(item->size_um)); /* here and below: errors stay */
    } else {
        set_fill(page, item->colour);
    }
    (void)HPDF_Page_Rectangle(page, points(item->x_um), up(canvas, item->y_um + item->height_um),
                              points(item->width_um), points(item->height_um));
    (void)(stroked ? HPDF_Page_Stroke(page) : HPDF_Page_Fill(page));
}

/* A number of at most three digits and a blank. */
struct number {
    char text[4];
    uint32_t size;
};

static struct number number_of(int value)
{
    struct number number = {.size = 0};
    if (value >= 100) {
        number.text[number.size++] = (char)('0' + value / 100);
    }
    if (value >= 10) {
        number.text[number.size++] = (char)('0' + value / 10 % 10);
    }
    number.text[number.size++] = (char)('0' + value % 10);
    number.text[number.size++] = ' ';
    return number;
}

/* There is room for all four characters. */
static char *put_number(char *out, const struct number *number)
{
    memcpy(out, number->text, sizeof number->text);
    return out + number->size;
}

/* The runs of dark modules as rectangles of whole numbers, one fill; at most 177 x 89 runs. */
static bytes qr_rectangles(const struct qr *qr, struct arena *arena)
{
    static const char rectangle[] = "1 re\n";
    size_t size = (size_t)(qr->width * (qr->width / 2 + 1)) * sizeof "177 177 177 1 re\n" + 3;
    struct number *numbers = ARENA_ARRAY(arena, struct number, (size_t)qr->width + 1);
    char *const start = arena_new_raw(arena, size), *out = start;
    for (int i = 0; i <= qr->width; i++) {
        numbers[i] = number_of(i);
    }
    for (int y = 0; y < qr->width; y++) {
        uint64_t row = qr->rows[y]; /* what of it is still to be drawn */
        while (row != 0) {
            int from = __builtin_ctzll(row);
            int to = from + __builtin_ctzll(~(row >> from)); /* a row has less than 64 */
            out = put_number(out, &numbers[from]);
            out = put_number(out, &numbers[y]);
            out = put_number(out, &numbers[to - from]);
            memcpy(out, rectangle, sizeof rectangle - 1);
            out += sizeof rectangle - 1;
            row = row >> to << to;
        }
    }
    memcpy(out, "f\n", 2);
    return (bytes){(const uint8_t *)start, (size_t)(out - start) + 2};
}

bool pdf_qr_operators(str text, struct arena *arena, int *ret_width, bytes *ret)
{
    struct qr qr;
    if (!qr_encode(text, arena, &qr)) {
        return false;
    }
    *ret_width = qr.width;
    *ret = qr_rectangles(&qr, arena);
    return true;
}

/* In a system scaled to modules: crisp at any size. Written as one piece, because 400 calls of
 * HPDF_Page_Rectangle take longer than the rest of the page. */
static FALLIBLE draw_qr(struct pdf_canvas *canvas, const struct page_item *item, struct error *err)
{
    int width = 0;
    bytes operators = {0};
    if (!pdf_qr_operators(item->text, canvas->arena, &width, &operators)) {
        FAIL(INVALID, MESSAGE_QR_TOO_LONG, ARG_INT("size", item->text.size),
             ARG_INT("most", QR_TEXT_SIZE_MAX));
    }
    HPDF_Page page = canvas->page;
    const HPDF_PageAttr attributes = page->attr;
    float module = points(item->width_um) / (float)(width + 2 * QR_QUIET_MODULES);
    (void)HPDF_Page_GSave(page); /* here and below: errors stay */
    set_fill(page, item->colour);
    (void)HPDF_Page_Concat(page, module, 0, 0, -module,
                           points(item->x_um) + module * QR_QUIET_MODULES,
                           up(canvas, item->y_um) - module * QR_QUIET_MODULES);
    (void)HPDF_Stream_Write(attributes->stream, operators.data, (HPDF_UINT)operators.size);
    (void)HPDF_Page_GRestore(page);
    return OK;
}

/* --- the seal --------------------------------------------------------------------------------- */

/* Sine and cosine by rotation in steps of half a degree: the same bits on every machine, which a
 * libm does not promise. */
struct turn {
    double cosine, sine;
};

static struct turn turn_of(int half_degrees)
{
    const double c = 0.99996192306417128874, s = 0.00872653549837393496;
    struct turn turn = {1.0, 0.0};
    int steps = (half_degrees % 720 + 720) % 720;
    for (int i = 0; i < steps; i++) {
        turn = (struct turn){turn.cosine * c - turn.sine * s, turn.sine * c + turn.cosine * s};
    }
    return turn;
}

static void draw_star(HPDF_Page page, float x, float y, float radius)
{
    for (int i = 0; i < 10; i++) {
        struct turn turn = turn_of(180 + i * 72);
        float length = i % 2 == 0 ? radius : part(radius, SEAL_STAR_INNER);
        float px = x + (float)turn.cosine * length, py = y + (float)turn.sine * length;
        (void)(i == 0 ? HPDF_Page_MoveTo(page, px, py) : HPDF_Page_LineTo(page, px, py));
    }
    (void)HPDF_Page_ClosePath(page); /* errors stay */
    (void)HPDF_Page_Fill(page);
}

static void draw_rim_text(struct pdf_canvas *canvas, str text, float x, float y, float diameter)
{
    HPDF_Page page = canvas->page;
    int count = (int)str_length(text);
    int step = count > 1 ? 2 * SEAL_ARC_MOST / (count - 1) : 0; /* half degrees */
    step = step > 2 * SEAL_STEP_MOST ? 2 * SEAL_STEP_MOST : step;
    float size = part(diameter, SEAL_GLYPH);
    float room = part(diameter, SEAL_TEXT_RADIUS) * (float)step * 3.1415927F / 360.0F;
    size = count > 1 && size > room ? room : size;
    set_weight(page, PAGE_BOLD, size);
    int angle = 180 + step * (count - 1) / 2; /* of the first character; 180: the top */
    for (; text.size > 0; angle -= step) {
        str from = text;
        (void)character_next(&text); /* only to pass it */
        str one = str_first(from, from.size - text.size);
        struct turn at = turn_of(angle), along = turn_of(angle - 180);
        float half = size * (float)font_chain_width(canvas->chain, one) / 2000.0F;
        float radius = part(diameter, SEAL_TEXT_RADIUS);
        float px = x + (float)at.cosine * radius - half * (float)along.cosine;
        float py = y + (float)at.sine * radius - half * (float)along.sine;
        (void)HPDF_Page_SetTextMatrix(page, (float)along.cosine, (float)along.sine,
                                      -(float)along.sine, (float)along.cosine, px,
                                      py); /* errors stay */
        show_runs(canvas, one, size);
    }
}

/* What extraction sees in place of the characters up to EMC. */
static void begin_actual_text(struct pdf_canvas *canvas, str text)
{
    const HPDF_PageAttr attributes = canvas->page->attr;
    HPDF_Stream stream = attributes->stream;
    (void)HPDF_Stream_WriteStr(stream, "/Span <</ActualText <FEFF"); /* here and below: stay */
    while (text.size > 0) {
        char hex[16];
        uint32_t c = str_next(&text);
        if (c >= 0x10000) {
            (void)snprintf(hex, sizeof hex, "%04X%04X", 0xd800 + ((c - 0x10000) >> 10),
                           0xdc00 + ((c - 0x10000) & 0x3ff)); /* 8 digits fit */
        } else {
            (void)snprintf(hex, sizeof hex, "%04X", c == '\n' ? ' ' : c); /* 4 digits fit */
        }
        (void)HPDF_Stream_WriteStr(stream, hex);
    }
    (void)HPDF_Stream_WriteStr(stream, ">>> BDC\n");
}

/* Text along the rim up to a line feed, what follows it below the star. The characters carry the
 * whole text as ActualText, so that extraction does not see scattered letters. */
static void draw_seal(struct pdf_canvas *canvas, const struct page_item *item)
{
    HPDF_Page page = canvas->page;
    float diameter = points(item->width_um);
    float x = points(item->x_um + item->width_um / 2);
    float y = up(canvas, item->y_um + item->height_um / 2);
    str line = item->text, rim = str_cut(&line, '\n');
    set_fill(page, item->colour);
    set_stroke(page, item->colour);
    (void)HPDF_Page_SetLineWidth(page, part(diameter, SEAL_RING)); /* here and below: stay */
    (void)HPDF_Page_Circle(page, x, y, part(diameter, 500 - SEAL_RING / 2));
    (void)HPDF_Page_Stroke(page);
    draw_star(page, x, y, part(diameter, SEAL_STAR_RADIUS));
    begin_actual_text(canvas, item->text);
    (void)HPDF_Page_BeginText(page);
    (void)HPDF_Page_SetCharSpace(page, 0);
    draw_rim_text(canvas, rim, x, y, diameter);
    if (line.data != NULL && line.size > 0) {
        float size = part(diameter, SEAL_GLYPH_SMALL);
        float width = size * (float)font_chain_width(canvas->chain, line) / 1000.0F;
        set_weight(page, PAGE_BOLD, size);
        (void)HPDF_Page_SetTextMatrix(page, 1, 0, 0, 1, x - width / 2.0F,
                                      y - part(diameter, SEAL_LINE_Y));
        show_runs(canvas, line, size);
    }
    (void)HPDF_Page_EndText(page);
    const HPDF_PageAttr attributes = page->attr;
    (void)HPDF_Stream_WriteStr(attributes->stream, "EMC\n");
}

outcome pdf_canvas_draw(struct pdf_canvas *canvas, const struct page_item *item, struct error *err)
{
    switch (item->kind) {
    case PAGE_TEXT: draw_text_again(canvas, item); return OK;
    case PAGE_LINE: draw_line(canvas, item); return OK;
    case PAGE_RECTANGLE: draw_rectangle(canvas, item); return OK;
    case PAGE_IMAGE: return pdf_image_draw(canvas, item, err);
    case PAGE_QR: return draw_qr(canvas, item, err);
    case PAGE_SEAL: draw_seal(canvas, item); return OK;
    case PAGE_SHEET: break; /* pdf.c turns it */
    }
    BUG("unknown kind of page item");
}

void pdf_canvas_turn(struct pdf_canvas *canvas, HPDF_Page page)
{
    const HPDF_PageAttr attributes = page->attr;
    canvas->page = page;
    canvas->content = ARENA_NEW(canvas->arena, struct pdf_sink);
    attributes->stream =
        pdf_sink_open(canvas->content, CONTENT_ROOM, canvas->arena, canvas->document);
}

bytes pdf_canvas_content(const struct pdf_canvas *canvas)
{
    return (bytes){canvas->content->data, canvas->content->size};
}

static HPDF_STATUS write_filter(HPDF_Dict object, HPDF_Stream stream)
{
    (void)object; /* libharu drops /Filter of streams it did not compress itself */
    return HPDF_Stream_WriteStr(stream, "/Filter /FlateDecode\n");
}

/* The page's own stream, which libharu would have drawn to, is still empty. */
void pdf_canvas_end(struct pdf_canvas *canvas, bytes deflated)
{
    const HPDF_PageAttr attributes = canvas->page->attr;
    HPDF_Dict contents = attributes->contents;
    pdf_canvas_close(canvas);
    (void)HPDF_Stream_Write(contents->stream, deflated.data, (HPDF_UINT)deflated.size); /* stay */
    contents->filter = HPDF_STREAM_FILTER_NONE;
    contents->write_fn = write_filter;
}

void pdf_canvas_close(struct pdf_canvas *canvas)
{
    const HPDF_PageAttr attributes = canvas->page == NULL ? NULL : canvas->page->attr;
    if (attributes != NULL && attributes->stream != attributes->contents->stream) {
        HPDF_Stream_Free(attributes->stream);
        attributes->stream = attributes->contents->stream;
    }
}
