/* SPDX-License-Identifier: MIT */
#include "stepped_head.h"

#include <inttypes.h>

#include "terminal.h"
#include "text_command.h"

void stepped_head_print(const struct stepped_head *head, const struct terminal *terminal)
{
    print_command(terminal, head->command, head->allocator, head->exit_code, head->signal);
    terminal_line(terminal, 2,
                  "%" PRIu64 " calls of one thread stepped, after %" PRIu64
                  " others, in %.512s (process %d)",
                  head->calls, head->skipped, head->program, head->pid);
}
