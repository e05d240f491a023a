/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

struct request {
    uint64_t numbers[WORKLOAD_NUMBERS_MAX];
    uint64_t runs;
    bool several; /* --runs was given: print the statistics too */
    bool json;
};

bool workload_parse_number(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *number)
{
    uint64_t value = 0;
    if (*text == '\0')
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
            return false;
    }
    *number = value;
    return value >= minimum && value <= maximum;
}

double workload_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* getrusage remembers across exec what the process that started this one had in memory; VmHWM does
 * not. Read without stdio, which would allocate. */
uint64_t workload_max_rss_kb(void)
{
    char text[4096];
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0)
        close(file);
    if (length > 0) {
        text[length] = '\0';
        const char *line = strstr(text, "\nVmHWM:");
        if (line)
            return strtoull(line + strlen("\nVmHWM:"), NULL, 10);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)usage.ru_maxrss;
}

static void print_help(const struct workload *workload)
{
    printf("Usage: %s", workload->name);
    for (size_t i = 0; i < workload->number_count; i++)
        printf(" %s", workload->numbers[i].name);
    printf(" [--runs N] [--json]\n%s\n\n", workload->summary);
    for (size_t i = 0; i < workload->number_count; i++)
        printf("  %-12s %s (%" PRIu64 " to %" PRIu64 ")\n", workload->numbers[i].name,
               workload->numbers[i].text, workload->numbers[i].minimum,
               workload->numbers[i].maximum);
    printf("  --runs N     run N times and print mean, median, stdev, CV, min and max\n"
           "  --json       print one JSON object\n"
           "  --help       print this text\n\n"
           "Exit status: 0 done, 1 memory ran out, 2 bad arguments.\n");
}

__attribute__((noreturn)) static void refuse(const struct workload *workload, const char *what,
                                             const char *detail)
{
    fprintf(stderr, "%s: %s%s; try --help\n", workload->name, what, detail);
    exit(WORKLOAD_BAD_USAGE);
}

static uint64_t number_or_refuse(const struct workload *workload,
                                 const struct workload_number *wanted, const char *text)
{
    uint64_t number;
    if (workload_parse_number(text, wanted->minimum, wanted->maximum, &number))
        return number;
    fprintf(stderr, "%s: %s must be a whole number from %" PRIu64 " to %" PRIu64 ", not '%s'\n",
            workload->name, wanted->name, wanted->minimum, wanted->maximum, text);
    exit(WORKLOAD_BAD_USAGE);
}

static struct request read_arguments(int argc, char **argv, const struct workload *workload)
{
    static const struct option options[] = {{"runs", required_argument, NULL, 'r'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    static const struct workload_number runs = {"--runs", "", 1, WORKLOAD_RUNS_MAX};
    struct request request = {.runs = 1};

    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":h", options, NULL)) != -1;) {
        switch (option) {
        case 'r':
            request.runs = number_or_refuse(workload, &runs, optarg);
            request.several = true;
            break;
        case 'j':
            request.json = true;
            break;
        case 'h':
            print_help(workload);
            exit(WORKLOAD_OK);
        case ':':
            refuse(workload, "a value is missing after ", argv[optind - 1]);
        default:
            refuse(workload, "unknown option ", argv[optind - 1]);
        }
    }

    size_t given = (size_t)(argc - optind);
    if (given < workload->number_count)
        refuse(workload, "missing ", workload->numbers[given].name);
    if (given > workload->number_count)
        refuse(workload, "one argument too many: ", argv[optind + (int)workload->number_count]);
    for (size_t i = 0; i < workload->number_count; i++)
        request.numbers[i] =
            number_or_refuse(workload, &workload->numbers[i], argv[optind + (int)i]);
    return request;
}

static void print_run(const struct workload *workload, const struct workload_result *result,
                      double speed)
{
    printf("%s: %.2f M ops/s  %.3f s  RSS %.1f MB\n", workload->name, speed, result->seconds,
           (double)workload_max_rss_kb() * 1024 / 1e6);
}

static void print_statistics(const struct workload *workload, const struct request *request,
                             struct statistics s)
{
    printf("%s: mean %.2f M ops/s  median %.2f  stdev %.2f  CV %.2f %%  min %.2f  max %.2f  "
           "(%" PRIu64 " runs)\n",
           workload->name, s.mean, s.median, s.deviation, s.deviation / s.mean * 100, s.minimum,
           s.maximum, request->runs);
}

static void print_json(const struct workload *workload, const struct request *request,
                       const struct workload_result *result, double *speeds)
{
    printf("{\"workload\": \"%s\", \"arguments\": [", workload->name);
    for (size_t i = 0; i < workload->number_count; i++)
        printf("%s%" PRIu64, i ? ", " : "", request->numbers[i]);
    printf("], \"operations\": %" PRIu64 ", \"checksum\": \"%016" PRIx64
           "\", \"max_rss_kb\": %" PRIu64 ", \"mops_per_s\": [",
           result->operations, result->checksum, workload_max_rss_kb());
    for (uint64_t i = 0; i < request->runs; i++)
        printf("%s%.4f", i ? ", " : "", speeds[i]);

    struct statistics s = statistics_of(speeds, request->runs);
    printf("], \"mean\": %.4f, \"median\": %.4f, \"stdev\": %.4f, \"cv\": %.6f, \"min\": %.4f, "
           "\"max\": %.4f}\n",
           s.mean, s.median, s.deviation, s.deviation / s.mean, s.minimum, s.maximum);
}

int workload_main(int argc, char **argv, const struct workload *workload)
{
    static double speeds[WORKLOAD_RUNS_MAX]; /* M ops/s; not from the allocator under test */
    struct request request = read_arguments(argc, argv, workload);
    struct workload_result result = {0};

    for (uint64_t i = 0; i < request.runs; i++) {
        result = (struct workload_result){0};
        if (!workload->run(request.numbers, &result)) {
            fprintf(stderr, "%s: memory ran out\n", workload->name);
            return WORKLOAD_FAILED;
        }
        double seconds = result.seconds > 0 ? result.seconds : 1e-9; /* the clock's step */
        speeds[i] = (double)result.operations / seconds / 1e6;
        if (!request.json)
            print_run(workload, &result, speeds[i]);
    }
    if (request.json)
        print_json(workload, &request, &result, speeds);
    else if (request.several)
        print_statistics(workload, &request, statistics_of(speeds, request.runs));

    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "%s: can't write the result\n", workload->name);
        return WORKLOAD_FAILED;
    }
    return WORKLOAD_OK;
}
