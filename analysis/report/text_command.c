/* SPDX-License-Identifier: MIT */
#include "text_command.h"

#include <string.h>

enum { INDENT = 2, END_BYTES = 384 };

int print_words(const struct terminal *terminal, const char *before, char *const *command)
{
    int column = terminal_piece(terminal, before, 0, 0, 0);
    for (char *const *argument = command; *argument; argument++)
        column = terminal_piece(terminal, *argument, column, 1, INDENT);
    return column;
}

void print_command(const struct terminal *terminal, char *const *command, const char *allocator,
                   int exit_code, int signal)
{
    char end[END_BYTES];
    if (signal)
        snprintf(end, sizeof end, "(on %.256s, killed by signal %d: %s)", allocator, signal,
                 strsignal(signal));
    else
        snprintf(end, sizeof end, "(on %.256s, exit code %d)", allocator, exit_code);
    int column = print_words(terminal, "hakmem-trace:", command);
    terminal_piece(terminal, end, column, 1, INDENT);
    fputc('\n', terminal->stream);
}
