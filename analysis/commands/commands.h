/* SPDX-License-Identifier: MIT */
/* The commands of hakmem-trace, one file each, and what their exit codes mean. */
#ifndef ANALYSIS_COMMANDS_H
#define ANALYSIS_COMMANDS_H

enum {
    EXIT_USAGE = 2,
    EXIT_TOOL_FAILED = 125,
    EXIT_NOT_EXECUTABLE = 126,
    EXIT_NOT_FOUND = 127,
};

struct command {
    const char *name;
    const char *summary;
    const char *help;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

extern const struct command command_run, command_compare, command_ablate, command_health,
    command_record, command_count, command_annotate, command_attach, command_top, command_doctor,
    command_why, command_advise, command_callers, command_export;

/* One line on stderr: "hakmem-trace: ...". */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

#endif
