/* SPDX-License-Identifier: MIT */
#include "health_options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "compare_options.h"
#include "option_value.h"
#include "statistics/bootstrap.h"

#define BOUND_DEFAULT        0.97
#define MEMORY_BOUND_DEFAULT 2.0
enum { OPERATIONS_DEFAULT = 10000000, OPERATIONS_MIN = 1000 };

const char health_help[] =
    "usage: hakmem-trace health [OPTION]...\n"
    "\n"
    "Says whether an allocator is well: PASS or FAIL, with the reason, on two workloads beside "
    "glibc.\n"
    "  mixed     random_mixed, blocks of 16 to 1039 bytes, a working set of 400\n"
    "  mid-size  mid_size, the same, but nine of ten blocks are of 768 bytes\n"
    "PASS is: every run ends well and computes the checksum it has under glibc; libhakmem's own\n"
    "counters show that it served every operation, took all blocks back and refused none; memory\n"
    "stays within the bound; and throughput is not certainly below its bound: the whole 95 %\n"
    "interval of its ratio to glibc's, in interleaved rounds, would have to lie there.\n"
    "\n"
    "  --with ALLOCATOR  hakmem (default), phase10, FACTOR=LEVEL,... (a variant of hakmem), "
    "glibc,\n"
    "                    jemalloc, mimalloc, tcmalloc, or the path of a shared object; for others\n"
    "                    than hakmem no counters are checked\n"
    "  --rounds N        6 to 1000; default 11\n"
    "  --operations N    of one run; default 10000000\n"
    "  --bound X         throughput fails below X times glibc's; default 0.97; 0: never\n"
    "  --memory X        max RSS fails above X times glibc's; default 2\n"
    "  --json FILE       also write every figure and every run to FILE as JSON (- for stdout; the\n"
    "                    lines then go to stderr)\n"
    "  --help            this text\n"
    "\n"
    "exit codes:\n"
    "  0    PASS\n"
    "  1    FAIL\n"
    "  2    wrong use of hakmem-trace health, or an allocator or workloads that can't be had\n"
    "  125  hakmem-trace itself failed\n"
    "  128 + N  interrupted by signal N (Ctrl-C: 130); what was done by then is printed\n"
    "\n"
    "environment: HAKMEM_LIBRARY names the libhakmem.so to use, HAKMEM_BENCH the folder of the\n"
    "workloads; NO_COLOR turns colour off.\n";

enum {
    OPTION_WITH = 256,
    OPTION_ROUNDS,
    OPTION_OPERATIONS,
    OPTION_BOUND,
    OPTION_MEMORY,
    OPTION_JSON,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"with", required_argument, NULL, OPTION_WITH},
    {"rounds", required_argument, NULL, OPTION_ROUNDS},
    {"operations", required_argument, NULL, OPTION_OPERATIONS},
    {"bound", required_argument, NULL, OPTION_BOUND},
    {"memory", required_argument, NULL, OPTION_MEMORY},
    {"json", required_argument, NULL, OPTION_JSON},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static int take(struct health_options *options, int option)
{
    uint64_t number = 0;
    int error = 0;
    switch (option) {
    case OPTION_WITH:
        options->with = optarg;
        return 0;
    case OPTION_ROUNDS:
        error = option_number("health: --rounds", optarg, BOOTSTRAP_COUNT_MIN, COMPARE_ROUNDS_MAX,
                              &number);
        options->rounds = (unsigned)number;
        return error;
    case OPTION_OPERATIONS:
        return option_number("health: --operations", optarg, OPERATIONS_MIN, 1000000000000,
                             &options->operations);
    case OPTION_BOUND:
        return option_decimal("health: --bound", optarg, 0, 1000, &options->bound);
    case OPTION_MEMORY:
        return option_decimal("health: --memory", optarg, 0, 1000, &options->memory_bound);
    case OPTION_JSON:
        options->json = optarg;
        return 0;
    default:
        options->help = true;
        return 0;
    }
}

/* What can't be seen of one option alone. */
static int check(const struct health_options *options, int argc, char **argv)
{
    const char *wrong = NULL;
    if (optind < argc) {
        complain("health: '%s' is one word too many; see hakmem-trace health --help", argv[optind]);
        return EXIT_USAGE;
    }
    if (!*options->with || (options->json && !*options->json))
        wrong = "an option has an empty value";
    else if (strchr(options->with, ','))
        wrong = "--with takes one allocator";
    if (wrong)
        complain("health: %s; see hakmem-trace health --help", wrong);
    return wrong ? EXIT_USAGE : 0;
}

int health_options_parse(int argc, char **argv, struct health_options *options)
{
    int option;
    *options = (struct health_options){.with = "hakmem",
                                       .rounds = COMPARE_ROUNDS_DEFAULT,
                                       .operations = OPERATIONS_DEFAULT,
                                       .bound = BOUND_DEFAULT,
                                       .memory_bound = MEMORY_BOUND_DEFAULT};
    optind = 0;
    while ((option = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return option_refused(option, argv);
        int error = take(options, option);
        if (error)
            return error;
        if (options->help)
            return 0;
    }
    return check(options, argc, argv);
}
