/* SPDX-License-Identifier: MIT */
/* slow_path.h where eBPF was not built in. */
#include "slow_path.h"

#include <stdio.h>
#include <string.h>

struct slow_path *slow_path_attach(const char *library, pid_t root, double budget, char why[256])
{
    snprintf(
        why, 256,
        "eBPF was not built in: install clang, bpftool, libbpf-dev, systemtap-sdt-dev and rebuild");
    return NULL;
}

void slow_path_tick(struct slow_path *slow_path)
{
}

void slow_path_finish(struct slow_path *slow_path, struct slow_path_report *report)
{
    memset(report, 0, sizeof *report);
}
