/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/*
 * What the eBPF programs of samples.bpf.c and their reader, analysis/collect/aggregate.c, share.
 * The includer has __u64 and __u32 (linux/types.h).
 */
#ifndef HAKMEM_SAMPLES_LAYOUT_H
#define HAKMEM_SAMPLES_LAYOUT_H

enum {
    SAMPLE_SLOTS = 64, /* processors share a slot when there are more of them */
    WATCHED_PROCESSES = 16384,
    WATCHED_THREADS = 16384,
};

/* Memory is told apart in such granules: libhakmem's range begins and ends at their edges. */
#define SAMPLE_GRANULE 65536ull

enum sample_mode {
    SAMPLE_USER,
    SAMPLE_SYSTEM_CALL,
    SAMPLE_FAULT,     /* of a page; `fault` says where */
    SAMPLE_EXCEPTION, /* another one, or an interrupt */
    SAMPLE_KERNEL,    /* no fault; the processor leaves no trace of what else led there */
};

/* Samples that agree in all of this are one entry. The processor is among it so that no two write
 * to the same entry. No padding: it is compared as bytes. */
struct sample_key {
    __u64 address; /* where the thread was in the program */
    __u64 began;   /* of the process's image: ns of CLOCK_MONOTONIC; 0: before it was watched */
    __u64 fault;   /* SAMPLE_FAULT: the granule that was touched; else 0 */
    __u32 process;
    __u32 processor_and_mode; /* the mode in the lowest 8 bits */
};

/* Written by its processor alone, read when the programs have turned to the other map. */
struct sample_sum {
    __u64 count;
    __u64 weight;  /* ns or cycles: the sum of the samples' periods */
    __u64 squares; /* of their squares: wraps after 20000 s at 10 kHz, 2000 s at 1 kHz */
};

/* Added to atomically, read at any time. */
struct sample_totals {
    __u64 taken;     /* samples of watched processes */
    __u64 lost;      /* of them, those a full map had no room for */
    __u64 unused[6]; /* a cache line for each slot */
};

/* A watched process, by its id. */
struct watched_process {
    __u64 began; /* as in struct sample_key */
    __u64 ended; /* 1: it has no thread any more */
};

/* The last page fault of a thread, by its id. */
struct watched_thread {
    __u64 address, instruction;
    __u64 time; /* ns */
};

#endif
