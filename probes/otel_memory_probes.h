/* SPDX-License-Identifier: MIT */
/*
 * OpenTelemetry's contract for the heap, as libhakmem keeps it: two USDT probes of the provider
 * otel_memory, on sampled blocks alone, with semaphores.
 *
 *     otel_memory:alloc(ptr, size, weighted_bytes)     a sampled block is about to be handed out
 *     otel_memory:free(ptr)                            a sampled block is about to be taken back
 *
 * `size` are the bytes asked for, `weighted_bytes` those that the block stands for, without bias:
 * size / p, p as of src/sample.h; the mean interval is 512 KiB unless the user asks for another. A
 * profiler adds up `weighted_bytes` to alloc_space, and takes off again what `free` names for
 * inuse_space. Both fire from functions of their own, with the arguments in the registers of a
 * call: the profiler reads registers by their places in the ABI. A semaphore counts who is
 * attached, and while one of them is not zero libhakmem samples, with nothing to configure.
 *
 * Sources: open-telemetry/opentelemetry-ebpf-profiler, design-docs/00003-memory-profiling ("USDT
 * contract", and "Argument-descriptor handling" for the registers), pull requests 1672 (the
 * document) and 1743 (`weighted_bytes` is an unbiased estimate for each block in the place of a
 * number of intervals); jemalloc/jemalloc issue 3011 (the signatures); DataDog/libdatadog pull
 * request 2266 (semaphores).
 */
#ifndef HAKMEM_OTEL_MEMORY_PROBES_H
#define HAKMEM_OTEL_MEMORY_PROBES_H

/* X(name, number of arguments, "arguments", "when it fires"), as HAK_PROBES of hakmem_probes.h */
#define HAK_OTEL_PROBES(X)                                                                         \
    X(alloc, 3, "pointer, size, weighted_bytes", "a sampled block is about to be handed out")      \
    X(free, 1, "pointer", "a sampled block is about to be taken back")

#endif
