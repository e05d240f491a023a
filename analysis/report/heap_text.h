/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_HEAP_TEXT_H
#define ANALYSIS_HEAP_TEXT_H

#include "heap_model.h"
#include "terminal.h"

/* The part of run's report that --heap adds; nothing for NULL. */
void print_heap(const struct heap_report *report, const struct terminal *terminal);

#endif
