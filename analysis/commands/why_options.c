/* SPDX-License-Identifier: MIT */
#include "why_options.h"

#include <getopt.h>
#include <stdio.h>

#include "commands.h"
#include "option_value.h"
#include "sampling.h"
#include "stepped_options.h"

const char why_help[] =
    "usage: hakmem-trace why [OPTION]... A B [--] COMMAND [ARGUMENT]...\n"
    "\n"
    "Runs COMMAND on two allocators and says why one is faster: what makes up the difference from\n"
    "A's time an operation to B's, part by part, and how much of it is left unexplained. In every\n"
    "round, in a random order and with an environment of random size, A, A again (the control) "
    "and\n"
    "B run twice: once with nobody watching, which is what is to be explained, and once sampled,\n"
    "which explains it. Before that some thousand calls on each are stepped through and their\n"
    "instructions counted. COMMAND reads an empty input; what it prints is shown only when it "
    "fails.\n"
    "\n"
    "A, B: hakmem, phase10, FACTOR=LEVEL,... (a variant of hakmem), glibc, jemalloc, mimalloc,\n"
    "tcmalloc, or the path of a shared object\n"
    "\n"
    "  --rounds N      1 to 1000; default 11. Below 6 there are no intervals\n"
    "  --metric REGEX  explain the program's own figure instead of its processor time: what the\n"
    "                  first ( ) of this extended regular expression finds in the last line of "
    "its\n"
    "                  standard output that matches\n"
    "  --better WAY    higher (default) or lower figures of --metric are better\n"
    "  --frequency HZ  of the samples, 1 to 100000; default as of run. What they cost is taken "
    "off\n"
    "  --process NAME  count instructions and look for false sharing in a program of this name\n"
    "  --calls N, --skip N\n"
    "                  of the calls whose instructions are counted, as of count\n"
    "  --json FILE     also write every figure and every run to FILE as JSON (- for stdout; the\n"
    "                  text then goes to stderr)\n"
    "  --html FILE     also write the report as a page, which takes no network, to FILE (- for\n"
    "                  stdout)\n"
    "  --output FILE   write the report to FILE instead of standard output\n"
    "  --seed N        of the random order, the environment's size and the intervals; default 1\n"
    "  --core N        run COMMAND on this core alone\n"
    "  --help          this text\n"
    "\n"
    "exit codes:\n"
    "  0    done\n"
    "  1    COMMAND failed under one of the two\n"
    "  2    wrong use of hakmem-trace why, or an allocator that can't be had\n"
    "  125  hakmem-trace itself failed\n"
    "  126  COMMAND was found but can't be executed\n"
    "  127  COMMAND was not found\n"
    "  128 + N  interrupted by signal N (Ctrl-C: 130); what was done by then is printed\n"
    "\n"
    "Operations are what libhakmem counts: of A or B where one of them is a hakmem, else of two\n"
    "runs on hakmem. Only descendants that COMMAND waits for count in processor time.\n"
    "environment: HAKMEM_LIBRARY names the libhakmem.so to use, HAKMEM_VARIANTS the folder of its\n"
    "variants; NO_COLOR turns colour off.\n";

enum {
    WHY_OPTION_ROUNDS = 256,
    WHY_OPTION_METRIC,
    WHY_OPTION_BETTER,
    WHY_OPTION_FREQUENCY,
    WHY_OPTION_PROCESS,
    WHY_OPTION_CALLS,
    WHY_OPTION_SKIP,
    WHY_OPTION_JSON,
    WHY_OPTION_HTML,
    WHY_OPTION_OUTPUT,
    WHY_OPTION_SEED,
    WHY_OPTION_CORE,
    WHY_OPTION_HELP
};

static const struct option long_options[] = {
    {"rounds", required_argument, NULL, WHY_OPTION_ROUNDS},
    {"metric", required_argument, NULL, WHY_OPTION_METRIC},
    {"better", required_argument, NULL, WHY_OPTION_BETTER},
    {"frequency", required_argument, NULL, WHY_OPTION_FREQUENCY},
    {"process", required_argument, NULL, WHY_OPTION_PROCESS},
    {"calls", required_argument, NULL, WHY_OPTION_CALLS},
    {"skip", required_argument, NULL, WHY_OPTION_SKIP},
    {"json", required_argument, NULL, WHY_OPTION_JSON},
    {"html", required_argument, NULL, WHY_OPTION_HTML},
    {"output", required_argument, NULL, WHY_OPTION_OUTPUT},
    {"seed", required_argument, NULL, WHY_OPTION_SEED},
    {"core", required_argument, NULL, WHY_OPTION_CORE},
    {"help", no_argument, NULL, WHY_OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static int take(struct why_options *options, int option, bool *has_better)
{
    struct compare_options *compare = &options->compare;
    uint64_t number;
    int error;
    switch (option) {
    case WHY_OPTION_ROUNDS:
        error = option_number("why: --rounds", optarg, 1, COMPARE_ROUNDS_MAX, &number);
        compare->rounds = (unsigned)number;
        return error;
    case WHY_OPTION_METRIC:
        return compare_option_metric("why", compare, optarg);
    case WHY_OPTION_BETTER:
        *has_better = true;
        return compare_option_better("why", compare, optarg);
    case WHY_OPTION_FREQUENCY:
        options->frequency = optarg;
        return option_number("why: --frequency", optarg, SAMPLING_FREQUENCY_MIN,
                             SAMPLING_FREQUENCY_MAX, &number);
    case WHY_OPTION_PROCESS:
        options->process = optarg;
        return 0;
    case WHY_OPTION_CALLS:
        options->calls = optarg;
        return option_number("why: --calls", optarg, 1, STEPPED_CALLS_MAX, &number);
    case WHY_OPTION_SKIP:
        options->skip = optarg;
        return option_number("why: --skip", optarg, 0, STEPPED_SKIP_MAX, &number);
    case WHY_OPTION_JSON:
        compare->json = optarg;
        return 0;
    case WHY_OPTION_HTML:
        compare->html = optarg;
        return 0;
    case WHY_OPTION_OUTPUT:
        compare->output = optarg;
        return 0;
    case WHY_OPTION_SEED:
        return option_number("why: --seed", optarg, 0, UINT64_MAX, &compare->seed);
    case WHY_OPTION_CORE:
        return compare_option_core("why", compare, optarg);
    default:
        options->help = true;
        return 0;
    }
}

static int take_all(int argc, char **argv, struct why_options *options, bool *has_better)
{
    int option;
    while ((option = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return option_refused(option, argv);
        int error = take(options, option, has_better);
        if (error || options->help)
            return error;
    }
    return 0;
}

static int check(const struct why_options *options, bool has_better)
{
    const struct compare_options *compare = &options->compare;
    const char *wrong = NULL;
    if (!options->names[0] || !options->names[1])
        wrong = "two allocators are wanted: A B";
    else if (!*options->names[0] || !*options->names[1])
        wrong = "an allocator has an empty name";
    else if (!compare->command[0] || !*compare->command[0])
        wrong = "COMMAND is missing";
    else if (option_is_empty(compare->json) || option_is_empty(compare->html) ||
             option_is_empty(compare->output) || option_is_empty(options->process))
        wrong = "an option has an empty value";
    else if (has_better && !compare->metric)
        wrong = "--better needs --metric";
    if (!wrong)
        return 0;
    complain("why: %s; see hakmem-trace why --help", wrong);
    return EXIT_USAGE;
}

/* Options stand before the two names, or behind them. */
int why_options_parse(int argc, char **argv, struct why_options *options)
{
    bool has_better = false;
    *options = (struct why_options){
        .compare = {
            .higher_is_better = true, .rounds = COMPARE_ROUNDS_DEFAULT, .seed = 1, .core = -1}};
    optind = 0;
    int error = take_all(argc, argv, options, &has_better);
    for (int i = 0; i < 2 && !error && !options->help && optind < argc; i++)
        options->names[i] = argv[optind++];
    if (!error && !options->help)
        error = take_all(argc, argv, options, &has_better);
    if (error || options->help)
        return error;
    options->compare.names = options->names;
    options->compare.command = argv + optind;
    return check(options, has_better);
}

void why_options_finish(struct why_options *options)
{
    compare_options_finish(&options->compare);
}
