/* SPDX-License-Identifier: MIT */
/* What watching costs on this machine: measured on this process before the program starts. */
#ifndef ANALYSIS_SLOW_PATH_COST_H
#define ANALYSIS_SLOW_PATH_COST_H

#include <bpf/libbpf.h>
#include <stdint.h>

/* Nanoseconds of one hit of a probe: the trap and the program, half of a begin and end pair. This
 * process must be among the watched ones. Negative, with errno, where it could not be measured. */
double slow_path_cost_of_hit(const struct bpf_program *begin, const struct bpf_program *end,
                             uint64_t cookie);

/* Nanoseconds that the program adds to one page fault. Negative, with errno, likewise. */
double slow_path_cost_of_fault(const struct bpf_program *fault);

#endif
