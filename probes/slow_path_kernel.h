/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/*
 * The few kernel fields that slow_path.bpf.c reads. Their offsets are filled in at load time from
 * the running kernel's own type information, so one build runs on any kernel that has it.
 */
#ifndef HAKMEM_SLOW_PATH_KERNEL_H
#define HAKMEM_SLOW_PATH_KERNEL_H

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
    int counter;
} atomic_t;

struct sched_entity {
    __u64 sum_exec_runtime;
};

struct signal_struct {
    atomic_t live; /* threads that have not begun to exit */
};

struct task_struct {
    int pid;
    int tgid;
    struct sched_entity se;
    struct signal_struct *signal;
};

#pragma clang attribute pop

#endif
