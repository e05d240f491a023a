/* SPDX-License-Identifier: MIT */
/* The options of commands that write stacks for other programs, and the files they name. */
#ifndef ANALYSIS_STACK_OUTPUT_H
#define ANALYSIS_STACK_OUTPUT_H

#include <getopt.h>
#include <stdbool.h>

#include "report/formats/stacks.h"
#include "report/output.h"

enum stack_format { STACK_PPROF, STACK_COLLAPSED, STACK_SPEEDSCOPE, STACK_FORMATS };

/* Their places among the outputs of struct watcher_rights: behind text, JSON and page. */
enum { STACK_OUTPUTS_AT = 3 };

/* All zeroes: nothing is wanted. */
struct stack_output {
    const char *paths[STACK_FORMATS]; /* NULL: none */
    const char *value;                /* of --collapsed; NULL: the one that is shown first */
    struct output files[STACK_FORMATS];
};

enum {
    OPTION_PPROF = 512, /* above those of every command */
    OPTION_COLLAPSED,
    OPTION_SPEEDSCOPE,
    OPTION_VALUE,
};

/* For a table of getopt_long. */
#define STACK_LONG_OPTIONS                                                                         \
    {"pprof", required_argument, NULL, OPTION_PPROF},                                              \
        {"collapsed", required_argument, NULL, OPTION_COLLAPSED},                                  \
        {"speedscope", required_argument, NULL, OPTION_SPEEDSCOPE},                                \
    {                                                                                              \
        "value", required_argument, NULL, OPTION_VALUE                                             \
    }

#define STACK_HELP                                                                                 \
    "  --pprof FILE      also write every stack to FILE for pprof, Pyroscope, Parca, ...\n"        \
    "  --collapsed FILE  also, a line each, for scripts that draw flame graphs\n"                  \
    "  --speedscope FILE also for https://www.speedscope.app (- for stdout, as above)\n"

/* One of these, with its value in optarg. False: it is none. `*code` is 0, or the exit code after
 * one line on stderr, which names `verb`. */
bool stack_output_take(struct stack_output *output, const char *verb, int option, int *code);

/* `types`: the names that --value may have, NULL behind the last. As below, EXIT_USAGE. */
int stack_output_check(const struct stack_output *output, const char *verb,
                       const char *const *types);

bool stack_output_is_wanted(const struct stack_output *output);

/* Before anything is measured: what can be known to fail, fails now. 0, or here and below the exit
 * code after one line on stderr. */
int stack_output_open(struct stack_output *output, const char *verb);
int stack_output_write(struct stack_output *output, const char *verb, const struct stacks *stacks);

/* Leaves no half-written file behind. */
void stack_output_close(struct stack_output *output);

#endif
