/* SPDX-License-Identifier: MIT */
/* A program sampled with its samples added up in the kernel, as hakmem-trace does. */
#ifndef TESTS_BPF_SAMPLED_RUN_H
#define TESTS_BPF_SAMPLED_RUN_H

#include <stdbool.h>

#include "collect/sampler.h"

/* Runs the program, its sums read every 20 ms. `taken`: how many samples the kernel took. False
 * where it could not be sampled so: `why` says the reason. */
bool sampled_run(const struct sampler_sink *sink, char *const *arguments,
                 struct sampler_totals *totals, uint64_t *taken, char why[256]);

#endif
