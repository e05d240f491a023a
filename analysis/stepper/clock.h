/* SPDX-License-Identifier: MIT */
/*
 * The clock as stepped code sees it: it stands still. A call takes ten thousand times as long as it
 * would, so whatever an allocator does after some time would become due in almost every call; and
 * the kernel's function in the vDSO takes a different number of instructions each time.
 */
#ifndef ANALYSIS_STEPPER_CLOCK_H
#define ANALYSIS_STEPPER_CLOCK_H

#include <stdbool.h>
#include <ucontext.h>

/* The clocks stop now. */
void clock_stop(void);

/* Where the thread stands before a call of the clock, by the vDSO or as a system call, answers it
 * and moves the thread behind the call. */
bool clock_answer(greg_t *registers);

#endif
