/* SPDX-License-Identifier: MIT */
#include "annotate_sampled.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "preloaded.h"

enum { TICK_MS = 50 };

static bool attach(void *context, pid_t pid)
{
    struct annotate_sampled *sampled = context;
    struct watcher_rights *rights = &sampled->rights;
    struct sampler_sink sink = annotate_tally_sink(sampled->tally);
    const struct sampling_wish wish = {0};
    rights->watched = pid;
    rights->is_ours = true;
    bool done = watcher_rights_prepare(rights);
    if (done) {
        if (sampling_open(&sampled->sampling, pid, &wish, &sink, sampled->why, sizeof sampled->why))
            sampler_start(sampled->sampling.sampler);
        rights->reads_maps = sampled->sampling.is_aggregated;
        done = watcher_rights_drop(rights, sampled->note);
    }
    if (!done)
        complain("annotate: can't drop privileges: %s", strerror(errno));
    return done;
}

static int tick(void *context)
{
    struct annotate_sampled *sampled = context;
    if (sampled->sampling.sampler)
        sampler_read(sampled->sampling.sampler);
    compare_progress_show(sampled->progress);
    return TICK_MS;
}

int annotate_sampled_run(struct annotate_sampled *sampled, char *const *command,
                         const struct allocator *allocator, const char *folder)
{
    const struct preloaded preloaded = {
        .verb = "annotate",
        .command = command,
        .allocator = allocator,
        .folder = folder,
        .attach = attach,
        .tick = tick,
        .context = sampled,
    };
    struct perf_choice event;
    if (!perf_event_choose(getpid(), SAMPLING_FREQUENCY_MIN, &event, sampled->why,
                           sizeof sampled->why))
        return 0;
    struct launch_end end = {0};
    int code = preloaded_run(&preloaded, &end);
    sampled->status = end.status;
    if (sampled->sampling.sampler)
        sampler_finish(sampled->sampling.sampler, &sampled->totals);
    return code;
}

void annotate_sampled_finish(struct annotate_sampled *sampled)
{
    sampler_close(sampled->sampling.sampler);
    sampled->sampling.sampler = NULL;
}
