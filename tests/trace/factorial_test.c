/* SPDX-License-Identifier: MIT */
/* The designs of ablate, and its effects and intervals, on values whose answer is known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "statistics/factorial.h"
#include "statistics/rounds.h"

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-12;
}

static int sign(unsigned cell, unsigned factors)
{
    return __builtin_popcount(factors & ~cell) % 2 ? -1 : 1;
}

/* Known coefficients: an effect is twice the coefficient of the factors' product of signs. */
static double coefficient(unsigned factors)
{
    int order = __builtin_popcount(factors);
    return order == 1 || order == 2 ? 0.01 * (factors % 7) - 0.02 : 0;
}

static void fill(const struct factorial *factorial, double *values)
{
    for (size_t i = 0; i < factorial->cell_count; i++) {
        values[i] = 3;
        for (unsigned factors = 1; factors < 1u << factorial->factor_count; factors++)
            values[i] += coefficient(factors) * sign(factorial->cells[i], factors);
    }
}

static void recovered(enum factorial_design design, size_t factors, size_t cells)
{
    struct factorial factorial;
    double values[FACTORIAL_CELLS_MAX];
    factorial_make(&factorial, design, factors);
    assert_int_equal(factorial.cell_count, cells);
    assert_int_equal(factorial.term_count, factors + factors * (factors - 1) / 2);
    fill(&factorial, values);
    for (size_t i = 0; i < factorial.term_count; i++) {
        const struct factorial_term *term = &factorial.terms[i];
        assert_int_equal(factorial_is_single(term), i < factors);
        assert_true(
            is_near(factorial_effect(&factorial, term, values), 2 * coefficient(term->factors)));
    }
}

static void effects_and_interactions(void **state)
{
    for (size_t factors = 2; factors <= 6; factors++)
        recovered(FACTORIAL_FULL, factors, (size_t)1 << factors);
    recovered(FACTORIAL_HALF, 5, 16);
    recovered(FACTORIAL_HALF, 6, 32);
}

/* As the header defines them, from four values alone. */
static void definitions(void **state)
{
    struct factorial factorial;
    const double values[] = {1, 4, 2, 11}; /* cells 00, 01, 10, 11: bit 0 is the first factor */
    factorial_make(&factorial, FACTORIAL_FULL, 2);
    assert_true(factorial_effect(&factorial, &factorial.terms[0], values) == 7.5 - 1.5);
    assert_true(factorial_effect(&factorial, &factorial.terms[1], values) == 6.5 - 2.5);
    assert_true(factorial_effect(&factorial, &factorial.terms[2], values) == (9 - 3) / 2.0);
    assert_true(factorial_base(&factorial, &factorial.terms[0], values) == 1.5);
    assert_true(factorial_base(&factorial, &factorial.terms[1], values) == 2.5);
}

/* The columns of signs of all factors and pairs: as many of each, and each two independent. */
static void orthogonal(enum factorial_design design, size_t factors)
{
    struct factorial factorial;
    factorial_make(&factorial, design, factors);
    for (size_t a = 0; a < factorial.term_count; a++) {
        for (size_t b = 0; b <= a; b++) {
            int sum = 0, product = 0;
            for (size_t i = 0; i < factorial.cell_count; i++) {
                int own = sign(factorial.cells[i], factorial.terms[a].factors);
                sum += own;
                product += own * sign(factorial.cells[i], factorial.terms[b].factors);
            }
            assert_int_equal(sum, 0);
            assert_int_equal(product, a == b ? (int)factorial.cell_count : 0);
        }
    }
}

static void orthogonality(void **state)
{
    for (size_t factors = 2; factors <= 6; factors++)
        orthogonal(FACTORIAL_FULL, factors);
    orthogonal(FACTORIAL_HALF, 5);
    orthogonal(FACTORIAL_HALF, 6);
}

/* In the half each product of signs is that of all other factors, and of no third set: of five
 * factors a pair is mixed with a triple, so what a triple does shows in the pair. */
static void aliases(void **state)
{
    struct factorial factorial;
    factorial_make(&factorial, FACTORIAL_HALF, 5);
    for (unsigned a = 1; a < 32; a++) {
        for (unsigned b = 1; b < a; b++) {
            int product = 0;
            for (size_t i = 0; i < 16; i++)
                product += sign(factorial.cells[i], a) * sign(factorial.cells[i], b);
            assert_int_equal(product, (a ^ b) == 31 ? 16 : 0);
        }
    }
    double values[16];
    for (size_t i = 0; i < 16; i++)
        values[i] = 0.25 * sign(factorial.cells[i], 4 | 8 | 16);
    for (size_t i = 0; i < factorial.term_count; i++)
        assert_true(is_near(factorial_effect(&factorial, &factorial.terms[i], values),
                            factorial.terms[i].factors == 3 ? 0.5 : 0));
}

static void one_at_a_time(void **state)
{
    struct factorial factorial;
    double values[FACTORIAL_CELLS_MAX];
    factorial_make(&factorial, FACTORIAL_ONE, 5);
    assert_int_equal(factorial.cell_count, 12);
    assert_int_equal(factorial.term_count, 10);
    /* The first factor costs 1, the second 2, ... and the first two 7 more together. */
    for (size_t i = 0; i < factorial.cell_count; i++) {
        unsigned cell = factorial.cells[i];
        values[i] = (cell & 3) == 3 ? 7 : 0;
        for (int f = 0; f < 5; f++)
            values[i] += cell >> f & 1 ? f + 1 : 0;
    }
    for (size_t i = 0; i < 10; i++) {
        const struct factorial_term *term = &factorial.terms[i];
        bool is_far = term->place == FACTORIAL_FROM_FAR;
        double cost = (double)(i % 5) + 1 + (is_far && i % 5 < 2 ? 7 : 0);
        assert_int_equal(is_far, i >= 5);
        assert_true(factorial_effect(&factorial, term, values) == cost);
        assert_true(factorial_base(&factorial, term, values) == (is_far ? 22 - cost : 0));
    }
    factorial_make(&factorial, FACTORIAL_ONE, 2);
    assert_int_equal(factorial.cell_count, 4); /* moved from one end is moved from the other */
}

/* 2^-9 is below 0.05 / 15, 2^-8 is not. */
static void rounds_needed(void **state)
{
    assert_int_equal(factorial_rounds_needed(factorial_level(1)), 6);
    assert_int_equal(factorial_rounds_needed(factorial_level(15)), 10);
    assert_int_equal(factorial_rounds_needed(factorial_level(21)), 10);
    double figures[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    assert_true(isnan(factorial_interval(figures, 9, factorial_level(15), 1).low));
    struct interval interval = factorial_interval(figures, 10, factorial_level(15), 1);
    assert_true(interval.low == 1 && interval.high == 10);
}

/* Binomial tables: of 20, 5 or fewer come with 2.07 %, 4 or fewer with 0.59 %, 6 with 5.77 %. */
static void counted_intervals(void **state)
{
    double figures[20];
    for (int i = 0; i < 20; i++)
        figures[i] = i + 1;
    assert_true(interval_of_median(figures, 20, 0.95).low == 6);
    assert_true(interval_of_median(figures, 20, 0.95).high == 15);
    assert_true(interval_of_median(figures, 20, 0.98).low == 5);
    assert_true(isnan(interval_of_median(figures, 5, 0.95).low));
    assert_true(interval_of_median(figures, 6, 0.95).low == 1);
    assert_true(isnan(interval_of_median(NULL, 0, 0.95).low));
}

/* About normal: a sum of twelve. */
static double deviate(struct rounds_random *source)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += (double)(rounds_next(source) >> 11) * 0x1p-53;
    return sum;
}

/* Now and then far above: a run that something disturbed. */
static double noise(struct rounds_random *source)
{
    double own = deviate(source);
    return rounds_below(source, 20) ? own : own + 10;
}

/* Of many experiments without any effect, in how many do all intervals of all effects hold it? */
static double coverage(enum factorial_design design, size_t factors, size_t rounds, int experiments)
{
    struct rounds_random source = {rounds};
    struct factorial factorial;
    factorial_make(&factorial, design, factors);
    int held = 0;
    for (int experiment = 0; experiment < experiments; experiment++) {
        double values[32][FACTORIAL_CELLS_MAX], effects[32];
        bool holds = true;
        for (size_t round = 0; round < rounds; round++) {
            for (size_t i = 0; i < factorial.cell_count; i++)
                values[round][i] = noise(&source);
        }
        for (size_t term = 0; term < factorial.term_count && holds; term++) {
            for (size_t round = 0; round < rounds; round++)
                effects[round] =
                    factorial_effect(&factorial, &factorial.terms[term], values[round]);
            struct interval interval = factorial_interval(
                effects, rounds, factorial_level(factorial.term_count), (uint64_t)experiment);
            holds = interval.low <= 0 && interval.high >= 0;
        }
        held += holds;
    }
    return (double)held / experiments;
}

static void intervals_hold_together(void **state)
{
    const double found[] = {coverage(FACTORIAL_FULL, 3, 9, 60), coverage(FACTORIAL_FULL, 5, 10, 40),
                            coverage(FACTORIAL_FULL, 5, 15, 20),
                            coverage(FACTORIAL_ONE, 4, 21, 20)};
    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++) {
        print_message("%.3f of the experiments\n", found[i]);
        assert_true(found[i] >= 0.85); /* 95 % but for chance */
    }
}

/* Cells that differ by nothing but a layout of their own, the same in all rounds, and two copies of
 * other layouts: how many of all effects are beyond the threshold? */
static double beyond(enum factorial_design design, size_t factors, int experiments)
{
    struct rounds_random source = {factors};
    struct factorial factorial;
    struct factorial_term sets[FACTORIAL_ERRORS_MAX];
    factorial_make(&factorial, design, factors);
    size_t count = factorial_errors(&factorial, sets), effects = 0, found = 0;
    for (int experiment = 0; experiment < experiments; experiment++) {
        double values[FACTORIAL_CELLS_MAX], errors[FACTORIAL_ERRORS_MAX + 2];
        for (size_t i = 0; i < factorial.cell_count; i++)
            values[i] = deviate(&source);
        for (size_t i = 0; i < count; i++)
            errors[i] = factorial_effect(&factorial, &sets[i], values);
        for (size_t i = 0; i < 2; i++)
            errors[count + i] = (deviate(&source) - deviate(&source)) * factorial_scale(&factorial);
        double threshold = factorial_threshold(errors, count + 2);
        for (size_t i = 0; i < factorial.term_count; i++, effects++)
            found += fabs(factorial_effect(&factorial, &factorial.terms[i], values)) > threshold;
    }
    return (double)found / (double)effects;
}

static void layout_is_not_taken_for_an_effect(void **state)
{
    const double found[] = {beyond(FACTORIAL_FULL, 2, 2000), beyond(FACTORIAL_FULL, 3, 2000),
                            beyond(FACTORIAL_FULL, 5, 1000), beyond(FACTORIAL_HALF, 6, 1000),
                            beyond(FACTORIAL_ONE, 5, 2000)};
    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++) {
        print_message("%.3f of the effects\n", found[i]);
        assert_true(found[i] > 0.03 && found[i] < 0.07);
    }
}

/* Student's quantiles from tables; 5 factors have 16 sets of three and more, 6 have 42. */
static void thresholds(void **state)
{
    double ones[44];
    struct factorial factorial;
    struct factorial_term sets[FACTORIAL_ERRORS_MAX];
    for (size_t i = 0; i < 44; i++)
        ones[i] = i % 2 ? 1 : -1;
    assert_true(isnan(factorial_threshold(ones, 0)));
    assert_true(fabs(factorial_threshold(ones, 2) - 4.303) < 0.001);
    assert_true(fabs(factorial_threshold(ones, 5) - 2.571) < 0.004);
    assert_true(fabs(factorial_threshold(ones, 18) - 2.101) < 0.001);
    assert_true(fabs(factorial_threshold(ones, 44) - 2.015) < 0.001);
    factorial_make(&factorial, FACTORIAL_FULL, 5);
    assert_int_equal(factorial_errors(&factorial, sets), 16);
    assert_true(factorial_scale(&factorial) == 0.25);
    factorial_make(&factorial, FACTORIAL_FULL, 6);
    assert_int_equal(factorial_errors(&factorial, sets), FACTORIAL_ERRORS_MAX);
    factorial_make(&factorial, FACTORIAL_HALF, 6);
    assert_int_equal(factorial_errors(&factorial, sets), 0);
    factorial_make(&factorial, FACTORIAL_ONE, 5);
    assert_true(factorial_errors(&factorial, sets) == 0 && factorial_scale(&factorial) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(effects_and_interactions),
        cmocka_unit_test(definitions),
        cmocka_unit_test(orthogonality),
        cmocka_unit_test(aliases),
        cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(rounds_needed),
        cmocka_unit_test(counted_intervals),
        cmocka_unit_test(intervals_hold_together),
        cmocka_unit_test(layout_is_not_taken_for_an_effect),
        cmocka_unit_test(thresholds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
