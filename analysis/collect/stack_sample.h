/* SPDX-License-Identifier: MIT */
/* Samples of the clock that carry the user's registers and a copy of the stack. */
#ifndef ANALYSIS_STACK_SAMPLE_H
#define ANALYSIS_STACK_SAMPLE_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct time_sample;

#if defined(__x86_64__)
enum { STACK_REGISTERS = 17 };
#else
enum { STACK_REGISTERS = 33 };
#endif

struct stack_copy {
    uint64_t registers[STACK_REGISTERS]; /* by DWARF's numbers, as attribute/unwind.h has them */
    const void *bytes;                   /* at the stack pointer and above; in the record */
    size_t byte_count;                   /* 0: none */
};

/* What such samples are asked for with; `bytes` a multiple of 8, below 60000. */
void stack_sample_choose(struct perf_event_attr *attr, unsigned bytes);

/* A record of such an event, as record_time_sample takes others apart. */
bool stack_sample_read(const struct perf_event_header *header, struct time_sample *sample,
                       struct stack_copy *stack);

#endif
