/* SPDX-License-Identifier: MIT */
/* Which kinds of eBPF programs this process may load and attach, tried with one that does nothing.
 */
#ifndef ANALYSIS_BPF_TRIAL_H
#define ANALYSIS_BPF_TRIAL_H

#include <stdbool.h>

extern const bool bpf_trial_is_built_in; /* eBPF programs are in this build */

/* Loads a program of the kind that probes in programs run. 0, or the errno of the refusal. */
int bpf_trial_load(void);

/* Loads one for a tracepoint of the kernel's, and attaches it for a moment. Likewise. */
int bpf_trial_tracepoint(void);

/* Loads one for the entry of a function of the kernel's (fentry), and attaches it for a moment.
 * Likewise; ENOSYS: not built in, ENOENT: the kernel's types tell of no such function. */
int bpf_trial_fentry(void);

#endif
