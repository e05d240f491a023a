/* SPDX-License-Identifier: MIT */
#include "stepped_options.h"

#include <stdbool.h>
#include <string.h>

#include "commands.h"
#include "option_value.h"
#include "stepper/step_layout.h"

_Static_assert(STEP_NUMBER_MAX >= STEPPED_SKIP_MAX, "the stepper takes as many");

static bool is_empty(const char *value)
{
    return value && !*value;
}

int stepped_options_check(const char *verb, const struct stepped_options *options)
{
    const char *wrong = NULL;
    if (!options->command[0] || !*options->command[0])
        wrong = "COMMAND is missing";
    else if (is_empty(options->with) || is_empty(options->json) || is_empty(options->output))
        wrong = "an option has an empty value";
    else if (options->process && (!*options->process || strchr(options->process, '/')))
        wrong = "--process: not a program's name";
    if (!wrong)
        return 0;
    complain("%s: %s; see hakmem-trace %s --help", verb, wrong, verb);
    return EXIT_USAGE;
}

int stepped_option_calls(const char *option, const char *text, uint64_t *calls)
{
    return option_number(option, text, 1, STEPPED_CALLS_MAX, calls);
}

int stepped_option_skip(const char *option, const char *text, uint64_t *skip)
{
    return option_number(option, text, 0, STEPPED_SKIP_MAX, skip);
}
