/* SPDX-License-Identifier: MIT */
/* hakmem-trace run: runs a command and reports where its time went. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "collect/allocator.h"
#include "collect/counter_folder.h"
#include "collect/environment.h"
#include "collect/launch.h"
#include "collect/memory_watch.h"
#include "collect/overhead.h"
#include "collect/sampler.h"
#include "collect/slow_path.h"
#include "commands.h"
#include "profile.h"
#include "report/json.h"
#include "report/output.h"
#include "report/text.h"
#include "run_options.h"
#include "run_report.h"

/* Programs start with a storm of slow paths, and a short one ends with it; a long one is not woken
 * often. */
enum { FIRST_TICKS = 8, FIRST_TICK_MS = 4, TICK_MS = 50, TIDY_MS = 500 };

/* What watching may cost, of the program's processor time: 2 % in all, with this tool's own work.
 */
#define SAMPLING_BUDGET  0.0095
#define SLOW_PATH_BUDGET 0.005

struct run {
    struct run_options options;
    struct allocator allocator;
    struct output json, output;
    struct counter_folder folder;
    struct memory_watch memory;
    struct launch launch;
    struct attributor *attributor;
    struct profile profile;
    struct perf_choice event;
    struct overhead overhead;
    struct sampler *sampler;
    struct slow_path *slow_path;
    unsigned ticks;
    struct report report;
};

static double own_cpu_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/* Everything that can be known to fail is made to fail before the command runs. */
static int open_outputs(struct run *run)
{
    const struct run_options *options = &run->options;
    if (options->json && output_open(&run->json, options->json) != 0) {
        complain("%s: %s", options->json, strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    if (options->output && output_open(&run->output, options->output) != 0) {
        complain("%s: %s", options->output, strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    return 0;
}

/* Measures what a sample costs before the frequency is settled. */
static void choose_frequency(struct run *run)
{
    unsigned highest = perf_event_highest_frequency(), wanted = run->options.frequency;
    if (!highest)
        highest = RUN_FREQUENCY_MAX;
    run->overhead.sample_ns = overhead_of_sample(&run->event);
    if (!wanted)
        wanted = overhead_frequency(run->overhead.sample_ns, SAMPLING_BUDGET, highest);
    if (wanted > highest) {
        report_note(&run->report,
                    "sampled at %u Hz: the kernel allows no more "
                    "(kernel.perf_event_max_sample_rate)",
                    highest);
        wanted = highest;
    }
    run->event.attr.sample_freq = wanted;
}

static void attach_sampler(struct run *run)
{
    char why[256];
    struct sampler_sink sink = profile_sink(&run->profile);
    if (perf_event_choose(run->launch.pid, RUN_FREQUENCY_MIN, &run->event, why, sizeof why)) {
        choose_frequency(run);
        run->sampler = sampler_open(run->launch.pid, &run->event, &sink, why, sizeof why);
    }
    if (!run->sampler)
        report_note(&run->report, "no time by source: %s", why);
}

/* The child exists and waits. Whatever can't be had is noted in the report. */
static void attach(struct run *run)
{
    char why[256] = "";
    run->attributor = attributor_create(run->allocator.library);
    if (!run->attributor)
        report_note(&run->report, "%s: %s: its time counts as the application's",
                    run->allocator.library, strerror(errno));
    profile_start(&run->profile, run->attributor, &run->folder, run->allocator.library,
                  run->allocator.is_glibc);
    attach_sampler(run);
    if (!run->allocator.is_hakmem || !run->options.bpf)
        return;
    run->slow_path =
        slow_path_attach(run->allocator.library, run->launch.pid, SLOW_PATH_BUDGET, why);
    if (!run->slow_path)
        report_note(&run->report, "no slow-path events: %s", why);
}

static int tick(void *context)
{
    struct run *run = context;
    if (run->sampler)
        sampler_read(run->sampler);
    if (run->slow_path)
        slow_path_tick(run->slow_path);
    memory_watch_tick(&run->memory);
    if (++run->ticks % (TIDY_MS / TICK_MS) == 0)
        counter_folder_tidy(&run->folder);
    return run->ticks < FIRST_TICKS ? FIRST_TICK_MS : TICK_MS;
}

/* Lets the command run and fills the report when it has ended. */
static int watch(struct run *run)
{
    struct launch_end end;
    struct slow_path_report slow_path;
    struct run_facts facts = {.options = &run->options, .allocator = &run->allocator, .end = &end};
    attach(run);
    run->memory.folder = &run->folder;
    double before = own_cpu_seconds();
    if (run->sampler)
        sampler_start(run->sampler);
    int error = launch_go(&run->launch);
    if (error) {
        complain("%s: %s", run->options.command[0], strerror(error));
        return error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
    }
    launch_wait(&run->launch, tick, run, &end);
    facts.tool_cpu_s = own_cpu_seconds() - before;

    if (run->slow_path) {
        slow_path_finish(run->slow_path, &slow_path);
        run->slow_path = NULL;
        facts.slow_path = &slow_path;
    }
    if (run->sampler) {
        sampler_finish(run->sampler, &facts.sampled);
        run->overhead.fault_ns = overhead_of_fault(&run->event);
        run->overhead.switch_ns = overhead_of_switch(&run->event);
        facts.event = &run->event;
        facts.overhead = &run->overhead;
    }
    counter_folder_remove(&run->folder);
    facts.counters = &run->folder.counters;
    facts.memory = &run->memory;
    facts.started = run->launch.start;
    facts.profile = &run->profile;
    facts.has_debug_information =
        run->attributor && attributor_has_debug_information(run->attributor);
    run_report_fill(&run->report, &facts);
    return launch_exit_code(end.status);
}

/* A report that can't be written is this program's failure; it hides no failure of the command. */
static int after_failed_write(const char *path, int code)
{
    complain("%s: %s", path, strerror(errno));
    return code ? code : EXIT_TOOL_FAILED;
}

static int write_reports(struct run *run, int code)
{
    FILE *stream = run->output.stream ? run->output.stream : stderr;
    setvbuf(stderr, NULL, _IOFBF, BUFSIZ);
    report_print_text(&run->report, stream);
    bool is_shown = fflush(stderr) == 0;
    setvbuf(stderr, NULL, _IONBF, 0);
    if (!is_shown)
        code = after_failed_write("standard error", code);
    if (run->output.stream && output_commit(&run->output) != 0)
        code = after_failed_write(run->options.output, code);
    if (run->json.stream) {
        int error = report_print_json(&run->report, run->json.stream) != 0 ? errno : 0;
        if (error)
            output_abandon(&run->json);
        errno = error;
        if (error || output_commit(&run->json) != 0)
            code = after_failed_write(run->options.json, code);
    }
    return code;
}

static int run_with_folder(struct run *run)
{
    struct environment environment = {0};
    int error = 0;
    fflush(NULL);
    if (!environment_make(&environment, &run->allocator, run->folder.path) ||
        launch_prepare(&run->launch, run->options.command, environment.list) != 0)
        error = errno;
    environment_free(&environment); /* the child has its copy */
    if (error) {
        complain("can't start a process: %s", strerror(error));
        return EXIT_TOOL_FAILED;
    }
    signal(SIGPIPE, SIG_IGN);
    int code = watch(run);
    if (run->report.command)
        code = write_reports(run, code);
    return code;
}

static void clean_up(struct run *run)
{
    struct slow_path_report unused;
    if (run->slow_path)
        slow_path_finish(run->slow_path, &unused);
    sampler_close(run->sampler);
    attributor_destroy(run->attributor);
    counter_folder_remove(&run->folder);
    counter_folder_finish(&run->folder);
    output_abandon(&run->json);
    output_abandon(&run->output);
}

static int run_command(int argc, char **argv)
{
    static struct run run; /* too big for a stack that the user may have bounded */
    char why[512];
    run.folder.descriptor = -1;
    int code = run_options_parse(argc, argv, &run.options);
    if (code)
        return code;
    if (run.options.help) {
        fputs(run_help, stdout);
        return fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    }
    if (!allocator_find(run.options.with, &run.allocator, why, sizeof why)) {
        complain("%s", why);
        return EXIT_TOOL_FAILED;
    }
    code = open_outputs(&run);
    if (code == 0 && counter_folder_create(&run.folder) != 0) {
        complain("no folder for the counters (XDG_RUNTIME_DIR, /dev/shm, TMPDIR, /tmp): %s",
                 strerror(errno));
        code = EXIT_TOOL_FAILED;
    }
    if (code == 0)
        code = run_with_folder(&run);
    clean_up(&run);
    return code;
}

const struct command command_run = {
    .name = "run",
    .summary = "run a command and say where its time went",
    .help = run_help,
    .run = run_command,
};
