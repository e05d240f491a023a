/* SPDX-License-Identifier: MIT */
#include "annotate_options.h"

#include <string.h>

#include "commands.h"
#include "option_value.h"

const char annotate_help[] =
    "usage: hakmem-trace annotate [OPTION]... [--] COMMAND [ARGUMENT]...\n"
    "\n"
    "Shows the machine code of malloc and free, or of any function of the allocator's library:\n"
    "each instruction with the source it belongs to, how often it was executed, which is exact,\n"
    "and its share of the function's time, which is sampled; below it what a call of the function\n"
    "executes, by source.\n"
    "\n"
    "COMMAND runs twice: in the first run some thousand of its calls of malloc and free are\n"
    "stepped through one instruction at a time, as count does, the second is sampled, as run\n"
    "does. It keeps its output and signals both times; its input too where that is a file, else\n"
    "the second run finds what the first has left. The report goes to stderr.\n"
    "\n"
    "  --function NAME   show this function instead of malloc and free; may be given 64 times\n"
    "  --list            list the hottest functions with their shares instead\n"
    "  --with ALLOCATOR  hakmem (default), phase10, FACTOR=LEVEL,... (a variant of hakmem), glibc\n"
    "                    (nothing is preloaded), jemalloc, mimalloc, tcmalloc, or the path of a\n"
    "                    shared object to preload\n"
    "  --calls N         step through N calls, 1 to 10000000; default 5000\n"
    "  --skip N          leave out the thread's first N calls, 0 to 1000000000000; default 10000\n"
    "  --process NAME    step through a program of this name alone\n"
    "  --no-samples      counts only: COMMAND runs once\n"
    "  --json FILE       also write every figure of the report to FILE as JSON (- for stdout)\n"
    "  --html FILE       also write it to FILE as a page, for a browser\n"
    "  --output FILE     write the report to FILE instead of stderr\n"
    "  --help            this text\n"
    "\n"
    "exit codes:\n"
    "  COMMAND's own in the first run, or 128 + N when signal N killed it\n"
    "  2    wrong use of hakmem-trace annotate, or no function of that name\n"
    "  125  hakmem-trace itself failed, or COMMAND ended with 0 and nothing was counted\n"
    "  126  COMMAND was found but can't be executed\n"
    "  127  COMMAND was not found\n"
    "\n"
    "A run that a signal ends is the last. x86-64 only; instructions are written out by\n"
    "capstone (libcapstone-dev when building, libcapstone4 when running).\n"
    "\n"
    "environment: HAKMEM_LIBRARY names the libhakmem.so to use; NO_COLOR turns colour off.\n";

enum { OPTION_FUNCTION = OPTION_OWN, OPTION_LIST, OPTION_NO_SAMPLES };

static const struct option long_options[] = {
    STEPPED_LONG_OPTIONS,
    {"html", required_argument, NULL, OPTION_HTML},
    {"function", required_argument, NULL, OPTION_FUNCTION},
    {"list", no_argument, NULL, OPTION_LIST},
    {"no-samples", no_argument, NULL, OPTION_NO_SAMPLES},
    {NULL, 0, NULL, 0},
};

static int add_function(struct annotate_options *options, const char *name)
{
    const char *wrong = NULL;
    if (!*name)
        wrong = "--function: an empty name";
    else if (options->function_count == ANNOTATE_FUNCTIONS_MAX)
        wrong = "--function: more than 64 functions";
    else
        options->functions[options->function_count++] = name;
    if (!wrong)
        return 0;
    complain("annotate: %s; see hakmem-trace annotate --help", wrong);
    return EXIT_USAGE;
}

static int take(struct annotate_options *options, int option)
{
    switch (option) {
    case OPTION_FUNCTION:
        return add_function(options, optarg);
    case OPTION_LIST:
        options->list = true;
        return 0;
    case OPTION_NO_SAMPLES:
        options->samples = false;
        return 0;
    default:
        return stepped_option_take(&options->stepped, "annotate", option);
    }
}

static int check(struct annotate_options *options)
{
    if (options->list && options->function_count) {
        complain("annotate: --list shows no function; see hakmem-trace annotate --help");
        return EXIT_USAGE;
    }
    if (!options->list && !options->function_count) {
        options->functions[options->function_count++] = "malloc";
        options->functions[options->function_count++] = "free";
    }
    return stepped_options_check(&options->stepped, "annotate");
}

int annotate_options_parse(int argc, char **argv, struct annotate_options *options)
{
    int option;
    *options = (struct annotate_options){.stepped = STEPPED_OPTIONS_DEFAULT, .samples = true};
    optind = 0;
    while ((option = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return option_refused(option, argv);
        int error = take(options, option);
        if (error || options->stepped.help)
            return error;
    }
    options->stepped.command = argv + optind;
    return check(options);
}
