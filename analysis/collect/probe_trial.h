/* SPDX-License-Identifier: MIT */
/*
 * How this kernel attaches a probe to a nop, and whether the code around it survives: tried in a
 * child, whose crash is a finding.
 */
#ifndef ANALYSIS_PROBE_TRIAL_H
#define ANALYSIS_PROBE_TRIAL_H

#include <stdint.h>

#include "processor.h"

enum { PROBE_TRIAL_CALLS = 20000, PROBE_TRIAL_SECONDS = 5 };

enum probe_patch {
    PROBE_UNPATCHED,
    PROBE_BREAKPOINT, /* int3 */
    PROBE_CALL,       /* to a trampoline of the kernel's */
    PROBE_PATCHED,    /* to something else */
};

struct probe_trial {
    int error;        /* errno: the probe was refused, nothing was tried; ENOSYS: not known here */
    int signal;       /* that ended the child; SIGALRM: it took longer than PROBE_TRIAL_SECONDS */
    uint64_t calls;   /* of the function while it was watched */
    uint64_t hits;    /* that the kernel counted */
    uint64_t damaged; /* calls after which words of the red zone had changed */
    unsigned words;   /* the most that changed in one call, of RED_ZONE_WORDS */
    enum probe_patch patch; /* after the last call, still watched */
    double ns_per_hit;      /* what a watched call takes longer than an unwatched one */
};

/* Takes some 50 ms; on a busy machine the kernel may take a second to attach the probe. */
void probe_trial_run(const struct probe_site *site, struct probe_trial *trial);

#endif
