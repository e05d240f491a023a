/* SPDX-License-Identifier: MIT */
#include "run_options.h"

#include <stddef.h>

#include "commands.h"
#include "heap_run.h"
#include "option_value.h"
#include "run_stacks.h"
#include "sampling.h"

const char run_help[] =
    "usage: hakmem-trace run [OPTION]... [--] COMMAND [ARGUMENT]...\n"
    "\n"
    "Runs COMMAND on an allocator and reports how much of its processor time was malloc and on "
    "what\n"
    "it was spent. COMMAND keeps its input, output and signals; its threads and child processes "
    "are\n"
    "followed. The report goes to stderr.\n"
    "\n"
    "  --with ALLOCATOR  hakmem (default), phase10, FACTOR=LEVEL,... (a variant of hakmem), glibc\n"
    "                    (nothing is preloaded), jemalloc, mimalloc, tcmalloc, or the path of a\n"
    "                    shared object to preload; own: whatever malloc COMMAND has, in a library\n"
    "                    or linked into it\n" WATCH_HELP
    "  --timeline FILE   also write what it did in time to FILE, for https://ui.perfetto.dev:\n"
    "                    sources by thread, memory, slow paths; samples come one by one then\n"
    "  --every-call      also watch every call of malloc, free and realloc, which makes COMMAND\n"
    "                    slower; how much is said first. Needs eBPF\n"
    "  --heap[=BYTES]    also say who asked for the bytes that were live at the peak and never "
    "given\n"
    "                    back, and for all: from blocks of hakmem sampled every BYTES (524288) on "
    "the\n"
    "                    average. More where few bytes are handed out; doubled where samples are "
    "many\n" STACK_HELP "  --value NAME      what --collapsed counts: peak_space (default), "
    "inuse_space, alloc_space, or\n"
    "                    _objects instead of _space. These four need --heap\n"
    "  --help            this text\n"
    "\n"
    "exit codes:\n"
    "  COMMAND's own, or 128 + N when signal N killed it\n"
    "  2    wrong use of hakmem-trace run\n"
    "  125  hakmem-trace itself failed, or COMMAND ended with 0 and the report could not be "
    "written\n"
    "  126  COMMAND was found but can't be executed\n"
    "  127  COMMAND was not found\n"
    "\n"
    "Ctrl-C goes to COMMAND; the report on what ran until then is still printed. Signals sent to\n"
    "hakmem-trace are passed on. An LD_PRELOAD that is set already is kept, after the allocator.\n"
    "\n"
    "environment: HAKMEM_LIBRARY names the libhakmem.so to use; NO_COLOR turns colour off.\n";

enum { OPTION_WITH = OPTION_OWN, OPTION_EVERY_CALL, OPTION_TIMELINE, OPTION_HEAP };

static const struct option long_options[] = {
    WATCH_LONG_OPTIONS,
    {"with", required_argument, NULL, OPTION_WITH},
    {"every-call", no_argument, NULL, OPTION_EVERY_CALL},
    {"timeline", required_argument, NULL, OPTION_TIMELINE},
    {"heap", optional_argument, NULL, OPTION_HEAP},
    STACK_LONG_OPTIONS,
    {NULL, 0, NULL, 0},
};

static int take_heap(struct run_options *options)
{
    options->heap = HEAP_INTERVAL;
    return optarg ? option_number("run: --heap", optarg, 1, HEAP_INTERVAL_MAX, &options->heap) : 0;
}

int run_options_parse(int argc, char **argv, struct run_options *options)
{
    int option;
    *options = (struct run_options){.with = "hakmem", .watch.bpf = true};
    optind = 0;
    while ((option = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return option_refused(option, argv);
        int error = 0;
        if (option == OPTION_WITH)
            options->with = optarg;
        else if (option == OPTION_TIMELINE)
            options->timeline = optarg;
        else if (option == OPTION_EVERY_CALL)
            options->watch.every_call = true;
        else if (option == OPTION_HEAP)
            error = take_heap(options);
        else if (!stack_output_take(&options->stacks, "run", option, &error))
            error = watch_option_take(&options->watch, "run", option);
        if (error)
            return error;
        if (options->watch.help)
            return 0;
    }
    options->command = argv + optind;
    if (!options->command[0] || !*options->command[0]) {
        complain("run: COMMAND is missing; see hakmem-trace run --help");
        return EXIT_USAGE;
    }
    if (options->watch.every_call && !options->watch.bpf) {
        complain("run: --every-call needs eBPF and can't go with --no-bpf");
        return EXIT_USAGE;
    }
    if (options->timeline && options->watch.aggregate == SAMPLING_AGGREGATE_YES) {
        complain("run: --timeline needs samples one by one and can't go with --aggregate yes");
        return EXIT_USAGE;
    }
    if (options->timeline)
        options->watch.aggregate = SAMPLING_AGGREGATE_NO;
    if (!*options->with || option_is_empty(options->timeline)) {
        complain("run: an option has an empty value; see hakmem-trace run --help");
        return EXIT_USAGE;
    }
    return run_stacks_check(&options->stacks, options->heap > 0);
}
