/* SPDX-License-Identifier: MIT */
#include "limits.h"

#include <sys/resource.h>

static void lower(int resource, rlim_t most)
{
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)resource, &limit) != 0)
        return;
    if (limit.rlim_max < most)
        most = limit.rlim_max;
    limit = (struct rlimit){most, most};
    setrlimit((__rlimit_resource_t)resource, &limit);
}

void limits_set(uint64_t address_space, unsigned descriptors)
{
    lower(RLIMIT_AS, address_space);
    lower(RLIMIT_NOFILE, descriptors);
    lower(RLIMIT_NPROC, 0);
    lower(RLIMIT_FSIZE, 0);
    lower(RLIMIT_CORE, 0);
}
