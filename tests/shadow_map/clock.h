/* SPDX-License-Identifier: MIT */
/*
 * Time that passes when the test says so. What decays in an allocator does so by a clock, and the
 * vDSO's is the one that every library asks in the end: its code is overwritten, in this process
 * alone, with a jump to a clock of our own. CLOCK_MONOTONIC_COARSE then stands still between calls
 * of clock_pass; the other clocks answer as before.
 */
#ifndef TESTS_CLOCK_H
#define TESTS_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* False: this machine's can't be overwritten, and time passes by itself. */
bool clock_take_over(void);

void clock_pass(uint64_t milliseconds);

#endif
