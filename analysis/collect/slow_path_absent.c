/* SPDX-License-Identifier: MIT */
/* slow_path.h where eBPF was not built in. */
#include "slow_path.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct slow_path *slow_path_attach(const char *library, pid_t root, double budget, char why[256])
{
    snprintf(
        why, 256,
        "eBPF was not built in: install clang, bpftool, libbpf-dev, systemtap-sdt-dev and rebuild");
    return NULL;
}

int slow_path_watch(struct slow_path *slow_path, pid_t pid)
{
    return ENOSYS;
}

int slow_path_arena(struct slow_path *slow_path, pid_t pid, uint64_t low, uint64_t high)
{
    return ENOSYS;
}

double slow_path_every_call(struct slow_path *slow_path, char why[256])
{
    return -1;
}

void slow_path_tick(struct slow_path *slow_path)
{
}

void slow_path_finish(struct slow_path *slow_path, struct slow_path_report *report)
{
    memset(report, 0, sizeof *report);
}

void slow_path_read(const struct slow_path *slow_path, struct slow_path_report *report)
{
    *report = (struct slow_path_report){0};
}
