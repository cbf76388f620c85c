/* chart - see chart.h. Coordinates are whole units of a view box 720 wide. */
#include "core/base/chart.h"

enum {
    WIDTH = 720,
    LEFT = 64,
    RIGHT = 12,
    TOP = 36,     /* the unit, and a total below it */
    HEIGHT = 190, /* of the plot */
    BELOW = 30,
    TICKS = 4,
    TOTALS_MAX = 24,    /* so many columns have their total above */
    TOTALS_NARROW = 13, /* likewise where the page is narrow */
    BAR_LABEL = 170,
    BAR_TOTAL = 90,
    BAR_PITCH = 30,
    BAR_HEIGHT = 18,
    LABEL_ROOM = 46, /* of one label below a column */
};

static uint64_t limited(uint64_t value)
{
    return value < CHART_VALUE_MAX ? value : CHART_VALUE_MAX;
}

static uint64_t total_of(const struct chart *chart, size_t at)
{
    uint64_t total = 0;
    for (size_t i = 0; i < chart->series_count; i++) {
        total = limited(total + limited(chart->series[i].values[at]));
    }
    return total;
}

/* What of a value is drawn on top of others. */
static uint64_t total_above(uint64_t below, uint64_t value)
{
    return limited(below + limited(value)) - below;
}

static uint64_t largest(const struct chart *chart)
{
    uint64_t most = 0;
    for (size_t i = 0; i < chart->count; i++) {
        uint64_t total = total_of(chart, i);
        most = total > most ? total : most;
    }
    return most;
}

/* The step of an axis with at most TICKS steps: 1, 2 or 5 times a power of ten. */
static uint64_t step_of(uint64_t most)
{
    uint64_t power = 1;
    for (;;) {
        for (uint64_t factor = 1; factor <= 5; factor = factor == 2 ? 5 : factor * 2) {
            if (power * factor * TICKS >= most) {
                return power * factor;
            }
        }
        power *= 10;
    }
}

/* value / most of a length, in hundredths of a unit; values are below 2^50 (CHART_VALUE_MAX). */
static int64_t scaled(uint64_t value, uint64_t most, int64_t length)
{
    return most == 0 ? 0 : (int64_t)((double)value / (double)most * (double)length * 100.0 + 0.5);
}

/* --- parts ---------------------------------------------------------------------------------------
 */

/* Every label with its total, for those who hear the page. */
static void describe(struct html *page, const struct chart *chart)
{
    HTML(page, "<desc id=\"");
    html_c_text(page, chart->id);
    HTML(page, "-desc\">");
    for (size_t i = 0; i < chart->count; i++) {
        html_text(page, chart->labels[i].chinese);
        HTML(page, " ");
        html_text(page, chart->labels[i].english);
        HTML(page, " ");
        html_count(page, total_of(chart, i));
        HTML(page, "; ");
    }
    HTML(page, "</desc>\n");
}

static void begin(struct html *page, const struct chart *chart, int64_t height)
{
    HTML(page, "<figure class=\"chart\"><svg role=\"img\" aria-labelledby=\"");
    html_c_text(page, chart->id);
    HTML(page, "-title\" aria-describedby=\"");
    html_c_text(page, chart->id);
    HTML(page, "-desc\" viewBox=\"0 0 ");
    html_number(page, WIDTH);
    HTML(page, " ");
    html_number(page, height);
    HTML(page, "\"><title id=\"");
    html_c_text(page, chart->id);
    HTML(page, "-title\">");
    html_text(page, chart->title.chinese);
    HTML(page, " ");
    html_text(page, chart->title.english);
    HTML(page, "</title>\n");
    describe(page, chart);
}

/* In the order in which the stack is seen. */
static void legend(struct html *page, const struct chart *chart)
{
    HTML(page, "</svg>");
    if (chart->series_count > 1) {
        HTML(page, "<figcaption>");
        for (size_t i = 0; i < chart->series_count; i++) {
            if (str_empty(chart->series[i].name.chinese)) {
                continue; /* a colour left out */
            }
            HTML(page, "<span class=\"key\"><svg class=\"swatch\" viewBox=\"0 0 10 10\" "
                       "aria-hidden=\"true\"><rect class=\"s");
            html_number(page, (int64_t)i);
            HTML(page, "\" width=\"10\" height=\"10\"/></svg>");
            html_words(page, chart->series[i].name);
            HTML(page, "</span> ");
        }
        HTML(page, "</figcaption>");
    }
    HTML(page, "</figure>\n");
}

static void rect(struct html *page, size_t series, int64_t x, int64_t y, int64_t width,
                 int64_t height)
{
    HTML(page, "<rect class=\"s");
    html_number(page, (int64_t)series);
    HTML(page, "\" x=\"");
    html_hundredths(page, x);
    HTML(page, "\" y=\"");
    html_hundredths(page, y);
    HTML(page, "\" width=\"");
    html_hundredths(page, width);
    HTML(page, "\" height=\"");
    html_hundredths(page, height);
    HTML(page, "\"/>");
}

/* `anchor` is start, middle or end. */
static void put_place(struct html *page, const char *anchor, int64_t x, int64_t y)
{
    html_c_text(page, anchor);
    HTML(page, "\" x=\"");
    html_hundredths(page, x);
    HTML(page, "\" y=\"");
    html_hundredths(page, y);
    HTML(page, "\">");
}

static void text_at(struct html *page, const char *anchor, int64_t x, int64_t y)
{
    HTML(page, "<text text-anchor=\"");
    put_place(page, anchor, x, y);
}

/* One that a narrow screen has no room for. */
static void lesser_text_at(struct html *page, const char *anchor, int64_t x, int64_t y)
{
    HTML(page, "<text class=\"less\" text-anchor=\"");
    put_place(page, anchor, x, y);
}

static bool is_nothing(struct html *page, const struct chart *chart)
{
    if (largest(chart) > 0) {
        return false;
    }
    HTML(page, "<p class=\"nothing\">");
    html_words(page, chart->nothing);
    HTML(page, "</p>\n");
    return true;
}

/* --- columns -------------------------------------------------------------------------------------
 */

static void axis(struct html *page, uint64_t step, uint64_t top)
{
    for (uint64_t value = 0; value <= top; value += step) {
        int64_t y = (TOP + HEIGHT) * 100 - scaled(value, top, HEIGHT);
        HTML(page, "<line class=\"grid\" x1=\"");
        html_number(page, LEFT);
        HTML(page, "\" x2=\"");
        html_number(page, WIDTH - RIGHT);
        HTML(page, "\" y1=\"");
        html_hundredths(page, y);
        HTML(page, "\" y2=\"");
        html_hundredths(page, y);
        HTML(page, "\"/>");
        (value == 0 ? lesser_text_at : text_at)(page, "end", (LEFT - 8) * 100, y + 400);
        html_count(page, value);
        HTML(page, "</text>\n");
    }
}

static void column(struct html *page, const struct chart *chart, size_t at, uint64_t top)
{
    int64_t pitch = (int64_t)(WIDTH - LEFT - RIGHT) * 100 / (int64_t)chart->count;
    int64_t width = pitch * 7 / 10 < 4800 ? pitch * 7 / 10 : 4800;
    int64_t middle = LEFT * 100 + pitch * (int64_t)at + pitch / 2;
    uint64_t below = 0, total = total_of(chart, at);
    for (size_t i = 0; i < chart->series_count; i++) {
        uint64_t value = total_above(below, chart->series[i].values[at]);
        int64_t bottom = (TOP + HEIGHT) * 100 - scaled(below, top, HEIGHT);
        int64_t height = scaled(below + value, top, HEIGHT) - scaled(below, top, HEIGHT);
        if (value > 0) {
            rect(page, i, middle - width / 2, bottom - height, width, height);
        }
        below += value;
    }
    if (total > 0 && chart->count <= TOTALS_MAX) {
        int64_t y = (TOP + HEIGHT - 5) * 100 - scaled(total, top, HEIGHT);
        (chart->count > TOTALS_NARROW ? lesser_text_at : text_at)(page, "middle", middle, y);
        html_count(page, total);
        HTML(page, "</text>");
    }
    /* so many labels as there is room for, the last one always */
    size_t every = (size_t)(LABEL_ROOM * 100 / pitch + 1);
    if ((chart->count - 1 - at) % every == 0) {
        bool less = (chart->count - 1 - at) / every % 2 == 1;
        (less ? lesser_text_at : text_at)(page, "middle", middle, (TOP + HEIGHT + 18) * 100);
        html_text(page, chart->labels[at].chinese);
        HTML(page, "</text>");
    }
    HTML(page, "\n");
}

void chart_columns(struct html *page, const struct chart *chart)
{
    if (is_nothing(page, chart)) {
        return;
    }
    uint64_t most = largest(chart), step = step_of(most);
    uint64_t top = (most + step - 1) / step * step;
    begin(page, chart, TOP + HEIGHT + BELOW);
    axis(page, step, top);
    if (!str_empty(chart->unit.chinese)) {
        text_at(page, "start", 0, 1200);
        html_text(page, chart->unit.chinese);
        HTML(page, " <tspan class=\"en\">");
        html_text(page, chart->unit.english);
        HTML(page, "</tspan></text>\n");
    }
    for (size_t i = 0; i < chart->count; i++) {
        column(page, chart, i, top);
    }
    legend(page, chart);
}

/* --- bars ----------------------------------------------------------------------------------------
 */

static void bar(struct html *page, const struct chart *chart, size_t at, uint64_t most)
{
    int64_t y = (int64_t)at * BAR_PITCH * 100 + 600;
    int64_t room = WIDTH - BAR_LABEL - BAR_TOTAL;
    uint64_t before = 0;
    text_at(page, "end", (BAR_LABEL - 10) * 100, y + 1300);
    html_text(page, chart->labels[at].chinese);
    if (chart->labels[at].english.size > 0) {
        HTML(page, " <tspan class=\"en\">");
        html_text(page, chart->labels[at].english);
        HTML(page, "</tspan>");
    }
    HTML(page, "</text>");
    rect(page, CHART_SERIES_MAX, BAR_LABEL * 100, y, room * 100, BAR_HEIGHT * 100);
    for (size_t i = 0; i < chart->series_count; i++) {
        uint64_t value = total_above(before, chart->series[i].values[at]);
        int64_t x = scaled(before, most, room);
        int64_t width = scaled(before + value, most, room) - x;
        if (value > 0) {
            /* what is there is seen */
            rect(page, i, BAR_LABEL * 100 + x, y, width < 60 ? 60 : width, BAR_HEIGHT * 100);
        }
        before += value;
    }
    text_at(page, "start", (WIDTH - BAR_TOTAL + 8) * 100, y + 1300);
    html_count(page, before);
    HTML(page, "</text>\n");
}

void chart_bars(struct html *page, const struct chart *chart)
{
    if (is_nothing(page, chart)) {
        return;
    }
    uint64_t most = largest(chart);
    begin(page, chart, (int64_t)chart->count * BAR_PITCH + 6);
    for (size_t i = 0; i < chart->count; i++) {
        bar(page, chart, i, most);
    }
    legend(page, chart);
}
