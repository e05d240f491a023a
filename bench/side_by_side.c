/* SPDX-License-Identifier: MIT */
/*
 * One command under several allocators. In every round each allocator runs once, in a new random
 * order, on one core, with an environment of random size (it moves the stack, and that alone can
 * shift a result by some percent). A run's ratio is its speed over that of the first allocator in
 * the same round. The table gives the median ratio and its interval by the sign test, which assumes
 * nothing about how ratios are distributed.
 *
 * The first allocator runs twice a round. The second time is the control: an interval there that
 * leaves out 1.00 means that the machine was not quiet enough.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "allocator.h"
#include "workload.h"

enum { ROUNDS_MAX = 1000, CONTENDERS_MAX = 17, ENVIRONMENT_MAX = 4096 };

struct contender {
    struct allocator allocator;
    double speed[ROUNDS_MAX]; /* M ops/s, as the program printed it */
    double rss[ROUNDS_MAX];   /* MB */
};

static struct contender contenders[CONTENDERS_MAX];
static size_t contender_count;
static uint64_t rounds = 9, seed = 1, core = UINT64_MAX;
static char **command;

static const char help[] =
    "Usage: side_by_side [OPTION]... -- COMMAND...\n"
    "Runs COMMAND, which must print its speed as 'X M ops/s', under several allocators in turn.\n\n"
    "  --with LIST  allocators, with commas between them; the first is the one that the others "
    "are\n"
    "               compared with. A name with a slash is the path of a library.\n"
    "               (glibc,hakmem,jemalloc,mimalloc,tcmalloc)\n"
    "  --rounds N   runs of each (9)\n"
    "  --core N     the core to run on (the last one allowed)\n"
    "  --seed N     of the random order (1)\n"
    "  --help       print this text\n\n"
    "Every run is reported on standard error, the table on standard output.\n"
    "Exit status: 0 done, 1 a run failed, 2 bad arguments.\n";

static const char *label_of(const struct contender *contender)
{
    return contender == &contenders[1] ? "control" : contender->allocator.name;
}

__attribute__((noreturn, format(printf, 2, 3))) static void stop(int status, const char *format,
                                                                 ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("side_by_side: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(status);
}

static uint64_t number_of(const char *option, const char *text, uint64_t minimum, uint64_t maximum)
{
    uint64_t number;
    if (!workload_parse_number(text, minimum, maximum, &number))
        stop(WORKLOAD_BAD_USAGE, "%s must be a whole number from %ju to %ju, not '%s'", option,
             (uintmax_t)minimum, (uintmax_t)maximum, text);
    return number;
}

static void add_contenders(char *list)
{
    char why[PATH_MAX + 256];
    for (char *name; (name = strsep(&list, ",")) != NULL;) {
        if (contender_count == CONTENDERS_MAX)
            stop(WORKLOAD_BAD_USAGE, "more than %d allocators", CONTENDERS_MAX - 1);
        if (!allocator_find(name, &contenders[contender_count].allocator, why))
            stop(WORKLOAD_BAD_USAGE, "%s", why);
        contender_count++;
        if (contender_count == 1) /* the control */
            contenders[contender_count++].allocator = contenders[0].allocator;
    }
}

static void choose_core(void)
{
    cpu_set_t allowed;
    sched_getaffinity(0, sizeof allowed, &allowed);
    if (core == UINT64_MAX)
        for (uint64_t i = 0; i < CPU_SETSIZE; i++)
            if (CPU_ISSET(i, &allowed))
                core = i;
    if (!CPU_ISSET(core, &allowed))
        stop(WORKLOAD_BAD_USAGE, "core %ju does not exist, or is not allowed", (uintmax_t)core);
}

static void read_arguments(int argc, char **argv)
{
    static const struct option options[] = {
        {"with", required_argument, NULL, 'w'}, {"rounds", required_argument, NULL, 'r'},
        {"core", required_argument, NULL, 'c'}, {"seed", required_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},       {NULL, 0, NULL, 0}};
    static char all[] = "glibc,hakmem,jemalloc,mimalloc,tcmalloc";
    char *list = all;

    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, "+:h", options, NULL)) != -1;) {
        switch (option) {
        case 'w':
            list = optarg;
            break;
        case 'r':
            rounds = number_of("--rounds", optarg, 1, ROUNDS_MAX);
            break;
        case 'c':
            core = number_of("--core", optarg, 0, CPU_SETSIZE - 1);
            break;
        case 's':
            seed = number_of("--seed", optarg, 1, UINT64_MAX);
            break;
        case 'h':
            fputs(help, stdout);
            exit(WORKLOAD_OK);
        case ':':
            stop(WORKLOAD_BAD_USAGE, "a value is missing after %s; try --help", argv[optind - 1]);
        default:
            stop(WORKLOAD_BAD_USAGE, "unknown option %s; try --help", argv[optind - 1]);
        }
    }
    command = argv + optind;
    if (!*command)
        stop(WORKLOAD_BAD_USAGE, "no command to run; try --help");
    choose_core();
    add_contenders(list);
}

__attribute__((noreturn)) static void become(const struct allocator *allocator, int output,
                                             size_t padding)
{
    char text[ENVIRONMENT_MAX + 1];
    memset(text, 'x', padding);
    text[padding] = '\0';
    setenv("SIDE_BY_SIDE_PADDING", text, 1);

    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    sched_setaffinity(0, sizeof one, &one);
    dup2(output, STDOUT_FILENO);
    allocator_enter(allocator);
    execvp(*command, command);
    fprintf(stderr, "side_by_side: %s: %s\n", *command, strerror(errno));
    _exit(127);
}

/* The number before " M ops/s"; 0 where there is none. */
static double speed_in(const char *line)
{
    const char *number = strstr(line, " M ops/s");
    if (!number)
        return 0;
    while (number > line && strchr("0123456789.", number[-1]))
        number--;
    return strtod(number, NULL);
}

static void run_once(struct contender *contender, uint64_t round, size_t padding)
{
    const char *name = contender->allocator.name;
    int channel[2], status;
    struct rusage usage;
    pid_t child = pipe2(channel, O_CLOEXEC) == 0 ? fork() : -1;
    if (child < 0)
        stop(WORKLOAD_FAILED, "can't start the command: %s", strerror(errno));
    if (child == 0)
        become(&contender->allocator, channel[1], padding);
    close(channel[1]);

    FILE *output = fdopen(channel[0], "r");
    char *line = NULL;
    double speed = 0;
    for (size_t size = 0; output && getline(&line, &size, output) > 0;)
        if (speed_in(line) > 0)
            speed = speed_in(line); /* of several, the last */
    free(line);
    if (output)
        fclose(output);
    wait4(child, &status, 0, &usage);

    if (WIFSIGNALED(status))
        stop(WORKLOAD_FAILED, "%s: killed by signal %d (%s)", name, WTERMSIG(status),
             strsignal(WTERMSIG(status)));
    if (WEXITSTATUS(status) != 0)
        stop(WORKLOAD_FAILED, "%s: exit status %d", name, WEXITSTATUS(status));
    if (speed <= 0)
        stop(WORKLOAD_FAILED, "%s: the command printed no 'X M ops/s'", name);
    contender->speed[round] = speed;
    contender->rss[round] = (double)usage.ru_maxrss * 1024 / 1e6;
    fprintf(stderr, "round %ju  %-12s %8.2f M ops/s  RSS %.1f MB\n", (uintmax_t)round + 1,
            label_of(contender), speed, contender->rss[round]);
}

static void run_rounds(void)
{
    size_t order[CONTENDERS_MAX];
    for (size_t i = 0; i < contender_count; i++)
        order[i] = i;
    for (uint64_t round = 0; round < rounds; round++) {
        for (size_t i = contender_count; i > 1; i--) {
            size_t other = workload_below(workload_random(&seed), i), last = order[i - 1];
            order[i - 1] = order[other];
            order[other] = last;
        }
        for (size_t i = 0; i < contender_count; i++)
            run_once(&contenders[order[i]], round,
                     workload_below(workload_random(&seed), ENVIRONMENT_MAX));
    }
}

/* The sign test's interval for the median of n sorted values runs from the k-th lowest to the k-th
 * highest; it misses the median with twice the chance of fewer than k heads in n tosses of a coin.
 * Takes the largest k that covers at least 95 %, or the whole range, and returns the coverage. */
static double sign_interval(uint64_t n, uint64_t *k)
{
    double term = exp2(-(double)n), tail = term;
    for (*k = 1; *k < n / 2; ++*k) {
        term *= (double)(n - *k + 1) / (double)*k;
        if (2 * (tail + term) > 0.05)
            break;
        tail += term;
    }
    return 1 - 2 * tail;
}

static void print_row(const struct contender *contender, int width, uint64_t k)
{
    static double speed[ROUNDS_MAX], rss[ROUNDS_MAX], ratio[ROUNDS_MAX];
    for (uint64_t i = 0; i < rounds; i++) {
        speed[i] = contender->speed[i];
        rss[i] = contender->rss[i];
        ratio[i] = contender->speed[i] / contenders[0].speed[i];
    }
    struct statistics of_ratio = statistics_of(ratio, rounds); /* sorts */
    printf("%-*s  %8.2f", width, label_of(contender), statistics_of(speed, rounds).median);
    printf("   %5.3f  [%5.3f, %5.3f]  %7.1f\n", of_ratio.median, ratio[k - 1], ratio[rounds - k],
           statistics_of(rss, rounds).median);
}

static void print_table(void)
{
    uint64_t k;
    double coverage = sign_interval(rounds, &k);
    int width = (int)strlen("allocator");
    for (size_t i = 0; i < contender_count; i++)
        if ((int)strlen(label_of(&contenders[i])) > width)
            width = (int)strlen(label_of(&contenders[i]));

    printf("%-*s  %8s   %5s  %-14s  %7s\n", width, "allocator", "M ops/s", "ratio", "interval",
           "RSS MB");
    for (size_t i = 0; i < contender_count; i++)
        print_row(&contenders[i], width, k);
    printf("medians of %ju rounds on core %ju; the intervals cover %.1f %%; "
           "control: %s a second time\n",
           (uintmax_t)rounds, (uintmax_t)core, coverage * 100, contenders[0].allocator.name);
}

int main(int argc, char **argv)
{
    read_arguments(argc, argv);
    run_rounds();
    print_table();
    if (fflush(stdout) != 0 || ferror(stdout))
        stop(WORKLOAD_FAILED, "can't write the table");
    return WORKLOAD_OK;
}
