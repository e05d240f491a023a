/* SPDX-License-Identifier: MIT */
/* The records of a perf ring buffer, taken apart. The layouts are those of perf_event_open(2). */
#ifndef ANALYSIS_RECORD_H
#define ANALYSIS_RECORD_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "user_registers.h"

/* What is known of the page fault that a sample in the kernel belongs to. */
enum sampled_fault { FAULT_UNKNOWN, FAULT_NONE, FAULT_KNOWN };

/* A moment of a thread's processor time, or several of a process that agree in all but time, thread
 * and weight. */
struct time_sample {
    uint64_t time;   /* ns; 0: not known, nor is the thread */
    pid_t pid, tid;  /* tid 0: not known */
    uint64_t count;  /* samples that it is the sum of */
    uint64_t weight; /* ns or cycles they stand for */
    double squares;  /* the sum of the squares of each one's weight */
    bool in_kernel;
    uint64_t address;        /* where the thread was, in the program */
    enum kernel_entry entry; /* in_kernel: how it came there */
    enum sampled_fault fault;
    uint64_t fault_address;         /* FAULT_KNOWN: of the memory, rounded down to 64 KiB */
    const struct stack_copy *stack; /* NULL: not asked for, or the kernel gave none */
};

struct fault_sample {
    uint64_t time;
    pid_t pid, tid;
    uint64_t weight;      /* faults it stands for */
    uint64_t instruction; /* that touched the memory */
    uint64_t address;     /* of the memory */
};

/* When the record was written; 0 where that can't be told. */
uint64_t record_time(const struct perf_event_header *header);

/* Of a sample: which event it comes from. */
uint64_t record_identifier(const struct perf_event_header *header);

bool record_time_sample(const struct perf_event_header *header, bool with_registers,
                        struct time_sample *sample);

/* Bytes of a sample of the clock before what only some of them carry. */
extern const size_t record_clock_bytes;

bool record_fault_sample(const struct perf_event_header *header, struct fault_sample *sample);

struct mapping_record {
    pid_t pid;
    uint64_t start, length, offset;
    const char *path; /* in the record */
};
bool record_mapping(const struct perf_event_header *header, struct mapping_record *mapping);

/* A thread began or ended; `parent` is `pid` itself where a process has one thread more or less. */
struct task_record {
    pid_t pid, parent;
};
bool record_task(const struct perf_event_header *header, struct task_record *task);
bool record_exec(const struct perf_event_header *header, pid_t *pid);
uint64_t record_lost(const struct perf_event_header *header);

#endif
