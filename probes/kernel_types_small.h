/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/* The few kernel types that the eBPF programs read, for builds without vmlinux.h. */
#ifndef HAKMEM_KERNEL_TYPES_SMALL_H
#define HAKMEM_KERNEL_TYPES_SMALL_H

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

struct inode {
    unsigned long i_ino;
};

struct file {
    struct inode *f_inode;
};

struct vm_area_struct {
    unsigned long vm_start, vm_end;
    struct file *vm_file;
};

#pragma clang attribute pop

#endif
