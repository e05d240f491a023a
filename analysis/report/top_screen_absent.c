/* SPDX-License-Identifier: MIT */
/* Stands in where ncurses was not there when this was built. */
#include "top_screen.h"

#include <stdio.h>

bool top_screen_start(bool colour, char *why, size_t why_bytes)
{
    snprintf(
        why, why_bytes,
        "built without ncurses: no live screen, plain text instead (libncurses-dev brings it)");
    return false;
}

void top_screen_finish(void)
{
}

void top_screen_resize(void)
{
}

void top_screen_clear(struct top_grid *grid)
{
    top_grid_clear(grid, 0, 0, false);
}

void top_screen_draw(const struct top_grid *grid)
{
}

enum top_key top_screen_key(void)
{
    return TOP_KEY_NONE;
}
