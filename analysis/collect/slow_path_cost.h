/* SPDX-License-Identifier: MIT */
/* What watching costs on this machine: measured on this process before the program starts. */
#ifndef ANALYSIS_SLOW_PATH_COST_H
#define ANALYSIS_SLOW_PATH_COST_H

#include <bpf/libbpf.h>
#include <stdint.h>

enum { CALIBRATION_BYTES = 12345 }; /* the second argument of a calibrating probe, like a size */

/* Nanoseconds of one hit of a probe: the trap and the program, half of a begin and end pair. This
 * process must be among the watched ones. Negative, with errno, where it could not be measured. */
double slow_path_cost_of_hit(const struct bpf_program *begin, const struct bpf_program *end,
                             uint64_t cookie);

/* The same of the programs on every call; blocks of CALIBRATION_BYTES seem to be handed out. */
double slow_path_cost_of_every_call(const struct bpf_program *malloc_program,
                                    const struct bpf_program *free_program);

/* Nanoseconds of one page fault of anonymous memory, and of one madvise, as things stand: before
 * programs are attached to them, and with these. */
double slow_path_ns_of_fault(void);
double slow_path_ns_of_call(void);

/* What they add; never nothing, which would be watched without bound. */
double slow_path_added_ns(double before, double with);

#endif
