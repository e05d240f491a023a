/* SPDX-License-Identifier: MIT */
#include "factorial.h"

#include <math.h>

#include "bootstrap.h"
#include "rounds.h"

static unsigned all_factors(const struct factorial *factorial)
{
    return (1u << factorial->factor_count) - 1;
}

/* The product of the factors' signs. */
static int sign(unsigned cell, unsigned factors)
{
    return __builtin_parity(~cell & factors) ? -1 : 1;
}

static size_t find_cell(const struct factorial *factorial, unsigned cell)
{
    size_t i = 0;
    while (i < factorial->cell_count && factorial->cells[i] != cell)
        i++;
    return i;
}

/* Of two factors, one moved from one end is the other moved from the other end. */
static void add_cell(struct factorial *factorial, unsigned cell)
{
    if (find_cell(factorial, cell) == factorial->cell_count)
        factorial->cells[factorial->cell_count++] = cell;
}

static void add_cells(struct factorial *factorial)
{
    size_t last = factorial->factor_count - 1;
    unsigned all = all_factors(factorial), others = all & ~(1u << last);
    if (factorial->design == FACTORIAL_ONE) {
        add_cell(factorial, 0);
        for (size_t f = 0; f <= last; f++)
            add_cell(factorial, 1u << f);
        for (size_t f = 0; f <= last; f++)
            add_cell(factorial, all & ~(1u << f));
        add_cell(factorial, all);
        return;
    }
    for (unsigned cell = 0; cell <= all; cell++) {
        if (factorial->design == FACTORIAL_FULL || sign(cell, 1u << last) == sign(cell, others))
            add_cell(factorial, cell);
    }
}

static void add_term(struct factorial *factorial, unsigned factors, enum factorial_place place)
{
    factorial->terms[factorial->term_count++] = (struct factorial_term){factors, place};
}

static void add_terms(struct factorial *factorial)
{
    bool is_one = factorial->design == FACTORIAL_ONE;
    for (size_t f = 0; f < factorial->factor_count; f++)
        add_term(factorial, 1u << f, is_one ? FACTORIAL_FROM_MODERN : FACTORIAL_AVERAGE);
    for (size_t f = 0; f < factorial->factor_count; f++) {
        if (is_one)
            add_term(factorial, 1u << f, FACTORIAL_FROM_FAR);
        for (size_t g = f + 1; g < factorial->factor_count && !is_one; g++)
            add_term(factorial, 1u << f | 1u << g, FACTORIAL_AVERAGE);
    }
}

void factorial_make(struct factorial *factorial, enum factorial_design design, size_t factors)
{
    *factorial = (struct factorial){.design = design, .factor_count = factors};
    add_cells(factorial);
    add_terms(factorial);
}

bool factorial_is_single(const struct factorial_term *term)
{
    return __builtin_popcount(term->factors) == 1;
}

/* Of the design `one`: the cell before the factor moves. */
static unsigned start_of(const struct factorial *factorial, const struct factorial_term *term)
{
    return term->place == FACTORIAL_FROM_FAR ? all_factors(factorial) & ~term->factors : 0;
}

double factorial_effect(const struct factorial *factorial, const struct factorial_term *term,
                        const double *values)
{
    double sum = 0;
    if (term->place != FACTORIAL_AVERAGE) {
        unsigned start = start_of(factorial, term);
        return values[find_cell(factorial, start | term->factors)] -
               values[find_cell(factorial, start)];
    }
    for (size_t i = 0; i < factorial->cell_count; i++)
        sum += sign(factorial->cells[i], term->factors) * values[i];
    return sum / ((double)factorial->cell_count / 2);
}

double factorial_base(const struct factorial *factorial, const struct factorial_term *term,
                      const double *values)
{
    double sum = 0;
    if (term->place != FACTORIAL_AVERAGE)
        return values[find_cell(factorial, start_of(factorial, term))];
    for (size_t i = 0; i < factorial->cell_count; i++)
        sum += factorial->cells[i] & term->factors ? 0 : values[i];
    return sum / ((double)factorial->cell_count / 2);
}

size_t factorial_errors(const struct factorial *factorial,
                        struct factorial_term terms[FACTORIAL_ERRORS_MAX])
{
    size_t count = 0;
    for (unsigned set = 0; set <= all_factors(factorial); set++) {
        if (factorial->design == FACTORIAL_FULL && __builtin_popcount(set) > 2)
            terms[count++] = (struct factorial_term){set, FACTORIAL_AVERAGE};
    }
    return count;
}

double factorial_scale(const struct factorial *factorial)
{
    return factorial->design == FACTORIAL_ONE ? 1 : sqrt(2 / (double)factorial->cell_count);
}

double factorial_threshold(const double *errors, size_t count)
{
    double squares = 0;
    for (size_t i = 0; i < count; i++)
        squares += errors[i] * errors[i];
    return interval_student(count) * sqrt(squares / (double)count);
}

double factorial_level(size_t intervals)
{
    return 1 - 0.05 / (double)intervals;
}

unsigned factorial_rounds_needed(double level)
{
    unsigned rounds = 1;
    while (exp2(1 - (double)rounds) > 1 - level)
        rounds++;
    return rounds;
}

struct interval factorial_interval(double *effects, size_t rounds, double level, uint64_t seed)
{
    if (rounds < factorial_rounds_needed(level))
        return (struct interval){NAN, NAN};
    struct interval drawn = bootstrap_median_at(effects, rounds, level, seed);
    struct interval counted = interval_of_median(effects, rounds, level);
    if (isnan(drawn.low))
        return drawn;
    return (struct interval){fmin(drawn.low, counted.low), fmax(drawn.high, counted.high)};
}
