/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COMPARE_SHORT_NAME_H
#define ANALYSIS_COMPARE_SHORT_NAME_H

#include "compare_model.h"

enum { COMPARE_SHORT_BYTES = 256 };

/* A row's name for a column: of a library its file's name without lib and .so; of files of one name
 * in several folders the part of the path that tells them apart. */
void compare_short_name(const struct compare_report *report, size_t row,
                        char name[COMPARE_SHORT_BYTES]);

#endif
