/* SPDX-License-Identifier: MIT */
#include "record_options.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "option_value.h"
#include "recorder/raw_layout.h"

const char record_help[] =
    "usage: hakmem-trace record [OPTION]... [--] COMMAND [ARGUMENT]...\n"
    "\n"
    "Runs COMMAND and writes each of its memory operations to a trace: what was asked for, by "
    "which\n"
    "thread, and in which order; addresses and contents are left out. build/bench/replay does the\n"
    "same operations again on any allocator. COMMAND keeps its input, output and signals; of all\n"
    "programs that it starts, the one with most operations is kept.\n"
    "\n"
    "  --output FILE     the trace; default: COMMAND's name with .trace, in this folder\n"
    "  --process NAME    keep a program of this name instead of the busiest (cc1 of gcc, say)\n"
    "  --limit N         stop recording a program after N operations (a realloc counts as two),\n"
    "                    1 to 1000000000; default 20000000. While it runs, 24 bytes of disk are\n"
    "                    taken for each, in FILE's folder; a trace takes 16\n"
    "  --with ALLOCATOR  that COMMAND runs on: glibc (default: nothing is preloaded), hakmem,\n"
    "                    phase10, FACTOR=LEVEL,..., jemalloc, mimalloc, tcmalloc, or the path of "
    "a\n"
    "                    shared object\n"
    "  --json FILE       also write what was recorded to FILE as JSON (- for stdout)\n"
    "  --help            this text\n"
    "\n"
    "exit codes:\n"
    "  COMMAND's own, or 128 + N when signal N killed it; the trace is written then too\n"
    "  2    wrong use of hakmem-trace record\n"
    "  125  hakmem-trace itself failed, or COMMAND ended with 0 and there is no trace\n"
    "  126  COMMAND was found but can't be executed\n"
    "  127  COMMAND was not found\n"
    "\n"
    "Ctrl-C goes to COMMAND; what it did until then is written. A program that can't be preloaded\n"
    "into (static, setuid) leaves no trace.\n"
    "\n"
    "environment: HAKMEM_LIBRARY names the libhakmem.so to use.\n";

enum { OPTION_OUTPUT = 256, OPTION_PROCESS, OPTION_LIMIT, OPTION_WITH, OPTION_JSON, OPTION_HELP };

static const struct option long_options[] = {
    {"output", required_argument, NULL, OPTION_OUTPUT},
    {"process", required_argument, NULL, OPTION_PROCESS},
    {"limit", required_argument, NULL, OPTION_LIMIT},
    {"with", required_argument, NULL, OPTION_WITH},
    {"json", required_argument, NULL, OPTION_JSON},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

enum { LIMIT_MAX = 1000000000 };
_Static_assert(LIMIT_MAX <= RAW_RECORDS_MAX, "the recorder takes as many");

static int take_limit(struct record_options *options)
{
    char *end;
    errno = 0;
    options->limit = strtoull(optarg, &end, 10);
    if (*optarg >= '0' && *optarg <= '9' && !*end && !errno && options->limit >= 1 &&
        options->limit <= LIMIT_MAX)
        return 0;
    complain("record: --limit %s: not a number from 1 to %d", optarg, LIMIT_MAX);
    return EXIT_USAGE;
}

static int take_output(struct record_options *options, const char *format, const char *name)
{
    int length = snprintf(options->output, sizeof options->output, format, name);
    if (length > 0 && (size_t)length < sizeof options->output)
        return 0;
    complain("record: --output: %s", length ? strerror(ENAMETOOLONG) : "an empty value");
    return EXIT_USAGE;
}

static int take(struct record_options *options, int option)
{
    switch (option) {
    case OPTION_OUTPUT:
        return take_output(options, "%s", optarg);
    case OPTION_PROCESS:
        options->process = optarg;
        return 0;
    case OPTION_LIMIT:
        return take_limit(options);
    case OPTION_WITH:
        options->with = optarg;
        return 0;
    case OPTION_JSON:
        options->json = optarg;
        return 0;
    default:
        options->help = true;
        return 0;
    }
}

/* getopt's own words would name the program after argv[0], which is the command. */
static int complain_of_option(int option, char **argv)
{
    const char *word = optind > 0 ? argv[optind - 1] : "";
    if (option == ':')
        complain("record: %s needs a value; see hakmem-trace record --help", word);
    else
        complain("record: unknown option '%s'; see hakmem-trace record --help", word);
    return EXIT_USAGE;
}

static int check(struct record_options *options)
{
    const char *wrong = NULL;
    if (!options->command[0] || !*options->command[0])
        wrong = "COMMAND is missing";
    else if (option_is_empty(options->process) || option_is_empty(options->with) ||
             option_is_empty(options->json))
        wrong = "an option has an empty value";
    else if (strcmp(options->output, "-") == 0)
        wrong = "a trace is not written to standard output";
    if (wrong) {
        complain("record: %s; see hakmem-trace record --help", wrong);
        return EXIT_USAGE;
    }
    if (options->output[0])
        return 0;
    const char *slash = strrchr(options->command[0], '/');
    return take_output(options, "%s.trace", slash ? slash + 1 : options->command[0]);
}

int record_options_parse(int argc, char **argv, struct record_options *options)
{
    int option;
    *options = (struct record_options){.with = "glibc", .limit = RECORD_LIMIT_DEFAULT};
    optind = 0;
    while ((option = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return complain_of_option(option, argv);
        int error = take(options, option);
        if (error || options->help)
            return error;
    }
    options->command = argv + optind;
    return check(options);
}
