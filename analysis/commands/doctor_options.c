/* SPDX-License-Identifier: MIT */
#include "doctor_options.h"

#include <getopt.h>
#include <stddef.h>

#include "commands.h"
#include "option_value.h"

const char doctor_help[] =
    "usage: hakmem-trace doctor [OPTION]...\n"
    "\n"
    "Says what this machine allows, line by line, and what would make it allow more: hardware\n"
    "counters, sampling, eBPF and probes, permissions, debug information, memory, limits, tools,\n"
    "and how fine and how dear clocks and samples are. Whatever can be tried is tried. The last\n"
    "line is the tier: what `hakmem-trace run` will use here.\n"
    "\n"
    "  ok       as good as it gets\n"
    "  limited  there, but less than it could be\n"
    "  missing  not there, or not for this user\n"
    "  unsafe   there, and it does harm: seen to, in a child process\n"
    "\n"
    "  --quick      leave out what takes time to measure: clocks, samples, skid\n"
    "  --json FILE  also write every line to FILE as JSON (- for stdout; the lines then go to\n"
    "               stderr)\n"
    "  --help       this text\n"
    "\n"
    "exit codes:\n"
    "  0    done, whatever was found\n"
    "  2    wrong use of hakmem-trace doctor\n"
    "  125  the report could not be written\n"
    "\n"
    "environment: HAKMEM_LIBRARY names the libhakmem.so to use; NO_COLOR turns colour off.\n";

enum { OPTION_QUICK = 256, OPTION_JSON, OPTION_HELP };

static const struct option long_options[] = {
    {"quick", no_argument, NULL, OPTION_QUICK},
    {"json", required_argument, NULL, OPTION_JSON},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static int check(const struct doctor_options *options, int argc, char **argv)
{
    if (optind < argc) {
        complain("doctor: '%s' is one word too many; see hakmem-trace doctor --help", argv[optind]);
        return EXIT_USAGE;
    }
    if (options->json && !*options->json) {
        complain("doctor: an option has an empty value; see hakmem-trace doctor --help");
        return EXIT_USAGE;
    }
    return 0;
}

int doctor_options_parse(int argc, char **argv, struct doctor_options *options)
{
    int option;
    *options = (struct doctor_options){0};
    optind = 0;
    while ((option = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
        switch (option) {
        case OPTION_QUICK:
            options->quick = true;
            break;
        case OPTION_JSON:
            options->json = optarg;
            break;
        case OPTION_HELP:
            options->help = true;
            return 0;
        default:
            return option_refused(option, argv);
        }
    }
    return check(options, argc, argv);
}
