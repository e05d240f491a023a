/* SPDX-License-Identifier: MIT */
#include "compare_outcome.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "collect/clock.h"
#include "commands.h"

__attribute__((format(printf, 3, 4))) static void
fail(struct compare_row *row, const struct compare_process *process, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(row->failure, sizeof row->failure, format, arguments);
    va_end(arguments);
    row->last_output = strdup(process->tail.bytes);
}

/* The program's figure: of the lines that match, the last one's. */
static bool find_figure(const regex_t *pattern, char *output, double *figure)
{
    regmatch_t matches[2];
    bool found = false;
    for (char *line; (line = strsep(&output, "\n")) != NULL;) {
        if (regexec(pattern, line, 2, matches, 0) != 0 || matches[1].rm_so < 0)
            continue;
        char *start = line + matches[1].rm_so, *end;
        line[matches[1].rm_eo] = '\0';
        double value = strtod(start, &end);
        found = end != start && !*end && isfinite(value) && value > 0;
        *figure = value;
    }
    return found;
}

/* "then R MB of which L MB live": what a workload says of its memory. */
static void find_memory(const char *output, struct compare_run *run)
{
    double resident, live;
    const char *said = NULL;
    run->resident_kb = run->live_kb = NAN;
    for (const char *next = output; (next = strstr(next, "  then ")) != NULL; next++)
        said = next;
    if (said && sscanf(said, " then %lf MB of which %lf MB live", &resident, &live) == 2) {
        run->resident_kb = resident * 1e6 / 1024;
        run->live_kb = live * 1e6 / 1024;
    }
}

static void take_usage(const struct compare_end *end, struct compare_run *run)
{
    run->wall_s = end->seconds;
    run->user_s = clock_seconds_of(end->usage.ru_utime);
    run->system_s = clock_seconds_of(end->usage.ru_stime);
    run->figure = NAN;
    run->max_rss_kb = (uint64_t)end->usage.ru_maxrss;
    run->minor_faults = (uint64_t)end->usage.ru_minflt;
    run->major_faults = (uint64_t)end->usage.ru_majflt;
    run->voluntary_switches = (uint64_t)end->usage.ru_nvcsw;
    run->involuntary_switches = (uint64_t)end->usage.ru_nivcsw;
}

static void note(const struct compare_options *options, const struct compare_process *process,
                 const struct compare_end *end, struct compare_run run, struct compare_row *row)
{
    static const char refused[] = "ERROR: ld.so: object";
    take_usage(end, &run);
    find_memory(process->output.bytes, &run);
    if (WIFSIGNALED(end->status)) {
        fail(row, process, "killed by signal %d (%s) in round %u", WTERMSIG(end->status),
             strsignal(WTERMSIG(end->status)), run.round);
    } else if (WEXITSTATUS(end->status) != 0) {
        fail(row, process, "exit code %d in round %u", WEXITSTATUS(end->status), run.round);
    } else if (row->library && strstr(process->tail.bytes, refused)) {
        fail(row, process, "the loader can't preload it");
    } else if (options->expected && !strstr(process->output.bytes, options->expected)) {
        fail(row, process, "another result in round %u: no %s", run.round, options->expected);
    } else if (options->metric &&
               !find_figure(&options->pattern, process->output.bytes, &run.figure)) {
        fail(row, process, "no figure above 0 for --metric in round %u", run.round);
    } else {
        row->runs[row->run_count++] = run;
    }
}

int compare_outcome_of_run(const struct compare_options *options, struct compare_process *process,
                           char *const *command, const char *preload, struct compare_run run,
                           struct compare_row *row)
{
    struct compare_end end;
    if (compare_process_run(process, command, preload, run.padding, &end) != 0) {
        complain("can't start a process: %s", strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    if (end.exec_error) {
        complain("%s: %s", command[0], strerror(end.exec_error));
        return end.exec_error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
    }
    if (!process->taken) /* else it was cut short and tells nothing */
        note(options, process, &end, run, row);
    return 0;
}
