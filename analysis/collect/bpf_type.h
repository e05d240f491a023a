/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_BPF_TYPE_H
#define ANALYSIS_BPF_TYPE_H

/* The number of a function of the kernel's in its type information; a negative errno where there is
 * none, -ENOSYS where eBPF was not built in (bpf_type_absent.c). */
int bpf_type_of_function(const char *name);

#endif
