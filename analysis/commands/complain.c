/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "commands.h"

/* Whatever a terminal could take for a command, in any encoding, becomes question marks. */
static void make_printable(char *line)
{
    mbstate_t state = {0};
    for (size_t left = strlen(line); left > 0;) {
        wchar_t character;
        size_t length = mbrtowc(&character, line, left, &state);
        bool is_text = length != (size_t)-1 && length != (size_t)-2;
        if (!is_text) {
            memset(&state, 0, sizeof state);
            length = 1;
        }
        if (!is_text || !iswprint((wint_t)character))
            memset(line, '?', length);
        line += length;
        left -= length;
    }
}

void complain(const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    make_printable(line);
    fprintf(stderr, "hakmem-trace: %s\n", line);
}
