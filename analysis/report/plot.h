/* SPDX-License-Identifier: MIT */
/*
 * A plot in characters, 80 columns and 24 lines where the legend fits one or two: a letter for each
 * series at its points, dots from point to point. Colour helps, but nobody needs it.
 */
#ifndef ANALYSIS_PLOT_H
#define ANALYSIS_PLOT_H

#include "plot_canvas.h"
#include "terminal.h"

void plot_print(const struct plot *plot, const struct terminal *terminal);

#endif
