/* SPDX-License-Identifier: MIT */
#include "sampled_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "watched_run.h"

enum { HERTZ = 3989, ENTRIES = 16384 };

static struct sampler *open_sampler(pid_t pid, const struct sampler_sink *sink,
                                    struct aggregate **aggregate, char why[256])
{
    struct perf_choice choice;
    if (!perf_event_choose(pid, HERTZ, &choice, why, 256))
        return NULL;
    if (!choice.processors) {
        snprintf(why, 256, "not permitted: whole processors");
        return NULL;
    }
    *aggregate = aggregate_load(ENTRIES, why);
    return *aggregate ? sampler_open(pid, &choice, *aggregate, sink, why, 256) : NULL;
}

bool sampled_run(const struct sampler_sink *sink, char *const *arguments,
                 struct sampler_totals *totals, uint64_t *taken, char why[256])
{
    struct aggregate *aggregate;
    int go[2], status = 0;
    if (pipe(go) != 0)
        return false;
    pid_t pid = watched_run_start(go, NULL, arguments);
    struct sampler *sampler = open_sampler(pid, sink, &aggregate, why);
    if (sampler) {
        sampler_start(sampler);
        if (write(go[1], "", 1) != 1)
            abort();
    }
    close(go[0]);
    close(go[1]);
    while (sampler && waitpid(pid, &status, WNOHANG) == 0) {
        usleep(20000);
        sampler_read(sampler);
    }
    if (!sampler) {
        waitpid(pid, &status, 0);
        return false;
    }
    sampler_finish(sampler, totals);
    *taken = aggregate_totals(aggregate).taken;
    sampler_close(sampler);
    return status == 0;
}
