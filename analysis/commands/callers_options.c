/* SPDX-License-Identifier: MIT */
#include "callers_options.h"

#include <stddef.h>

#include "option_value.h"
#include "sampling.h"

const char callers_help[] =
    "usage: hakmem-trace callers [OPTION]... [--] COMMAND [ARGUMENT]...\n"
    "\n"
    "Runs COMMAND and reports which of its call paths cost the most of malloc's time, and which\n"
    "ask for the most memory: sizes, lifetimes, blocks freed by another thread, growth by "
    "realloc,\n"
    "and advice where the figures bear it. Stacks are sampled, and need no frame pointers and no\n"
    "debug information; functions are named by their symbols, C++ ones as the compiler spells\n"
    "them. Threads and child processes are followed. COMMAND keeps its input, output and signals.\n"
    "\n"
    "  --with ALLOCATOR  hakmem (default), phase10, FACTOR=LEVEL,... (a variant of hakmem), glibc\n"
    "                    (nothing is preloaded), jemalloc, mimalloc, tcmalloc, the path of a\n"
    "                    shared object to preload, or own: whatever malloc the program has\n"
    "  --bytes N         of memory asked for between two sampled calls on the average, 1 to\n"
    "                    1073741824; default 65536. Doubles in a process that asks for very much\n"
    "  --frequency HZ    samples per second of processor time: 1 to 100000; default 997, or less\n"
    "                    where samples cost so much that they would exceed their budget\n"
    "  --budget PERCENT  of the processor time that samples of time may cost (1)\n"
    "  --top N           paths shown of each kind, 1 to 1000; default 10\n"
    "  --json FILE       also write every path and figure to FILE as JSON (- for stdout)\n"
    "  --html FILE       also write it to FILE as a page with flame graphs, for a browser\n"
    "  --output FILE     write the report to FILE instead of stderr\n" STACK_HELP
    "  --value NAME      what --collapsed counts: samples, time, alloc_objects, alloc_space,\n"
    "                    inuse_objects or inuse_space; default time, else alloc_space\n"
    "  --help            this text\n"
    "\n"
    "exit codes:\n"
    "  COMMAND's own, or 128 + N when signal N killed it\n"
    "  2    wrong use of hakmem-trace callers\n"
    "  125  hakmem-trace itself failed, or COMMAND ended with 0 and nothing was sampled\n"
    "  126  COMMAND was found but can't be executed\n"
    "  127  COMMAND was not found\n"
    "\n"
    "Ctrl-C goes to COMMAND; what was sampled until then is reported. Of a malloc that is linked\n"
    "into the program the time alone is known, of a setuid program nothing.\n"
    "\n"
    "environment: HAKMEM_LIBRARY names the libhakmem.so to use; NO_COLOR turns colour off.\n";

enum { OPTION_BYTES = OPTION_OWN, OPTION_FREQUENCY, OPTION_BUDGET, OPTION_TOP };

static const struct option long_options[] = {
    {"with", required_argument, NULL, OPTION_WITH},
    {"bytes", required_argument, NULL, OPTION_BYTES},
    {"frequency", required_argument, NULL, OPTION_FREQUENCY},
    {"budget", required_argument, NULL, OPTION_BUDGET},
    {"top", required_argument, NULL, OPTION_TOP},
    {"json", required_argument, NULL, OPTION_JSON},
    {"html", required_argument, NULL, OPTION_HTML},
    {"output", required_argument, NULL, OPTION_OUTPUT},
    STACK_LONG_OPTIONS,
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static int take_frequency(struct callers_options *options)
{
    uint64_t number = 0;
    int error = option_number("callers: --frequency", optarg, SAMPLING_FREQUENCY_MIN,
                              SAMPLING_FREQUENCY_MAX, &number);
    options->frequency = (unsigned)number;
    return error;
}

static int take(struct callers_options *options, int option)
{
    int code;
    if (stack_output_take(&options->stacks, "callers", option, &code))
        return code;
    switch (option) {
    case OPTION_BYTES:
        return option_number("callers: --bytes", optarg, 1, CALLERS_BYTES_MAX, &options->mean);
    case OPTION_FREQUENCY:
        return take_frequency(options);
    case OPTION_BUDGET:
        return option_decimal("callers: --budget", optarg, 0.01, 100, &options->budget);
    case OPTION_TOP:
        return option_number("callers: --top", optarg, 1, CALLERS_TOP_MAX, &options->top);
    default:
        return stepped_option_take(&options->common, "callers", option);
    }
}

int callers_options_parse(int argc, char **argv, struct callers_options *options)
{
    int option;
    *options = (struct callers_options){.common = {.with = "hakmem"},
                                        .budget = 1,
                                        .mean = CALLERS_BYTES_DEFAULT,
                                        .top = CALLERS_TOP_DEFAULT};
    optind = 0;
    while ((option = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return option_refused(option, argv);
        int error = take(options, option);
        if (error || options->common.help)
            return error;
    }
    options->common.command = argv + optind;
    static const char *const values[] = {
        "samples", "time", "alloc_objects", "alloc_space", "inuse_objects", "inuse_space", NULL};
    int error = stepped_options_check(&options->common, "callers");
    return error ? error : stack_output_check(&options->stacks, "callers", values);
}
