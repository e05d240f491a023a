/* SPDX-License-Identifier: MIT */
/*
 * What is added up is what the event counted: sums and lost samples together are all that were
 * taken, also where the map is much too small, and while it is read over and over.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collect/aggregate.h"
#include "collect/perf_event.h"
#include "support/process.h"
#include "support/promise.h"
#include "watched_run.h"

enum { PERIOD_NS = 100000 };

struct sums {
    uint64_t count, weight, entries, others, uneven;
    double squares;
};

static void take(void *context, const struct time_sample *sample, uint64_t began)
{
    struct sums *sums = context;
    sums->entries++;
    sums->count += sample->count;
    sums->weight += sample->weight;
    sums->squares += sample->squares;
    sums->others += sample->pid != getpid() || began != 0;
    sums->uneven += sample->weight != sample->count * PERIOD_NS;
}

/* Thousands of addresses, so that hardly two samples meet. */
static void spread_out(void)
{
    for (int i = 0; i < 100; i++)
        __asm__ volatile(".rept 4096\n\tnop\n\t.endr");
}

static void stay(void)
{
    for (volatile int i = 0; i < 100000; i++)
        continue;
}

static int open_clock(pid_t pid, uint64_t period)
{
    struct perf_event_attr attr = {
        .type = PERF_TYPE_SOFTWARE,
        .size = sizeof attr,
        .config = PERF_COUNT_SW_CPU_CLOCK,
        .sample_period = period,
        .sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_PERIOD,
        .disabled = 1,
    };
    return perf_event_open_on(&attr, pid, -1);
}

/* Samples this thread for a while. How much time the event counted, ns. */
static uint64_t sample(struct aggregate *aggregate, void (*work)(void), struct sums *sums)
{
    uint64_t counted = 0;
    int event = open_clock(0, PERIOD_NS);
    if (event < 0 || !aggregate_attach(aggregate, event))
        return 0;
    double start = seconds_now();
    ioctl(event, PERF_EVENT_IOC_ENABLE, 0);
    for (double end = start + 0.6, next = start + 0.01; seconds_now() < end;) {
        work();
        if (seconds_now() < next)
            continue;
        aggregate_drain(aggregate, take, sums);
        aggregate_turn(aggregate);
        next += 0.01;
    }
    ioctl(event, PERF_EVENT_IOC_DISABLE, 0);
    if (read(event, &counted, sizeof counted) != sizeof counted)
        counted = 0;
    close(event);
    for (int map = 0; map < 2; map++) {
        aggregate_drain(aggregate, take, sums);
        aggregate_turn(aggregate);
    }
    return counted;
}

/* `fits`: the map has room for all there is. */
static void expect_all(const char *what, unsigned entries, void (*work)(void), bool fits)
{
    char why[256] = "";
    struct sums sums = {0};
    struct aggregate *aggregate = aggregate_load(entries, why);
    if (!promise(aggregate && aggregate_watch(aggregate, getpid()), "%s: loaded %s", what, why))
        return;
    uint64_t expected = sample(aggregate, work, &sums) / PERIOD_NS;
    struct aggregate_totals totals = aggregate_totals(aggregate);
    note("%s: %llu periods, %llu samples in %llu entries, %llu lost", what,
         (unsigned long long)expected, (unsigned long long)sums.count,
         (unsigned long long)sums.entries, (unsigned long long)totals.lost);
    promise(totals.taken > 0 && sums.count + totals.lost == totals.taken,
            "%s: sums and what was lost are all that was taken: %llu", what,
            (unsigned long long)totals.taken);
    /* A timer that comes late skips periods; it never has one too many. */
    promise(totals.taken <= expected + 2 && totals.taken > expected / 3,
            "%s: nearly one for each period that was counted", what);
    promise(fits ? totals.lost == 0 : totals.lost > totals.taken / 3, "%s: %llu lost", what,
            (unsigned long long)totals.lost);
    promise(sums.uneven == 0 && sums.others == 0, "%s: of this process, each of one period", what);
    promise(sums.squares == (double)sums.count * PERIOD_NS * PERIOD_NS,
            "%s: squares are of the single samples", what);

    aggregate_unwatch(aggregate, getpid());
    aggregate_reset(aggregate);
    sample(aggregate, work, &sums);
    promise(aggregate_totals(aggregate).taken == 0, "%s: a process not watched has none", what);
    aggregate_unload(aggregate);
}

/* A sum that grows while it is read must not lose what is added in between: one hot address on
 * another processor, sampled and read as fast as is sensible. */
static void expect_all_while_read(void)
{
    char why[256] = "";
    struct sums sums = {0};
    struct aggregate *aggregate = aggregate_load(256, why);
    pid_t child = fork();
    if (child == 0) {
        for (;;)
            __asm__ volatile("");
    }
    int event = open_clock(child, 40000);
    if (promise(aggregate && event >= 0 && aggregate_watch(aggregate, child) &&
                    aggregate_attach(aggregate, event),
                "another process is sampled %s", why)) {
        ioctl(event, PERF_EVENT_IOC_ENABLE, 0);
        for (double end = seconds_now() + 1; seconds_now() < end; usleep(100)) {
            aggregate_drain(aggregate, take, &sums);
            aggregate_turn(aggregate);
        }
        ioctl(event, PERF_EVENT_IOC_DISABLE, 0);
        for (int map = 0; map < 2; map++) {
            aggregate_drain(aggregate, take, &sums);
            aggregate_turn(aggregate);
        }
        struct aggregate_totals totals = aggregate_totals(aggregate);
        promise(totals.taken > 0 && totals.lost == 0 && sums.count == totals.taken,
                "read while it grows: %llu samples taken, %llu summed in %llu entries",
                (unsigned long long)totals.taken, (unsigned long long)sums.count,
                (unsigned long long)sums.entries);
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(event);
    aggregate_unload(aggregate);
}

int main(void)
{
    char why[256] = "";
    struct aggregate *aggregate = aggregate_load(64, why);
    if (!aggregate && is_not_permitted(why)) {
        note("%s", why);
        return TEST_SKIPPED;
    }
    aggregate_unload(aggregate);
    expect_all("few addresses", 4096, stay, true);
    expect_all("many addresses", 65536, spread_out, true);
    expect_all("too small a map", 16, spread_out, false);
    expect_all_while_read();
    return promises_end();
}
