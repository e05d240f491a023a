/* SPDX-License-Identifier: MIT */
/* Memory in time: what is kept of more moments than there is room for, and of whom. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/collect/memory_series.h"
#include "analysis/collect/resident.h"

enum { RUNS = 7, ENDED = 9, ALONE = 11 };

static int looks;

static void check(bool condition, const char *what)
{
    printf("%s %s\n", condition ? "ok:  " : "FAIL:", what);
    if (!condition)
        exit(1);
}

/* In place of the kernel's. */
uint64_t resident_total(pid_t pid)
{
    return pid == RUNS ? 1000u + (unsigned)looks : pid == ALONE ? 55 : 0;
}

/* A process has a file for each program that it executed, and files outlive it. */
static void each_process(void *context, void (*take)(void *taker, pid_t pid), void *taker)
{
    const bool *any = context;
    looks++;
    if (!*any)
        return;
    take(taker, RUNS);
    take(taker, ENDED);
    take(taker, RUNS);
}

static bool read_counters(void *context, pid_t pid, struct hak_counter_header *header,
                          struct hak_counter_page *sum)
{
    memset(header, 0, sizeof *header);
    memset(sum, 0, sizeof *sum);
    header->slab_classes = 2;
    header->class_bytes[1] = 32;
    header->retained_bytes = 4096;
    sum->mallocs[1] = 10;
    sum->frees[1] = 4;
    sum->frees[0] = 3; /* of blocks that its parent counted */
    sum->count[HAK_COUNT_large_bytes_allocated] = 100000;
    sum->count[HAK_COUNT_large_bytes_freed] = 40000;
    return pid == RUNS;
}

static void run(struct memory_series *series, size_t times)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    for (size_t i = 0; i < times; i++) {
        memory_series_tick(series);
        nanosleep(&pause, NULL);
    }
}

static void check_moments(const struct memory_series *series)
{
    bool ascending = true, exact = true;
    double shortest = INFINITY;
    for (size_t i = 0; i < series->count; i++) {
        const struct memory_moment *moment = &series->moments[i];
        double gap = i ? moment->at - moment[-1].at : INFINITY;
        ascending = ascending && (i == 0 || moment->resident > moment[-1].resident);
        shortest = fmin(shortest, gap);
        exact =
            exact && moment->counted && moment->live == 6 * 32 + 60000 && moment->retained == 4096;
    }
    check(ascending, "moments are in the order of time");
    check(exact, "live and retained bytes are those of the process, once");
    check(shortest >= 0.9 * series->every,
          "moments that stayed are as far apart as those that came");
}

int main(void)
{
    static struct memory_series series, alone;
    bool any = true, none = false;
    struct counted counted = {.context = &any, .each_process = each_process, .read = read_counters};
    series.counted = counted;
    series.share = 1;
    series.root = RUNS;
    run(&series, 1500);
    check(series.count > MEMORY_MOMENTS_MAX / 2 - 1 && series.count <= MEMORY_MOMENTS_MAX,
          "there is room for all");
    check(series.every > 0.0079, "a long run has them further apart");
    check(series.moments[0].resident == 1001, "the first look is kept");
    check_moments(&series);

    counted.context = &none;
    alone.counted = counted;
    alone.share = 1;
    alone.root = ALONE;
    run(&alone, 10);
    check(alone.count > 0 && alone.moments[0].resident == 55 && !alone.moments[0].counted,
          "where none counts, the first process stands for all");
    return 0;
}
