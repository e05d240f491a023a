/* SPDX-License-Identifier: MIT */
#include "compare_options.h"

#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "option_value.h"

const char compare_help[] =
    "usage: hakmem-trace compare [OPTION]... [--] COMMAND [ARGUMENT]...\n"
    "       hakmem-trace compare --suite [OPTION]...\n"
    "       hakmem-trace compare --sweep NAME=VALUES [OPTION]... [--] COMMAND [ARGUMENT]...\n"
    "\n"
    "Runs COMMAND under several allocators in turn and prints which is faster, and by how much. "
    "In\n"
    "every round each allocator runs once, in a new random order, with an environment of random\n"
    "size. The first allocator runs twice a round: what can't be told from that control is a tie.\n"
    "COMMAND reads an empty input; what it prints is shown only when it fails.\n"
    "\n"
    "  --with LIST     allocators with commas between them, the first is what the others are\n"
    "                  compared with: hakmem, phase10, FACTOR=LEVEL,... (one variant of hakmem),\n"
    "                  glibc, jemalloc, mimalloc, tcmalloc, or paths of shared objects; own: as\n"
    "                  COMMAND is; default: hakmem, glibc, and those that are installed\n"
    "  --rounds N      1 to 1000; default 11\n"
    "  --metric REGEX  compare the program's own figure instead of wall time: what the first ( )\n"
    "                  of this extended regular expression finds in the last line of its standard\n"
    "                  output that matches\n"
    "  --better WAY    higher (default) or lower figures of --metric are better\n"
    "  --floor         also run under libfloor.so, which hands out blocks of one size and does\n"
    "                  nothing else, and print what share of its speed each allocator reaches\n"
    "  --suite[=FILE]  run all workloads of FILE (default: suite.txt beside our workloads) instead "
    "of\n"
    "                  a COMMAND, and print one table of speed, one of memory, and their "
    "geometric\n"
    "                  means; --metric is then '" COMPARE_SUITE_METRIC "' unless told\n"
    "  --only REGEX    of the suite, the workloads whose names match\n"
    "  --sweep NAME=V1,V2,...,Vn\n"
    "                  run COMMAND for each value, with the value wherever an argument has "
    "{NAME},\n"
    "                  and show how cost and memory grow, as tables and plots. An ellipsis goes "
    "on\n"
    "                  as the two or three values before it do, to the value after it: by equal\n"
    "                  factors if these lead there, else by equal steps (1,2,...,64 is 1 2 4 8 16\n"
    "                  32 64; 1,2,3,...,64 all from 1 to 64). Cost is wall time; with --metric\n"
    "                  '" COMPARE_SUITE_METRIC "', as our workloads print it, ns per operation\n"
    "  --details       also mean, median, standard deviation, CV, minimum and maximum; of\n"
    "                  a suite or a sweep, the report of each workload or value\n"
    "  --json FILE     also write every figure and every run to FILE as JSON (- for stdout; the\n"
    "                  table then goes to stderr)\n"
    "  --html FILE     also write the report as a page, which takes no network, to FILE (- for\n"
    "                  stdout)\n"
    "  --seed N        of the random order, the environment's size and the intervals; default 1\n"
    "  --core N        run COMMAND on this core alone\n"
    "  --help          this text\n"
    "\n"
    "exit codes:\n"
    "  0    done\n"
    "  1    COMMAND failed under at least one allocator; the others were compared\n"
    "  2    wrong use of hakmem-trace compare, or an allocator that can't be had\n"
    "  125  hakmem-trace itself failed\n"
    "  126  COMMAND was found but can't be executed\n"
    "  127  COMMAND was not found\n"
    "  128 + N  interrupted by signal N (Ctrl-C: 130); what was done by then is printed\n"
    "\n"
    "A program that can't be preloaded into (static, setuid) runs on its own allocator each time.\n"
    "environment: HAKMEM_LIBRARY names the libhakmem.so to use, HAKMEM_VARIANTS the folder of its\n"
    "variants, HAKMEM_BENCH the folder of the workloads, suite.txt and libfloor.so; NO_COLOR "
    "turns\n"
    "colour off.\n";

enum {
    OPTION_WITH = 256,
    OPTION_ROUNDS,
    OPTION_METRIC,
    OPTION_BETTER,
    OPTION_DETAILS,
    OPTION_FLOOR,
    OPTION_SUITE,
    OPTION_ONLY,
    OPTION_SWEEP,
    OPTION_JSON,
    OPTION_HTML,
    OPTION_SEED,
    OPTION_CORE,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"with", required_argument, NULL, OPTION_WITH},
    {"rounds", required_argument, NULL, OPTION_ROUNDS},
    {"metric", required_argument, NULL, OPTION_METRIC},
    {"better", required_argument, NULL, OPTION_BETTER},
    {"details", no_argument, NULL, OPTION_DETAILS},
    {"floor", no_argument, NULL, OPTION_FLOOR},
    {"suite", optional_argument, NULL, OPTION_SUITE},
    {"only", required_argument, NULL, OPTION_ONLY},
    {"sweep", required_argument, NULL, OPTION_SWEEP},
    {"json", required_argument, NULL, OPTION_JSON},
    {"html", required_argument, NULL, OPTION_HTML},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"core", required_argument, NULL, OPTION_CORE},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static int compile(const char *who, const char *option, const char *text, regex_t *pattern)
{
    char why[256];
    int error = regcomp(pattern, text, REG_EXTENDED);
    if (!error)
        return 0;
    regerror(error, pattern, why, sizeof why);
    complain("%s: %s %s: %s", who, option, text, why);
    return EXIT_USAGE;
}

int compare_option_metric(const char *who, struct compare_options *options, const char *metric)
{
    if (options->metric)
        regfree(&options->pattern);
    options->metric = NULL;
    int error = compile(who, "--metric", metric, &options->pattern);
    if (error)
        return error;
    options->metric = metric;
    if (options->pattern.re_nsub > 0)
        return 0;
    complain("%s: --metric %s: needs ( ) around the figure", who, metric);
    return EXIT_USAGE;
}

static int take_only(struct compare_options *options)
{
    if (options->only)
        regfree(&options->only_pattern);
    options->only = NULL;
    int error = compile("compare", "--only", optarg, &options->only_pattern);
    if (!error)
        options->only = optarg;
    return error;
}

static int take_sweep(struct compare_options *options)
{
    char why[256];
    options->sweep = true;
    if (sweep_values_parse(optarg, &options->sweep_values, why, sizeof why))
        return 0;
    complain("compare: --sweep %s: %s", optarg, why);
    return EXIT_USAGE;
}

int compare_option_better(const char *who, struct compare_options *options, const char *way)
{
    options->higher_is_better = strcmp(way, "higher") == 0;
    if (options->higher_is_better || strcmp(way, "lower") == 0)
        return 0;
    complain("%s: --better %s: neither higher nor lower", who, way);
    return EXIT_USAGE;
}

int compare_option_core(const char *who, struct compare_options *options, const char *text)
{
    cpu_set_t allowed;
    uint64_t core;
    char option[32];
    snprintf(option, sizeof option, "%s: --core", who);
    int error = option_number(option, text, 0, CPU_SETSIZE - 1, &core);
    if (error)
        return error;
    options->core = (int)core;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_ISSET(core, &allowed))
        return 0;
    complain("%s: --core %s: no such core, or it is not allowed", who, text);
    return EXIT_USAGE;
}

static int take(struct compare_options *options, int option, bool *has_better)
{
    uint64_t number;
    int error = 0;
    switch (option) {
    case OPTION_WITH:
        options->with = optarg;
        return 0;
    case OPTION_ROUNDS:
        error = option_number("compare: --rounds", optarg, 1, COMPARE_ROUNDS_MAX, &number);
        options->rounds = (unsigned)number;
        return error;
    case OPTION_METRIC:
        return compare_option_metric("compare", options, optarg);
    case OPTION_BETTER:
        *has_better = true;
        return compare_option_better("compare", options, optarg);
    case OPTION_DETAILS:
        options->details = true;
        return 0;
    case OPTION_FLOOR:
        options->floor = true;
        return 0;
    case OPTION_SUITE:
        options->suite = true;
        options->suite_file = optarg;
        return 0;
    case OPTION_ONLY:
        return take_only(options);
    case OPTION_SWEEP:
        return take_sweep(options);
    case OPTION_JSON:
        options->json = optarg;
        return 0;
    case OPTION_HTML:
        options->html = optarg;
        return 0;
    case OPTION_SEED:
        return option_number("compare: --seed", optarg, 0, UINT64_MAX, &options->seed);
    case OPTION_CORE:
        return compare_option_core("compare", options, optarg);
    default:
        options->help = true;
        return 0;
    }
}

static int check(const struct compare_options *options, bool has_better)
{
    const char *wrong = NULL;
    if (options->suite && options->sweep)
        wrong = "--sweep and --suite exclude each other";
    else if (options->suite && options->command[0])
        wrong = "--suite takes no COMMAND";
    else if (!options->suite && (!options->command[0] || !*options->command[0]))
        wrong = "COMMAND is missing";
    else if (option_is_empty(options->with) || option_is_empty(options->json) ||
             option_is_empty(options->html) || option_is_empty(options->suite_file))
        wrong = "an option has an empty value";
    else if (options->only && !options->suite)
        wrong = "--only needs --suite";
    else if (has_better && !options->metric && !options->suite)
        wrong = "--better needs --metric";
    if (wrong) {
        complain("compare: %s; see hakmem-trace compare --help", wrong);
        return EXIT_USAGE;
    }
    const char *name = options->sweep_values.name;
    if (!options->sweep || sweep_values_used(&options->sweep_values, options->command))
        return 0;
    complain("compare: --sweep %s: no argument of COMMAND contains {%s}", name, name);
    return EXIT_USAGE;
}

int compare_options_parse(int argc, char **argv, struct compare_options *options)
{
    int option;
    bool has_better = false;
    *options = (struct compare_options){
        .higher_is_better = true, .rounds = COMPARE_ROUNDS_DEFAULT, .seed = 1, .core = -1};
    optind = 0;
    while ((option = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return option_refused(option, argv);
        int error = take(options, option, &has_better);
        if (error)
            return error;
        if (options->help)
            return 0;
    }
    options->command = argv + optind;
    int error = check(options, has_better);
    if (!error && options->suite && !options->metric)
        error = compare_option_metric("compare", options, COMPARE_SUITE_METRIC);
    return error;
}

void compare_options_finish(struct compare_options *options)
{
    if (options->metric)
        regfree(&options->pattern);
    if (options->only)
        regfree(&options->only_pattern);
    options->metric = options->only = NULL;
}
