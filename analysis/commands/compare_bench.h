/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COMPARE_BENCH_H
#define ANALYSIS_COMPARE_BENCH_H

#include <limits.h>

/* The path of a file beside the workloads: in the folder that HAKMEM_BENCH names, else where the
 * build or the installation has them. 0, or the exit code after one line on stderr; that the
 * file is there is not checked. */
int compare_bench_file(const char *name, char path[PATH_MAX]);

#endif
