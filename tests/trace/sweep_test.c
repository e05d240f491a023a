/* SPDX-License-Identifier: MIT */
/* The parts of compare --sweep that run nothing: which values it takes, and where a plot's points
 * stand. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "commands/sweep_values.h"
#include "report/plot.h"

/* The values as a text, or '!' and why there are none. */
static const char *parsed(const char *text)
{
    static char result[1024];
    struct sweep_values values;
    char why[200];
    size_t used = 0;
    if (!sweep_values_parse(text, &values, why, sizeof why)) {
        snprintf(result, sizeof result, "!%s", why);
        return result;
    }
    result[0] = '\0';
    for (size_t i = 0; i < values.count; i++)
        used += (size_t)snprintf(result + used, sizeof result - used, i ? " %ju" : "%ju",
                                 (uintmax_t)values.list[i]);
    return result;
}

static void progressions(void **state)
{
    static const char *const rows[][2] = {
        {"w=7", "7"},
        {"w=3,1,2", "3 1 2"},
        {"w=400,4000,...,4000000", "400 4000 40000 400000 4000000"},
        {"w=400,4000,\u2026,4000000", "400 4000 40000 400000 4000000"},
        {"w=1,2,...,64", "1 2 4 8 16 32 64"},
        {"w=1,2,3,...,6", "1 2 3 4 5 6"},
        {"w=1,2,4,...,16", "1 2 4 8 16"},
        {"w=1,2,...,7", "1 2 3 4 5 6 7"},
        {"w=5,1,2,...,8", "!no equal factors or steps lead from 1 and 2 on to 8"},
        {"w=0,10,...,40", "0 10 20 30 40"},
        {"w=64,32,...,1", "64 32 16 8 4 2 1"},
        {"w=9,6,...,0", "9 6 3 0"},
        {"w=8,12,...,27", "8 12 18 27"},
        {"w=1,2,...,8,16,...,64", "1 2 4 8 16 32 64"},
        {"w=1,10,...,1000,1001", "1 10 100 1000 1001"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(parsed(rows[i][0]), rows[i][1]);
    assert_string_equal(strrchr(parsed("w=1,2,3,...,64"), ' '), " 64");
}

static void values_refused(void **state)
{
    static const char *const rows[][2] = {
        {"", "not NAME="},
        {"w", "not NAME="},
        {"=1", "not NAME="},
        {"a b=1", "not NAME="},
        {"w=", "'' is not a whole number"},
        {"w=1,", "'' is not a whole number"},
        {"w=1,,2", "'' is not a whole number"},
        {"w=1,x", "'x' is not a whole number"},
        {"w=-1", "'-1' is not a whole number"},
        {"w=1.5", "'1.5' is not a whole number"},
        {"w=1000000000000001", "is not a whole number"},
        {"w=99999999999999999999999999", "is not a whole number"},
        {"w=1,2,....,4", "'....' is not a whole number"},
        {"w=1,2,1", "comes twice"},
        {"w=...,4", "needs two values before it"},
        {"w=1,...,4", "needs two values before it"},
        {"w=1,2,...", "must follow an ellipsis"},
        {"w=1,2,...,...,8", "must follow an ellipsis"},
        {"w=400,4000,...,5000000", "lead from 400 and 4000 on to 5000000"},
        {"w=1,3,...,50", "lead from 1 and 3"},
        {"w=1,2,...,2", "lead from 1 and 2"},
        {"w=1,2,...,1", "lead from 1 and 2"},
        {"w=0,1,...,65", "more than 64 values"},
        {"w=1,3,...,1000000000000", "lead from"},
        {"w=2,3,...,1000000000000000", "more than 64 values"},
        {"abcdefghijklmnopqrstuvwxyzabcdefg=1", "a name of more than 31"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *said = parsed(rows[i][0]);
        if (said[0] != '!' || !strstr(said, rows[i][1]))
            fail_msg("%s: says %s", rows[i][0], said);
    }
}

static void places(void **state)
{
    struct sweep_values values;
    char why[200];
    char *command[] = {"p", "--n={n}", "{n}{n}", "{m}", "{n", "{{n}}", NULL};
    char *other[] = {"p", "{m}", "n", NULL};
    assert_true(sweep_values_parse("n=1,20", &values, why, sizeof why));
    assert_true(sweep_values_used(&values, command));
    assert_false(sweep_values_used(&values, other));
    char **filled = sweep_command(&values, command, 20);
    static const char *const expected[] = {"p", "--n=20", "2020", "{m}", "{n", "{20}"};
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(filled[i], expected[i]);
    assert_null(filled[6]);
    sweep_command_free(filled);
}

static void spacing(void **state)
{
    assert_true(plot_is_geometric((double[]){400, 4000, 40000}, 3));
    assert_true(plot_is_geometric((double[]){64, 16, 8, 2, 1}, 5));
    assert_false(plot_is_geometric((double[]){1, 2, 3}, 3));
    assert_false(plot_is_geometric((double[]){0, 1, 10, 100}, 4));
    assert_true(plot_is_geometric((double[]){1, 100}, 2));
    assert_false(plot_is_geometric((double[]){1, 2}, 2));
    assert_false(plot_is_geometric((double[]){1}, 1));
}

static double middle[] = {10, 20, 10};

static void linear_cells(void **state)
{
    static struct plot_canvas canvas;
    double x[] = {0, 50, 100}, low[] = {0, 0, NAN}, high[] = {20, 20, 20};
    struct plot plot = {.x = x,
                        .count = 3,
                        .series_count = 4,
                        .series = {{"low", low}, {"long", middle}, {"high", high}, {"h", high}}};
    plot_draw(&plot, &canvas);
    assert_false(canvas.x.is_log || canvas.y.is_log);
    assert_memory_equal(canvas.marks, "loha", 4);
    assert_int_equal(plot_column(&canvas, 50), 34);
    assert_int_equal(canvas.cells[PLOT_ROWS - 1][0], 'l');
    assert_int_equal(canvas.cells[PLOT_ROWS - 1][34], 'l');
    assert_int_equal(canvas.cells[PLOT_ROWS - 1][10], PLOT_LINE);
    assert_int_equal(canvas.owners[PLOT_ROWS - 1][10], 0);
    assert_int_equal(canvas.cells[PLOT_ROWS - 1][40], ' '); /* no point, no line */
    assert_int_equal(canvas.cells[9][0], 'o');              /* half of 17 rows, rounded */
    assert_int_equal(canvas.cells[9][PLOT_COLUMNS - 1], 'o');
    assert_int_equal(canvas.cells[4][17], PLOT_LINE); /* half way up */
    assert_int_equal(canvas.cells[0][0], PLOT_SEVERAL);
    assert_int_equal(canvas.owners[0][0], PLOT_NONE);
    assert_int_equal(canvas.owners[0][40], 2); /* the first of two lines in one cell */
}

static void logarithmic_cells(void **state)
{
    static struct plot_canvas canvas;
    double x[] = {1, 10, 100, 1000}, y[] = {1, 10, 100, 1000};
    struct plot plot = {.x = x, .count = 4, .series_count = 1, .series = {{"", y}}};
    plot_draw(&plot, &canvas);
    assert_true(canvas.x.is_log && canvas.y.is_log);
    static const int columns[] = {0, 22, 45, 67}, rows[] = {17, 11, 6, 0};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(canvas.cells[rows[i]][columns[i]], 'a');
    int filled = 0;
    for (size_t i = 0; i < sizeof canvas.cells; i++)
        filled += canvas.cells[i / PLOT_COLUMNS][i % PLOT_COLUMNS] != ' ';
    assert_int_equal(filled, PLOT_COLUMNS); /* a straight line: one cell a column */
}

static void one_point(void **state)
{
    static struct plot_canvas canvas;
    double x[] = {5}, y[] = {0};
    struct plot plot = {.x = x, .count = 1, .series_count = 1, .series = {{"a", y}}};
    plot_draw(&plot, &canvas);
    assert_int_equal(canvas.cells[PLOT_ROWS - 1][34], 'a');
}

static void stays_within_a_screen(void **state)
{
    double x[SWEEP_VALUES_MAX], y[SWEEP_VALUES_MAX];
    struct plot plot = {.title = "ns per operation", .x_name = "n", .x = x, .series_count = 7};
    for (plot.count = 1; plot.count <= SWEEP_VALUES_MAX; plot.count++) {
        for (size_t i = 0; i < plot.count; i++) {
            x[i] = plot.count % 2 ? (double)i : pow(1.5, (double)i);
            y[i] = plot.count % 3 ? (double)(i + 1) * 1e5 : exp2((double)i);
        }
        for (size_t s = 0; s < 7; s++)
            plot.series[s] = (struct plot_series){"allocator", y};
        char *text;
        size_t bytes, lines = 0;
        FILE *stream = open_memstream(&text, &bytes);
        struct terminal terminal = {.stream = stream, .width = 80};
        plot_print(&plot, &terminal);
        fclose(stream);
        for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, lines++)
            assert_true(end - line <= 80);
        assert_true(lines <= 24);
        free(text);
    }
}

static void printed(void **state)
{
    double x[] = {1, 2, 3};
    char *text;
    size_t bytes;
    FILE *stream = open_memstream(&text, &bytes);
    struct terminal terminal = {.stream = stream, .width = 80, .utf8 = true, .colour = true};
    struct plot plot = {.title = "cost",
                        .x_name = "n",
                        .x = x,
                        .count = 3,
                        .series_count = 1,
                        .series = {{"a\033b", middle}}};
    plot_print(&plot, &terminal);
    fclose(stream);
    assert_non_null(strstr(text, "cost by n"));
    assert_non_null(strstr(text, "·"));
    assert_non_null(strstr(text, "\033[31ma\033[0m"));
    assert_non_null(strstr(text, "a\\x1bb"));
    assert_non_null(strstr(text, "       20 +"));
    free(text);
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(progressions), cmocka_unit_test(values_refused),
        cmocka_unit_test(places),       cmocka_unit_test(spacing),
        cmocka_unit_test(linear_cells), cmocka_unit_test(logarithmic_cells),
        cmocka_unit_test(one_point),    cmocka_unit_test(stays_within_a_screen),
        cmocka_unit_test(printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
