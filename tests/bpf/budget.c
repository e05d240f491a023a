/* SPDX-License-Identifier: MIT */
/* Watching stays within its budget, leaves cleanly, and says what is missing where it cannot start.
 */
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "support/promise.h"
#include "watched_run.h"

static void expect_cut_short(char *fixture)
{
    struct slow_path_report report;
    int status;
    char why[256] = "", *arguments[] = {fixture, "busy", "2000000", NULL};
    struct watched_program busy = {.library = fixture, .budget = 0.01, .arguments = arguments};
    if (!promise(watched_run(&busy, &report, &status, why) && status == 0,
                 "a busy program is watched %s", why))
        return;
    const struct slow_path_events *refill = &report.kind[SLOW_PATH_REFILL];
    promise(refill->cut_short, "what costs too much is detached");
    promise(refill->count > 0 && refill->count < 2000000, "after %llu of 2000000 events",
            (unsigned long long)refill->count);
    promise(!report.kind[SLOW_PATH_PURGE].cut_short && report.kind[SLOW_PATH_PURGE].watched,
            "what costs nothing stays attached");
    promise(refill->cost_ns > 0 && refill->hits >= 2 * refill->count && refill->cost_fraction > 0 &&
                refill->cost_fraction <= report.cost_fraction,
            "the cost of each kind is known: %.0f ns a hit", refill->cost_ns);
    note("cost %.1f %% of the CPU time", 100 * report.cost_fraction);
}

/* What was asked for by itself is not taken away, whatever it costs. */
static void expect_every_call(char *fixture)
{
    enum { CALLS = 100000 };
    struct slow_path_report report;
    int status;
    char why[256] = "", *arguments[] = {fixture, "calls", "100000", NULL};
    struct watched_program calls = {
        .library = fixture, .budget = 0.0001, .every_call = true, .arguments = arguments};
    if (!promise(watched_run(&calls, &report, &status, why) && status == 0,
                 "every call is watched %s", why))
        return;
    for (int kind = SLOW_PATH_MALLOC; kind <= SLOW_PATH_REALLOC; kind++)
        promise(report.kind[kind].count == CALLS && !report.kind[kind].cut_short,
                "%s: %llu of %d calls, over any budget", slow_path_names[kind],
                (unsigned long long)report.kind[kind].count, CALLS);
    bool equal = report.size_count == FIXTURE_SIZES;
    for (size_t i = 0; i < report.size_count; i++)
        equal &= report.sizes[i].bytes == 100 + i && report.sizes[i].count == CALLS / FIXTURE_SIZES;
    promise(equal, "each of %zu sizes as often as it was asked for", report.size_count);
    promise(report.every_call && report.lost == 0, "nothing is lost");
    slow_path_forget(&report);
}

static void expect_reason(const char *what, const char *library, const char *reason)
{
    char why[256] = "";
    struct slow_path *slow_path = slow_path_attach(library, getpid(), 0.01, why);
    promise(!slow_path, "%s: not watched", what);
    promise(strstr(why, reason) && !strchr(why, '\n'), "%s: \"%s\"", what, why);
}

static void expect_unprivileged(const char *fixture)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0)
            _exit(96);
        char why[256] = "";
        struct slow_path *slow_path = slow_path_attach(fixture, getpid(), 0.01, why);
        _exit(!slow_path && strstr(why, "CAP_BPF") && strstr(why, "CAP_PERFMON") ? 0 : 1);
    }
    int status = 1;
    promise(waitpid(child, &status, 0) == child && status == 0,
            "an ordinary user is told what is missing");
}

int main(int argc, char **argv)
{
    char why[256] = "";
    if (argc < 2)
        return 2;
    struct slow_path *slow_path = slow_path_attach(argv[1], getpid(), 0.01, why);
    if (!slow_path && is_not_permitted(why)) {
        note("%s", why);
        return TEST_SKIPPED;
    }
    if (!promise(slow_path != NULL, "probes are attached %s", why))
        return promises_end();
    struct slow_path_report report;
    slow_path_finish(slow_path, &report);
    promise(report.kind[SLOW_PATH_REFILL].count == 0, "where nothing happens nothing is counted");

    expect_reason("no library", "/no/such/library.so", "No such file");
    expect_reason("no ELF file", "/etc/passwd", "");
    expect_reason("no probes", "/bin/true", "no USDT probes");
    if (geteuid() == 0)
        expect_unprivileged(argv[1]);
    expect_cut_short(argv[1]);
    expect_every_call(argv[1]);
    return promises_end();
}
