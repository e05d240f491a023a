/* SPDX-License-Identifier: MIT */
#include "promise.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static unsigned promises_kept, promises_broken;

static void print_line(const char *mark, const char *format, va_list arguments)
{
    char line[512];
    int length = snprintf(line, sizeof line, "%-6s ", mark);
    length += vsnprintf(line + length, sizeof line - (size_t)length - 1, format, arguments);
    if (length > (int)sizeof line - 2)
        length = (int)sizeof line - 2;
    line[length++] = '\n';
    for (int done = 0; done < length;) {
        ssize_t n = write(STDOUT_FILENO, line + done, (size_t)(length - done));
        if (n <= 0)
            return;
        done += (int)n;
    }
}

bool promise(bool kept, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(kept ? "ok" : "BROKEN", format, arguments);
    va_end(arguments);
    __atomic_fetch_add(kept ? &promises_kept : &promises_broken, 1, __ATOMIC_RELAXED);
    return kept;
}

void note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line("note", format, arguments);
    va_end(arguments);
}

int promises_end(void)
{
    note("%u kept, %u broken", promises_kept, promises_broken);
    return promises_broken != 0 || promises_kept == 0;
}
