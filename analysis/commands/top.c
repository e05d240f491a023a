/* SPDX-License-Identifier: MIT */
/* hakmem-trace top: what a running process's allocator is doing, again and again. */
#include <errno.h>
#include <langinfo.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "collect/clock.h"
#include "commands.h"
#include "report/top_json.h"
#include "report/top_page.h"
#include "report/top_screen.h"
#include "top_choose.h"
#include "top_options.h"
#include "top_reader.h"
#include "top_wait.h"

/* The sampler's rings are emptied so often. */
#define TICK_S 0.1

struct top {
    struct top_options options;
    FILE *stream; /* of lines and blocks */
    bool screen;  /* else lines or blocks */
    struct top_target target;
    struct top_reader reader;
    struct top_reading reading;
    struct top_window window;
    struct top_moment moment;
    struct top_history history;
    struct {
        struct top_moment moment;
        struct top_history history;
    } shown; /* stands still while paused */
    struct top_view view;
    struct top_grid grid;
    double began_s;
    bool has_ended;
};

static bool may_be_colourful(void)
{
    const char *no_colour = getenv("NO_COLOR");
    return !(no_colour && *no_colour);
}

static void draw(struct top *top)
{
    top_screen_clear(&top->grid);
    top_page(&top->grid, &top->target, top->shown.moment.number ? &top->shown.moment : NULL,
             &top->shown.history, &top->view);
    top_screen_draw(&top->grid);
}

static int print_block(struct top *top)
{
    bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    top_grid_clear(&top->grid, TOP_PAGE_COLUMNS, TOP_PAGE_ROWS, utf8);
    top_page(&top->grid, &top->target, &top->moment, &top->history, &top->view);
    top_grid_print(&top->grid, top->stream);
    fputc('\n', top->stream);
    return fflush(top->stream);
}

/* 0, or the exit code. */
static int show(struct top *top)
{
    if (top->screen) {
        if (!top->view.paused) {
            top->shown.moment = top->moment;
            top->shown.history = top->history;
        }
        draw(top);
        return 0;
    }
    int error = top->options.watch.json ? top_print_json(&top->target, &top->moment, top->stream)
                                        : print_block(top);
    if (!error)
        return 0;
    if (errno == EPIPE) /* the reader of a pipe has seen enough */
        return EXIT_TOOL_FAILED;
    complain("%s: %s", top->options.watch.json ? top->options.watch.json : "standard output",
             strerror(errno));
    return EXIT_TOOL_FAILED;
}

static int measure(struct top *top)
{
    top->has_ended = !top_reader_read(&top->reader, &top->target, &top->reading);
    if (top->has_ended)
        return 0;
    if (!top_window_add(&top->window, &top->reading)) {
        top_screen_finish();
        complain("top: %s", strerror(ENOMEM));
        return EXIT_TOOL_FAILED;
    }
    if (!top_moment(&top->window, top->began_s, &top->moment))
        return 0;
    top_history_add(&top->history, &top->moment);
    return show(top);
}

enum reply { GO_ON, NOW, QUIT };

static enum reply answer_key(struct top *top, enum top_key key)
{
    struct top_view *view = &top->view;
    switch (key) {
    case TOP_KEY_QUIT:
        return QUIT;
    case TOP_KEY_PAUSE:
        view->paused = !view->paused;
        break;
    case TOP_KEY_NOW:
        return view->paused ? GO_ON : NOW;
    case TOP_KEY_SORT:
        view->order = (view->order + 1) % TOP_ORDERS;
        break;
    case TOP_KEY_NEXT:
    case TOP_KEY_DOWN:
        view->section = (view->section + 1) % TOP_SECTIONS;
        break;
    case TOP_KEY_PREVIOUS:
    case TOP_KEY_UP:
        view->section = (view->section + TOP_SECTIONS - 1) % TOP_SECTIONS;
        break;
    default:
        return GO_ON;
    }
    draw(top);
    return GO_ON;
}

static enum reply answer_keys(struct top *top)
{
    enum top_key key;
    enum reply reply = GO_ON;
    if (!top->screen)
        return GO_ON;
    if (top_wait_resized()) {
        top_screen_resize();
        draw(top);
    }
    while (reply != QUIT && (key = top_screen_key()) != TOP_KEY_NONE) {
        enum reply this = answer_key(top, key);
        reply = this == GO_ON ? reply : this;
    }
    return reply;
}

/* Until the next figures are due. */
static enum reply wait_for_next(struct top *top, double until)
{
    enum reply reply = GO_ON;
    while (reply == GO_ON && !top->has_ended && clock_seconds() < until) {
        if (!top_wait_until(fmin(until, clock_seconds() + TICK_S), top->screen) ||
            top_wait_signal())
            return QUIT;
        top->has_ended = !top_reader_tick(&top->reader);
        reply = answer_keys(top);
    }
    return reply;
}

static int watch(struct top *top)
{
    double next = top->began_s = clock_seconds();
    int error = measure(top);
    if (top->screen && !error)
        draw(top);
    while (!error && !top->has_ended) {
        next += top->options.interval_s;
        enum reply reply = wait_for_next(top, next);
        if (reply == QUIT || top->has_ended)
            break;
        double now = clock_seconds();
        if (reply == NOW || now > next + top->options.interval_s)
            next = now;
        error = measure(top);
        if (top->options.count && top->moment.number >= top->options.count)
            break;
    }
    return error;
}

static int open_stream(struct top *top)
{
    const char *json = top->options.watch.json;
    top->stream = json && strcmp(json, "-") != 0 ? fopen(json, "we") : stdout;
    if (top->stream)
        return 0;
    complain("%s: %s", json, strerror(errno));
    return EXIT_TOOL_FAILED;
}

/* ncurses reads files that TERMINFO and HOME name: where this program has rights of its own file
 * (setuid, file capabilities), not before these are gone. */
static bool may_start_early(void)
{
    return !getauxval(AT_SECURE);
}

/* The screen where it is wanted and there is one; else it is said why not. */
static void start_screen(struct top *top)
{
    char why[256];
    bool wanted = !top->options.plain && !top->options.watch.json && isatty(STDIN_FILENO) &&
                  isatty(STDOUT_FILENO);
    top->screen = wanted && top_screen_start(may_be_colourful(), why, sizeof why);
    top->view.keys = top->screen;
    if (wanted && !top->screen)
        complain("top: %s", why);
}

static void say_notes(const struct top *top)
{
    for (size_t i = 0; i < top->target.note_count && !top->screen && !top->options.watch.json; i++)
        fprintf(stderr, "note: %s\n", top->target.notes[i].text);
}

/* A screen of its own: whatever forbids to look at the process is said before it. */
static int watch_process(struct top *top)
{
    int error = top_reader_find(&top->reader, top->options.pid);
    if (error)
        return error;
    top->target = (struct top_target){.pid = top->options.pid,
                                      .allocator = top->reader.allocator.allocator.name,
                                      .interval_s = top->options.interval_s};
    if (may_start_early())
        start_screen(top);
    if (top->screen) /* eBPF programs may take seconds to be there */
        draw(top);
    if (top_reader_open(&top->reader, &top->options, &top->target)) {
        if (!may_start_early())
            start_screen(top);
        say_notes(top);
        error = watch(top);
        top_screen_finish();
    } else {
        error = EXIT_TOOL_FAILED;
        top_screen_finish();
        complain("top: can't drop privileges: %s", strerror(errno));
    }
    top_reader_close(&top->reader);
    top_window_finish(&top->window);
    if (!error && top->has_ended)
        fprintf(stderr, "hakmem-trace: process %d has ended after %.1f s of being watched\n",
                top->target.pid, clock_seconds() - top->began_s);
    return error;
}

static int top_command(int argc, char **argv)
{
    static struct top top; /* too big for a stack that the user may have bounded */
    int error = top_options_parse(argc, argv, &top.options);
    if (error)
        return error;
    if (top.options.watch.help) {
        fputs(top_help, stdout);
        return fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    }
    error = open_stream(&top);
    if (error)
        return error;
    top_wait_start();
    if (!top.options.pid) {
        if (may_start_early())
            start_screen(&top);
        error = top_choose(&top.options, top.screen, top.stream, &top.grid);
        top_screen_finish();
    }
    if (!error && top.options.pid)
        error = watch_process(&top);
    if (top.stream != stdout && fclose(top.stream) != 0 && !error) {
        complain("%s: %s", top.options.watch.json, strerror(errno));
        error = EXIT_TOOL_FAILED;
    }
    return !error && top_wait_signal() ? 128 + top_wait_signal() : error;
}

const struct command command_top = {
    .name = "top",
    .summary = "show a running process's allocator at work",
    .help = top_help,
    .run = top_command,
};
