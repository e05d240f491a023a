/* SPDX-License-Identifier: MIT */
/* hakmem-trace advise: would another malloc help, by how much, and how sure is that? */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "advise_first.h"
#include "advise_judge.h"
#include "advise_measure.h"
#include "advise_options.h"
#include "collect/clock.h"
#include "commands.h"
#include "own_report.h"
#include "report/advise_json.h"
#include "report/advise_text.h"
#include "stepped_output.h"

/* That a child, which has a command of its own to end, gets when it is asked to end. */
#define PATIENCE_S 5

struct advise {
    struct advise_options options;
    struct stepped_options places;
    struct stepped_output output;
    struct advise_measure measure;
    struct advise_report report;
    char file[OWN_REPORT_PATH]; /* what the children leave; empty: not made */
    double start;
    int taken; /* the signal that ended it all early; 0: none */
};

static int prepare(struct advise *advise)
{
    struct advise_report *report = &advise->report;
    advise_report_start(report, advise->options.compare.command);
    report->metric = advise->options.compare.metric;
    report->higher_is_better = advise->options.compare.higher_is_better;
    report->seconds = advise->options.seconds;
    int code = advise_measure_find(&advise->measure, &advise->options, report);
    advise->places =
        (struct stepped_options){.json = advise->options.json, .output = advise->options.output};
    if (!code)
        code = stepped_output_open(&advise->output, "advise", &advise->places);
    if (!code)
        code = own_report_file(advise->file);
    if (code)
        advise->file[0] = '\0';
    return code;
}

/* What single runs tell, as far as it decides whether there is anything to compare. */
static void look(struct advise *advise, struct compare_process *process)
{
    struct advise_report *report = &advise->report;
    double patience_s = process->patience_s;
    process->patience_s = PATIENCE_S;
    advise->measure.compare.progress.label = "can its malloc be replaced?";
    advise_first_replace(report, process, advise->file);
    advise->measure.compare.progress.done++;
    advise->measure.compare.progress.label = "who asks for memory?";
    if (!process->taken && report->is_replaced)
        advise_first_sites(report, process, advise->file);
    process->patience_s = patience_s;
    compare_progress_clear(&advise->measure.compare.progress);
}

static int measure(struct advise *advise)
{
    struct advise_report *report = &advise->report;
    struct compare_measure *compare = &advise->measure.compare;
    compare->blank.rounds = 1;
    int code = compare_measure_start(compare, 1);
    if (code)
        return code;
    look(advise, &compare->process);
    if (!compare->process.taken && !advise_is_fixed(report))
        code = advise_measure_run(&advise->measure, report,
                                  report->seconds - (clock_seconds() - advise->start));
    advise->taken = compare->process.taken;
    return code;
}

static int write_all(struct advise *advise)
{
    advise_print_text(&advise->report, stepped_output_text(&advise->output));
    int code = stepped_output_end_text(&advise->output);
    FILE *json = stepped_output_json(&advise->output);
    int error =
        json ? stepped_output_end_json(&advise->output, advise_print_json(&advise->report, json))
             : 0;
    return error ? error : code;
}

static int run(struct advise *advise)
{
    struct advise_report *report = &advise->report;
    int code = prepare(advise);
    if (!code)
        code = advise_first_run(report, advise->file, &advise->taken);
    if (!code && !advise->taken && report->wall_s >= ADVISE_SHORTEST)
        code = measure(advise);
    if (code)
        return code;
    report->interrupted = advise->taken != 0;
    report->elapsed_s = clock_seconds() - advise->start;
    advise_judge(report);
    code = write_all(advise);
    if (advise->taken)
        return 128 + advise->taken;
    return report->exit_code ? report->exit_code : code;
}

static void clean_up(struct advise *advise)
{
    if (advise->file[0])
        unlink(advise->file);
    stepped_output_close(&advise->output);
    advise_measure_finish(&advise->measure);
    advise_options_finish(&advise->options);
}

static int advise_command(int argc, char **argv)
{
    static struct advise advise; /* too big for a stack that the user may have bounded */
    advise.measure.compare.process.signals = -1;
    advise.start = clock_seconds();
    int code = advise_options_parse(argc, argv, &advise.options);
    if (code)
        return code;
    if (advise.options.help) {
        fputs(advise_help, stdout);
        return fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    }
    code = run(&advise);
    clean_up(&advise);
    return code;
}

const struct command command_advise = {
    .name = "advise",
    .summary = "say on one screen whether another malloc would help",
    .help = advise_help,
    .run = advise_command,
};
