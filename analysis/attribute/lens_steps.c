/* SPDX-License-Identifier: MIT */
#include "lens.h"

#include <string.h>

const char *const lens_step_names[LENS_STEPS] = {
    [LENS_HEADER] = "header",     [LENS_CACHE] = "cache",       [LENS_METADATA] = "metadata",
    [LENS_CLASSIFY] = "classify", [LENS_FREELIST] = "freelist", [LENS_CHECK] = "check",
    [LENS_ENTRY] = "entry",       [LENS_COUNTING] = "counting", [LENS_SLOW] = "slow_path",
    [LENS_LOCK] = "lock",         [LENS_UNKNOWN] = "unknown",
};

enum lens_step lens_step_named(const char *name)
{
    for (int i = 0; name && i < LENS_STEPS; i++) {
        if (strcmp(name, lens_step_names[i]) == 0)
            return (enum lens_step)i;
    }
    return LENS_NO_STEP;
}
