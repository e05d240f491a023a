/* SPDX-License-Identifier: MIT */
/* The options that all commands have which watch a program: where the report goes, and how closely
 * they look. */
#ifndef ANALYSIS_WATCH_OPTIONS_H
#define ANALYSIS_WATCH_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

#include "sampling.h"

struct watch_options {
    const char *json;   /* NULL: none */
    const char *html;   /* NULL: none */
    const char *output; /* NULL: stderr */
    unsigned frequency; /* samples a second of CPU time; 0: the highest that costs little */
    double budget;      /* percent of the CPU time that watching may cost; 0: 1 */
    enum sampling_aggregate aggregate;
    bool bpf;
    bool every_call; /* not without bpf */
    bool help;
};

enum {
    OPTION_JSON = 256,
    OPTION_HTML,
    OPTION_OUTPUT,
    OPTION_FREQUENCY,
    OPTION_AGGREGATE,
    OPTION_BUDGET,
    OPTION_NO_BPF,
    OPTION_HELP,
    OPTION_OWN /* the first of a command's own */
};

/* For a table of getopt_long; a command's own follow, and the end. */
#define WATCH_LONG_OPTIONS                                                                         \
    {"json", required_argument, NULL, OPTION_JSON},                                                \
        {"html", required_argument, NULL, OPTION_HTML},                                            \
        {"output", required_argument, NULL, OPTION_OUTPUT},                                        \
        {"frequency", required_argument, NULL, OPTION_FREQUENCY},                                  \
        {"aggregate", required_argument, NULL, OPTION_AGGREGATE},                                  \
        {"budget", required_argument, NULL, OPTION_BUDGET},                                        \
        {"no-bpf", no_argument, NULL, OPTION_NO_BPF},                                              \
    {                                                                                              \
        "help", no_argument, NULL, OPTION_HELP                                                     \
    }

/* Of the help of a command that has them all. */
#define WATCH_HELP                                                                                 \
    "  --json FILE       also write every figure of the report to FILE as JSON (- for stdout)\n"   \
    "  --html FILE       also write it to FILE as a page with pictures, for a browser\n"           \
    "  --output FILE     write the report to FILE instead of stderr\n"                             \
    "  --frequency HZ    samples per second of processor time: 1 to 100000; default 997, or "      \
    "less\n"                                                                                       \
    "                    where samples cost so much that watching would exceed its budget\n"       \
    "  --budget PERCENT  of the processor time that watching may cost (1): half of it goes to\n"   \
    "                    samples, a quarter to slow paths; what finds no room is left out\n"       \
    "  --aggregate WAY   add samples up in the kernel by eBPF: yes, no, or auto (default): "       \
    "above\n"                                                                                      \
    "                    2000 Hz, where that costs no more than samples one by one\n"              \
    "  --no-bpf          don't watch the slow path with eBPF, and no auto of --aggregate\n"

/* One of these, with its value in optarg. 0, or the exit code after one line on stderr, which names
 * `command`. */
int watch_option_take(struct watch_options *options, const char *command, int option);

#endif
