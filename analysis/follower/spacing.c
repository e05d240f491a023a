/* SPDX-License-Identifier: MIT */
#include "spacing.h"

#include "sample_math.h"

int64_t spacing_draw(uint64_t *state, uint64_t mean)
{
    return (int64_t)hak_sample_spacing(state, mean);
}
