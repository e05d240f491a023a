/* SPDX-License-Identifier: MIT */
#include "plot_canvas.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

const double plot_round_numbers[PLOT_ROUND_NUMBERS] = {1, 2, 5};

/* The spread of the gaps between sorted values, by their mean: 0 where all are alike. */
static double unevenness(const double *values, size_t count, double (*scale)(double))
{
    double sum = 0, squares = 0;
    for (size_t i = 1; i < count; i++) {
        double gap = fabs(scale(values[i]) - scale(values[i - 1]));
        sum += gap;
        squares += gap * gap;
    }
    double mean = sum / (double)(count - 1);
    return squares / (double)(count - 1) / (mean * mean) - 1;
}

static double itself(double value)
{
    return value;
}

bool plot_is_geometric(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!(values[i] > 0))
            return false;
    }
    if (count < 3)
        return count == 2 && (values[0] >= 10 * values[1] || values[1] >= 10 * values[0]);
    return unevenness(values, count, log) < unevenness(values, count, itself);
}

/* The greatest of 1, 2 and 5 times a power of ten that is not above the value. */
static double round_down(double value)
{
    double power = pow(10, floor(log10(value))), result = power;
    for (int i = 0; i < PLOT_ROUND_NUMBERS; i++) {
        if (plot_round_numbers[i] * power <= value * (1 + 1e-9))
            result = plot_round_numbers[i] * power;
    }
    return result;
}

static double round_up(double value)
{
    double below = round_down(value), power = pow(10, floor(log10(below * 1.01)));
    if (below >= value * (1 - 1e-9))
        return below;
    return below < 1.5 * power ? 2 * power : below < 3 * power ? 5 * power : 10 * power;
}

static double part_of(const struct plot_axis *axis, double value)
{
    if (!(axis->high > axis->low))
        return 0.5;
    if (axis->is_log)
        return log(value / axis->low) / log(axis->high / axis->low);
    return (value - axis->low) / (axis->high - axis->low);
}

int plot_column(const struct plot_canvas *canvas, double x)
{
    return (int)lround(part_of(&canvas->x, x) * (PLOT_COLUMNS - 1));
}

static double exact_row(const struct plot_canvas *canvas, double y)
{
    return (1 - part_of(&canvas->y, y)) * (PLOT_ROWS - 1);
}

int plot_row(const struct plot_canvas *canvas, double y)
{
    return (int)lround(exact_row(canvas, y));
}

double plot_step(double high)
{
    return round_up(high / 6);
}

static struct plot_axis linear_axis(double high)
{
    double step = plot_step(high);
    return (struct plot_axis){0, step * ceil(high / step * (1 - 1e-9)), false};
}

static void choose_axes(const struct plot *plot, struct plot_canvas *canvas)
{
    double low = INFINITY, high = 0;
    canvas->x = (struct plot_axis){INFINITY, -INFINITY, plot_is_geometric(plot->x, plot->count)};
    for (size_t i = 0; i < plot->count; i++) {
        canvas->x.low = fmin(canvas->x.low, plot->x[i]);
        canvas->x.high = fmax(canvas->x.high, plot->x[i]);
        for (size_t s = 0; s < plot->series_count; s++) {
            low = fmin(low, plot->series[s].y[i]); /* NAN is passed over */
            high = fmax(high, plot->series[s].y[i]);
        }
    }
    if (canvas->x.is_log && low > 0 && high >= 10 * low)
        canvas->y = (struct plot_axis){round_down(low), round_up(high), true};
    else
        canvas->y = linear_axis(high > 0 ? high : 1);
}

/* The first letter of its name that no series before has; of the alphabet where all are taken. */
static char letter_for(const struct plot *plot, const struct plot_canvas *canvas, size_t series)
{
    static const char all[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    const char *const sources[] = {plot->series[series].name, all};
    for (int source = 0; source < 2; source++) {
        for (const char *c = sources[source]; *c; c++) {
            char letter = (char)tolower((unsigned char)*c);
            if (strchr(all, letter) && !memchr(canvas->marks, letter, series))
                return letter;
        }
    }
    return '?';
}

static void draw_line(struct plot_canvas *canvas, size_t series, const double *x, const double *y)
{
    int from = plot_column(canvas, x[0]), to = plot_column(canvas, x[1]), step = to < from ? -1 : 1;
    double start = exact_row(canvas, y[0]), slope = exact_row(canvas, y[1]) - start;
    for (int column = from; column != to; column += step) {
        int row = (int)lround(start + slope * (column - from) / (to - from));
        if (canvas->cells[row][column] != ' ')
            continue;
        canvas->cells[row][column] = PLOT_LINE;
        canvas->owners[row][column] = (unsigned char)series;
    }
}

static void draw_point(struct plot_canvas *canvas, size_t series, double x, double y)
{
    int row = plot_row(canvas, y), column = plot_column(canvas, x);
    char *cell = &canvas->cells[row][column];
    bool is_taken = *cell != ' ' && *cell != PLOT_LINE;
    *cell = is_taken ? PLOT_SEVERAL : canvas->marks[series];
    canvas->owners[row][column] = is_taken ? PLOT_NONE : (unsigned char)series;
}

/* Points last: no line hides one. */
void plot_draw(const struct plot *plot, struct plot_canvas *canvas)
{
    memset(canvas, 0, sizeof *canvas);
    memset(canvas->cells, ' ', sizeof canvas->cells);
    memset(canvas->owners, PLOT_NONE, sizeof canvas->owners);
    choose_axes(plot, canvas);
    for (size_t s = 0; s < plot->series_count; s++) {
        const double *x = plot->x, *y = plot->series[s].y;
        canvas->marks[s] = letter_for(plot, canvas, s);
        for (size_t i = 1; i < plot->count; i++) {
            if (isfinite(y[i - 1]) && isfinite(y[i]))
                draw_line(canvas, s, x + i - 1, y + i - 1);
        }
    }
    for (size_t s = 0; s < plot->series_count; s++) {
        for (size_t i = 0; i < plot->count; i++) {
            if (isfinite(plot->series[s].y[i]))
                draw_point(canvas, s, plot->x[i], plot->series[s].y[i]);
        }
    }
}
