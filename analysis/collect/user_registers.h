/* SPDX-License-Identifier: MIT */
/*
 * The user's registers as a sample taken inside the kernel carries them: the address that entered
 * the kernel and, where the processor leaves a trace of it, whether that was a system call.
 */
#ifndef ANALYSIS_USER_REGISTERS_H
#define ANALYSIS_USER_REGISTERS_H

#include <asm/perf_regs.h>
#include <stdint.h>

enum kernel_entry { ENTRY_UNKNOWN, ENTRY_SYSTEM_CALL, ENTRY_EXCEPTION };

#if defined(__x86_64__)

#    define USER_REGISTERS                                                                         \
        (1ull << PERF_REG_X86_CX | 1ull << PERF_REG_X86_IP | 1ull << PERF_REG_X86_FLAGS |          \
         1ull << PERF_REG_X86_R11)
#    define USER_REGISTER_COUNT 4

static inline uint64_t user_registers_address(const uint64_t *registers)
{
    return registers[1];
}

/* The instruction `syscall` leaves its return address in rcx and the flags in r11. */
static inline enum kernel_entry user_registers_entry(const uint64_t *registers)
{
    return registers[0] == registers[1] && registers[3] == registers[2] ? ENTRY_SYSTEM_CALL
                                                                        : ENTRY_EXCEPTION;
}

#elif defined(__aarch64__)

#    define USER_REGISTERS      (1ull << PERF_REG_ARM64_PC)
#    define USER_REGISTER_COUNT 1

static inline uint64_t user_registers_address(const uint64_t *registers)
{
    return registers[0];
}

static inline enum kernel_entry user_registers_entry(const uint64_t *registers)
{
    return ENTRY_UNKNOWN;
}

#else
#    error "hakmem-trace supports x86-64 and aarch64"
#endif

#endif
