/* SPDX-License-Identifier: MIT */
#include "top_options.h"

#include <getopt.h>
#include <stddef.h>

#include "commands.h"
#include "option_value.h"

const char top_help[] =
    "usage: hakmem-trace top [OPTION]... [PID]\n"
    "\n"
    "Shows what the allocator of a process that runs is doing, again and again: operations a\n"
    "second, where its processor time goes, memory, size classes, slow paths, threads. The "
    "process\n"
    "needs no preparation and is not stopped; its children are processes of their own. Without "
    "PID\n"
    "the processes that could be watched are listed, to choose one from.\n"
    "\n"
    "  --interval S      seconds from figure to figure: 0.1 to 3600; default 1\n"
    "  --count N         end after N intervals\n"
    "  --plain           text, a block for each interval, instead of the screen; so it is too "
    "where\n"
    "                    input or output is no terminal\n"
    "  --json[=FILE]     instead one JSON object a line for each interval, to standard output or\n"
    "                    to FILE, which grows meanwhile\n"
    "  --frequency HZ    samples per second of processor time: 1 to 100000; default 997, or less\n"
    "                    where samples cost so much that they would take more than 0.5 %\n"
    "  --no-bpf          don't time the slow path with eBPF\n"
    "  --help            this text\n"
    "\n"
    "keys:\n"
    "  q             quit\n"
    "  p             hold the figures, and go on\n"
    "  space         the next figures now\n"
    "  s             sort size classes: by operations, live bytes, size\n"
    "  tab, arrows   one section alone: time, sizes, slow path, threads, notes; then all again\n"
    "  Ctrl-C        ends it, too\n"
    "In the list: arrows or k and j choose, Enter watches, q quits.\n"
    "\n"
    "exit codes:\n"
    "  0    the user quit, N intervals were shown, or the process has ended\n"
    "  2    wrong use of hakmem-trace top, or no such process\n"
    "  125  hakmem-trace itself failed, or may not look into the process\n"
    "  128 + N  ended by signal N (Ctrl-C: 130)\n"
    "\n"
    "environment: NO_COLOR turns colour off; the locale says whether bars may be more than "
    "ASCII.\n";

enum { OPTION_INTERVAL = OPTION_OWN, OPTION_COUNT, OPTION_PLAIN };

/* Not all of those that other commands have: JSON goes on and on, and is no file of its own. */
static const struct option long_options[] = {
    {"interval", required_argument, NULL, OPTION_INTERVAL},
    {"count", required_argument, NULL, OPTION_COUNT},
    {"plain", no_argument, NULL, OPTION_PLAIN},
    {"json", optional_argument, NULL, OPTION_JSON},
    {"frequency", required_argument, NULL, OPTION_FREQUENCY},
    {"no-bpf", no_argument, NULL, OPTION_NO_BPF},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static int take(struct top_options *options, int option)
{
    switch (option) {
    case OPTION_INTERVAL:
        return option_decimal("top: --interval", optarg, 0.1, 3600, &options->interval_s);
    case OPTION_COUNT:
        return option_number("top: --count", optarg, 1, 1000000000, &options->count);
    case OPTION_PLAIN:
        options->plain = true;
        return 0;
    case OPTION_JSON:
        options->watch.json = optarg ? optarg : "-";
        return 0;
    default:
        return watch_option_take(&options->watch, "top", option);
    }
}

/* What can't be seen of one option alone; and the process. */
static int check(struct top_options *options, int argc, char **argv)
{
    uint64_t pid = 0;
    if (argc - optind > 1) {
        complain("top: '%s' is one word too many; see hakmem-trace top --help", argv[optind + 1]);
        return EXIT_USAGE;
    }
    if (options->watch.json && !*options->watch.json) {
        complain("top: --json has an empty value; see hakmem-trace top --help");
        return EXIT_USAGE;
    }
    if (options->watch.json && options->plain) {
        complain("top: --json and --plain exclude each other");
        return EXIT_USAGE;
    }
    if (optind == argc)
        return 0;
    int error = option_number("top: PID", argv[optind], 1, INT32_MAX, &pid);
    options->pid = (pid_t)pid;
    return error;
}

int top_options_parse(int argc, char **argv, struct top_options *options)
{
    int option;
    *options = (struct top_options){.interval_s = 1, .watch.bpf = true};
    optind = 0;
    while ((option = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return option_refused(option, argv);
        int error = take(options, option);
        if (error)
            return error;
        if (options->watch.help)
            return 0;
    }
    return check(options, argc, argv);
}
