/* SPDX-License-Identifier: MIT */
#include "export_options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "option_value.h"

const char export_help[] =
    "usage: hakmem-trace export [OPTION]... PID...\n"
    "       hakmem-trace export [OPTION]... --all\n"
    "\n"
    "Writes the counters and gauges of processes that run on libhakmem as\n"
    "OpenMetrics text, for Prometheus and whatever else scrapes. The processes need\n"
    "no preparation and are not stopped.\n"
    "\n"
    "  --all             every process on libhakmem that may be looked into, those\n"
    "                    that begin later, too\n"
    "  --listen [ADDRESS:]PORT\n"
    "                    answer GET /metrics by HTTP, until the processes have\n"
    "                    ended; ADDRESS is a number, 127.0.0.1 unless told; port 0:\n"
    "                    whichever is free\n"
    "  --output FILE     write FILE, whole or not at all, instead of standard output\n"
    "  --interval S      write FILE again every S seconds: 0.1 to 86400, until the\n"
    "                    processes have ended\n"
    "  --format FORMAT   openmetrics (OpenMetrics 1.0), or prometheus (text format\n"
    "                    0.0.4, which node_exporter's textfile collector reads);\n"
    "                    unless told, prometheus where FILE ends with .prom\n"
    "  --help            this text\n"
    "\n"
    "A program can leave the same behind when it ends: HAKMEM_METRICS=FILE, with %p\n"
    "for its number, in its environment.\n"
    "\n"
    "exit codes:\n"
    "  0    written; or the processes have ended\n"
    "  2    wrong use, no such process, or one that is not on libhakmem\n"
    "  125  hakmem-trace itself failed, or may not look into a process\n"
    "  128 + N  ended by signal N (Ctrl-C: 130)\n";

enum {
    OPTION_ALL = 256,
    OPTION_LISTEN,
    OPTION_OUTPUT,
    OPTION_INTERVAL,
    OPTION_FORMAT,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"all", no_argument, NULL, OPTION_ALL},
    {"listen", required_argument, NULL, OPTION_LISTEN},
    {"output", required_argument, NULL, OPTION_OUTPUT},
    {"interval", required_argument, NULL, OPTION_INTERVAL},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

/* What only the whole command line tells. */
struct seen {
    bool all, format;
};

/* PORT, ADDRESS:PORT or [ADDRESS]:PORT. */
static int take_listen(struct export_options *options, const char *text)
{
    const char *colon = strrchr(text, ':'), *port = colon ? colon + 1 : text;
    uint64_t number = 0;
    size_t length = colon ? (size_t)(colon - text) : 0;
    if (length >= 2 && text[0] == '[' && text[length - 1] == ']') {
        text++;
        length -= 2;
    }
    if (length >= sizeof options->address || (colon && length == 0)) {
        complain("export: --listen %s: not [ADDRESS:]PORT", text);
        return EXIT_USAGE;
    }
    int error = option_number("export: --listen: port", port, 0, 65535, &number);
    if (error)
        return error;
    options->listens = true;
    snprintf(options->port, sizeof options->port, "%u", (unsigned)number);
    snprintf(options->address, sizeof options->address, "%.*s", colon ? (int)length : 9,
             colon ? text : "127.0.0.1");
    return 0;
}

static int take_format(struct export_options *options, const char *text)
{
    if (strcmp(text, "openmetrics") == 0)
        options->format = HAK_METRICS_OPENMETRICS;
    else if (strcmp(text, "prometheus") == 0)
        options->format = HAK_METRICS_PROMETHEUS;
    else {
        complain("export: --format %s: openmetrics and prometheus are known", text);
        return EXIT_USAGE;
    }
    return 0;
}

static int take(struct export_options *options, struct seen *seen, int option)
{
    switch (option) {
    case OPTION_ALL:
        seen->all = true;
        return 0;
    case OPTION_LISTEN:
        return take_listen(options, optarg);
    case OPTION_OUTPUT:
        options->output = optarg;
        return 0;
    case OPTION_INTERVAL:
        return option_decimal("export: --interval", optarg, 0.1, 86400, &options->interval_s);
    case OPTION_FORMAT:
        seen->format = true;
        return take_format(options, optarg);
    default:
        options->help = true;
        return 0;
    }
}

static int take_pids(struct export_options *options, int count, char **texts)
{
    if (count > EXPORT_PIDS) {
        complain("export: more than %d PIDs; --all takes every process", EXPORT_PIDS);
        return EXIT_USAGE;
    }
    for (int i = 0; i < count; i++) {
        uint64_t pid = 0;
        int error = option_number("export: PID", texts[i], 1, INT32_MAX, &pid);
        if (error)
            return error;
        for (size_t k = 0; k < options->pid_count; k++) {
            if (options->pids[k] == (pid_t)pid) {
                complain("export: PID %s is given twice", texts[i]);
                return EXIT_USAGE;
            }
        }
        options->pids[options->pid_count++] = (pid_t)pid;
    }
    return 0;
}

static int check(struct export_options *options, const struct seen *seen)
{
    const char *wrong = NULL;
    if (seen->all && options->pid_count)
        wrong = "--all and a PID exclude each other";
    else if (!seen->all && !options->pid_count)
        wrong = "PID is missing, or --all";
    else if (option_is_empty(options->output))
        wrong = "--output has an empty value";
    else if (options->interval_s > 0 && (!options->output || strcmp(options->output, "-") == 0))
        wrong = "--interval is for --output FILE";
    else if (options->listens && options->output && options->interval_s <= 0)
        wrong = "--output beside --listen needs --interval";
    if (!wrong)
        return 0;
    complain("export: %s; see hakmem-trace export --help", wrong);
    return EXIT_USAGE;
}

static bool is_for_node_exporter(const char *path)
{
    size_t length = strlen(path), end = sizeof ".prom" - 1;
    return length > end && strcmp(path + length - end, ".prom") == 0;
}

int export_options_parse(int argc, char **argv, struct export_options *options)
{
    int option;
    struct seen seen = {false, false};
    *options = (struct export_options){.format = HAK_METRICS_OPENMETRICS};
    optind = 0;
    while ((option = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return option_refused(option, argv);
        int error = take(options, &seen, option);
        if (error)
            return error;
        if (options->help)
            return 0;
    }
    int error = take_pids(options, argc - optind, argv + optind);
    if (!error)
        error = check(options, &seen);
    if (!error && !seen.format && options->output && is_for_node_exporter(options->output))
        options->format = HAK_METRICS_PROMETHEUS;
    if (!options->output)
        options->output = "-";
    return error;
}
