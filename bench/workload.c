/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

struct request {
    uint64_t numbers[WORKLOAD_NUMBERS_MAX];
    uint64_t runs;
    uint64_t seconds; /* 0: the work is done once */
    bool several;     /* --runs was given: print the statistics too */
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

/* A line's number from the kernel's account of this process. Read without stdio, which would
 * allocate. 0: the kernel keeps no such line. */
static uint64_t status_kb(const char *line)
{
    char text[4096];
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0)
        close(file);
    if (length <= 0)
        return 0;
    text[length] = '\0';
    const char *found = strstr(text, line);
    return found ? strtoull(found + strlen(line), NULL, 10) : 0;
}

/* getrusage remembers across exec what the process that started this one had in memory; VmHWM does
 * not. */
uint64_t workload_max_rss_kb(void)
{
    uint64_t highest = status_kb("\nVmHWM:");
    if (highest)
        return highest;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)usage.ru_maxrss;
}

uint64_t workload_rss_kb(void)
{
    return status_kb("\nVmRSS:");
}

void workload_settle(uint64_t milliseconds)
{
    const struct timespec one = {.tv_nsec = 1000000};
    for (uint64_t i = 0; i < milliseconds; i++) {
        void *block = malloc(100);
        workload_use(block);
        free(block);
        nanosleep(&one, NULL);
    }
}

void *workload_map(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void workload_unmap(void *memory, size_t bytes)
{
    if (memory)
        munmap(memory, bytes);
}

static void print_help(const struct workload *workload)
{
    printf("Usage: %s", workload->name);
    for (size_t i = 0; i < workload->number_count; i++)
        printf(" %s", workload->numbers[i].name);
    printf("%s [--runs N] [--seconds S] [--json]\n%s\n\n",
           workload->option_count ? " [OPTION]..." : "", workload->summary);
    for (size_t i = 0; i < workload->number_count; i++)
        printf("  %-12s %s (%" PRIu64 " to %" PRIu64 ")\n", workload->numbers[i].name,
               workload->numbers[i].text, workload->numbers[i].minimum,
               workload->numbers[i].maximum);
    for (size_t i = 0; i < workload->option_count; i++) {
        const struct workload_number *option = &workload->options[i];
        printf("  --%-10s %s (%" PRIu64 " to %" PRIu64 ", else %" PRIu64 ")\n", option->name,
               option->text, option->minimum, option->maximum, option->fallback);
    }
    printf("  --runs N     run N times and print mean, median, stdev, CV, min and max\n"
           "  --seconds S  repeat the work of each run until S seconds have passed\n"
           "  --json       print one JSON object\n"
           "  --help       print this text\n\n"
           "Exit status: 0 done, 1 memory or threads ran out, 2 bad arguments.\n");
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
    bool option = wanted->name[0] >= 'a' && wanted->name[0] <= 'z';
    fprintf(stderr, "%s: %s%s must be a whole number from %" PRIu64 " to %" PRIu64 ", not '%s'\n",
            workload->name, option ? "--" : "", wanted->name, wanted->minimum, wanted->maximum,
            text);
    exit(WORKLOAD_BAD_USAGE);
}

enum { COMMON_OPTIONS = 4, FIRST_OPTION = 256 };

static void list_options(const struct workload *workload, struct option *all)
{
    static const struct option common[COMMON_OPTIONS] = {{"runs", required_argument, NULL, 'r'},
                                                         {"seconds", required_argument, NULL, 's'},
                                                         {"json", no_argument, NULL, 'j'},
                                                         {"help", no_argument, NULL, 'h'}};
    memcpy(all, common, sizeof common);
    for (size_t i = 0; i < workload->option_count; i++)
        all[COMMON_OPTIONS + i] = (struct option){workload->options[i].name, required_argument,
                                                  NULL, FIRST_OPTION + (int)i};
}

static void take_option(const struct workload *workload, int option, const char *argument,
                        struct request *request)
{
    static const struct workload_number runs = {"runs", "", 1, WORKLOAD_RUNS_MAX, 1},
                                        seconds = {"seconds", "", 1, 1000000, 0};
    switch (option) {
    case 'r':
        request->runs = number_or_refuse(workload, &runs, optarg);
        request->several = true;
        break;
    case 's':
        request->seconds = number_or_refuse(workload, &seconds, optarg);
        break;
    case 'j':
        request->json = true;
        break;
    case 'h':
        print_help(workload);
        exit(WORKLOAD_OK);
    case ':':
        refuse(workload, "a value is missing after ", argument);
    case '?':
        refuse(workload, "unknown option ", argument);
    default: {
        size_t i = (size_t)(option - FIRST_OPTION);
        request->numbers[workload->number_count + i] =
            number_or_refuse(workload, &workload->options[i], optarg);
    }
    }
}

static struct request read_arguments(int argc, char **argv, const struct workload *workload)
{
    struct option options[COMMON_OPTIONS + WORKLOAD_NUMBERS_MAX + 1] = {{NULL, 0, NULL, 0}};
    struct request request = {.runs = 1};
    list_options(workload, options);
    for (size_t i = 0; i < workload->option_count; i++)
        request.numbers[workload->number_count + i] = workload->options[i].fallback;

    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":h", options, NULL)) != -1;)
        take_option(workload, option, argv[optind - 1], &request);

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

/* Slow operations, on large blocks for one, need more digits. */
static int decimals(double speed, int usual)
{
    return speed < 0.01 ? 8 : speed < 1 ? 6 : usual;
}

static void print_run(const struct workload *workload, const struct workload_result *result,
                      double speed)
{
    printf("%s: %.*f M ops/s  %.3f s  RSS %.1f MB", workload->name, decimals(speed, 2), speed,
           result->seconds, (double)workload_max_rss_kb() * 1024 / 1e6);
    if (result->resident_kb)
        printf("  then %.1f MB of which %.1f MB live", (double)result->resident_kb * 1024 / 1e6,
               (double)result->live_kb * 1024 / 1e6);
    putchar('\n');
}

static void print_statistics(const struct workload *workload, const struct request *request,
                             struct statistics s)
{
    int n = decimals(s.minimum, 2);
    printf("%s: mean %.*f M ops/s  median %.*f  stdev %.*f  CV %.2f %%  min %.*f  max %.*f  "
           "(%" PRIu64 " runs)\n",
           workload->name, n, s.mean, n, s.median, n, s.deviation, s.deviation / s.mean * 100, n,
           s.minimum, n, s.maximum, request->runs);
}

static void print_json(const struct workload *workload, const struct request *request,
                       const struct workload_result *result, double *speeds)
{
    printf("{\"workload\": \"%s\", \"arguments\": [", workload->name);
    for (size_t i = 0; i < workload->number_count; i++)
        printf("%s%" PRIu64, i ? ", " : "", request->numbers[i]);
    printf("]");
    if (workload->option_count)
        printf(", \"options\": {");
    for (size_t i = 0; i < workload->option_count; i++)
        printf("%s\"%s\": %" PRIu64 "%s", i ? ", " : "", workload->options[i].name,
               request->numbers[workload->number_count + i],
               i + 1 < workload->option_count ? "" : "}");
    if (result->resident_kb)
        printf(", \"resident_kb\": %" PRIu64 ", \"live_kb\": %" PRIu64, result->resident_kb,
               result->live_kb);
    printf(", \"operations\": %" PRIu64 ", \"checksum\": \"%016" PRIx64
           "\", \"max_rss_kb\": %" PRIu64 ", \"mops_per_s\": [",
           result->operations, result->checksum, workload_max_rss_kb());
    for (uint64_t i = 0; i < request->runs; i++)
        printf("%s%.*f", i ? ", " : "", decimals(speeds[i], 4), speeds[i]);

    struct statistics s = statistics_of(speeds, request->runs);
    int n = decimals(s.minimum, 4);
    printf("], \"mean\": %.*f, \"median\": %.*f, \"stdev\": %.*f, \"cv\": %.6f, \"min\": %.*f, "
           "\"max\": %.*f}\n",
           n, s.mean, n, s.median, n, s.deviation, s.deviation / s.mean, n, s.minimum, n,
           s.maximum);
}

static enum workload_exit run_once(const struct workload *workload, const struct request *request,
                                   struct workload_result *result)
{
    struct workload_result sum = {0};
    double start = workload_seconds();
    for (bool first = true;; first = false) {
        *result = (struct workload_result){0};
        if (!workload->run(request->numbers, result)) {
            fprintf(stderr, "%s: memory or threads ran out\n", workload->name);
            return WORKLOAD_FAILED;
        }
        if (!first && result->checksum != sum.checksum) {
            fprintf(stderr, "%s: the same work gave another checksum: memory was overwritten\n",
                    workload->name);
            return WORKLOAD_FAILED;
        }
        sum.operations += result->operations;
        sum.seconds += result->seconds;
        sum.checksum = result->checksum;
        if (workload_seconds() - start >= (double)request->seconds)
            break;
    }
    result->operations = sum.operations;
    result->seconds = sum.seconds;
    return WORKLOAD_OK;
}

int workload_main(int argc, char **argv, const struct workload *workload)
{
    static double speeds[WORKLOAD_RUNS_MAX]; /* M ops/s; not from the allocator under test */
    struct request request = read_arguments(argc, argv, workload);
    struct workload_result result = {0};

    for (uint64_t i = 0; i < request.runs; i++) {
        if (run_once(workload, &request, &result) != WORKLOAD_OK)
            return WORKLOAD_FAILED;
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
