/* SPDX-License-Identifier: MIT */
/* Which calls of the program are stepped. */
#ifndef ANALYSIS_STEPPER_STEPPING_H
#define ANALYSIS_STEPPER_STEPPING_H

#include <stddef.h>
#include <stdint.h>

#include "step_layout.h"

/* Whatever function it is: arguments and results of the allocator's are whole registers. */
typedef void step_function(void);

/* Calls the allocator's function for the program, stepped if its turn has come. A call inside of
 * another one belongs to that one. */
uintptr_t stepping_call(enum step_kind kind, size_t bytes, step_function *function, uintptr_t first,
                        uintptr_t second, uintptr_t third);

#endif
