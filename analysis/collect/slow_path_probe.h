/* SPDX-License-Identifier: MIT */
/* One probe with a program on it. */
#ifndef ANALYSIS_SLOW_PATH_PROBE_H
#define ANALYSIS_SLOW_PATH_PROBE_H

#include <bpf/libbpf.h>

enum { PROBE_DESCRIPTORS = 16 };

struct probe {
    struct bpf_link *link;              /* NULL: not attached */
    int descriptors[PROBE_DESCRIPTORS]; /* that came with it; two for each place of the probe */
    int count;                          /* of them */
};

/* Attaches to the probe hakmem:`name` of `library` in every process. Without a link on failure, and
 * errno says why. */
struct probe probe_attach(const struct bpf_program *program, const char *library, const char *name,
                          int kind);

/* Likewise for a program on a place in the kernel, which it names itself. */
struct probe probe_attach_kernel(const struct bpf_program *program);

/* Likewise for a tracepoint by its number, see slow_path_tracepoint.h. */
struct probe probe_attach_tracepoint(const struct bpf_program *program, int number, int cookie);

/* Returns at once; the kernel takes its time. Nothing happens where it is not attached. */
void probe_detach(struct probe *probe);

#endif
