/* SPDX-License-Identifier: MIT */
#include "own_report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"

int own_report_file(char path[OWN_REPORT_PATH])
{
    const char *parent = getenv("TMPDIR");
    snprintf(path, OWN_REPORT_PATH, "%.3000s/hakmem-trace-XXXXXX",
             parent && *parent ? parent : "/tmp");
    int descriptor = mkostemp(path, O_CLOEXEC);
    if (descriptor < 0) {
        complain("%s: %s", path, strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    close(descriptor);
    return 0;
}

static size_t length_of(char *const *list)
{
    size_t count = 0;
    while (list[count])
        count++;
    return count;
}

char **own_arguments(char *const *own, char *const *command)
{
    size_t own_count = length_of(own), count = length_of(command);
    char **arguments = calloc(own_count + count + 1, sizeof *arguments);
    if (!arguments)
        return NULL;
    memcpy(arguments, own, own_count * sizeof *own);
    memcpy(arguments + own_count, command, count * sizeof *command);
    return arguments;
}

json_t *own_report(struct compare_process *process, char *const *own, char *const *command,
                   size_t padding, const char *file, struct compare_end *end)
{
    char **arguments = own_arguments(own, command);
    json_error_t error;
    int failed = -1;
    *end = (struct compare_end){0};
    if (arguments && truncate(file, 0) == 0) /* an older report would look like this one's */
        failed = compare_process_run(process, arguments, NULL, padding, end);
    free(arguments);
    return failed || process->taken ? NULL : json_load_file(file, 0, &error);
}
