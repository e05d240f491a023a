/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/*
 * What eBPF programs know of the kernel, and the helpers they call. Either vmlinux.h, which the
 * build makes of the type information of the kernel it runs on (HAKMEM_VMLINUX), or the headers of
 * Linux and the few fields of kernel_types_small.h. The offsets are filled in at load time from the
 * running kernel's own type information both ways, so one build runs on any kernel that has it.
 */
#ifndef HAKMEM_KERNEL_TYPES_H
#define HAKMEM_KERNEL_TYPES_H

#ifdef HAKMEM_VMLINUX
#    include "vmlinux.h"
#else
#    include <linux/bpf.h>
#    include <linux/ptrace.h>
#    include <linux/types.h>
#    include <stdbool.h>

#    include "kernel_types_small.h"
#endif

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include <bpf/usdt.bpf.h>

/* What a system call got from the program, and where the program was. The headers of Linux name
 * x86's registers as programs see them, so there they can't be looked up by name. */
#ifdef bpf_target_x86
#    define SYSTEM_CALL_FIRST(registers)  PT_REGS_PARM1(registers)
#    define SYSTEM_CALL_SECOND(registers) PT_REGS_PARM2(registers)
#    define SYSTEM_CALL_FROM(registers)   PT_REGS_IP(registers)
#else
#    define SYSTEM_CALL_FIRST(registers)  PT_REGS_PARM1_CORE_SYSCALL(registers)
#    define SYSTEM_CALL_SECOND(registers) PT_REGS_PARM2_CORE_SYSCALL(registers)
#    define SYSTEM_CALL_FROM(registers)   PT_REGS_IP_CORE(registers)
#endif

#endif
