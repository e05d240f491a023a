/* SPDX-License-Identifier: MIT */
#include "terminal.h"

#include <langinfo.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

enum { WIDTH_MIN = 40, WIDTH_MAX = 160, WIDTH_USUAL = 80, ESCAPED_COLUMNS = 4 };

/* Narrower ones have no room for a table; 0 is a terminal that does not know. */
static int width_within(long width)
{
    return width < WIDTH_MIN ? (width ? WIDTH_MIN : WIDTH_USUAL)
                             : (int)(width < WIDTH_MAX ? width : WIDTH_MAX);
}

/* By POSIX, what the user prefers to the terminal's own width. 0: nothing. */
static int columns_wanted(void)
{
    const char *text = getenv("COLUMNS");
    char *end;
    long width = text ? strtol(text, &end, 10) : 0;
    return width > 0 && !*end ? width_within(width) : 0;
}

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
        .width = columns_wanted(),
    };
    if (!terminal->width)
        terminal->width = is_terminal && ioctl(descriptor, TIOCGWINSZ, &size) == 0
                              ? width_within(size.ws_col)
                              : WIDTH_USUAL;
}

/* Of one character: its bytes, and how many columns it takes. What can't be shown stands as \xNN.
 */
static size_t character_of(const char *text, size_t left, mbstate_t *state, int *columns)
{
    wchar_t character;
    size_t length = mbrtowc(&character, text, left, state);
    int width = length == (size_t)-1 || length == (size_t)-2 || length == 0 || !iswprint(character)
                    ? -1
                    : wcwidth(character);
    if (width >= 0) {
        *columns = width;
        return length;
    }
    *state = (mbstate_t){0};
    *columns = ESCAPED_COLUMNS;
    return 0;
}

/* As much of it as there are bytes. */
static void print_text(const struct terminal *terminal, const char *text, size_t left)
{
    mbstate_t state = {0};
    while (left > 0) {
        int columns;
        size_t length = character_of(text, left, &state, &columns);
        if (length)
            fwrite(text, 1, length, terminal->stream);
        else
            fprintf(terminal->stream, "\\x%02x", (unsigned char)*text);
        length += !length;
        text += length;
        left -= length;
    }
}

void terminal_text(const struct terminal *terminal, const char *text)
{
    print_text(terminal, text, strlen(text));
}

/* Of so many bytes; at most `room` columns of them are taken, and `length` says how many that are.
 */
static int columns_within(const char *text, size_t *length, int room)
{
    mbstate_t state = {0};
    int sum = 0;
    for (size_t at = 0; at < *length;) {
        int columns;
        size_t bytes = character_of(text + at, *length - at, &state, &columns);
        if (sum + columns > room) {
            *length = at;
            break;
        }
        sum += columns;
        at += bytes + !bytes;
    }
    return sum;
}

int terminal_columns(const char *text)
{
    size_t length = strlen(text);
    return columns_within(text, &length, INT_MAX);
}

/* A per cent sign stays with its number. */
static size_t word_length(const char *text)
{
    size_t length = strcspn(text, " ");
    return text[length] == ' ' && text[length + 1] == '%'
               ? length + 1 + strcspn(text + length + 1, " ")
               : length;
}

/* Returns how many lines it goes on for. */
static int wrap(const struct terminal *terminal, const char *text, int *column, int indent)
{
    FILE *stream = terminal->stream;
    int lines = 0;
    bool is_first = true;
    while (text += strspn(text, " "), *text) {
        size_t length = word_length(text);
        int columns = columns_within(text, &length, terminal->width - indent);
        bool ends = *column + !is_first + columns > terminal->width && *column > indent;
        length += !length; /* not even a character has room */
        if (ends && stream)
            fprintf(stream, "\n%*s", indent, "");
        else if (!is_first && stream)
            fputc(' ', stream);
        lines += ends;
        *column = (ends ? indent : *column + !is_first) + columns;
        if (stream)
            print_text(terminal, text, length);
        text += length;
        is_first = false;
    }
    return lines;
}

int terminal_wrapped(const struct terminal *terminal, const char *text, int column, int indent)
{
    int lines = 1 + wrap(terminal, text, &column, indent);
    if (terminal->stream)
        fputc('\n', terminal->stream);
    return lines;
}

void terminal_line(const struct terminal *terminal, int indent, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(terminal->stream, "%*s", indent, "");
    terminal_wrapped(terminal, text, indent, indent + 2);
}

int terminal_words(const struct terminal *terminal, const char *text, int column, int indent)
{
    wrap(terminal, text, &column, indent);
    return column;
}

int terminal_piece(const struct terminal *terminal, const char *text, int column, int gap,
                   int indent)
{
    int columns = terminal_columns(text);
    bool begins = column == 0 || column + gap + columns > terminal->width;
    if (begins && column > 0)
        fputc('\n', terminal->stream);
    fprintf(terminal->stream, "%*s", begins ? indent : gap, "");
    return terminal_words(terminal, text, begins ? indent : column + gap, indent);
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
