/* SPDX-License-Identifier: MIT */
/* The statistics of compare against answers that were worked out by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "statistics/bootstrap.h"
#include "statistics/rounds.h"

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

/* The first numbers that the paper's generator gives from the seed 1234567. */
static void generator(void **state)
{
    struct rounds_random source = {1234567};
    assert_true(rounds_next(&source) == UINT64_C(6457827717110365317));
    assert_true(rounds_next(&source) == UINT64_C(3203168211198807973));
}

static void below(void **state)
{
    struct rounds_random source = {1};
    int times[6] = {0};
    for (int i = 0; i < 60000; i++)
        times[rounds_below(&source, 6)]++;
    for (int i = 0; i < 6; i++)
        assert_in_range(times[i], 9500, 10500); /* more than five standard deviations */
    assert_int_equal(rounds_below(&source, 1), 0);
}

/* All six orders of three, each about as often. */
static void orders(void **state)
{
    struct rounds_random source = {3};
    int times[27] = {0};
    for (int i = 0; i < 60000; i++) {
        size_t order[] = {0, 1, 2};
        rounds_shuffle(&source, order, 3);
        times[order[0] * 9 + order[1] * 3 + order[2]]++;
    }
    static const int all[] = {5, 7, 11, 15, 19, 21};
    for (int i = 0; i < 6; i++)
        assert_in_range(times[all[i]], 9500, 10500);
}

static void summaries(void **state)
{
    double figures[] = {4, 2, 9, 5, 4, 5, 7, 4};
    struct rounds_summary summary = rounds_summarize(figures, 8);
    assert_true(summary.mean == 5 && summary.median == 4.5);
    assert_true(summary.min == 2 && summary.max == 9);
    assert_true(is_near(summary.stdev, sqrt(32.0 / 7)) && is_near(summary.cv, summary.stdev / 5));
    summary = rounds_summarize(figures, 1);
    assert_true(summary.median == 2 && isnan(summary.stdev));
    assert_true(isnan(rounds_summarize(NULL, 0).median));
}

/*
 * The bootstrap's distribution of an odd number's median is known: of 1 to 11, it is at most k when
 * six of eleven draws are, so with the binomial chance of at least 6 in 11 at k/11: 0.7 % for 2,
 * 5.1 % for 3. The 2.5 % quantile is 3, and 9 on the other side.
 */
static void known_interval(void **state)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        double figures[] = {7, 1, 11, 4, 9, 2, 10, 3, 8, 6, 5};
        struct interval interval = bootstrap_median(figures, 11, seed);
        assert_true(interval.low == 3 && interval.high == 9);
    }
}

static void edges(void **state)
{
    double same[] = {2, 2, 2, 2, 2, 2}, one[] = {3};
    struct interval interval = bootstrap_median(same, 6, 1);
    assert_true(interval.low == 2 && interval.high == 2);
    interval = bootstrap_median(one, 1, 1);
    assert_true(interval.low == 3 && interval.high == 3);
    interval = bootstrap_median(NULL, 0, 1);
    assert_true(isnan(interval.low) && isnan(interval.high));
}

/* Of one set the mean is its median, so the interval is the one known above. */
static void geometric_mean_of_one(void **state)
{
    double figures[] = {7, 1, 11, 4, 9, 2, 10, 3, 8, 6, 5};
    struct bootstrap_set set = {figures, 11};
    struct interval interval = bootstrap_geometric_mean(&set, 1, 1);
    assert_true(is_near(interval.low, 3) && is_near(interval.high, 9));
}

/* Sets without spread, of 1, 2 and 0.5 times: 1, whatever is drawn; two of them: the root of 2. */
static void geometric_mean_of_several(void **state)
{
    double one[] = {1, 1, 1, 1, 1, 1}, two[] = {2, 2, 2, 2, 2, 2, 2};
    double half[] = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5};
    struct bootstrap_set sets[] = {{one, 6}, {two, 7}, {half, 6}};
    struct interval interval = bootstrap_geometric_mean(sets, 3, 1);
    assert_true(is_near(interval.low, 1) && is_near(interval.high, 1));
    interval = bootstrap_geometric_mean(sets, 2, 1);
    assert_true(is_near(interval.low, sqrt(2)) && is_near(interval.high, sqrt(2)));
}

static void geometric_mean_of_too_few(void **state)
{
    double five[] = {1, 1, 1, 1, 1};
    struct bootstrap_set sets[] = {{five, 5}};
    assert_true(isnan(bootstrap_geometric_mean(sets, 1, 1).low));
    assert_true(isnan(bootstrap_geometric_mean(NULL, 0, 1).high));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generator),
        cmocka_unit_test(below),
        cmocka_unit_test(orders),
        cmocka_unit_test(summaries),
        cmocka_unit_test(known_interval),
        cmocka_unit_test(edges),
        cmocka_unit_test(geometric_mean_of_one),
        cmocka_unit_test(geometric_mean_of_several),
        cmocka_unit_test(geometric_mean_of_too_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
