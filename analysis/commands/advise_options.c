/* SPDX-License-Identifier: MIT */
#include "advise_options.h"

#include <getopt.h>
#include <string.h>

#include "commands.h"
#include "option_value.h"

#define SECONDS_MAX 86400

const char advise_help[] =
    "usage: hakmem-trace advise [OPTION]... [--] COMMAND [ARGUMENT]...\n"
    "\n"
    "Says on one screen what share of COMMAND's time is malloc, whether another malloc would make\n"
    "it faster, by how much in time and memory, which of its call sites ask for most, and how "
    "sure\n"
    "that is. COMMAND runs once as it is, with its input and output, then again and again with an\n"
    "empty input and its output hidden: it must do the same each time. A server goes into a "
    "command\n"
    "that ends: sh -c 'SERVER & LOAD; kill $!; wait'. The advice goes to stderr.\n"
    "\n"
    "  --seconds N     about how long it may take, 1 to 86400; default 60. Each allocator runs 3\n"
    "                  times and the best one 6 times more, however long that takes\n"
    "  --with LIST     allocators to try, with commas between them: hakmem, phase10,\n"
    "                  FACTOR=LEVEL,... (a variant of hakmem), jemalloc, mimalloc, tcmalloc, or "
    "paths\n"
    "                  of shared objects; default: hakmem and those that are installed\n"
    "  --metric REGEX  compare the program's own figure instead of wall time: what the first ( )\n"
    "                  of this extended regular expression finds in the last line of its standard\n"
    "                  output that matches\n"
    "  --better WAY    higher (default) or lower figures of --metric are better\n"
    "  --json FILE     also write every figure to FILE as JSON (- for stdout)\n"
    "  --output FILE   write the advice to FILE instead of stderr\n"
    "  --help          this text\n"
    "\n"
    "exit codes:\n"
    "  COMMAND's own in its first run, or 128 + N when signal N killed it\n"
    "  2    wrong use of hakmem-trace advise, or an allocator that can't be had\n"
    "  125  hakmem-trace itself failed\n"
    "  126  COMMAND was found but can't be executed\n"
    "  127  COMMAND was not found\n"
    "  128 + N  interrupted by signal N (Ctrl-C: 130); the advice is from what was done by then\n"
    "\n"
    "environment: HAKMEM_LIBRARY names the libhakmem.so to use; NO_COLOR turns colour off.\n";

enum {
    OPTION_SECONDS = 256,
    OPTION_WITH,
    OPTION_METRIC,
    OPTION_BETTER,
    OPTION_JSON,
    OPTION_OUTPUT,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"seconds", required_argument, NULL, OPTION_SECONDS},
    {"with", required_argument, NULL, OPTION_WITH},
    {"metric", required_argument, NULL, OPTION_METRIC},
    {"better", required_argument, NULL, OPTION_BETTER},
    {"json", required_argument, NULL, OPTION_JSON},
    {"output", required_argument, NULL, OPTION_OUTPUT},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static int take(struct advise_options *options, int option, bool *has_better)
{
    switch (option) {
    case OPTION_SECONDS:
        return option_decimal("advise: --seconds", optarg, 1, SECONDS_MAX, &options->seconds);
    case OPTION_WITH:
        options->compare.with = optarg;
        return 0;
    case OPTION_METRIC:
        return compare_option_metric("advise", &options->compare, optarg);
    case OPTION_BETTER:
        *has_better = true;
        return compare_option_better("advise", &options->compare, optarg);
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

static int check(const struct advise_options *options, bool has_better)
{
    const char *wrong = NULL;
    const struct compare_options *compare = &options->compare;
    if (!compare->command[0] || !*compare->command[0])
        wrong = "COMMAND is missing";
    else if (option_is_empty(compare->with) || option_is_empty(options->json) ||
             option_is_empty(options->output))
        wrong = "an option has an empty value";
    else if (has_better && !compare->metric)
        wrong = "--better needs --metric";
    if (wrong)
        complain("advise: %s; see hakmem-trace advise --help", wrong);
    return wrong ? EXIT_USAGE : 0;
}

int advise_options_parse(int argc, char **argv, struct advise_options *options)
{
    int option;
    bool has_better = false;
    *options = (struct advise_options){.compare = {.higher_is_better = true, .seed = 1, .core = -1},
                                       .seconds = ADVISE_SECONDS_DEFAULT};
    optind = 0;
    while ((option = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return option_refused(option, argv);
        int error = take(options, option, &has_better);
        if (error || options->help)
            return error;
    }
    options->compare.command = argv + optind;
    return check(options, has_better);
}

void advise_options_finish(struct advise_options *options)
{
    compare_options_finish(&options->compare);
}
