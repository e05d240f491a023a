/* SPDX-License-Identifier: MIT */
/* A probe on an instruction of this program's own file, by perf_event_open alone: no eBPF. */
#ifndef ANALYSIS_UPROBE_H
#define ANALYSIS_UPROBE_H

#include <sys/types.h>

/* Watches `place`, an address of this program's code, in process `pid`. A descriptor that reads as
 * the number of hits, 64 bits; -1 with errno: ENODEV where the kernel has no uprobes. */
int uprobe_open(const void *place, pid_t pid);

/* Takes it away, without waiting for the kernel to be done with it. -1 is no descriptor. */
void uprobe_close(int event);

#endif
