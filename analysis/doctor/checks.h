/* SPDX-License-Identifier: MIT */
/*
 * The checks, by subject. Each adds its lines to the report: a state, the fact, and for every state
 * but ok what would change it. Whatever can be tried is tried; configurations are read only where
 * nothing can be tried.
 */
#ifndef ANALYSIS_CHECKS_H
#define ANALYSIS_CHECKS_H

#include "report/doctor_model.h"

typedef void doctor_check(struct doctor_report *report);

doctor_check check_counters;    /* the PMU, precise events, IBS or PEBS, rdpmc */
doctor_check check_sampling;    /* perf_event_open and the bounds on it */
doctor_check check_programs;    /* eBPF, BTF, tracepoints, fentry, kprobes, uprobes */
doctor_check check_usdt;        /* the two kinds of USDT sites, and the red zone */
doctor_check check_permissions; /* capabilities, lockdown, ptrace, seccomp */
doctor_check check_symbols;     /* debug information of the allocators */
doctor_check check_memory;      /* huge pages, overcommit, mappings */
doctor_check check_machine;     /* kernel, processors, clock, frequency */
doctor_check check_container;   /* limits, container, virtual machine */
doctor_check check_tools;       /* programs, libraries, what was built in */
doctor_check check_timing;      /* clocks and samples, timed: about a second */
doctor_check check_skid;        /* timed likewise */

#endif
