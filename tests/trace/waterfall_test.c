/* SPDX-License-Identifier: MIT */
/* A waterfall adds up, finds what was put in, and says how well it is known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "statistics/rounds.h"
#include "statistics/waterfall.h"

enum { ROUNDS = 15, PARTS = 4, UNKNOWN = 2, NONE = PARTS };

static struct waterfall_round rounds[ROUNDS];
static struct waterfall fall;

static void make(size_t count, size_t unknown)
{
    assert_true(waterfall_make(rounds, count, PARTS, unknown, 1, &fall));
}

static void near(double value, double wanted)
{
    assert_true(fabs(value - wanted) < 1e-9);
}

/* A costs 10, of which 6, 2, 1, 1; B costs 7: 5, 1, 0.5, 0.5. */
static int set_up(void **state)
{
    for (size_t i = 0; i < ROUNDS; i++)
        rounds[i] = (struct waterfall_round){
            .measured = {10, 7},
            .watched = {10, 7},
            .shares = {{0.6, 0.2, 0.1, 0.1}, {5 / 7.0, 1 / 7.0, 0.5 / 7, 0.5 / 7}}};
    return 0;
}

static void what_is_put_in_is_found(void **state)
{
    static const double wanted[PARTS] = {-1, -1, -0.5, -0.5};
    make(ROUNDS, UNKNOWN);
    for (size_t part = 0; part < PARTS; part++) {
        near(fall.parts[part].difference, wanted[part]);
        near(fall.parts[part].range.low, wanted[part]);
        near(fall.parts[part].range.high, wanted[part]);
    }
    near(fall.measured.difference, -3);
    near(fall.sum.difference, -3);
    near(fall.known.difference, -2.5);
    near(fall.unexplained.difference, 0);
    near(fall.explained, 2.5 / 3);
    near(fall.explained_range.low, 2.5 / 3);
}

static void disturb(uint64_t seed, double by)
{
    struct rounds_random random = {seed};
    for (size_t i = 0; i < ROUNDS; i++) {
        for (int side = 0; side < WATERFALL_SIDES; side++) {
            double sum = 0;
            rounds[i].measured[side] *= 1 + by * (double)rounds_below(&random, 1000) / 1000;
            rounds[i].watched[side] *= 1 + by * (double)rounds_below(&random, 1000) / 1000;
            for (size_t part = 0; part < PARTS; part++)
                sum += rounds[i].shares[side][part] *=
                    1 + (double)rounds_below(&random, 1000) / 1e3;
            for (size_t part = 0; part < PARTS; part++)
                rounds[i].shares[side][part] /= sum;
        }
    }
}

static void the_sum_comes_out(void **state)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        double sums[3] = {0};
        set_up(state);
        disturb(seed, 0.2);
        make(ROUNDS, UNKNOWN);
        for (size_t part = 0; part < PARTS; part++) {
            sums[0] += fall.parts[part].of[WATERFALL_A];
            sums[1] += fall.parts[part].of[WATERFALL_B];
            sums[2] += fall.parts[part].difference;
        }
        near(sums[0], fall.sum.of[WATERFALL_A]);
        near(sums[1], fall.sum.of[WATERFALL_B]);
        near(sums[2], fall.sum.difference);
        near(fall.sum.of[WATERFALL_B] - fall.sum.of[WATERFALL_A], fall.sum.difference);
        near(fall.known.difference + fall.parts[UNKNOWN].difference, fall.sum.difference);
        near(fall.measured.difference - fall.sum.difference, fall.unexplained.difference);
        near(fall.measured.of[WATERFALL_A] + fall.measured.difference,
             fall.measured.of[WATERFALL_B]);
        assert_true(fall.sum.range.low <= fall.sum.difference &&
                    fall.sum.difference <= fall.sum.range.high);
        assert_true(fall.sum.range.low < fall.sum.range.high);
    }
}

/* The machine becomes twice as slow meanwhile: what both have in common cancels out. */
static void a_drift_cancels_out(void **state)
{
    for (size_t i = 0; i < ROUNDS; i++) {
        for (int side = 0; side < WATERFALL_SIDES; side++) {
            rounds[i].measured[side] += (double)i;
            rounds[i].watched[side] += (double)i;
        }
    }
    make(ROUNDS, NONE);
    near(fall.measured.difference, -3);
    near(fall.measured.range.low, -3);
    near(fall.measured.range.high, -3);
    near(fall.sum.difference, -3);
}

static void a_disturbed_round_moves_no_cost(void **state)
{
    rounds[3].measured[WATERFALL_B] = 1000;
    rounds[5].watched[WATERFALL_A] = 1000;
    make(ROUNDS, NONE);
    near(fall.measured.difference, -3);
    near(fall.sum.difference, -3);
}

/* A part that is in every fifth run alone is not lost, as its median would be. */
static void a_rare_part_counts(void **state)
{
    for (size_t i = 0; i < ROUNDS; i += 5) {
        rounds[i].shares[WATERFALL_A][0] -= 0.1;
        rounds[i].shares[WATERFALL_A][3] += 0.1;
    }
    make(ROUNDS, NONE);
    near(fall.parts[3].of[WATERFALL_A], 1 + 10 * 0.1 / 5);
    near(fall.sum.difference, -3);
    assert_true(fall.parts[3].range.low < fall.parts[3].range.high);
}

static void what_is_missing_is_unexplained(void **state)
{
    for (size_t i = 0; i < ROUNDS; i++)
        rounds[i].watched[WATERFALL_B] = 7.5 + 0.01 * (double)i;
    make(ROUNDS, NONE);
    near(fall.unexplained.difference, -3 - (7.57 - 10));
    assert_true(fall.unexplained.range.high < 0);
    near(fall.explained, 1 - (3 - 2.43) / 3);
}

static void too_much_is_unexplained_too(void **state)
{
    for (size_t i = 0; i < ROUNDS; i++)
        rounds[i].watched[WATERFALL_B] = 6;
    make(ROUNDS, NONE);
    near(fall.unexplained.difference, 1);
    near(fall.explained, 2 / 3.0);
}

static void few_rounds_tell_no_interval(void **state)
{
    make(5, NONE);
    near(fall.measured.difference, -3);
    assert_true(isnan(fall.measured.range.low) && isnan(fall.parts[0].range.high));
    assert_true(isnan(fall.explained_range.low));
    make(6, NONE);
    near(fall.measured.range.high, -3);
    make(0, NONE);
    assert_true(isnan(fall.measured.difference) && isnan(fall.sum.difference));
    assert_int_equal(fall.rounds, 0);
}

static void no_difference_has_nothing_to_explain(void **state)
{
    for (size_t i = 0; i < ROUNDS; i++)
        rounds[i].measured[WATERFALL_B] = i % 2 ? 10.1 : 9.9;
    make(ROUNDS, NONE);
    assert_true(isnan(fall.explained_range.low));
}

/* Of 200 samples how many fall on the first part, which has half of the time. */
static double sampled_half(struct rounds_random *random)
{
    unsigned count = 0;
    for (int i = 0; i < 200; i++)
        count += rounds_below(random, 2) == 0;
    return count / 200.0;
}

/* Of few rounds a plain percentile interval of a mean would hold in 90 of 100. */
static void intervals_hold_as_often_as_they_say(void **state)
{
    enum { EXPERIMENTS = 150, FEW = 6 };
    struct rounds_random random = {7};
    unsigned held = 0;
    for (int n = 0; n < EXPERIMENTS; n++) {
        for (size_t i = 0; i < FEW; i++) {
            double half[] = {sampled_half(&random), sampled_half(&random)};
            rounds[i] = (struct waterfall_round){
                .measured = {10, 10},
                .watched = {10, 10},
                .shares = {{half[0], 1 - half[0]}, {half[1], 1 - half[1]}}};
        }
        make(FEW, NONE);
        held += fall.parts[0].range.low <= 0 && fall.parts[0].range.high >= 0;
    }
    if (held < 0.91 * EXPERIMENTS || held > 0.995 * EXPERIMENTS)
        fail_msg("%u of %d hold", held, EXPERIMENTS);
}

static void a_seed_repeats(void **state)
{
    disturb(3, 0.1);
    make(ROUNDS, UNKNOWN);
    struct waterfall first = fall;
    make(ROUNDS, UNKNOWN);
    near(first.sum.range.low, fall.sum.range.low);
    near(first.parts[1].range.high, fall.parts[1].range.high);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_put_in_is_found, set_up),
        cmocka_unit_test_setup(the_sum_comes_out, set_up),
        cmocka_unit_test_setup(a_drift_cancels_out, set_up),
        cmocka_unit_test_setup(a_disturbed_round_moves_no_cost, set_up),
        cmocka_unit_test_setup(a_rare_part_counts, set_up),
        cmocka_unit_test_setup(what_is_missing_is_unexplained, set_up),
        cmocka_unit_test_setup(too_much_is_unexplained_too, set_up),
        cmocka_unit_test_setup(few_rounds_tell_no_interval, set_up),
        cmocka_unit_test_setup(no_difference_has_nothing_to_explain, set_up),
        cmocka_unit_test(intervals_hold_as_often_as_they_say),
        cmocka_unit_test_setup(a_seed_repeats, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
