/* SPDX-License-Identifier: MIT */
#include "attach_options.h"

#include <stddef.h>
#include <stdint.h>

#include "commands.h"
#include "option_value.h"

const char attach_help[] =
    "usage: hakmem-trace attach [OPTION]... PID\n"
    "\n"
    "Watches the process PID, which runs already, and its descendants for a while, and reports\n"
    "how much of their processor time was malloc and on what it was spent. The process is not\n"
    "stopped, and nothing of this program stays in it. Its allocator is found in its memory.\n"
    "Everything that is counted is counted over that time. The report goes to stderr.\n"
    "\n"
    "  --seconds N       how long, 10 unless told; 0: until the process ends\n"
    "  --until-exit      the same as --seconds 0\n" WATCH_HELP "  --help            this text\n"
    "\n"
    "Ctrl-C (SIGINT, SIGTERM, SIGHUP) ends the watching; the report is printed.\n"
    "\n"
    "permissions: root has everything. Another user can watch own processes: samples need\n"
    "kernel.perf_event_paranoid at 2 or below; counters need ptrace access to the process\n"
    "(kernel.yama.ptrace_scope 0, or CAP_SYS_PTRACE); slow paths need CAP_BPF and CAP_PERFMON.\n"
    "The report says what was missing.\n"
    "\n"
    "exit codes:\n"
    "  0    a report was printed, also where the process ended meanwhile\n"
    "  1    there is no such process, or it can't be watched\n"
    "  2    wrong use of hakmem-trace attach\n"
    "  125  hakmem-trace itself failed, or the report could not be written\n";

#define SECONDS_MAX 31536000.0 /* a year */

enum { OPTION_SECONDS = OPTION_OWN, OPTION_UNTIL_EXIT };

static const struct option long_options[] = {
    WATCH_LONG_OPTIONS,
    {"seconds", required_argument, NULL, OPTION_SECONDS},
    {"until-exit", no_argument, NULL, OPTION_UNTIL_EXIT},
    {NULL, 0, NULL, 0},
};

static int take(struct attach_options *options, int option)
{
    switch (option) {
    case OPTION_SECONDS:
        return option_decimal("attach: --seconds", optarg, 0, SECONDS_MAX, &options->seconds);
    case OPTION_UNTIL_EXIT:
        options->seconds = 0;
        return 0;
    default:
        return watch_option_take(&options->watch, "attach", option);
    }
}

int attach_options_parse(int argc, char **argv, struct attach_options *options)
{
    int option;
    uint64_t pid = 0;
    *options = (struct attach_options){.watch.bpf = true, .seconds = 10};
    optind = 0;
    while ((option = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return option_refused(option, argv);
        int error = take(options, option);
        if (error)
            return error;
        if (options->watch.help)
            return 0;
    }
    if (argc - optind != 1) {
        complain(argc == optind ? "attach: PID is missing; see hakmem-trace attach --help"
                                : "attach: one PID is wanted; see hakmem-trace attach --help");
        return EXIT_USAGE;
    }
    int error = option_number("attach: PID", argv[optind], 1, INT32_MAX, &pid);
    options->pid = (pid_t)pid;
    return error;
}
