/* SPDX-License-Identifier: MIT */
/*
 * Flame graph: what call paths cost, their first frame above, the next below it, each as wide as
 * its part of the whole: the outermost function first, or from malloc outwards. Paths that begin
 * alike share frames. It is complete as drawn; the script (flame.js) adds a search and a closer
 * look at a frame that is clicked, or has the focus and gets Enter.
 */
#ifndef ANALYSIS_HTML_FLAME_H
#define ANALYSIS_HTML_FLAME_H

#include <stddef.h>

#include "html_page.h"
#include "svg_axis.h"

enum { HTML_FLAME_DEPTH_MAX = 192 };

/* A path and what it costs: a share of time, bytes ... Not above 0: not drawn. */
struct html_flame_path {
    const char *frames[HTML_FLAME_DEPTH_MAX]; /* not NULL */
    size_t depth;
    double value;
};

/* `all` names the sum of the paths, the frame that holds them. `text` writes a value. Frames of
 * less than a thousandth of the sum are left out. -1 where memory is out: nothing is drawn. */
int html_flame(struct html_page *page, const char *title, const char *description, const char *all,
               struct html_flame_path *paths, size_t count, svg_tick_text *text);

#endif
