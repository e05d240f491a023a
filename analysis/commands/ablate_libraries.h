/* SPDX-License-Identifier: MIT */
/* From the factors and the design to the libraries, and to the rows of the report. */
#ifndef ANALYSIS_ABLATE_LIBRARIES_H
#define ANALYSIS_ABLATE_LIBRARIES_H

#include "ablate_options.h"
#include "compare_allocators.h"
#include "report/ablate_model.h"

struct ablate_libraries {
    struct compare_allocator list[COMPARE_ROWS_MAX]; /* by row */
};

/* All of them must be there. 0, or the exit code after one line on stderr. */
int ablate_libraries_find(struct ablate_libraries *libraries, const struct ablate_options *options,
                          struct ablate_report *report);
void ablate_libraries_finish(struct ablate_libraries *libraries);

#endif
