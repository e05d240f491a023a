/* SPDX-License-Identifier: MIT */
/* hakmem-trace health: is an allocator well? Two workloads beside glibc, PASS or FAIL. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collect/counter_folder.h"
#include "commands.h"
#include "compare_bench.h"
#include "compare_measure.h"
#include "compare_write.h"
#include "health_judge.h"
#include "health_options.h"
#include "report/health_json.h"
#include "report/health_text.h"

enum { WORDS_MAX = 6, NUMBER_BYTES = 24 };

struct profile {
    const char *name, *program;
    const char *words[WORDS_MAX]; /* after it; NULL-terminated; %s is the number of operations */
};

static const struct profile profiles[HEALTH_PROFILES] = {
    {"mixed", "random_mixed", {"%s", "400", "1", "--json"}},
    {"mid-size", "mid_size", {"--operations", "%s", "--json"}},
};

struct health {
    struct health_options options;
    struct compare_options compare; /* what the rounds are told */
    struct compare_measure measure;
    struct health_report report;
    struct compare_files files;
    struct counter_folder folder;
    char with[PATH_MAX + 16];
    char expected[96];
    char number[NUMBER_BYTES];
    char programs[HEALTH_PROFILES][PATH_MAX];
    char *commands[HEALTH_PROFILES][WORDS_MAX + 2];
};

static int make_command(struct health *health, size_t i)
{
    int error = compare_bench_file(profiles[i].program, health->programs[i]);
    if (error)
        return error;
    if (access(health->programs[i], X_OK) != 0) {
        complain("health: the workload %s: %s", health->programs[i], strerror(errno));
        return EXIT_USAGE;
    }
    char **word = health->commands[i];
    *word++ = health->programs[i];
    for (const char *const *from = profiles[i].words; *from; from++)
        *word++ = strcmp(*from, "%s") == 0 ? health->number : (char *)*from;
    *word = NULL;
    return 0;
}

/* The rounds as `compare --with glibc,ALLOCATOR --metric ...` would run them. */
static int prepare(struct health *health)
{
    static const char metric[] = "\"median\": ([0-9.]+)";
    const struct health_options *options = &health->options;
    snprintf(health->with, sizeof health->with, "glibc,%s", options->with);
    snprintf(health->number, sizeof health->number, "%ju", (uintmax_t)options->operations);
    health->compare = (struct compare_options){.with = health->with,
                                               .json = options->json,
                                               .higher_is_better = true,
                                               .rounds = options->rounds,
                                               .seed = 1,
                                               .core = -1};
    if (regcomp(&health->compare.pattern, metric, REG_EXTENDED) != 0) {
        complain("health: %s", strerror(ENOMEM));
        return EXIT_TOOL_FAILED;
    }
    health->compare.metric = metric;
    health->report.bound = options->bound;
    health->report.memory_bound = options->memory_bound;
    int error = compare_measure_find(&health->measure, &health->compare);
    for (size_t i = 0; i < HEALTH_PROFILES && !error; i++)
        error = make_command(health, i);
    if (!error)
        error = compare_write_open(&health->compare, &health->files);
    health->report.is_hakmem =
        compare_allocator_of(&health->measure.allocators, HEALTH_ROW)->found.is_hakmem;
    return error;
}

static void take_reference(struct health_profile *profile, const char *output)
{
    json_t *root = json_loads(output, 0, NULL);
    const char *checksum = json_string_value(json_object_get(root, "checksum"));
    snprintf(profile->checksum, sizeof profile->checksum, "%.60s", checksum ? checksum : "");
    profile->operations = (uint64_t)json_integer_value(json_object_get(root, "operations"));
    json_decref(root);
}

/* Under glibc, once: what every other run must compute. It also warms the caches of the machine. */
static int run_reference(struct health *health, struct health_profile *profile)
{
    struct compare_end end;
    struct compare_process *process = &health->measure.process;
    char *const *command = profile->runs.command;
    if (compare_process_run(process, command, NULL, 0, &end) != 0 || end.exec_error) {
        complain("health: %s: %s", command[0], strerror(end.exec_error ? end.exec_error : errno));
        return EXIT_TOOL_FAILED;
    }
    if (process->taken)
        return 0;
    if (end.status == 0)
        take_reference(profile, process->output.bytes);
    snprintf(health->expected, sizeof health->expected, "\"checksum\": \"%s\"", profile->checksum);
    health->compare.expected = health->expected;
    return 0;
}

static void take_counters(struct health_profile *profile, const struct counters *counters)
{
    profile->has_counters = true;
    profile->counters = (struct health_counters){
        .programs = counters->files,
        .unreadable = counters->rejected,
        .mallocs = counters_mallocs(counters),
        .frees = counters_frees(counters),
        .operations = counters_operations(counters),
        .refused = counters->sum.count[HAK_COUNT_out_of_memory],
        .live = counters->memory.live,
    };
}

/* The variable must exist before compare_measure_start, which counts the environment. */
static int open_counters(struct health *health)
{
    if (counter_folder_create(&health->folder) == 0 &&
        setenv("HAKMEM_COUNTERS_DIR", health->folder.path, 1) == 0)
        return 0;
    complain("health: no folder for the counters: %s", strerror(errno));
    return EXIT_TOOL_FAILED;
}

static int check_profile(struct health *health, size_t i)
{
    struct health_profile *profile = &health->report.profiles[i];
    int error = compare_measure_prepare(&health->measure, health->commands[i], &profile->runs);
    profile->name = health->measure.progress.label = profiles[i].name;
    health->report.profile_count = i + 1;
    if (!error)
        error = run_reference(health, profile);
    profile->runs.interrupted = health->measure.process.taken != 0;
    if (!error && !profile->runs.interrupted)
        error = compare_measure_run(&health->measure, &profile->runs);
    counter_folder_remove(&health->folder);
    if (health->report.is_hakmem)
        take_counters(profile, &health->folder.counters);
    health_judge_profile(&health->report, profile);
    return error;
}

static int check_all(struct health *health)
{
    int error = open_counters(health);
    if (!error)
        error = compare_measure_start(&health->measure, HEALTH_PROFILES);
    for (size_t i = 0; i < HEALTH_PROFILES && !error && !health->measure.process.taken; i++) {
        if (i > 0)
            error = open_counters(health);
        if (!error)
            error = check_profile(health, i);
    }
    health->report.interrupted = health->measure.process.taken != 0;
    health_judge(&health->report);
    return error;
}

static void print_text(const void *report, bool details, FILE *stream)
{
    health_print_text(report, stream);
}

static int print_json(const void *report, FILE *stream)
{
    return health_print_json(report, stream);
}

static int check_health(struct health *health)
{
    static const struct compare_format format = {.print_text = print_text,
                                                 .print_json = print_json};
    int error = prepare(health);
    if (!error)
        error = check_all(health);
    if (error)
        return error;
    int code = compare_write(&health->compare, &format, &health->report, &health->files);
    if (health->measure.process.taken)
        return 128 + health->measure.process.taken;
    return code ? code : health->report.verdict != HEALTH_PASS;
}

static void clean_up(struct health *health)
{
    counter_folder_remove(&health->folder);
    counter_folder_finish(&health->folder);
    for (size_t i = 0; i < health->report.profile_count; i++)
        compare_measure_release(&health->report.profiles[i].runs);
    compare_write_abandon(&health->files);
    compare_measure_finish(&health->measure);
    compare_options_finish(&health->compare);
}

static int health_command(int argc, char **argv)
{
    static struct health health; /* too big for a stack that the user may have bounded */
    health.measure.process.signals = health.folder.descriptor = -1;
    int code = health_options_parse(argc, argv, &health.options);
    if (code)
        return code;
    if (health.options.help) {
        fputs(health_help, stdout);
        return fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    }
    code = check_health(&health);
    clean_up(&health);
    return code;
}

const struct command command_health = {
    .name = "health",
    .summary = "say whether an allocator is well: PASS or FAIL",
    .help = health_help,
    .run = health_command,
};
