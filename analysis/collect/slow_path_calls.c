/* SPDX-License-Identifier: MIT */
/* Every call of malloc, free and realloc, on request. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "slow_path_cost.h"
#include "slow_path_state.h"

enum { CALLS = WATCHED_REALLOC - WATCHED_MALLOC + 1 };

static double measure(struct slow_path *slow_path)
{
    struct slow_path_programs *programs = slow_path->programs;
    __u64 size = CALIBRATION_BYTES;
    if (slow_path_watch_self(slow_path, false) != 0)
        return -1;
    double ns = slow_path_cost_of_every_call(programs->progs.slow_path_malloc,
                                             programs->progs.slow_path_free);
    int error = errno;
    slow_path_unwatch_self(slow_path);
    bpf_map_delete_elem(bpf_map__fd(programs->maps.sizes), &size);
    for (int slot = 0; slot < WATCHED_SLOTS; slot++)
        memset(&programs->bss->watched[slot][WATCHED_MALLOC], 0,
               CALLS * sizeof(struct watched_events));
    programs->bss->lost[WATCHED_LOST_SIZES] = 0;
    errno = error;
    return ns;
}

double slow_path_every_call(struct slow_path *slow_path, char why[256])
{
    struct slow_path_programs *programs = slow_path->programs;
    const struct bpf_program *const on[CALLS] = {programs->progs.slow_path_malloc,
                                                 programs->progs.slow_path_free,
                                                 programs->progs.slow_path_realloc};
    double ns = measure(slow_path);
    bool done = ns >= 0;
    for (int i = 0; i < CALLS && done; i++) {
        int kind = WATCHED_MALLOC + i;
        struct watch *watch = &slow_path->watch[kind];
        watch->end = probe_attach(on[i], slow_path->library, slow_path_names[kind], kind);
        watch->watched = watch->stays = done = watch->end.link != NULL;
        watch->cost_ns = ns;
    }
    slow_path->every_call = done;
    if (done)
        return ns;
    slow_path_explain_attach_error(why, errno);
    for (int i = 0; i < CALLS; i++) {
        probe_detach(&slow_path->watch[WATCHED_MALLOC + i].end);
        slow_path->watch[WATCHED_MALLOC + i].watched = false;
    }
    return -1;
}

static int by_bytes(const void *a, const void *b)
{
    const struct slow_path_size *x = a, *y = b;
    return (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

void slow_path_read_sizes(const struct slow_path *slow_path, struct slow_path_report *report)
{
    int map = bpf_map__fd(slow_path->programs->maps.sizes);
    __u64 key, *previous = NULL;
    report->sizes = calloc(WATCHED_SIZES, sizeof *report->sizes);
    while (report->sizes && report->size_count < WATCHED_SIZES &&
           bpf_map_get_next_key(map, previous, &key) == 0) {
        __u64 count;
        if (bpf_map_lookup_elem(map, &key, &count) == 0)
            report->sizes[report->size_count++] = (struct slow_path_size){key, count};
        previous = &key;
    }
    if (report->size_count)
        qsort(report->sizes, report->size_count, sizeof *report->sizes, by_bytes);
}
