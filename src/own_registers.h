/* SPDX-License-Identifier: MIT */
/* The registers that a called function preserves, as they stand, with the stack pointer and where
 * the code is: what the frames of this thread can be found from, outside and later. */
#ifndef HAK_OWN_REGISTERS_H
#define HAK_OWN_REGISTERS_H

/* `registers` is a uint64_t array by DWARF's numbers, FOLLOW_REGISTERS of follow_layout.h; others
 * are left as they are. A macro: the registers are those of a frame that must be there when the
 * stack is copied. */
#if defined(__x86_64__)
#    define HAK_STORE_REGISTERS(registers)                                                         \
        __asm__ volatile("movq %%rbx, 3*8(%0)\n"                                                   \
                         "movq %%rbp, 6*8(%0)\n"                                                   \
                         "movq %%rsp, 7*8(%0)\n"                                                   \
                         "movq %%r12, 12*8(%0)\n"                                                  \
                         "movq %%r13, 13*8(%0)\n"                                                  \
                         "movq %%r14, 14*8(%0)\n"                                                  \
                         "movq %%r15, 15*8(%0)\n"                                                  \
                         "leaq 0(%%rip), %%rcx\n"                                                  \
                         "movq %%rcx, 16*8(%0)\n"                                                  \
                         :                                                                         \
                         : "a"(registers)                                                          \
                         : "rcx", "memory")
#else
#    define HAK_STORE_REGISTERS(registers)                                                         \
        __asm__ volatile("stp x19, x20, [%0, #19*8]\n"                                             \
                         "stp x21, x22, [%0, #21*8]\n"                                             \
                         "stp x23, x24, [%0, #23*8]\n"                                             \
                         "stp x25, x26, [%0, #25*8]\n"                                             \
                         "stp x27, x28, [%0, #27*8]\n"                                             \
                         "stp x29, x30, [%0, #29*8]\n"                                             \
                         "mov x9, sp\n"                                                            \
                         "str x9, [%0, #31*8]\n"                                                   \
                         "adr x9, .\n"                                                             \
                         "str x9, [%0, #32*8]\n"                                                   \
                         :                                                                         \
                         : "r"(registers)                                                          \
                         : "x9", "memory")
#endif

#endif
