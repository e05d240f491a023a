/* SPDX-License-Identifier: MIT */
/* The file that the instructions go to; all of it belongs to the thread that is stepped. */
#ifndef ANALYSIS_STEPPER_STEPS_H
#define ANALYSIS_STEPPER_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "step_layout.h"

/* Makes it in the folder. False: another process has done so, or there is no room. */
bool steps_start(const char *folder);

/* A call begins; of one that an exception left, nothing remains. False: no more is taken. */
bool steps_begin(enum step_kind kind, size_t bytes);

/* One more instruction of it, also from a signal handler. False: no more is taken. */
bool steps_add(uint64_t address);

/* The call has returned: it counts, unless something stopped it. */
void steps_end(void);

void steps_stop(int why);
bool steps_have_stopped(void);
uint64_t steps_calls(void);

#endif
