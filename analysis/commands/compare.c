/* SPDX-License-Identifier: MIT */
/* hakmem-trace compare: one command under several allocators, in rounds. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "commands.h"
#include "compare_allocators.h"
#include "compare_disturbance.h"
#include "compare_options.h"
#include "compare_process.h"
#include "compare_progress.h"
#include "compare_summary.h"
#include "report/compare_json.h"
#include "report/compare_text.h"
#include "report/output.h"

enum { PADDING_BYTES = 4096 };

/* Others' work that can shift a result: of one core. */
#define DISTURBED_CORES 0.05

struct compare {
    struct compare_options options;
    struct compare_allocators allocators;
    struct compare_process process;
    struct compare_progress progress;
    struct compare_report report;
    struct output json;
    struct rounds_random random;
};

static void tick(void *context)
{
    struct compare *compare = context;
    compare_progress_show(&compare->progress);
}

__attribute__((format(printf, 3, 4))) static void
fail(struct compare *compare, struct compare_row *row, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(row->failure, sizeof row->failure, format, arguments);
    va_end(arguments);
    row->last_output = strdup(compare->process.tail.bytes);
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

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

static struct compare_run run_of(const struct compare_end *end)
{
    return (struct compare_run){
        .wall_s = end->seconds,
        .user_s = seconds(end->usage.ru_utime),
        .system_s = seconds(end->usage.ru_stime),
        .figure = NAN,
        .max_rss_kb = (uint64_t)end->usage.ru_maxrss,
        .minor_faults = (uint64_t)end->usage.ru_minflt,
        .major_faults = (uint64_t)end->usage.ru_majflt,
        .involuntary_switches = (uint64_t)end->usage.ru_nivcsw,
    };
}

/* What ended belongs to the row, or is its failure. */
static void note_end(struct compare *compare, struct compare_row *row,
                     const struct compare_end *end, struct compare_run *run)
{
    static const char refused[] = "ERROR: ld.so: object";
    if (WIFSIGNALED(end->status)) {
        fail(compare, row, "killed by signal %d (%s) in round %u", WTERMSIG(end->status),
             strsignal(WTERMSIG(end->status)), run->round);
    } else if (WEXITSTATUS(end->status) != 0) {
        fail(compare, row, "exit code %d in round %u", WEXITSTATUS(end->status), run->round);
    } else if (row->library && strstr(compare->process.tail.bytes, refused)) {
        fail(compare, row, "the loader can't preload it");
    } else if (compare->options.metric &&
               !find_figure(&compare->options.pattern, compare->process.output.bytes,
                            &run->figure)) {
        fail(compare, row, "no figure above 0 for --metric in round %u", run->round);
    } else {
        row->runs[row->run_count++] = *run;
    }
}

static int run_once(struct compare *compare, size_t index, unsigned round, unsigned position)
{
    struct compare_row *row = &compare->report.rows[index];
    unsigned padding = (unsigned)rounds_below(&compare->random, PADDING_BYTES);
    struct compare_end end;
    const char *name = compare->options.command[0];
    if (row->failure[0])
        return 0;
    if (compare_process_run(&compare->process, compare->options.command,
                            compare_allocator_of(&compare->allocators, index)->preload, padding,
                            &end) != 0) {
        complain("compare: can't start a process: %s", strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    if (end.exec_error) {
        complain("compare: %s: %s", name, strerror(end.exec_error));
        return end.exec_error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
    }
    if (compare->process.taken)
        return 0; /* cut short: it tells nothing */
    struct compare_run run = run_of(&end);
    run.round = round;
    run.position = position;
    run.padding = padding;
    note_end(compare, row, &end, &run);
    return 0;
}

static int run_rounds(struct compare *compare)
{
    struct compare_report *report = &compare->report;
    size_t order[COMPARE_ALLOCATORS_MAX + 1];
    int error = 0;
    for (size_t i = 0; i < report->row_count; i++)
        order[i] = i;
    for (unsigned round = 1; round <= report->rounds; round++) {
        rounds_shuffle(&compare->random, order, report->row_count);
        for (size_t i = 0; i < report->row_count; i++) {
            error = run_once(compare, order[i], round, (unsigned)i + 1);
            if (error || compare->process.taken)
                return error;
            compare->progress.done++;
            compare_progress_show(&compare->progress);
        }
        report->rounds_done = round;
    }
    return 0;
}

static void note_disturbance(struct compare_report *report, const struct disturbance_found *found)
{
    report->others_cores = found->others_s / report->elapsed_s;
    report->stolen_cores = found->stolen_s / report->elapsed_s;
    if (found->others_s > 0.02 && report->others_cores > DISTURBED_CORES) {
        char most[64] = "";
        if (found->name[0])
            snprintf(most, sizeof most, ", mostly %.15s (%.1f s)", found->name, found->name_s);
        compare_note(report, "disturbed: others kept %.2f cores busy%s", report->others_cores,
                     most);
    }
    if (found->stolen_s > 0.02 && report->stolen_cores > DISTURBED_CORES)
        compare_note(report, "disturbed: the hypervisor took %.2f cores' time",
                     report->stolen_cores);
}

static int measure(struct compare *compare)
{
    struct compare_report *report = &compare->report;
    struct disturbance disturbance;
    struct disturbance_found found;
    disturbance_start(&disturbance);
    compare_progress_start(&compare->progress, report->rounds * report->row_count);
    int error = run_rounds(compare);
    compare_progress_clear(&compare->progress);
    report->elapsed_s = compare_now() - compare->progress.start;
    disturbance_finish(&disturbance, &found);
    note_disturbance(report, &found);
    report->interrupted = compare->process.taken != 0;
    return error;
}

static int write_json(struct compare *compare)
{
    int error = compare_print_json(&compare->report, compare->json.stream) != 0 ? errno : 0;
    if (error)
        output_abandon(&compare->json);
    else if (output_commit(&compare->json) == 0)
        return 0;
    complain("%s: %s", compare->options.json, strerror(error ? error : errno));
    return EXIT_TOOL_FAILED;
}

static int write_reports(struct compare *compare)
{
    bool is_json_shown = compare->options.json && strcmp(compare->options.json, "-") == 0;
    FILE *stream = is_json_shown ? stderr : stdout;
    signal(SIGPIPE, SIG_IGN);
    compare_print_text(&compare->report, compare->options.details, stream);
    int code = 0;
    if (fflush(stream) != 0 || ferror(stream)) {
        complain("%s: %s", is_json_shown ? "standard error" : "standard output", strerror(errno));
        code = EXIT_TOOL_FAILED;
    }
    if (compare->json.stream) {
        int error = write_json(compare);
        code = error ? error : code;
    }
    for (size_t i = 0; i < compare->report.row_count && !code; i++)
        code = compare->report.rows[i].failure[0] ? 1 : 0;
    return compare->process.taken ? 128 + compare->process.taken : code;
}

static int prepare(struct compare *compare)
{
    struct compare_report *report = &compare->report;
    const struct compare_options *options = &compare->options;
    report->command = options->command;
    report->metric = options->metric;
    report->higher_is_better = options->higher_is_better;
    report->rounds = options->rounds;
    report->seed = compare->random.state = options->seed;
    report->core = options->core;
    int error = compare_allocators_find(&compare->allocators, compare->options.with, report);
    if (error)
        return error;
    for (size_t i = 0; i < report->row_count; i++) {
        report->rows[i].runs = calloc(report->rounds, sizeof *report->rows[i].runs);
        if (!report->rows[i].runs) {
            complain("compare: %s", strerror(errno));
            return EXIT_TOOL_FAILED;
        }
    }
    if (options->json && output_open(&compare->json, options->json) != 0) {
        complain("%s: %s", options->json, strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    return 0;
}

static void clean_up(struct compare *compare)
{
    for (size_t i = 0; i < compare->report.row_count; i++) {
        free(compare->report.rows[i].runs);
        free(compare->report.rows[i].last_output);
    }
    output_abandon(&compare->json);
    compare_process_finish(&compare->process);
    compare_allocators_finish(&compare->allocators);
    compare_options_finish(&compare->options);
}

static int compare_command(int argc, char **argv)
{
    static struct compare compare; /* too big for a stack that the user may have bounded */
    compare.process.signals = -1;
    int code = compare_options_parse(argc, argv, &compare.options);
    if (code == 0 && compare.options.help) {
        fputs(compare_help, stdout);
        code = fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    } else if (code == 0 && (code = prepare(&compare)) == 0) {
        compare.process.signals = -1;
        if (compare_process_start(&compare.process, compare.options.core) != 0) {
            complain("compare: %s", strerror(errno));
            code = EXIT_TOOL_FAILED;
        } else {
            compare.process.tick = tick;
            compare.process.context = &compare;
            code = measure(&compare);
        }
        if (code == 0) {
            compare_summary_fill(&compare.report);
            code = write_reports(&compare);
        }
    }
    clean_up(&compare);
    return code;
}

const struct command command_compare = {
    .name = "compare",
    .summary = "run a command under several allocators and say which is faster",
    .help = compare_help,
    .run = compare_command,
};
