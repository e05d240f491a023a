/* SPDX-License-Identifier: MIT */
#include "count_options.h"

#include <getopt.h>
#include <stddef.h>

#include "commands.h"
#include "option_value.h"
#include "stepped_options.h"

const char count_help[] =
    "usage: hakmem-trace count [OPTION]... [--] COMMAND [ARGUMENT]...\n"
    "\n"
    "Runs COMMAND, steps through some thousand of its calls of malloc and free one instruction at\n"
    "a time, and reports how many instructions, loads, stores and branches a call takes, by "
    "source\n"
    "and by path: exact, and the same each time. One thread is stepped, the first one of COMMAND\n"
    "and its descendants that has made the calls to be skipped. COMMAND keeps its input, output\n"
    "and signals. The report goes to stderr.\n"
    "\n"
    "  --with ALLOCATOR  hakmem (default), phase10, FACTOR=LEVEL,... (a variant of hakmem), glibc\n"
    "                    (nothing is preloaded), jemalloc, mimalloc, tcmalloc, or the path of a\n"
    "                    shared object to preload\n"
    "  --calls N         step through N calls, 1 to 10000000; default 5000\n"
    "  --skip N          leave out the thread's first N calls, 0 to 1000000000000; default 10000\n"
    "  --process NAME    step through a program of this name alone\n"
    "  --json FILE       also write every figure of the report to FILE as JSON (- for stdout)\n"
    "  --output FILE     write the report to FILE instead of stderr\n"
    "  --help            this text\n"
    "\n"
    "exit codes:\n"
    "  COMMAND's own, or 128 + N when signal N killed it\n"
    "  2    wrong use of hakmem-trace count\n"
    "  125  hakmem-trace itself failed, or COMMAND ended with 0 and nothing was counted\n"
    "  126  COMMAND was found but can't be executed\n"
    "  127  COMMAND was not found\n"
    "\n"
    "Ctrl-C goes to COMMAND; the calls counted until then are reported. A program that can't be\n"
    "preloaded into (static, setuid) or that handles SIGTRAP itself is not counted. x86-64 only.\n"
    "\n"
    "environment: HAKMEM_LIBRARY names the libhakmem.so to use; NO_COLOR turns colour off.\n";

enum {
    OPTION_WITH = 256,
    OPTION_CALLS,
    OPTION_SKIP,
    OPTION_PROCESS,
    OPTION_JSON,
    OPTION_OUTPUT,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"with", required_argument, NULL, OPTION_WITH},
    {"calls", required_argument, NULL, OPTION_CALLS},
    {"skip", required_argument, NULL, OPTION_SKIP},
    {"process", required_argument, NULL, OPTION_PROCESS},
    {"json", required_argument, NULL, OPTION_JSON},
    {"output", required_argument, NULL, OPTION_OUTPUT},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static int take(struct count_options *options, int option)
{
    switch (option) {
    case OPTION_WITH:
        options->with = optarg;
        return 0;
    case OPTION_CALLS:
        return stepped_option_calls("count: --calls", optarg, &options->calls);
    case OPTION_SKIP:
        return stepped_option_skip("count: --skip", optarg, &options->skip);
    case OPTION_PROCESS:
        options->process = optarg;
        return 0;
    case OPTION_JSON:
        options->json = optarg;
        return 0;
    case OPTION_OUTPUT:
        options->output = optarg;
        return 0;
    default:
        options->help = true;
        return 0;
    }
}

static int check(const struct count_options *options)
{
    return stepped_options_check("count", &(struct stepped_options){.command = options->command,
                                                                    .with = options->with,
                                                                    .json = options->json,
                                                                    .output = options->output,
                                                                    .process = options->process});
}

int count_options_parse(int argc, char **argv, struct count_options *options)
{
    int option;
    *options = (struct count_options){
        .with = "hakmem", .calls = STEPPED_CALLS_DEFAULT, .skip = STEPPED_SKIP_DEFAULT};
    optind = 0;
    while ((option = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return option_refused(option, argv);
        int error = take(options, option);
        if (error || options->help)
            return error;
    }
    options->command = argv + optind;
    return check(options);
}
