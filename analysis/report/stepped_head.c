/* SPDX-License-Identifier: MIT */
#include "stepped_head.h"

#include <inttypes.h>

#include "terminal.h"
#include "text_command.h"

void stepped_head_print(const struct stepped_head *head, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    print_command(terminal, head->command, head->allocator, head->exit_code, head->signal);
    fprintf(stream, "  %" PRIu64 " calls of one thread stepped, after %" PRIu64 " others, in ",
            head->calls, head->skipped);
    terminal_text(terminal, head->program);
    fprintf(stream, " (process %d)\n", head->pid);
}
