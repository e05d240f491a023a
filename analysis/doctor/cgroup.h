/* SPDX-License-Identifier: MIT */
/* The limits of the control groups this process is in, versions 1 and 2. */
#ifndef ANALYSIS_CGROUP_H
#define ANALYSIS_CGROUP_H

#include <stddef.h>

struct cgroup_limits {
    double processors;   /* that the quota of processor time allows; 0: no quota */
    double memory_bytes; /* 0: no limit */
    int version;         /* that has the limits: 1, 2; 0: no control groups are mounted */
};

#define CGROUP_LIST "/proc/self/cgroup" /* the groups of a process */
#define CGROUP_ROOT "/sys/fs/cgroup"    /* where they are mounted */

/* The tightest of the groups in `list` and all above them that are visible below `root`. */
void cgroup_read(const char *list, const char *root, struct cgroup_limits *limits);

/* The part of `list` that names a container's engine ("docker"); NULL: none does. */
const char *cgroup_engine(const char *list);

#endif
