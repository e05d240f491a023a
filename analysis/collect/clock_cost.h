/* SPDX-License-Identifier: MIT */
/* What the clocks cost and how fine they are, and how many samples a second the kernel delivers. */
#ifndef ANALYSIS_CLOCK_COST_H
#define ANALYSIS_CLOCK_COST_H

struct clock_cost {
    double call_ns;       /* of clock_gettime(CLOCK_MONOTONIC) */
    double step_ns;       /* the least difference above zero that it told */
    double cycles_ns;     /* of reading the processor's own clock; NAN: it has none that is known */
    double cycles_per_ns; /* that clock's rate; NAN likewise */
};

/* Takes some 20 ms. */
void clock_cost_measure(struct clock_cost *cost);

/* Samples of cpu-clock of the user's part in a second of this thread's processor time, where `hz`
 * are asked for. Negative with errno where the kernel refuses. Takes 0.2 s of processor time. */
double clock_samples_a_second(unsigned hz);

#endif
