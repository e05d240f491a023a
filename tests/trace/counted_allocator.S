/* SPDX-License-Identifier: MIT */
/*
 * An allocator whose every instruction is known: it hands out what comes next and takes nothing
 * back. tests/trace/count.py has the same numbers.
 */
    .text

    .macro function name
    .globl \name
    inner \name
    .endm
    .macro inner name
    .type \name, @function
\name:
    .endm
    .macro finish name
    .size \name, . - \name
    .endm

    /* %rax: a block of %rdi bytes. 4 instructions, 2 loads, 1 store. */
    .macro take
    movq next(%rip), %rax
    addq $15, %rdi
    andq $-16, %rdi
    addq %rdi, next(%rip)
    .endm

    /* 7 instructions, 2 loads, 1 store, 1 branch */
    function malloc
    cmpq $4096, %rdi
    ja big_malloc
    take
    ret
    finish malloc

    /* With malloc's 2: 14 instructions, 3 loads, 2 stores, 1 branch. After a system call the kernel
     * tells of the nop too late. */
    inner big_malloc
    pushq %rbx
    movq %rdi, %rbx
    movl $39, %eax
    syscall
    nop
    movq %rbx, %rdi
    popq %rbx
    take
    ret
    finish big_malloc

    /* 12 instructions, 2 loads, 2 stores: however many bytes there are. */
    function calloc
    imulq %rsi, %rdi
    movq %rdi, %rcx
    take
    movq %rax, %r8
    movq %rax, %rdi
    xorl %eax, %eax
    rep stosb
    movq %r8, %rax
    ret
    finish calloc

    /* 14 instructions, 3 loads, 2 stores, 1 branch */
    function realloc
    testq %rdi, %rdi
    jz of_null
    movq %rdi, %r9
    movq %rsi, %rdi
    movq %rsi, %rcx
    take
    movq %r9, %rsi
    movq %rax, %rdi
    rep movsb
    subq %rcx, %rax /* 0 */
    ret
of_null:
    movq %rsi, %rdi
    take
    ret
    finish realloc

    /* 9 instructions, 3 loads, 2 stores, 2 branches */
    function free
    testq %rdi, %rdi
    jz nothing
    lock incq frees(%rip)
    call note
nothing:
    ret
    finish free

    inner note
    movups (%rdi), %xmm0
    movups %xmm0, last(%rip)
    jmp *end_of_note(%rip)
after:
    ret
    finish note

    /* Reads the clock into counted_clock, by the vDSO where there is one. */
    function memalign
    pushq %rdi
    pushq %rsi
    subq $8, %rsp
    movl $1, %edi
    movq counted_clock@GOTPCREL(%rip), %rsi
    call clock_gettime@PLT
    addq $8, %rsp
    popq %rdi
    popq %rsi
    negq %rsi
    movq next(%rip), %rax
    subq %rsi, %rax
    subq $1, %rax
    andq %rsi, %rax
    addq %rax, %rdi
    movq %rdi, next(%rip)
    ret
    finish memalign

    function aligned_alloc
    jmp memalign
    finish aligned_alloc

    /* By the malloc that the program sees: with its 7, 21 instructions, 5 loads, 4 stores, 1 branch. */
    function posix_memalign
    pushq %rdi
    leaq (%rsi, %rdx), %rdi
    pushq %rsi
    subq $8, %rsp
    call *malloc@GOTPCREL(%rip)
    addq $8, %rsp
    popq %rsi
    popq %rdi
    addq %rsi, %rax
    negq %rsi
    andq %rsi, %rax
    movq %rax, (%rdi)
    xorl %eax, %eax
    ret
    finish posix_memalign

    .data
    .balign 16
next:
    .quad heap
end_of_note:
    .quad after
last:
    .fill 16
frees:
    .quad 0
    .globl counted_clock
    .type counted_clock, @object
    .size counted_clock, 16
    .balign 16
counted_clock:
    .fill 16

    .bss
    .balign 4096
heap:
    .skip 256 << 20

    .section .note.GNU-stack, "", @progbits
