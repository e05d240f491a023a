/* SPDX-License-Identifier: MIT */
/* The parts of the text report that tell of memory. */
#ifndef ANALYSIS_TEXT_MEMORY_H
#define ANALYSIS_TEXT_MEMORY_H

#include "model.h"
#include "terminal.h"

void print_memory_at_end(const struct report *report, const struct terminal *terminal);

/* Nothing where no look at the memory was had. */
void print_resident(const struct report *report, const struct terminal *terminal);

#endif
