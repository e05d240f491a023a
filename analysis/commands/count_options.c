/* SPDX-License-Identifier: MIT */
#include "count_options.h"

#include <stddef.h>

#include "option_value.h"

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
    "                    shared object to preload; own: whatever malloc COMMAND has, in a library\n"
    "                    or linked into it\n"
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

static const struct option long_options[] = {
    STEPPED_LONG_OPTIONS,
    {NULL, 0, NULL, 0},
};

int count_options_parse(int argc, char **argv, struct count_options *options)
{
    int option;
    *options = (struct count_options){.stepped = STEPPED_OPTIONS_DEFAULT};
    optind = 0;
    while ((option = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return option_refused(option, argv);
        int error = stepped_option_take(&options->stepped, "count", option);
        if (error || options->stepped.help)
            return error;
    }
    options->stepped.command = argv + optind;
    return stepped_options_check(&options->stepped, "count");
}
