/* SPDX-License-Identifier: MIT */
#define NCURSES_WIDECHAR 1
#include "top_screen.h"

#include <curses.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static SCREEN *screen;
static bool is_colourful;

static const struct style {
    short colour; /* -1: the terminal's own */
    attr_t attribute;
    attr_t instead; /* where there is no colour */
} styles[TOP_STYLES] = {
    [TOP_PLAIN] = {-1, A_NORMAL, A_NORMAL},
    [TOP_BOLD] = {-1, A_BOLD, A_BOLD},
    [TOP_TITLE] = {COLOR_CYAN, A_BOLD, A_BOLD | A_UNDERLINE},
    [TOP_CHOSEN] = {-1, A_REVERSE, A_REVERSE},
    [TOP_DIM] = {-1, A_DIM, A_NORMAL},
    [TOP_GOOD] = {COLOR_GREEN, A_NORMAL, A_NORMAL},
    [TOP_BAD] = {COLOR_RED, A_NORMAL, A_NORMAL},
    [TOP_KERNEL] = {COLOR_YELLOW, A_NORMAL, A_NORMAL},
};

static void start_colours(bool colour)
{
    is_colourful = colour && has_colors() && start_color() == OK;
    if (!is_colourful)
        return;
    bool has_own = use_default_colors() == OK;
    for (short style = 0; style < TOP_STYLES; style++) {
        short foreground = styles[style].colour;
        if (foreground < 0)
            foreground = has_own ? -1 : COLOR_WHITE;
        init_pair((short)(style + 1), foreground, has_own ? -1 : COLOR_BLACK);
    }
}

bool top_screen_start(bool colour, char *why, size_t why_bytes)
{
    const char *kind = getenv("TERM");
    screen = newterm(NULL, stdout, stdin);
    if (!screen) {
        snprintf(why, why_bytes, "the terminal '%s' is not known here: plain text instead",
                 kind ? kind : "");
        return false;
    }
    set_term(screen);
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(25);
    curs_set(0);
    start_colours(colour);
    return true;
}

void top_screen_finish(void)
{
    if (!screen)
        return;
    endwin();
    delscreen(screen);
    screen = NULL;
}

void top_screen_resize(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
        return;
    resizeterm(size.ws_row, size.ws_col);
    clearok(curscr, TRUE);
}

void top_screen_clear(struct top_grid *grid)
{
    int rows, columns;
    getmaxyx(stdscr, rows, columns);
    top_grid_clear(grid, columns, rows, strcmp(nl_langinfo(CODESET), "UTF-8") == 0);
}

/* The lowest place on the right is left alone: some terminals would scroll. */
static int columns_of(const struct top_grid *grid, int row)
{
    int rows, columns;
    getmaxyx(stdscr, rows, columns);
    return row == rows - 1 && grid->columns == columns ? columns - 1 : grid->columns;
}

static void draw_row(const struct top_grid *grid, int row)
{
    int columns = columns_of(grid, row);
    for (int column = 0; column < columns; column++) {
        const struct top_cell *cell = &grid->cells[row][column];
        wchar_t text[2] = {cell->character, L'\0'};
        const struct style *style = &styles[cell->style];
        cchar_t drawn;
        setcchar(&drawn, text, is_colourful ? style->attribute : style->instead,
                 (short)(is_colourful ? cell->style + 1 : 0), NULL);
        mvadd_wch(row, column, &drawn);
    }
}

void top_screen_draw(const struct top_grid *grid)
{
    erase();
    for (int row = 0; row < grid->rows; row++)
        draw_row(grid, row);
    refresh();
}

enum top_key top_screen_key(void)
{
    switch (getch()) {
    case 'q':
    case 'Q':
        return TOP_KEY_QUIT;
    case 'p':
    case 'P':
        return TOP_KEY_PAUSE;
    case ' ':
        return TOP_KEY_NOW;
    case 's':
    case 'S':
        return TOP_KEY_SORT;
    case '\t':
    case KEY_RIGHT:
        return TOP_KEY_NEXT;
    case KEY_BTAB:
    case KEY_LEFT:
        return TOP_KEY_PREVIOUS;
    case 'j':
    case KEY_DOWN:
        return TOP_KEY_DOWN;
    case 'k':
    case KEY_UP:
        return TOP_KEY_UP;
    case '\r':
    case '\n':
    case KEY_ENTER:
        return TOP_KEY_ENTER;
    default:
        return TOP_KEY_NONE;
    }
}
