/* SPDX-License-Identifier: MIT */
/*
 * hakmem PROGRAM: runs a program on libhakmem. It becomes the program: there is no process more,
 * and signals, input, output and exit status are the program's own.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "library.h"
#include "preloadable.h"

enum { EXIT_USAGE = 2, EXIT_FAILED = 125, EXIT_NOT_EXECUTABLE = 126, EXIT_NOT_FOUND = 127 };

#define HEAP_SAMPLE_MAX (1ull << 40) /* as the library takes it */

static const char help[] =
    "usage: hakmem [OPTION]... [--] PROGRAM [ARGUMENT]...\n"
    "\n"
    "Runs PROGRAM on libhakmem instead of the C library's malloc, by LD_PRELOAD: the programs "
    "that\n"
    "it starts run on it, too. An LD_PRELOAD that is set already is kept, behind the library.\n"
    "\n"
    "  --hardened           on libhakmem-hardened: misuse and attacks are stopped, at a price\n"
    "  --hardened-light     on libhakmem-hardened-light: at less\n"
    "  --stats              print the counters when a process ends (HAKMEM_STATS=1)\n"
    "  --metrics FILE       leave them in FILE as OpenMetrics when it ends (HAKMEM_METRICS); %p "
    "in\n"
    "                       FILE is the process's number\n"
    "  --heap-sample BYTES  sample the heap: about one allocation in so many bytes, 1 to 2^40\n"
    "                       (HAKMEM_HEAP_SAMPLE)\n"
    "  --help               this text\n"
    "  --version            print the version\n"
    "\n"
    "exit codes:\n"
    "  PROGRAM's own\n"
    "  2    wrong use of hakmem\n"
    "  125  the library was not found\n"
    "  126  PROGRAM was found but can't be executed\n"
    "  127  PROGRAM was not found\n"
    "\n"
    "A static or setuid program, or one of another C library, runs on its own malloc, after a\n"
    "warning.\n"
    "\n"
    "environment: HAKMEM_LIBRARY names the libhakmem.so to use.\n";

struct options {
    const char *library; /* its soname; NULL: the usual one */
    const char *stats, *metrics, *heap_sample;
    char **command;
};

__attribute__((format(printf, 1, 2))) static void complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("hakmem: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

static int print(const char *text)
{
    if (fputs(text, stdout) >= 0 && fflush(stdout) == 0)
        return 0;
    complain("standard output: %s", strerror(errno));
    return EXIT_FAILED;
}

static int check_heap_sample(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    unsigned long long bytes = digits < 15 ? strtoull(text, NULL, 10) : 0;
    if (!text[digits] && bytes >= 1 && bytes <= HEAP_SAMPLE_MAX)
        return 0;
    complain("--heap-sample %s: not a whole number of bytes, 1 to 2^40", text);
    return EXIT_USAGE;
}

/* 0: run the command; -1: done; else the exit code. */
static int read_options(int argc, char **argv, struct options *options)
{
    enum { HARDENED, LIGHT, STATS, METRICS, HEAP_SAMPLE, HELP, VERSION };
    static const struct option known[] = {
        {"hardened", no_argument, NULL, HARDENED},
        {"hardened-light", no_argument, NULL, LIGHT},
        {"stats", no_argument, NULL, STATS},
        {"metrics", required_argument, NULL, METRICS},
        {"heap-sample", required_argument, NULL, HEAP_SAMPLE},
        {"help", no_argument, NULL, HELP},
        {"version", no_argument, NULL, VERSION},
        {0},
    };
    int option, error = 0;
    opterr = 0;
    while (!error && (option = getopt_long(argc, argv, "+:", known, NULL)) != -1) {
        switch (option) {
        case HARDENED:
            options->library = "libhakmem-hardened.so." HAKMEM_ABI;
            break;
        case LIGHT:
            options->library = "libhakmem-hardened-light.so." HAKMEM_ABI;
            break;
        case STATS:
            options->stats = "1";
            break;
        case METRICS:
            options->metrics = optarg;
            if (!*optarg) {
                complain("--metrics: FILE is empty");
                error = EXIT_USAGE;
            }
            break;
        case HEAP_SAMPLE:
            options->heap_sample = optarg;
            error = check_heap_sample(optarg);
            break;
        case HELP:
            error = print(help);
            return error ? error : -1;
        case VERSION:
            error = print("hakmem " HAKMEM_VERSION "\n");
            return error ? error : -1;
        case ':':
            complain("%s needs a value; hakmem --help lists the options", argv[optind - 1]);
            return EXIT_USAGE;
        default:
            complain("unknown option '%s'; hakmem --help lists them", argv[optind - 1]);
            return EXIT_USAGE;
        }
    }
    options->command = argv + optind;
    if (!error && optind == argc) {
        complain("a program is missing; hakmem --help explains");
        error = EXIT_USAGE;
    }
    return error;
}

static int set_variables(const struct options *options)
{
    const char *const variables[][2] = {
        {"HAKMEM_STATS", options->stats},
        {"HAKMEM_METRICS", options->metrics},
        {"HAKMEM_HEAP_SAMPLE", options->heap_sample},
    };
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        if (variables[i][1] && setenv(variables[i][0], variables[i][1], 1) != 0) {
            complain("no memory for the environment");
            return EXIT_FAILED;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct options options = {0};
    char library[PATH_MAX], why[PATH_MAX + 512];
    int error = read_options(argc, argv, &options);
    if (error)
        return error < 0 ? 0 : error;
    if (!library_find(options.library, library, why, sizeof why)) {
        complain("%s", why);
        return EXIT_FAILED;
    }
    if (!can_be_preloaded(options.command[0], why, sizeof why))
        complain("warning: %s: it runs on its own malloc, not on libhakmem", why);
    if (!library_preload(library, why, sizeof why)) {
        complain("%s", why);
        return EXIT_FAILED;
    }
    error = set_variables(&options);
    if (error)
        return error;
    execvp(options.command[0], options.command);
    error = errno;
    complain("%s: %s", options.command[0], strerror(error));
    return error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}
