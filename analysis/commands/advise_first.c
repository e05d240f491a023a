/* SPDX-License-Identifier: MIT */
#include "advise_first.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "advise_judge.h"
#include "advise_read.h"
#include "collect/launch.h"
#include "commands.h"
#include "own_report.h"

enum { TICK_MS = 1000, ARGUMENTS_OWN = 16 };

static int tick(void *context)
{
    (void)context;
    return TICK_MS;
}

/* 0, or the exit code after one line on stderr. */
static int start(struct launch *launch, char *const *own, char *const *command,
                 struct launch_end *end)
{
    char **arguments = own_arguments(own, command);
    int error = arguments && launch_prepare(launch, arguments, environ) == 0 ? 0 : errno;
    free(arguments); /* the child has its copy */
    if (!error)
        error = launch_go(launch);
    if (!error) {
        launch_wait(launch, tick, NULL, end);
        launch_finish(launch);
        return 0;
    }
    complain("advise: can't start a process: %s", strerror(error));
    return EXIT_TOOL_FAILED;
}

/* What fails once tells nothing that could be compared. */
static int refuse(const struct advise_report *report, int signal)
{
    if (signal)
        complain("advise: %s was killed by signal %d (%s): only what ends well can be compared",
                 report->command[0], signal, strsignal(signal));
    else
        complain("advise: %s ended with exit code %d: only what ends with 0 can be compared (one "
                 "that means no harm: sh -c 'COMMAND || true')",
                 report->command[0], report->exit_code);
    return report->exit_code;
}

/* No time is compared with this run's: its samples may cost what they like. */
int advise_first_run(struct advise_report *report, const char *file, int *taken)
{
    char *own[ARGUMENTS_OWN] = {OWN_PROGRAM, "run",    "--no-bpf",   "--frequency",
                                "997",       "--with", "own",        "--output",
                                "/dev/null", "--json", (char *)file, "--"};
    struct launch launch = {0};
    struct launch_end end;
    json_error_t error;
    if (truncate(file, 0) != 0) { /* not removed: in a folder for all its name would be free */
        complain("advise: %s: %s", file, strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    int code = start(&launch, own, report->command, &end);
    *taken = launch.taken;
    if (code)
        return code;
    json_t *root = json_load_file(file, 0, &error);
    if (!root) /* it has told why */
        return launch_exit_code(end.status) ? launch_exit_code(end.status) : EXIT_TOOL_FAILED;
    int signal = advise_read_run(root, report);
    json_decref(root);
    return report->exit_code && !*taken ? refuse(report, signal) : 0;
}

void advise_first_replace(struct advise_report *report, struct compare_process *process,
                          const char *file)
{
    char *own[ARGUMENTS_OWN] = {OWN_PROGRAM, "run",    "--no-bpf",   "--frequency",
                                "997",       "--with", "hakmem",     "--output",
                                "/dev/null", "--json", (char *)file, "--"};
    struct compare_end end;
    json_t *root = own_report(process, own, report->command, 0, file, &end);
    if (root)
        advise_read_replaced(root, report);
    else if (!process->taken)
        advise_note(report, "whether its malloc can be replaced was not found out");
    json_decref(root);
}

/* The last line that was printed, without the name of this program. */
static void note_why(struct advise_report *report, char *tail)
{
    static const char own_name[] = "hakmem-trace: ";
    size_t length = strlen(tail);
    while (length && tail[length - 1] == '\n')
        tail[--length] = '\0';
    const char *line = strrchr(tail, '\n') ? strrchr(tail, '\n') + 1 : tail;
    if (strncmp(line, own_name, sizeof own_name - 1) == 0)
        line += sizeof own_name - 1;
    snprintf(report->no_sites, sizeof report->no_sites, "%.250s", *line ? line : "no report");
    advise_note(report, "who asks for memory is not known: %.200s", report->no_sites);
}

void advise_first_sites(struct advise_report *report, struct compare_process *process,
                        const char *file)
{
    /* "own" is asked for where glibc's functions would not be found in the libc alone. */
    bool is_glibc =
        report->allocator_count == 1 && strcmp(report->allocators[0].name, "glibc") == 0;
    char *own[ARGUMENTS_OWN] = {OWN_PROGRAM, "callers",   "--with", is_glibc ? "glibc" : "own",
                                "--output",  "/dev/null", "--json", (char *)file,
                                "--"};
    if (report->malloc.high < ADVISE_SHARE_MATTERS) {
        snprintf(report->no_sites, sizeof report->no_sites, "malloc takes too little of its time");
        return;
    }
    struct compare_end end;
    json_t *root = own_report(process, own, report->command, 0, file, &end);
    if (root)
        advise_read_callers(root, report);
    else if (!process->taken)
        note_why(report, process->tail.bytes);
    json_decref(root);
}
