/* SPDX-License-Identifier: MIT */
#include "top_choose.h"

#include <errno.h>
#include <langinfo.h>
#include <string.h>

#include "collect/clock.h"
#include "commands.h"
#include "report/top_json.h"
#include "report/top_list.h"
#include "report/top_screen.h"
#include "top_processes.h"
#include "top_wait.h"

/* Long enough to tell who uses the processor. */
#define LOOK_S 0.5

static struct top_processes processes;
static struct top_list list;

static void draw(struct top_grid *grid, size_t chosen)
{
    top_screen_clear(grid);
    top_list_page(grid, &list, chosen, true);
    top_screen_draw(grid);
}

/* The same process stays chosen when the list is sorted anew. */
static size_t look(pid_t chosen)
{
    top_processes_look(&processes, &list);
    for (size_t i = 0; i < list.count; i++) {
        if (list.processes[i].pid == chosen)
            return i;
    }
    return 0;
}

/* False: the choice is made, or given up. */
static bool answer(enum top_key key, size_t *row)
{
    switch (key) {
    case TOP_KEY_DOWN:
    case TOP_KEY_NEXT:
        *row = *row + 1 < list.count ? *row + 1 : 0;
        return true;
    case TOP_KEY_UP:
    case TOP_KEY_PREVIOUS:
        *row = *row > 0 ? *row - 1 : list.count - (list.count > 0);
        return true;
    case TOP_KEY_QUIT:
        *row = list.count;
        return false;
    default:
        return key != TOP_KEY_ENTER || *row >= list.count;
    }
}

/* The first row at first: who is busy is known from the second look on. */
static pid_t choose(struct top_grid *grid)
{
    size_t row = 0;
    double next = 0;
    for (unsigned looks = 0;;) {
        if (clock_seconds() >= next) {
            row = look(looks < 2 || row >= list.count ? 0 : list.processes[row].pid);
            looks++;
            next = clock_seconds() + LOOK_S;
        }
        if (top_wait_resized())
            top_screen_resize();
        draw(grid, row);
        if (!top_wait_until(next, true) || top_wait_signal())
            return 0;
        for (enum top_key key; (key = top_screen_key()) != TOP_KEY_NONE;) {
            looks += 2; /* from the first key on the row is the user's */
            if (!answer(key, &row))
                return row < list.count ? list.processes[row].pid : 0;
        }
    }
}

static int print(const struct top_options *options, FILE *stream, struct top_grid *grid)
{
    int error;
    top_processes_look(&processes, &list);
    top_wait_until(clock_seconds() + LOOK_S, false);
    top_processes_look(&processes, &list);
    if (options->watch.json) {
        error = top_list_print_json(&list, stream);
    } else {
        top_grid_clear(grid, 80, (int)list.count + 3, strcmp(nl_langinfo(CODESET), "UTF-8") == 0);
        top_list_page(grid, &list, list.count, false);
        top_grid_print(grid, stream);
        error = fflush(stream);
    }
    if (!error)
        return 0;
    complain("%s: %s", options->watch.json ? options->watch.json : "standard output",
             strerror(errno));
    return EXIT_TOOL_FAILED;
}

int top_choose(struct top_options *options, bool screen, FILE *stream, struct top_grid *grid)
{
    if (!screen)
        return print(options, stream, grid);
    options->pid = choose(grid);
    return 0;
}
