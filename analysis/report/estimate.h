/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ESTIMATE_H
#define ANALYSIS_ESTIMATE_H

/* With the bounds of its 95 % interval. NAN: not measured. */
struct estimate {
    double value, low, high;
};

#endif
