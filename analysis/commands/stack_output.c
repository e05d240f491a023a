/* SPDX-License-Identifier: MIT */
#include "stack_output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "option_value.h"
#include "report/formats/collapsed.h"
#include "report/formats/pprof.h"
#include "report/formats/speedscope.h"

bool stack_output_take(struct stack_output *output, const char *verb, int option, int *code)
{
    *code = 0;
    if (option == OPTION_VALUE)
        output->value = optarg;
    else if (option >= OPTION_PPROF && option <= OPTION_SPEEDSCOPE)
        output->paths[option - OPTION_PPROF] = optarg;
    else
        return false;
    if (option == OPTION_PPROF && pprof_obstacle()) {
        complain("%s: --pprof: %s", verb, pprof_obstacle());
        *code = EXIT_USAGE;
    }
    return true;
}

static bool is_among(const char *name, const char *const *names)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names;
}

int stack_output_check(const struct stack_output *output, const char *verb,
                       const char *const *types)
{
    bool is_empty = option_is_empty(output->value);
    for (int i = 0; i < STACK_FORMATS; i++)
        is_empty |= option_is_empty(output->paths[i]);
    if (is_empty)
        complain("%s: an option has an empty value; see hakmem-trace %s --help", verb, verb);
    else if (output->value && !output->paths[STACK_COLLAPSED])
        complain("%s: --value is of --collapsed; the other formats have all values", verb);
    else if (output->value && !is_among(output->value, types))
        complain("%s: --value %s: no value has this name; see hakmem-trace %s --help", verb,
                 output->value, verb);
    else
        return 0;
    return EXIT_USAGE;
}

bool stack_output_is_wanted(const struct stack_output *output)
{
    return output->paths[STACK_PPROF] || output->paths[STACK_COLLAPSED] ||
           output->paths[STACK_SPEEDSCOPE];
}

static int fail(const char *verb, const char *path, int error)
{
    complain("%s: %s: %s", verb, path, strerror(error));
    return EXIT_TOOL_FAILED;
}

int stack_output_open(struct stack_output *output, const char *verb)
{
    for (int i = 0; i < STACK_FORMATS; i++) {
        if (output->paths[i] && output_open(&output->files[i], output->paths[i]) != 0)
            return fail(verb, output->paths[i], errno);
    }
    return 0;
}

static int print(const struct stack_output *output, enum stack_format format,
                 const struct stacks *stacks, FILE *stream)
{
    int type = output->value ? stacks_find_type(stacks, output->value) : (int)stacks->shown;
    switch (format) {
    case STACK_PPROF:
        return pprof_print(stacks, stream);
    case STACK_SPEEDSCOPE:
        return speedscope_print(stacks, stream);
    default:
        errno = ENODATA; /* of what was not sampled */
        return type < 0 ? -1 : collapsed_print(stacks, (size_t)type, stream);
    }
}

int stack_output_write(struct stack_output *output, const char *verb, const struct stacks *stacks)
{
    int code = 0;
    for (int i = 0; i < STACK_FORMATS; i++) {
        struct output *file = &output->files[i];
        if (!file->stream)
            continue;
        int error = print(output, (enum stack_format)i, stacks, file->stream) != 0 ? errno : 0;
        if (error)
            output_abandon(file);
        else if (output_commit(file) != 0)
            error = errno;
        if (error)
            code = fail(verb, output->paths[i], error);
    }
    return code;
}

void stack_output_close(struct stack_output *output)
{
    for (int i = 0; i < STACK_FORMATS; i++)
        output_abandon(&output->files[i]);
}
