/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/*
 * Where a sampled thread was in its program, and how it came into the kernel, by the registers:
 * what analysis/collect/user_registers.h reads in a record of a ring.
 */
#ifndef HAKMEM_SAMPLES_REGISTERS_BPF_H
#define HAKMEM_SAMPLES_REGISTERS_BPF_H

#if defined(__TARGET_ARCH_x86)

/* The kernel's own name of these fields; <linux/ptrace.h> has others for them. */
struct pt_regs___kernel {
    unsigned long ip, cx, r11, flags;
} __attribute__((preserve_access_index));

static __always_inline bool is_in_program(const bpf_user_pt_regs_t *registers)
{
    return registers->cs & 3; /* the ring of privilege */
}

/* The instruction `syscall` leaves its return address in rcx and the flags in r11. */
static __always_inline enum sample_mode kernel_mode(const struct pt_regs___kernel *user)
{
    return user->cx == user->ip && user->r11 == user->flags ? SAMPLE_SYSTEM_CALL : SAMPLE_EXCEPTION;
}

#    define REGISTERS_INSTRUCTION(registers) ((registers)->rip)
#    define USER_INSTRUCTION(user)           ((user)->ip)

#elif defined(__TARGET_ARCH_arm64)

struct pt_regs___kernel {
    unsigned long pc;
} __attribute__((preserve_access_index));

static __always_inline bool is_in_program(const bpf_user_pt_regs_t *registers)
{
    return (registers->pstate & 15) == 0; /* exception level 0 */
}

static __always_inline enum sample_mode kernel_mode(const struct pt_regs___kernel *user)
{
    return SAMPLE_KERNEL;
}

#    define REGISTERS_INSTRUCTION(registers) ((registers)->pc)
#    define USER_INSTRUCTION(user)           ((user)->pc)

#else
#    error "hakmem-trace supports x86-64 and aarch64"
#endif

#endif
