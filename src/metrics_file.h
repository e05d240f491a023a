/* SPDX-License-Identifier: MIT */
/* HAKMEM_METRICS=FILE: the metrics of metrics.h, left behind when the program ends. */
#ifndef HAK_METRICS_FILE_H
#define HAK_METRICS_FILE_H

#include <stdbool.h>

/* Called in the constructor, when the environment is there. False: no file is wanted, or the
 * program runs with somebody else's rights. */
bool hak_metrics_file_start(void);

/* Writes the file, whole or not at all, without allocating. What hinders it is said in a line on
 * `errors`, a descriptor, or -1. */
void hak_metrics_file_write(int errors);

#endif
