/* SPDX-License-Identifier: MIT */
/* Stands for an allocator whose program prints FIGURE and takes SLEEP_MS longer. */
#include <unistd.h>

#include "compared.h"

int compared_figure(void)
{
    return FIGURE;
}

__attribute__((constructor)) static void sleep_at_start(void)
{
    usleep(SLEEP_MS * 1000);
}
