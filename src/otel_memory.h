/* SPDX-License-Identifier: MIT */
/* Tells profilers of sampled blocks: probes/otel_memory_probes.h. */
#ifndef HAK_OTEL_MEMORY_H
#define HAK_OTEL_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "compiler.h"

/* Written by the kernel, when somebody attaches to a probe or leaves it. */
extern HAK_HIDDEN volatile unsigned short otel_memory_alloc_semaphore, otel_memory_free_semaphore;

static inline bool hak_otel_is_attached(void)
{
    return otel_memory_alloc_semaphore != 0 || otel_memory_free_semaphore != 0;
}

void hak_otel_alloc(void *pointer, uint64_t size, uint64_t weighted_bytes);
void hak_otel_free(void *pointer);

#endif
