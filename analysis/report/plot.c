/* SPDX-License-Identifier: MIT */
#include "plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LABEL_COLUMNS = 9, LABEL_BYTES = 16, LEGEND_COLUMNS = 60 };

static void label_text(double value, char text[LABEL_BYTES])
{
    static const char units[] = " kMGT";
    int unit = 0;
    bool is_long = fabs(value) >= 9999.5;
    while (is_long && fabs(value) >= 999.95 && units[unit + 1]) {
        value /= 1000;
        unit++;
    }
    int length = snprintf(text, LABEL_BYTES, "%.4g", value);
    if (unit && length < LABEL_BYTES - 1)
        text[length] = units[unit], text[length + 1] = '\0';
}

/* A label where none is on this row or the one above. */
static void put_label(char labels[PLOT_ROWS][LABEL_BYTES], const struct plot_canvas *canvas,
                      double value)
{
    int row = plot_row(canvas, value);
    for (int near = row - 1; near <= row + 1; near++) {
        if (near >= 0 && near < PLOT_ROWS && labels[near][0])
            return;
    }
    label_text(value, labels[row]);
}

static void label_rows(const struct plot_canvas *canvas, char labels[PLOT_ROWS][LABEL_BYTES])
{
    const struct plot_axis *y = &canvas->y;
    memset(labels, 0, PLOT_ROWS * sizeof labels[0]);
    if (!y->is_log) {
        double step = plot_step(y->high);
        for (int i = 0; i * step <= y->high * (1 + 1e-9); i++)
            put_label(labels, canvas, i * step);
        return;
    }
    for (double power = pow(10, floor(log10(y->low) + 1e-9)); power <= y->high; power *= 10) {
        for (int i = 0; i < PLOT_ROUND_NUMBERS; i++) {
            double value = power * plot_round_numbers[i];
            if (value >= y->low * (1 - 1e-9) && value <= y->high * (1 + 1e-9))
                put_label(labels, canvas, value);
        }
    }
}

/* The legend's entry of a series is its letter and its name, in its colour. */
static void start_series(const struct terminal *terminal, size_t series)
{
    if (series != PLOT_NONE)
        terminal_colour(terminal, (enum terminal_colour)(1 + series % (TERMINAL_COLOURS - 1)));
}

static void print_rows(const struct plot_canvas *canvas, const struct terminal *terminal)
{
    char labels[PLOT_ROWS][LABEL_BYTES];
    label_rows(canvas, labels);
    for (int row = 0; row < PLOT_ROWS; row++) {
        int end = PLOT_COLUMNS;
        while (end > 0 && canvas->cells[row][end - 1] == ' ')
            end--;
        fprintf(terminal->stream, "%*s %s", LABEL_COLUMNS, labels[row], labels[row][0] ? "+" : "|");
        for (int column = 0; column < end; column++) {
            bool is_line = canvas->cells[row][column] == PLOT_LINE;
            start_series(terminal, canvas->owners[row][column]);
            fprintf(terminal->stream, is_line && terminal->utf8 ? "·" : "%c",
                    canvas->cells[row][column]);
            if (canvas->owners[row][column] != PLOT_NONE)
                terminal_colour(terminal, TERMINAL_PLAIN);
        }
        fputc('\n', terminal->stream);
    }
}

/* The axis and, below, each value that has room. */
static void print_x_axis(const struct plot *plot, const struct plot_canvas *canvas, FILE *stream)
{
    char axis[PLOT_COLUMNS + 1], below[PLOT_COLUMNS + LABEL_BYTES], text[LABEL_BYTES];
    memset(axis, '-', sizeof axis);
    memset(below, ' ', sizeof below);
    axis[PLOT_COLUMNS] = '\0';
    int end = 0;
    for (size_t i = 0; i < plot->count; i++) {
        int column = plot_column(canvas, plot->x[i]);
        axis[column] = '+';
        label_text(plot->x[i], text);
        int length = (int)strlen(text), start = column - length / 2;
        start = start + length > PLOT_COLUMNS ? PLOT_COLUMNS - length : start < 0 ? 0 : start;
        bool is_free = true;
        for (int c = start - 1; c < start + length + 1; c++)
            is_free &= c < 0 || below[c] == ' ';
        if (!is_free)
            continue;
        memcpy(below + start, text, (size_t)length);
        end = start + length > end ? start + length : end;
    }
    fprintf(stream, "%*s +%s\n%*s  %.*s\n", LABEL_COLUMNS, "", axis, LABEL_COLUMNS, "", end, below);
}

static void print_legend(const struct plot *plot, const struct plot_canvas *canvas,
                         const struct terminal *terminal)
{
    size_t column = 0;
    for (size_t s = 0; s < plot->series_count; s++) {
        size_t width = strlen(plot->series[s].name) + 4;
        if (column + width > LEGEND_COLUMNS && column > 0) {
            fputc('\n', terminal->stream);
            column = 0;
        }
        if (column == 0)
            fprintf(terminal->stream, "%*s", LABEL_COLUMNS, "");
        column += width;
        fputs("  ", terminal->stream);
        start_series(terminal, s);
        fprintf(terminal->stream, "%c ", canvas->marks[s]);
        terminal_text(terminal, plot->series[s].name);
        terminal_colour(terminal, TERMINAL_PLAIN);
    }
    bool has_several = memchr(canvas->cells, PLOT_SEVERAL, sizeof canvas->cells);
    fprintf(terminal->stream, "%s\n", has_several ? "  * several" : "");
}

void plot_print(const struct plot *plot, const struct terminal *terminal)
{
    struct plot_canvas canvas;
    if (plot->count == 0 || plot->series_count == 0)
        return;
    plot_draw(plot, &canvas);
    terminal_bold(terminal, true);
    fprintf(terminal->stream, "%s%s by %s%s\n", plot->title, canvas.y.is_log ? " (log)" : "",
            plot->x_name, canvas.x.is_log ? " (log)" : "");
    terminal_bold(terminal, false);
    print_rows(&canvas, terminal);
    print_x_axis(plot, &canvas, terminal->stream);
    print_legend(plot, &canvas, terminal);
}
