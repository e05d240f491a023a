/* SPDX-License-Identifier: MIT */
/*
 * Every USDT probe of libhakmem, declared once. Provider name: hakmem.
 *
 *     bpftrace -l 'usdt:build/src/libhakmem.so:*'
 *     bpftrace -e 'usdt:build/src/libhakmem.so:hakmem:refill_end { @[arg0] = hist(arg1); }' -c ...
 *
 * A probe that nobody watches is a one-byte nop. A watched probe costs about a microsecond a hit:
 * the first three fire on every call, all others on slow paths only. Arguments are unsigned 64-bit
 * numbers; `class` is a size class as in src/counter_layout.h, `owner` a heap's number from 1.
 */
#ifndef HAKMEM_PROBES_H
#define HAKMEM_PROBES_H

/* X(name, number of arguments, "arguments", "when it fires") */
#define HAK_PROBES(X)                                                                              \
    X(malloc, 2, "pointer, size", "a block was handed out, by any entry point")                    \
    X(free, 1, "pointer", "a block is about to be taken back, by any entry point")                 \
    X(realloc, 3, "old pointer, new pointer, size", "realloc is done")                             \
    X(refill_begin, 1, "class", "a thread cache ran empty")                                        \
    X(refill_end, 3, "class, blocks, origin (0 none, 1 depot, 2 remote, 3 slab)", "it has blocks") \
    X(overflow_begin, 1, "class", "a thread cache ran full")                                       \
    X(overflow_end, 3, "class, blocks, destination (1 depot, 2 slab)", "it has room")              \
    X(slab_take, 2, "class, address", "a slab of 64 KiB was taken from the arena")                 \
    X(slab_give, 2, "class, address", "a slab went back to the arena")                             \
    X(remote_publish, 3, "owner, class, blocks", "blocks of another heap were handed to it")       \
    X(remote_collect_begin, 1, "owner", "a heap empties its inbox")                                \
    X(remote_collect_end, 2, "owner, blocks", "its inbox is empty")                                \
    X(arena_reserve, 2, "address, bytes", "the range was reserved, once a process")                \
    X(arena_take_begin, 1, "units of 64 KiB", "a span is asked for")                               \
    X(arena_take_end, 2, "address (0: none), units of 64 KiB", "it was found, or not")             \
    X(arena_give, 2, "address, units of 64 KiB", "a span was given back")                          \
    X(purge_begin, 2, "address, bytes", "a free span goes back to the kernel")                     \
    X(purge_end, 2, "address, bytes", "it has gone")                                               \
    X(large_malloc, 2, "pointer, bytes", "a block of its own span or mapping was handed out")      \
    X(large_free, 2, "pointer, bytes", "such a block is taken back")                               \
    X(heap_create, 1, "owner", "a thread got a new heap")                                          \
    X(heap_adopt, 1, "owner", "a thread took over the heap of one that ended")                     \
    X(heap_orphan, 1, "owner", "a thread ended and left its heap")                                 \
    X(lock_wait_begin, 1, "address of the lock", "a lock is held by another thread")               \
    X(lock_wait_end, 1, "address of the lock", "the thread has it; it has spun, or slept")         \
    X(out_of_memory, 1, "size", "a request is refused")                                            \
    X(misuse, 2, "pointer, kind (enum hak_misuse in src/misuse.h)", "the process is about to stop")

#ifdef HAK_USDT
/* Arguments in registers or constants only: clang would spill them to the stack for a nop's sake.
 */
#    define STAP_SDT_ARG_CONSTRAINT nr
#    include <sys/sdt.h>
#    define HAK_PROBE1(name, a)       DTRACE_PROBE1(hakmem, name, a)
#    define HAK_PROBE2(name, a, b)    DTRACE_PROBE2(hakmem, name, a, b)
#    define HAK_PROBE3(name, a, b, c) DTRACE_PROBE3(hakmem, name, a, b, c)
#else
#    define HAK_PROBE1(name, a)       ((void)(a))
#    define HAK_PROBE2(name, a, b)    ((void)(a), (void)(b))
#    define HAK_PROBE3(name, a, b, c) ((void)(a), (void)(b), (void)(c))
#endif

#endif
