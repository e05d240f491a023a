/* SPDX-License-Identifier: MIT */
/* The ledger's verdicts follow from its estimates, and its gates and words from the verdicts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "commands/ledger_judge.h"
#include "statistics/interval.h"

enum { HEADER, CACHE, METADATA, FACTORS };

static struct ablate_report report;
static struct ledger_evidence ends[2];

/* Three factors; 10 ns an operation, half of it malloc's, 10 % each factor's at the modern end. */
static int set_up(void **state)
{
    static const struct ablate_factor factors[] = {{"header", "none", "inline"},
                                                   {"cache", "magazine", "unified"},
                                                   {"metadata", "flat", "indirect"}};
    memset(&report, 0, sizeof report);
    factorial_make(&report.factorial, FACTORIAL_FULL, FACTORS);
    memcpy(report.factors, factors, sizeof factors);
    report.level = 0.99;
    report.gap = (struct ablate_estimate){1.30, {1.28, 1.32}};
    report.far_by_reference = (struct ablate_estimate){1.1, {1.05, 1.15}};
    report.explained = 1;
    for (size_t i = 0; i < report.factorial.term_count; i++)
        report.effects[i] = (struct ablate_effect){{1, {0.99, 1.01}}, 0, 10, ABLATE_TOO_SMALL};
    for (int end = 0; end < 2; end++) {
        ends[end] = (struct ledger_evidence){.cpu_s = 10,
                                             .operations = 1e9,
                                             .samples = 100000,
                                             .malloc_samples = 50000,
                                             .calls = 1000,
                                             .disassembled = true,
                                             .all = {50000, 10000, 5000, 4000}};
        for (size_t f = 0; f < HAK_FACTOR_END; f++) {
            ends[end].factor_samples[f] = 10000;
            ends[end].factors[f] = (struct ledger_counts){8000, 2000, 1000, 500};
        }
    }
    return 0;
}

static void effect(size_t factor, double ratio, enum ablate_verdict verdict)
{
    report.effects[factor].of = (struct ablate_estimate){ratio, {ratio - 0.01, ratio + 0.01}};
    report.effects[factor].verdict = verdict;
}

/* The far end's time in the factor, in percent of the modern end's 10 ns. */
static void spends(size_t factor, double percent)
{
    ends[1].factor_samples[factor] = (uint64_t)(10000 + 1000 * percent);
    ends[1].samples += (uint64_t)(1000 * percent);
    ends[1].malloc_samples += (uint64_t)(1000 * percent);
    ends[1].cpu_s += percent / 10;
    ends[1].factors[factor].instructions += 3000;
}

static void judge(void)
{
    ledger_judge(&report, &ends[0], &ends[1]);
}

static void as_hoped_is_confirmed(void **state)
{
    effect(HEADER, 1.15, ABLATE_COSTS);
    spends(HEADER, 15);
    judge();
    const struct ledger_row *row = &report.ledger.rows[HEADER];
    assert_int_equal(row->verdict, LEDGER_CONFIRMED);
    assert_true(fabs(row->sampled.value - 15) < 0.2);
    assert_true(row->sampled.range.low < 15 && row->sampled.range.high > 15);
    assert_true(fabs(row->counted.instructions - 3) < 1e-9);
    assert_true(fabs(row->ablated.value - 15) < 1e-9);
    assert_true(fabs(row->ablated_ns.value - 1.5) < 1e-9);
    assert_int_equal(report.ledger.rows[METADATA].verdict, LEDGER_TOO_SMALL);
}

static void less_than_hoped_is_refuted(void **state)
{
    effect(HEADER, 1.04, ABLATE_COSTS);
    effect(CACHE, 0.95, ABLATE_SAVES);
    spends(HEADER, 4);
    spends(CACHE, -5);
    judge();
    assert_int_equal(report.ledger.rows[HEADER].verdict, LEDGER_REFUTED);
    assert_non_null(strstr(report.ledger.rows[HEADER].reason, "less"));
    assert_int_equal(report.ledger.rows[CACHE].verdict, LEDGER_REFUTED);
    assert_non_null(strstr(report.ledger.rows[CACHE].reason, "saves"));
}

static void estimates_that_disagree_are_named(void **state)
{
    effect(HEADER, 1.02, ABLATE_COSTS);
    spends(HEADER, 12);                /* more than moving it costs */
    effect(CACHE, 1.20, ABLATE_COSTS); /* costs, and its own code is the same */
    judge();
    assert_int_equal(report.ledger.rows[HEADER].verdict, LEDGER_DISAGREE);
    assert_non_null(strstr(report.ledger.rows[HEADER].reason, "overlap"));
    assert_int_equal(report.ledger.rows[CACHE].verdict, LEDGER_DISAGREE);
    assert_non_null(strstr(report.ledger.rows[CACHE].reason, "memory"));
}

static void what_hardly_uses_malloc_says_so(void **state)
{
    for (int end = 0; end < 2; end++) {
        ends[end].malloc_samples = 500;
        memset(ends[end].factor_samples, 0, sizeof ends[end].factor_samples);
    }
    judge();
    assert_int_equal(report.ledger.rows[HEADER].verdict, LEDGER_TOO_SMALL);
    assert_non_null(strstr(report.ledger.rows[HEADER].reason, "malloc has less than"));
}

static void without_rounds_nothing_is_known(void **state)
{
    report.gap.range = (struct interval){NAN, NAN};
    for (size_t i = 0; i < report.factorial.term_count; i++)
        report.effects[i].verdict = ABLATE_UNKNOWN;
    judge();
    assert_int_equal(report.ledger.rows[HEADER].verdict, LEDGER_UNKNOWN);
    assert_false(report.ledger.gates[0].known);
    assert_non_null(strstr(report.ledger.verdict, "too few rounds"));
}

static void without_samples_or_counts_the_effect_remains(void **state)
{
    memset(ends, 0, sizeof ends);
    effect(HEADER, 1.15, ABLATE_COSTS);
    judge();
    assert_int_equal(report.ledger.rows[HEADER].verdict, LEDGER_CONFIRMED);
    assert_true(isnan(report.ledger.rows[HEADER].sampled.value));
    assert_true(isnan(report.ledger.rows[HEADER].counted.instructions));
}

static void gates_open_with_evidence(void **state)
{
    effect(CACHE, 1.25, ABLATE_COSTS);
    spends(CACHE, 25);
    judge();
    const struct ledger_gate *gates = report.ledger.gates;
    assert_true(gates[0].open && gates[1].open && gates[2].open);
    assert_non_null(strstr(gates[0].evidence, "cache=unified costs 25.0 %"));
    assert_non_null(strstr(gates[1].evidence, "cache, the greatest, is 85 %"));
    assert_non_null(strstr(report.ledger.verdict, "cache 25.0 %"));
    assert_non_null(strstr(report.ledger.verdict, "times glibc's time"));
    effect(HEADER, 1.15, ABLATE_COSTS);
    report.gap = (struct ablate_estimate){1.8, {1.7, 1.9}};
    report.far_by_reference = (struct ablate_estimate){0.8, {0.78, 0.82}};
    judge();
    assert_true(gates[0].open);
    assert_false(gates[1].open || gates[2].open);
    assert_non_null(strstr(report.ledger.verdict, "not slower than glibc"));
}

static void quantiles(void **state)
{
    assert_true(fabs(interval_quantile(0.95) - INTERVAL_95) < 1e-9);
    assert_true(fabs(interval_quantile(0.999) - INTERVAL_999) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(as_hoped_is_confirmed, set_up),
        cmocka_unit_test_setup(less_than_hoped_is_refuted, set_up),
        cmocka_unit_test_setup(estimates_that_disagree_are_named, set_up),
        cmocka_unit_test_setup(what_hardly_uses_malloc_says_so, set_up),
        cmocka_unit_test_setup(without_rounds_nothing_is_known, set_up),
        cmocka_unit_test_setup(without_samples_or_counts_the_effect_remains, set_up),
        cmocka_unit_test_setup(gates_open_with_evidence, set_up),
        cmocka_unit_test(quantiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
