/* SPDX-License-Identifier: MIT */
/*
 * Which of the allocator's system calls fail. Until the first plan all of them do, from before
 * main: the library's constructor leaves the allocator unstarted, and each trial, a forked child,
 * sees it start.
 */
#ifndef TESTS_FAULTS_FAULTS_H
#define TESTS_FAULTS_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fault_call {
    FAULT_MMAP,     /* ENOMEM */
    FAULT_MUNMAP,   /* ENOMEM: vm.max_map_count */
    FAULT_MPROTECT, /* ENOMEM, with nothing or half of it done */
    FAULT_MADVISE,  /* EINVAL, ENOMEM, EAGAIN, likewise */
    FAULT_MREMAP, /* ENOMEM, EFAULT, EINVAL; a fixed one may clear its place first, as kernels do */
    FAULT_FUTEX,  /* a wait: EINTR, EAGAIN; a wake: EFAULT, and nobody is woken */
    FAULT_CLOCK,  /* EINVAL */
    FAULT_FILE,   /* openat, fallocate: EMFILE, EROFS, ENOSPC; prlimit: EPERM */
    FAULT_KEY,    /* pthread_key_create: EAGAIN; pthread_setspecific: ENOMEM */
    FAULT_ATFORK, /* pthread_atfork: ENOMEM */
    FAULT_MAPPING, /* mmap, munmap and mremap: no mapping more */
    FAULT_ANY,     /* all of the above */
    FAULT_CALLS
};

enum fault_pattern { FAULT_ONLY, FAULT_EVERY, FAULT_FROM, FAULT_PATTERNS };

/* Of the calls of this kind, counted from 1 over all threads: only the nth, every nth, or all from
 * the nth on. n 0: none. */
struct fault_plan {
    enum fault_call call;
    enum fault_pattern pattern;
    unsigned long n;
};

extern const char *const fault_call_names[FAULT_CALLS];
extern const char *const fault_pattern_names[FAULT_PATTERNS];

/* Begins to count anew. */
void faults_begin(struct fault_plan plan);

/* No call fails from here on. Returns how many did. */
unsigned long faults_end(void);

/* This thread's calls don't fail, and are not counted, until it says false. */
void faults_suspend(bool suspended);

/* For wrappers of functions that are no system calls: true where this call is to fail. */
bool faults_fire(enum fault_call call);

/* What the allocator is told of RLIMIT_AS, in bytes; 0: the truth. */
void faults_address_space(uint64_t bytes);

/* Writable bytes that the allocator has mapped and not unmapped, outside the arena. */
size_t faults_mapped_bytes(void);

/* The allocator's clock stands still but for this. */
void faults_pass_time(uint32_t milliseconds);

#endif
