/* SPDX-License-Identifier: MIT */
/*
 * What depends on the processor: its clock, its hypervisor, and code of which every instruction is
 * known, for measurements of the kernel's instruments. processor_x86_64.c has it,
 * processor_other.c says that it is not known.
 */
#ifndef ANALYSIS_PROCESSOR_H
#define ANALYSIS_PROCESSOR_H

#include <stdbool.h>
#include <stdint.h>

enum { RED_ZONE_WORDS = 16 }; /* of 8 bytes, below the stack pointer; x86-64 psABI, 3.2.2 */

/* A leaf function with a nop in it, and below its stack pointer, across the nop, live values. */
struct probe_site {
    unsigned (*call)(uint64_t value); /* NULL: not known here. How many of the words changed */
    const void *place;                /* of the nop */
    unsigned bytes;                   /* of the nop */
};

/* A loop with one slow instruction among cheap ones. */
struct known_loop {
    void (*call)(uint64_t rounds); /* NULL: not known here */
    const void *start, *slow, *next, *end;
};

extern const bool processor_has_counter; /* processor_cycles() counts */
extern const struct probe_site processor_site_nop1, processor_site_nop5;
extern const struct known_loop processor_loop;

/* The processor's own clock (x86: rdtsc); 0 where it is not known. */
uint64_t processor_cycles(void);

/* True in a virtual machine that says so; `name` is what its hypervisor calls itself: 12
 * characters of CPUID leaf 0x40000000. */
bool processor_hypervisor(char name[13]);

#endif
