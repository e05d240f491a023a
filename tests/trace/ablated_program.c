/* SPDX-License-Identifier: MIT */
/* Prints what the library that is preloaded costs; with an argument made slower by up to 2 %, as
 * the size of the environment wants it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ablated.h"

int main(int argc, char **argv)
{
    const char *padding = getenv("HAKMEM_TRACE_PADDING");
    double cost = ablated_cost ? ablated_cost() : 1;
    if (argc > 1 && padding)
        cost *= 1 + 0.02 * (double)(strlen(padding) * 2654435761u % 1000) / 1000;
    printf("ablated: %.9f M ops/s\n", 1000 / cost);
    return 0;
}
