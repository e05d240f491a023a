/* SPDX-License-Identifier: MIT */
#include "text_command.h"

#include <string.h>

void print_words(const struct terminal *terminal, char *const *command)
{
    for (char *const *argument = command; *argument; argument++) {
        fputc(' ', terminal->stream);
        terminal_text(terminal, *argument);
    }
}

void print_command(const struct terminal *terminal, char *const *command, const char *allocator,
                   int exit_code, int signal)
{
    FILE *stream = terminal->stream;
    fputs("hakmem-trace:", stream);
    print_words(terminal, command);
    fputs(" (on ", stream);
    terminal_text(terminal, allocator);
    if (signal)
        fprintf(stream, ", killed by signal %d: %s)\n", signal, strsignal(signal));
    else
        fprintf(stream, ", exit code %d)\n", exit_code);
}
