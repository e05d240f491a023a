/* SPDX-License-Identifier: MIT */
#include "otel_memory.h"

#ifdef HAK_USDT
#    define STAP_SDT_ARG_CONSTRAINT nr
#    define _SDT_HAS_SEMAPHORES     1
#    include <sys/sdt.h>
#    define PROBE1(name, a)       DTRACE_PROBE1(otel_memory, name, a)
#    define PROBE3(name, a, b, c) DTRACE_PROBE3(otel_memory, name, a, b, c)
#else
#    define PROBE1(name, a)       ((void)(a))
#    define PROBE3(name, a, b, c) ((void)(a), (void)(b), (void)(c))
#endif

/* Where debuggers look for them. */
#define SEMAPHORE __attribute__((section(".probes"), used))

SEMAPHORE volatile unsigned short otel_memory_alloc_semaphore;
SEMAPHORE volatile unsigned short otel_memory_free_semaphore;

/* The probe comes first, while the arguments are where the caller put them. */
HAK_NOINLINE void hak_otel_alloc(void *pointer, uint64_t size, uint64_t weighted_bytes)
{
    PROBE3(alloc, pointer, size, weighted_bytes);
}

HAK_NOINLINE void hak_otel_free(void *pointer)
{
    PROBE1(free, pointer);
}
