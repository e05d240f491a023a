/* SPDX-License-Identifier: MIT */
/* The options that both commands have which step through a program. */
#ifndef ANALYSIS_STEPPED_OPTIONS_H
#define ANALYSIS_STEPPED_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

enum { STEPPED_CALLS_DEFAULT = 5000, STEPPED_CALLS_MAX = 10000000, STEPPED_SKIP_DEFAULT = 10000 };
#define STEPPED_SKIP_MAX 1000000000000

struct stepped_options {
    const char *with;
    const char *json;    /* NULL: none */
    const char *html;    /* NULL: none; of `callers` and `annotate` */
    const char *output;  /* NULL: stderr */
    const char *process; /* NULL: any */
    uint64_t calls, skip;
    bool help;
    char **command; /* NULL-terminated */
};

/* Before the first is taken. */
#define STEPPED_OPTIONS_DEFAULT                                                                    \
    {                                                                                              \
        .with = "hakmem", .calls = STEPPED_CALLS_DEFAULT, .skip = STEPPED_SKIP_DEFAULT             \
    }

enum {
    OPTION_WITH = 256,
    OPTION_CALLS,
    OPTION_SKIP,
    OPTION_PROCESS,
    OPTION_JSON,
    OPTION_HTML,
    OPTION_OUTPUT,
    OPTION_HELP,
    OPTION_OWN /* the first of a command's own */
};

/* For a table of getopt_long; a command's own follow, and the end. */
#define STEPPED_LONG_OPTIONS                                                                       \
    {"with", required_argument, NULL, OPTION_WITH},                                                \
        {"calls", required_argument, NULL, OPTION_CALLS},                                          \
        {"skip", required_argument, NULL, OPTION_SKIP},                                            \
        {"process", required_argument, NULL, OPTION_PROCESS},                                      \
        {"json", required_argument, NULL, OPTION_JSON},                                            \
        {"output", required_argument, NULL, OPTION_OUTPUT},                                        \
    {                                                                                              \
        "help", no_argument, NULL, OPTION_HELP                                                     \
    }

/* One of these, with its value in optarg. 0, or the exit code after one line on stderr, which names
 * `verb`. */
int stepped_option_take(struct stepped_options *options, const char *verb, int option);

/* When all are taken: what both commands refuse. */
int stepped_options_check(const struct stepped_options *options, const char *verb);

#endif
