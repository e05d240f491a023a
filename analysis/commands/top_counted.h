/* SPDX-License-Identifier: MIT */
/* What libhakmem's counters and the watched probes say, as a part of a reading. */
#ifndef ANALYSIS_TOP_COUNTED_H
#define ANALYSIS_TOP_COUNTED_H

#include "collect/counters.h"
#include "collect/slow_path.h"
#include "report/top_model.h"

/* `image`: all that the program which runs now has counted. */
void top_counted_fill(const struct counters_image *image, struct top_reading *reading);

/* `watched`: NULL where no probes are. After top_counted_fill, if there is an image. */
void top_counted_events(const struct counters_image *image, const struct slow_path_report *watched,
                        struct top_reading *reading);

#endif
