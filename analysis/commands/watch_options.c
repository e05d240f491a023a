/* SPDX-License-Identifier: MIT */
#include "watch_options.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "option_value.h"

#define BUDGET_MIN 0.01
#define BUDGET_MAX 100

static int take_path(const char *command, const char **path)
{
    *path = optarg;
    if (*optarg)
        return 0;
    complain("%s: an option has an empty value; see hakmem-trace %s --help", command, command);
    return EXIT_USAGE;
}

static int take_frequency(struct watch_options *options, const char *command)
{
    uint64_t number = 0;
    char name[64];
    snprintf(name, sizeof name, "%s: --frequency", command);
    int error =
        option_number(name, optarg, SAMPLING_FREQUENCY_MIN, SAMPLING_FREQUENCY_MAX, &number);
    options->frequency = (unsigned)number;
    return error;
}

/* "2" and "2%" alike. */
static int take_budget(struct watch_options *options, const char *command)
{
    char name[64], text[32];
    size_t length = strlen(optarg);
    if (length && optarg[length - 1] == '%')
        length--;
    snprintf(name, sizeof name, "%s: --budget", command);
    snprintf(text, sizeof text, "%.*s", (int)length, optarg);
    return option_decimal(name, text, BUDGET_MIN, BUDGET_MAX, &options->budget);
}

static int take_aggregate(struct watch_options *options, const char *command)
{
    static const char *const ways[] = {[SAMPLING_AGGREGATE_AUTO] = "auto",
                                       [SAMPLING_AGGREGATE_YES] = "yes",
                                       [SAMPLING_AGGREGATE_NO] = "no"};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (strcmp(optarg, ways[i]) == 0) {
            options->aggregate = (enum sampling_aggregate)i;
            return 0;
        }
    }
    complain("%s: --aggregate %s: neither yes, no nor auto", command, optarg);
    return EXIT_USAGE;
}

int watch_option_take(struct watch_options *options, const char *command, int option)
{
    switch (option) {
    case OPTION_JSON:
        return take_path(command, &options->json);
    case OPTION_HTML:
        return take_path(command, &options->html);
    case OPTION_OUTPUT:
        return take_path(command, &options->output);
    case OPTION_FREQUENCY:
        return take_frequency(options, command);
    case OPTION_BUDGET:
        return take_budget(options, command);
    case OPTION_AGGREGATE:
        return take_aggregate(options, command);
    case OPTION_NO_BPF:
        options->bpf = false;
        return 0;
    case OPTION_HELP:
        options->help = true;
        return 0;
    default:
        return EXIT_USAGE;
    }
}
