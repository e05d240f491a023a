/* SPDX-License-Identifier: MIT */
/*
 * Names on their way to a terminal: report/terminal, commands/complain.
 *
 *     flags | the name
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "printed.h"
#include "report/terminal.h"

enum { UTF8 = 1, WIDTHS = 120 };

static char *printed;
static size_t printed_bytes;

static FILE *begin(void)
{
    FILE *stream = open_memstream(&printed, &printed_bytes);
    fuzz_check(stream);
    return stream;
}

static void end(FILE *stream)
{
    fuzz_check(fclose(stream) == 0);
    printed_check(printed, printed_bytes);
    free(printed);
}

/* But for the first line, of which the terminal has a part already. */
static void check_widths(int width)
{
    char *line = strchr(printed, '\n');
    while (line && line[1]) {
        char *next = strchr(line + 1, '\n');
        if (next)
            *next = '\0';
        fuzz_check(terminal_columns(line + 1) <= width);
        if (next)
            *next = '\n';
        line = next;
    }
}

static void complain_of(const char *text)
{
    FILE *usual = stderr;
    stderr = begin();
    complain("%s: %d", text, 1);
    FILE *own = stderr;
    stderr = usual;
    end(own);
}

/* Figures that are the program's, too. */
static void draw(struct terminal *terminal, const char *text, size_t count)
{
    double part = 0;
    uint64_t counts[4] = {0};
    memcpy(&part, text, count < sizeof part ? count : sizeof part);
    memcpy(counts, text, count < sizeof counts ? count : sizeof counts);
    terminal->stream = begin();
    terminal_bar(terminal, part, 20);
    terminal_spark(terminal, counts, sizeof counts / sizeof counts[0]);
    terminal_bold(terminal, true);
    terminal_colour(terminal, TERMINAL_RED);
    end(terminal->stream);
}

static void start(void)
{
    struct terminal terminal;
    FILE *stream = begin();
    unsetenv("COLUMNS");
    terminal_start(&terminal, stream);
    fuzz_check(!terminal.colour && terminal.width == 80);
    end(stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    unsigned flags = fuzz_take_byte(&input);
    char *text = fuzz_text(&input);
    setlocale(LC_CTYPE, flags & UTF8 ? "C.UTF-8" : "C");
    struct terminal terminal = {
        .stream = begin(), .utf8 = flags & UTF8, .width = 40 + (int)(flags >> 1) % WIDTHS};
    terminal_text(&terminal, text);
    end(terminal.stream);
    terminal.stream = NULL;
    int lines = terminal_wrapped(&terminal, text, 7, 4);
    terminal.stream = begin();
    fuzz_check(terminal_wrapped(&terminal, text, 7, 4) == lines);
    fuzz_check(fflush(terminal.stream) == 0);
    check_widths(terminal.width);
    end(terminal.stream);
    complain_of(text);
    draw(&terminal, text, input.left);
    start();
    free(text);
    return 0;
}

void fuzz_seeds(fuzz_keep *keep)
{
    fuzz_keep_text(keep, "escape", "\1\033[2J\033]0;title\007 name\n");
    fuzz_keep_text(keep, "latin_1_control", "\1\302\23331m \233[31m \302\240");
    fuzz_keep_text(keep, "utf_8",
                   "\1\303\274 \342\226\217 \360\237\230\200 \355\240\200 \300\200 \303");
    fuzz_keep_text(keep, "plain", "(\303\274 \302\233 17.5 % of 3 % %");
    fuzz_keep_text(keep, "words",
                   "\1 a  few words of which one_is_longer_than_a_line_of_the_terminal_can_be"
                   "_if_it_is_forty_columns_wide % and 5 %");
}
