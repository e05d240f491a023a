/* SPDX-License-Identifier: MIT */
#include "run_stacks.h"

#include <errno.h>
#include <string.h>

#include "commands.h"
#include "report/formats/heap_stacks.h"

int run_stacks_check(const struct stack_output *output, bool with_heap)
{
    if (with_heap || !stack_output_is_wanted(output))
        return stack_output_check(output, "run", heap_stacks_values);
    complain("run: samples of time have no stacks here: --heap has the heap's, and hakmem-trace "
             "callers those of malloc's time");
    return EXIT_USAGE;
}

static const char *build_id(void *context, const char *path)
{
    return attributor_build_id(context, path);
}

int run_stacks_write(struct stack_output *output, struct heap_run *heap,
                     const struct report *report, uint64_t began_ns, int code)
{
    struct stacks stacks = {.command = report->command,
                            .began_ns = began_ns,
                            .lasted_ns = (uint64_t)(1e9 * report->wall_s)};
    int error = 0;
    if (!stack_output_is_wanted(output) || !report->heap)
        return code;
    if (heap_stacks_fill(&stacks, report->heap, build_id, heap->files.attributor)) {
        error = stack_output_write(output, "run", &stacks);
    } else {
        complain("run: no stacks: %s", strerror(ENOMEM));
        error = EXIT_TOOL_FAILED;
    }
    stacks_finish(&stacks);
    return code ? code : error;
}
