/* SPDX-License-Identifier: MIT */
/* What all eBPF programs need before they are loaded. */
#ifndef ANALYSIS_BPF_READY_H
#define ANALYSIS_BPF_READY_H

#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdbool.h>

/* False with one line in `why` where the kernel has no type information. Makes libbpf silent,
 * unless HAKMEM_TRACE_DEBUG is set. */
bool bpf_ready(char why[256]);

/* For libbpf_set_print. */
int bpf_print_nothing(enum libbpf_print_level level, const char *format, va_list arguments);

#endif
