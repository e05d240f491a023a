/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "privilege/privilege.h"
#include "report/html/html_page.h"

/* In the order of the help. */
static const struct command *const commands[] = {
    &command_advise,  &command_run,      &command_attach, &command_top,    &command_callers,
    &command_compare, &command_why,      &command_ablate, &command_health, &command_record,
    &command_count,   &command_annotate, &command_export, &command_doctor,
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(FILE *stream)
{
    fputs("usage: hakmem-trace COMMAND [OPTION]...\n"
          "\n"
          "Says where an allocator's time goes.\n"
          "\n"
          "commands:\n",
          stream);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(stream, "  %-8s %s\n", commands[i]->name, commands[i]->summary);
    fputs("  help     explain a command: hakmem-trace help COMMAND\n"
          "\n"
          "options:\n"
          "  --help     this text; after a command: its own\n"
          "  --version  print the version\n",
          stream);
}

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    complain("unknown command '%s'; hakmem-trace --help lists them", name);
    return NULL;
}

static int print_and_check(void (*print)(FILE *))
{
    print(stdout);
    if (fflush(stdout) == 0)
        return 0;
    complain("standard output: %s", strerror(errno));
    return EXIT_TOOL_FAILED;
}

static void print_version(FILE *stream)
{
    fputs("hakmem-trace " HAKMEM_VERSION "\n", stream);
}

static int help(int argc, char **argv)
{
    const struct command *command;
    if (argc < 2 || strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
        return print_and_check(print_help);
    command = find(argv[1]);
    if (!command)
        return EXIT_USAGE;
    fputs(command->help, stdout);
    return 0;
}

/* Commands cut lists at their commas, where they stand. */
static char **copy_of(int argc, char **argv)
{
    char **words = calloc((size_t)argc + 1, sizeof *words);
    for (int i = 0; words && i < argc; i++) {
        words[i] = strdup(argv[i]);
        if (!words[i])
            return NULL;
    }
    return words;
}

int main(int argc, char **argv)
{
    if (privilege_be_real_user() != 0) {
        complain("can't leave the identity of a setuid program: %s", strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    setlocale(LC_CTYPE, "");
    html_made_by = copy_of(argc, argv); /* NULL: pages don't say */
    if (argc < 2) {
        complain("a command is missing; hakmem-trace --help lists them");
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return print_and_check(print_help);
    if (strcmp(argv[1], "--version") == 0)
        return print_and_check(print_version);
    if (strcmp(argv[1], "help") == 0)
        return help(argc - 1, argv + 1);
    const struct command *command = find(argv[1]);
    return command ? command->run(argc - 1, argv + 1) : EXIT_USAGE;
}
