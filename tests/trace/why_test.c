/* SPDX-License-Identifier: MIT */
/* From runs that are made up to the figures, verdicts and words of `why`. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "commands/why_summary.h"
#include "report/waterfall_bar.h"
#include "report/why_text.h"

enum { ROUNDS = 11, OPERATIONS = 1000000 };

static struct why_report report;
static char *const command[] = {"command", NULL};
static struct compare_run runs[WHY_ROWS][ROUNDS];
static struct why_run watched[WHY_ROWS][ROUNDS];
static double hardware[WHY_ROWS][ROUNDS * WHY_HARDWARE];

/* A needs 10 ns an operation (8 the application, 2 unknown), B 7 (6 and cache 1); noise of 1 %. */
static int set_up(void **state)
{
    static const double costs[WHY_ROWS] = {10, 10, 7};
    memset(&report, 0, sizeof report);
    report.comparison = (struct compare_report){.command = command,
                                                .higher_is_better = true,
                                                .rounds = ROUNDS,
                                                .rounds_done = ROUNDS,
                                                .seed = 1,
                                                .core = -1,
                                                .row_count = WHY_ROWS};
    for (int row = 0; row < WHY_ROWS; row++) {
        struct compare_row *to = &report.comparison.rows[row];
        snprintf(to->name, sizeof to->name, "%s", row == WHY_ROW_B ? "second" : "first");
        to->runs = runs[row];
        to->run_count = ROUNDS;
        report.watched[row] = watched[row];
        report.hardware[row] = hardware[row];
        for (unsigned i = 0; i < ROUNDS; i++) {
            double noise = 1 + 0.01 * ((i * 7 + (unsigned)row * 3) % ROUNDS) / ROUNDS;
            double cpu_s = 1e-9 * OPERATIONS * costs[row] * noise;
            runs[row][i] = (struct compare_run){.round = i + 1,
                                                .wall_s = cpu_s,
                                                .user_s = cpu_s,
                                                .figure = NAN,
                                                .max_rss_kb = 1024};
            watched[row][i] = (struct why_run){.round = i + 1,
                                               .cpu_s = cpu_s / 0.9,
                                               .samples_cost = 0.1,
                                               .operations = row == WHY_ROW_B ? OPERATIONS : NAN,
                                               .remote_frees = OPERATIONS / 4,
                                               .samples = 100};
            double *shares = watched[row][i].shares;
            shares[PART_APPLICATION] = row == WHY_ROW_B ? 6 / 7.0 : 0.8;
            shares[row == WHY_ROW_B ? PART_CACHE : PART_UNKNOWN] = 1 - shares[PART_APPLICATION];
        }
    }
    return 0;
}

static void near(double value, double wanted, double by)
{
    if (fabs(value - wanted) > by)
        fail_msg("%g instead of %g", value, wanted);
}

static void by_operations(void **state)
{
    assert_true(why_summary_fill(&report));
    assert_int_equal(report.unit, WHY_NS);
    near(report.operations, OPERATIONS, 0);
    near(report.remote_frees, 0.25, 1e-9);
    assert_string_equal(report.operations_on, "second");
    near(report.fall.measured.of[WATERFALL_A], 10, 0.11);
    near(report.fall.measured.difference, -3, 0.11);
    near(report.fall.parts[PART_APPLICATION].difference, -2, 0.11);
    near(report.fall.parts[PART_CACHE].difference, 1, 0.02);
    near(report.fall.unexplained.difference, 0, 0.02);
    near(report.fall.explained, 1 / 3.0, 0.02);
    assert_int_equal(report.verdict, WHY_EXPLAINED);
    assert_int_equal(report.signs[PART_UNKNOWN], WHY_LESS);
    assert_int_equal(report.signs[PART_CACHE], WHY_MORE);
    assert_int_equal(report.signs[PART_HEADER], WHY_SAME);
    near(report.control.measured.difference, 0, 0.11);
}

/* The watched runs of B cost what the others do not. */
static void what_is_missing_is_said(void **state)
{
    for (unsigned i = 0; i < ROUNDS; i++)
        watched[WHY_ROW_B][i].cpu_s *= 1.2;
    assert_true(why_summary_fill(&report));
    assert_int_equal(report.verdict, WHY_IN_PART);
    near(report.fall.unexplained.difference, -1.4, 0.1);
}

static void the_same_is_a_tie(void **state)
{
    memcpy(runs[WHY_ROW_B], runs[WHY_ROW_CONTROL], sizeof runs[0]);
    memcpy(watched[WHY_ROW_B], watched[WHY_ROW_CONTROL], sizeof watched[0]);
    assert_true(why_summary_fill(&report));
    assert_int_equal(report.verdict, WHY_TIE);
    assert_int_equal(report.unit, WHY_MS);
    near(report.fall.measured.of[WATERFALL_A], 10, 0.11);
}

static void by_its_own_figure(void **state)
{
    for (int row = 0; row < WHY_ROWS; row++) {
        for (unsigned i = 0; i < ROUNDS; i++) {
            runs[row][i].figure = row == WHY_ROW_B ? 200 : 100;
            watched[row][i].figure = 0.9 * runs[row][i].figure;
        }
    }
    report.comparison.metric = "([0-9.]+) M ops/s";
    assert_true(why_summary_fill(&report));
    assert_int_equal(report.unit, WHY_NS);
    near(report.fall.measured.of[WATERFALL_A], 10, 1e-9);
    near(report.fall.sum.difference, -5, 1e-9);
    assert_string_equal(report.figures[0].name, "the program's figure");
    near(report.figures[0].difference, 100, 1e-9);
    report.comparison.metric = "figure ([0-9.]+)";
    assert_true(why_summary_fill(&report));
    assert_int_equal(report.unit, WHY_PERCENT);
    near(report.fall.measured.of[WATERFALL_A], 100, 1e-9);
    near(report.fall.measured.difference, -50, 1e-9);
    near(report.fall.sum.of[WATERFALL_B], 50, 1e-9);
    report.comparison.higher_is_better = false;
    assert_true(why_summary_fill(&report));
    near(report.fall.measured.difference, 100, 1e-9);
}

static void without_samples_there_are_no_parts(void **state)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        for (int part = 0; part < STEP_PARTS; part++)
            watched[WHY_ROW_A][i].shares[part] = i < 3 ? part == 0 : NAN;
    }
    assert_true(why_summary_fill(&report));
    assert_false(report.has_parts);
    assert_int_equal(report.verdict, WHY_UNKNOWN);
    near(report.fall.measured.difference, -3, 0.11);
    assert_true(isnan(report.fall.explained));
    assert_true(strstr(report.comparison.notes[0], "no samples"));
}

static void a_round_without_samples_is_left_out(void **state)
{
    watched[WHY_ROW_A][2].shares[0] = NAN;
    watched[WHY_ROW_B][4].round = 0;
    assert_true(why_summary_fill(&report));
    assert_int_equal(report.fall.rounds, ROUNDS - 2);
    assert_int_equal(report.control.rounds, ROUNDS - 1);
}

static void interrupted_at_once(void **state)
{
    memset(watched, 0, sizeof watched);
    for (int row = 0; row < WHY_ROWS; row++)
        report.comparison.rows[row].run_count = 0;
    report.comparison.rounds_done = 0;
    assert_true(why_summary_fill(&report));
    assert_true(isnan(report.fall.measured.difference));
    assert_int_equal(report.verdict, WHY_UNKNOWN);
}

static void instructions(void **state)
{
    report.instructions[WATERFALL_A] =
        (struct why_instructions){.calls = {10, 10, 0}, .by = {[PART_CACHE] = {100, 50}}};
    report.instructions[WATERFALL_B] = (struct why_instructions){
        .calls = {5, 5, 10}, .by = {[PART_CACHE] = {20, 10, 10}, [PART_UNKNOWN] = {0, 10, 0}}};
    near(why_instructions_of(&report.instructions[0], PART_CACHE, WHY_MALLOC), 10, 1e-9);
    near(why_instructions_of(&report.instructions[0], STEP_PARTS, WHY_KINDS), 7.5, 1e-9);
    near(why_instructions_of(&report.instructions[1], STEP_PARTS, WHY_KINDS), 2.5, 1e-9);
    assert_true(isnan(why_instructions_of(&report.instructions[0], PART_CACHE, WHY_OTHER_CALLS)));
    near(why_instructions_known(&report), 1 - 0.5 / 5, 1e-9);
}

static const char *drawn(double from, double to)
{
    static char text[128];
    const struct waterfall_axis axis = {0, 10, 10};
    memset(text, 0, sizeof text);
    FILE *stream = fmemopen(text, sizeof text, "w");
    const struct terminal terminal = {.stream = stream, .width = 80};
    waterfall_bar(&axis, &terminal, from, to);
    fclose(stream);
    return text;
}

static void bars(void **state)
{
    assert_string_equal(drawn(0, 3), "###");
    assert_string_equal(drawn(5, 3), "   ##");
    assert_string_equal(drawn(9.4, 10), "         #");
    assert_string_equal(drawn(10, 10), "         |");
    assert_string_equal(drawn(2.01, 2), "  |");
    assert_string_equal(drawn(0, 10), "##########");
    assert_string_equal(drawn(NAN, 1), "");
}

static void words(void **state)
{
    char *text = NULL;
    size_t bytes;
    assert_true(why_summary_fill(&report));
    FILE *stream = open_memstream(&text, &bytes);
    why_print_text(&report, stream);
    fclose(stream);
    assert_non_null(strstr(text, "first needs 10.0"));
    assert_non_null(strstr(text, "application 2.0"));
    assert_non_null(strstr(text, "Against it: cache 1.0"));
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
        if (strcspn(line, "\n") > 80)
            fail_msg("too wide: %.100s", line);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(by_operations, set_up),
        cmocka_unit_test_setup(what_is_missing_is_said, set_up),
        cmocka_unit_test_setup(the_same_is_a_tie, set_up),
        cmocka_unit_test_setup(by_its_own_figure, set_up),
        cmocka_unit_test_setup(without_samples_there_are_no_parts, set_up),
        cmocka_unit_test_setup(a_round_without_samples_is_left_out, set_up),
        cmocka_unit_test_setup(interrupted_at_once, set_up),
        cmocka_unit_test_setup(instructions, set_up),
        cmocka_unit_test(bars),
        cmocka_unit_test_setup(words, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
