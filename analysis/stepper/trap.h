/* SPDX-License-Identifier: MIT */
/*
 * The processor stops after every instruction while the trap flag is set, and the kernel sends
 * SIGTRAP. The flag is set by the instruction before the call and cleared by the signal handler
 * when the call has returned, so no instruction of ours is among those that are counted.
 */
#ifndef ANALYSIS_STEPPER_TRAP_H
#define ANALYSIS_STEPPER_TRAP_H

#include <stdbool.h>

#include "stepping.h"

/* Takes SIGTRAP. False: the program has a handler of its own. */
bool trap_install(void);

/* Gives it back as it was, if it is still ours. */
void trap_remove(void);

/* 0: this thread can be stepped now; else why not (enum step_stopped). */
int trap_is_hindered(void);

/* Each instruction of the function goes to steps_add. */
uintptr_t trap_call(step_function *function, uintptr_t first, uintptr_t second, uintptr_t third);

/* A call that is left by an exception does not come back to us: no more steps in this thread. */
void trap_forget(void);

#endif
