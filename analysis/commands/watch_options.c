/* SPDX-License-Identifier: MIT */
#include "watch_options.h"

#include <stdint.h>
#include <stdio.h>

#include "commands.h"
#include "option_value.h"
#include "sampling.h"

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

int watch_option_take(struct watch_options *options, const char *command, int option)
{
    switch (option) {
    case OPTION_JSON:
        return take_path(command, &options->json);
    case OPTION_OUTPUT:
        return take_path(command, &options->output);
    case OPTION_FREQUENCY:
        return take_frequency(options, command);
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
