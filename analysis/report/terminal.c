/* SPDX-License-Identifier: MIT */
#include "terminal.h"

#include <langinfo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

enum { WIDTH_MAX = 160 };

void terminal_start(struct terminal *terminal, FILE *stream)
{
    struct winsize size;
    int descriptor = fileno(stream);
    const char *no_colour = getenv("NO_COLOR"), *kind = getenv("TERM");
    bool is_terminal = descriptor >= 0 && isatty(descriptor);
    *terminal = (struct terminal){
        .stream = stream,
        .colour = is_terminal && !(no_colour && *no_colour) && kind && strcmp(kind, "dumb") != 0,
        .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
        .width = 80,
    };
    if (is_terminal && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        terminal->width = size.ws_col < WIDTH_MAX ? size.ws_col : WIDTH_MAX;
}

void terminal_text(const struct terminal *terminal, const char *text)
{
    mbstate_t state = {0};
    size_t left = strlen(text);
    while (left > 0) {
        wchar_t character;
        size_t length = mbrtowc(&character, text, left, &state);
        if (length == (size_t)-1 || length == (size_t)-2 || length == 0 || !iswprint(character)) {
            fprintf(terminal->stream, "\\x%02x", (unsigned char)*text);
            memset(&state, 0, sizeof state);
            length = 1;
        } else {
            fwrite(text, 1, length, terminal->stream);
        }
        text += length;
        left -= length;
    }
}

/* A per cent sign stays with its number. */
static size_t word_length(const char *text)
{
    size_t length = strcspn(text, " ");
    return text[length] == ' ' && text[length + 1] == '%'
               ? length + 1 + strcspn(text + length + 1, " ")
               : length;
}

int terminal_wrapped(const struct terminal *terminal, const char *text, int column, int indent)
{
    FILE *stream = terminal->stream;
    int lines = 1;
    bool is_first = true;
    while (text += strspn(text, " "), *text) {
        char word[WIDTH_MAX + 1];
        size_t length = word_length(text), room = (size_t)(terminal->width - indent);
        if (length > room)
            length = room;
        snprintf(word, sizeof word, "%.*s", (int)length, text);
        bool ends = !is_first && column + 1 + (int)length > terminal->width;
        if (ends && stream)
            fprintf(stream, "\n%*s", indent, "");
        else if (!is_first && stream)
            fputc(' ', stream);
        lines += ends;
        column = ends ? indent : column + !is_first;
        if (stream)
            terminal_text(terminal, word);
        column += (int)length;
        text += length;
        is_first = false;
    }
    if (stream)
        fputc('\n', stream);
    return lines;
}

void terminal_bold(const struct terminal *terminal, bool on)
{
    if (terminal->colour)
        fputs(on ? "\033[1m" : "\033[0m", terminal->stream);
}

void terminal_colour(const struct terminal *terminal, enum terminal_colour colour)
{
    if (terminal->colour)
        fprintf(terminal->stream, "\033[%dm", colour == TERMINAL_PLAIN ? 0 : 30 + (int)colour);
}

void terminal_bar(const struct terminal *terminal, double part, int width)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    double columns = fmax(0, fmin(1, part)) * width;
    int whole = (int)columns;
    for (int i = 0; i < whole; i++)
        fputs(terminal->utf8 ? "█" : "#", terminal->stream);
    if (terminal->utf8)
        fputs(eighths[(int)((columns - whole) * 8)], terminal->stream);
    else if (columns - whole >= 0.5)
        fputc('#', terminal->stream);
}

void terminal_spark(const struct terminal *terminal, const uint64_t *counts, size_t count)
{
    static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char levels[] = " .:-=+*%@";
    uint64_t greatest = 1;
    for (size_t i = 0; i < count; i++)
        greatest = counts[i] > greatest ? counts[i] : greatest;
    for (size_t i = 0; i < count; i++) {
        int height = counts[i] ? 1 + (int)(7.0 * (double)counts[i] / (double)greatest) : 0;
        if (terminal->utf8)
            fputs(blocks[height], terminal->stream);
        else
            fputc(levels[height], terminal->stream);
    }
}
