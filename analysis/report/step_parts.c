/* SPDX-License-Identifier: MIT */
#include "step_parts.h"

#include <string.h>

const char *const step_part_names[STEP_PARTS] = {
    [PART_APPLICATION] = "application",
    [PART_HEADER] = "header",
    [PART_CACHE] = "cache",
    [PART_METADATA] = "metadata",
    [PART_CLASSIFY] = "classify",
    [PART_FREELIST] = "freelist",
    [PART_CHECK] = "check",
    [PART_ENTRY] = "entry",
    [PART_COUNTING] = "counting",
    [PART_SLOW] = "slow_path",
    [PART_LOCK] = "lock",
    [PART_UNKNOWN] = "unknown",
    [PART_FAULTS] = "kernel: page faults",
    [PART_CALLS] = "kernel: system calls",
    [PART_KERNEL] = "kernel: other",
};

enum step_part step_part_of(const char *name)
{
    int part = 0;
    while (part < STEP_PARTS && (!name || strcmp(step_part_names[part], name) != 0))
        part++;
    return (enum step_part)part;
}
