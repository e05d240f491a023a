/* SPDX-License-Identifier: MIT */
#include "stepped_options.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "option_value.h"
#include "stepper/step_layout.h"

_Static_assert(STEP_NUMBER_MAX >= STEPPED_SKIP_MAX, "the stepper takes as many");

static int take_number(const char *verb, const char *name, uint64_t least, uint64_t most,
                       uint64_t *number)
{
    char option[64];
    snprintf(option, sizeof option, "%s: --%s", verb, name);
    return option_number(option, optarg, least, most, number);
}

int stepped_option_take(struct stepped_options *options, const char *verb, int option)
{
    switch (option) {
    case OPTION_WITH:
        options->with = optarg;
        return 0;
    case OPTION_CALLS:
        return take_number(verb, "calls", 1, STEPPED_CALLS_MAX, &options->calls);
    case OPTION_SKIP:
        return take_number(verb, "skip", 0, STEPPED_SKIP_MAX, &options->skip);
    case OPTION_PROCESS:
        options->process = optarg;
        return 0;
    case OPTION_JSON:
        options->json = optarg;
        return 0;
    case OPTION_HTML:
        options->html = optarg;
        return 0;
    case OPTION_OUTPUT:
        options->output = optarg;
        return 0;
    default:
        options->help = true;
        return 0;
    }
}

int stepped_options_check(const struct stepped_options *options, const char *verb)
{
    const char *wrong = NULL;
    if (!options->command[0] || !*options->command[0])
        wrong = "COMMAND is missing";
    else if (option_is_empty(options->with) || option_is_empty(options->json) ||
             option_is_empty(options->html) || option_is_empty(options->output))
        wrong = "an option has an empty value";
    else if (options->process && (!*options->process || strchr(options->process, '/')))
        wrong = "--process: not a program's name";
    if (!wrong)
        return 0;
    complain("%s: %s; see hakmem-trace %s --help", verb, wrong, verb);
    return EXIT_USAGE;
}
