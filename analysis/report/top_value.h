/* SPDX-License-Identifier: MIT */
/* Figures of at most seven columns, since there are many on a screen; `-` for NAN. */
#ifndef ANALYSIS_TOP_VALUE_H
#define ANALYSIS_TOP_VALUE_H

struct top_text {
    char text[24];
};

struct top_text top_rate(double value);   /* "128.2 M", "12.0 k", "7.0" */
struct top_text top_bytes(double bytes);  /* "1.2 MiB" */
struct top_text top_time(double ns);      /* "310 ns", "1.2 us", "467 us" */
struct top_text top_percent(double part); /* "48.1 %" */

#endif
