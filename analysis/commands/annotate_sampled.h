/* SPDX-License-Identifier: MIT */
/* The second run of `annotate`: the command on its allocator alone, sampled. */
#ifndef ANALYSIS_ANNOTATE_SAMPLED_H
#define ANALYSIS_ANNOTATE_SAMPLED_H

#include "annotate_tally.h"
#include "collect/allocator.h"
#include "compare_progress.h"
#include "sampling.h"
#include "watcher_rights.h"

struct annotate_sampled {
    struct annotate_tally *tally; /* takes the samples */
    struct compare_progress *progress;
    struct watcher_rights rights; /* given up when the sampler is open; of no process yet */
    struct sampling sampling;
    struct sampler_totals totals;
    char why[256];           /* there are no samples; empty: there are */
    char note[WATCHER_NOTE]; /* what could not be given up, or empty */
    int status;              /* of the command, as of wait(2) */
};

/* Where no event opens the command does not run. 0, or the exit code after one line on stderr. To
 * be finished in any case. `folder` is for links, as of preloaded.h. */
int annotate_sampled_run(struct annotate_sampled *sampled, char *const *command,
                         const struct allocator *allocator, const char *folder);
void annotate_sampled_finish(struct annotate_sampled *sampled);

#endif
