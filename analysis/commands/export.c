/* SPDX-License-Identifier: MIT */
/* hakmem-trace export: the counters of processes that run, as OpenMetrics text. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collect/clock.h"
#include "commands.h"
#include "export_options.h"
#include "export_server.h"
#include "export_targets.h"
#include "report/output.h"
#include "top_wait.h"
#include "watcher_rights.h"

/* How often it is looked whether the processes still run. */
#define LOOK_S 0.5

struct exporter {
    struct export_options options;
    struct export_targets targets;
    struct export_server server;
    struct output output;
};

static void write_metrics(void *context, FILE *stream)
{
    struct exporter *exporter = context;
    export_targets_read(&exporter->targets);
    export_targets_write(&exporter->targets, exporter->options.format, stream);
}

static int fail(const struct exporter *exporter)
{
    const char *path = exporter->options.output;
    complain("%s: %s", strcmp(path, "-") == 0 ? "standard output" : path, strerror(errno));
    return EXIT_TOOL_FAILED;
}

/* Opened already the first time, before rights were given up. */
static int write_output(struct exporter *exporter)
{
    struct output *output = &exporter->output;
    if (!output->stream && output_open(output, exporter->options.output) != 0)
        return fail(exporter);
    write_metrics(exporter, output->stream);
    return output_commit(output) == 0 ? 0 : fail(exporter);
}

static bool writes(const struct exporter *exporter)
{
    return !exporter->options.listens || exporter->options.interval_s > 0;
}

/* All that needs rights, and then no right is left. */
static int prepare(struct exporter *exporter)
{
    char note[WATCHER_NOTE];
    struct export_options *options = &exporter->options;
    int error = export_targets_find(&exporter->targets, options);
    if (!error && options->listens)
        error = export_server_open(&exporter->server, options->address, options->port);
    if (error)
        return error;
    if (writes(exporter) && output_open(&exporter->output, options->output) != 0)
        return fail(exporter);
    const struct watcher_rights rights = {.watched = export_targets_oldest(&exporter->targets),
                                          .folder = -1,
                                          .outputs = {&exporter->output}};
    if (!watcher_rights_prepare(&rights) || !watcher_rights_drop(&rights, note)) {
        complain("export: can't drop privileges: %s", strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    if (note[0])
        complain("export: %s", note);
    return 0;
}

/* Until the processes have ended, or a signal comes. */
static int go_on(struct exporter *exporter)
{
    const struct export_options *options = &exporter->options;
    double next = clock_seconds();
    int error = 0;
    if (options->listens)
        export_server_say(&exporter->server);
    while (!error && !top_wait_signal()) {
        bool run = export_targets_run(&exporter->targets);
        if (options->interval_s > 0 && (clock_seconds() >= next || !run)) {
            error = write_output(exporter);
            next = fmax(next + options->interval_s, clock_seconds());
        }
        if (!run) {
            fputs("hakmem-trace: the processes have ended\n", stderr);
            break;
        }
        double look = clock_seconds() + LOOK_S;
        export_server_serve(&exporter->server, options->interval_s > 0 ? fmin(next, look) : look);
    }
    return error;
}

static int export_command(int argc, char **argv)
{
    static struct exporter exporter = {.server.socket = -1}; /* too big for a bounded stack */
    struct export_options *options = &exporter.options;
    int error = export_options_parse(argc, argv, options);
    if (error)
        return error;
    if (options->help) {
        fputs(export_help, stdout);
        return fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    }
    exporter.server.write = write_metrics;
    exporter.server.context = &exporter;
    exporter.server.content_type =
        options->format == HAK_METRICS_OPENMETRICS
            ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
            : "text/plain; version=0.0.4; charset=utf-8";
    top_wait_start();
    error = prepare(&exporter);
    if (!error)
        error = options->listens || options->interval_s > 0 ? go_on(&exporter)
                                                            : write_output(&exporter);
    output_abandon(&exporter.output);
    export_server_close(&exporter.server);
    watcher_rights_end();
    return !error && top_wait_signal() ? 128 + top_wait_signal() : error;
}

const struct command command_export = {
    .name = "export",
    .summary = "write a running process's counters as OpenMetrics",
    .help = export_help,
    .run = export_command,
};
