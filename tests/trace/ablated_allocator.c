/* SPDX-License-Identifier: MIT */
/* Stands for every variant of libhakmem: what it costs follows from the levels in its own file's
 * name, by the figures that ablate.py knows too. */
#include <dlfcn.h>
#include <string.h>

#include "ablated.h"

static const struct {
    const char *level;
    double times;
} costs[] = {
    {"inline", 1.10}, {"unified", 1.20}, {"tcache", 1.30},    {"indirect", 1.05},
    {"tagged", 0.95}, {"linked", 1.07},  {"unchecked", 0.98},
};

double ablated_cost(void)
{
    Dl_info info;
    double cost = 8;
    if (!dladdr((void *)ablated_cost, &info))
        return 0;
    const char *slash = strrchr(info.dli_fname, '/'), *name = slash ? slash : info.dli_fname;
    for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++)
        cost *= strstr(name, costs[i].level) ? costs[i].times : 1;
    if (strstr(name, "inline") && strstr(name, "tagged"))
        cost *= 1.08; /* only together */
    return cost;
}
