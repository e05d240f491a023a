/* SPDX-License-Identifier: MIT */
/* Built without protobuf-c or zlib. */
#include "pprof.h"

#include <errno.h>

const char *pprof_obstacle(void)
{
    return "hakmem-trace was built without protobuf-c or zlib (packages libprotobuf-c-dev, "
           "protobuf-c-compiler and zlib1g-dev; then build again)";
}

int pprof_print(const struct stacks *stacks, FILE *stream)
{
    errno = ENOTSUP;
    return -1;
}
