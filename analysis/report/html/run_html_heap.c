/* SPDX-License-Identifier: MIT */
/* The sampled heap: who asked for what was live at the peak, never given back, and handed out. */
#include "run_html_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "html_flame.h"
#include "html_series.h"
#include "html_table.h"

enum { ROWS_MAX = 200, FIGURE = 48, PATH_WORDS = 2048 };

static const struct {
    enum heap_when when;
    const char *id, *title, *caption, *all;
} views[] = {
    {HEAP_AT_PEAK, "heap-peak", "Heap at its peak", "Who had asked for what was live when most was",
     "live at the peak"},
    {HEAP_AT_EXIT, "heap-exit", "Never given back",
     "Who had asked for what was live in the end: leaks, and what programs leave to their exit",
     "live at the end"},
    {HEAP_ALLOCATED, "heap-allocated", "All that was handed out", "Who asked for memory",
     "handed out"},
};

static void flame_path(struct html_flame_path *to, const struct heap_report *heap,
                       const struct heap_path *path, enum heap_when when)
{
    *to = (struct html_flame_path){.value = path->when[when].bytes.value};
    if (path->is_longer || path->frame_count == 0)
        to->frames[to->depth++] = path->frame_count ? "(…)" : "(no caller that is known)";
    for (size_t f = path->frame_count; f-- > 0;) {
        const struct heap_frame *frame = &heap->frames[path->frames[f]];
        for (size_t i = frame->line_count; i-- > 0 && to->depth + 1 < HTML_FLAME_DEPTH_MAX;)
            to->frames[to->depth++] = frame->lines[i].function;
    }
    to->frames[to->depth++] = path->called[0] ? path->called : "malloc";
}

static void draw_flame(struct html_page *page, const struct heap_report *heap, size_t view)
{
    enum heap_when when = views[view].when;
    struct html_flame_path *paths = calloc(heap->by_count[when], sizeof *paths);
    for (size_t i = 0; paths && i < heap->by_count[when]; i++)
        flame_path(&paths[i], heap, &heap->paths[heap->by[when][i]], when);
    if (!paths || html_flame(page, views[view].title,
                             "A flame graph: the outermost function above, what it calls below it, "
                             "as wide as its bytes.",
                             views[view].all, paths, heap->by_count[when], html_bytes_text) != 0)
        html_note(page, "There was no memory to draw it.");
    free(paths);
}

/* "malloc ← node_new (tree.c:12) ← insert ← main" */
static void say_path(const struct heap_report *heap, const struct heap_path *path,
                     char text[PATH_WORDS])
{
    size_t used =
        (size_t)snprintf(text, PATH_WORDS, "%s", path->called[0] ? path->called : "malloc");
    for (size_t f = 0; f < path->frame_count; f++) {
        const struct heap_frame *frame = &heap->frames[path->frames[f]];
        for (size_t i = 0; i < frame->line_count && used + 400 < PATH_WORDS; i++) {
            const struct heap_line *line = &frame->lines[i];
            const char *slash = line->file ? strrchr(line->file, '/') : NULL;
            used += (size_t)snprintf(text + used, PATH_WORDS - used, " ← %.200s", line->function);
            if (line->file)
                used += (size_t)snprintf(text + used, PATH_WORDS - used, " (%.100s:%d)",
                                         slash ? slash + 1 : line->file, line->line);
        }
    }
    if (path->frame_count == 0 || path->is_longer)
        snprintf(text + used, PATH_WORDS - used,
                 path->frame_count ? " ← …" : ", of no caller that is known");
}

static void put_figures(struct html_table *table, const struct heap_figures *figures, double whole)
{
    html_cell_bytes(table, figures->bytes.value);
    html_cell_bytes(table, figures->bytes.low);
    html_cell_bytes(table, figures->bytes.high);
    html_cell_share(table, whole > 0 ? figures->bytes.value / whole : NAN);
    html_cell_significant(table, figures->blocks.value, 4);
    html_cell_significant(table, figures->blocks.low, 4);
    html_cell_significant(table, figures->blocks.high, 4);
    html_cell_count(table, figures->samples);
}

static void table_of_paths(struct html_page *page, const struct heap_report *heap, size_t view)
{
    static const struct html_column columns[] = {
        {"call path", false}, {"bytes", true}, {"from", true}, {"to", true},     {"share", true},
        {"blocks", true},     {"from", true},  {"to", true},   {"samples", true}};
    enum heap_when when = views[view].when;
    struct html_table table;
    char words[PATH_WORDS];
    html_table_begin(&table, page, views[view].title, columns, 9);
    for (size_t i = 0; i < heap->by_count[when] && i < ROWS_MAX; i++) {
        const struct heap_path *path = &heap->paths[heap->by[when][i]];
        say_path(heap, path, words);
        html_row_begin(&table);
        html_cell_text(&table, words);
        put_figures(&table, &path->when[when], heap->when[when].bytes.value);
        html_row_end(&table);
    }
    html_table_end(&table);
    if (heap->by_count[when] > ROWS_MAX)
        html_note(page, "And %zu more; the JSON report has all.", heap->by_count[when] - ROWS_MAX);
}

static void draw_moments(struct html_page *page, const struct heap_report *heap)
{
    static const struct html_column columns[] = {{"after, s", true},
                                                 {"live bytes", true},
                                                 {"live blocks", true},
                                                 {"handed out until then", true}};
    static const struct svg_axis axis = {4, 2, html_bytes_text};
    double at[HEAP_MOMENTS_MAX], bytes[HEAP_MOMENTS_MAX];
    struct html_table table;
    if (heap->moment_count < 2)
        return;
    for (size_t i = 0; i < heap->moment_count; i++) {
        at[i] = 1e9 * heap->moments[i].at_s;
        bytes[i] = heap->moments[i].bytes;
    }
    const struct html_series series = {"live, estimated", "c-1", bytes, true};
    const struct html_places places = {at, heap->moment_count, {5, 10, svg_time_text}};
    html_figure_begin(page, "Live bytes over time, as they were asked for");
    html_series(page, "Live bytes over time", "A line over the seconds of the run.", &places,
                &series, 1, &axis);
    html_figure_table(page);
    html_table_begin(&table, page, "Live bytes over time", columns, 4);
    for (size_t i = 0; i < heap->moment_count; i++) {
        const struct heap_moment *moment = &heap->moments[i];
        html_row_begin(&table);
        html_cell_number(&table, moment->at_s, 3);
        html_cell_bytes(&table, moment->bytes);
        html_cell_significant(&table, moment->blocks, 6);
        html_cell_bytes(&table, moment->allocated);
        html_row_end(&table);
    }
    html_table_end(&table);
    html_figure_end(page);
}

static void put_totals(struct html_page *page, const struct heap_report *heap)
{
    static const struct html_column columns[] = {
        {"", false},      {"bytes", true}, {"from", true}, {"to", true},     {"share", true},
        {"blocks", true}, {"from", true},  {"to", true},   {"samples", true}};
    char interval[FIGURE], last[FIGURE];
    struct html_table table;
    html_table_begin(&table, page, "Estimates, with the bounds of their 95 % intervals", columns,
                     9);
    for (size_t v = 0; v < sizeof views / sizeof views[0]; v++) {
        html_row_begin(&table);
        html_cell_text(&table, views[v].all);
        put_figures(&table, &heap->when[views[v].when], heap->when[HEAP_ALLOCATED].bytes.value);
        html_row_end(&table);
    }
    html_table_end(&table);
    html_note(
        page,
        "One block is sampled every %s on the average (%s in the end), in %llu programs; %llu "
        "that were due could not be. The peak was after %.3f s.",
        html_bytes_text((double)heap->interval, interval, sizeof interval),
        html_bytes_text((double)heap->last_interval, last, sizeof last),
        (unsigned long long)heap->programs, (unsigned long long)heap->lost, heap->peak_at_s);
    for (size_t i = 0; i < heap->note_count; i++)
        html_note(page, "%s", heap->notes[i]);
}

void run_html_heap(struct html_page *page, const struct report *report)
{
    const struct heap_report *heap = report->heap;
    if (!heap)
        return;
    html_section(page, "heap", "Heap by who asked for it");
    draw_moments(page, heap);
    put_totals(page, heap);
    for (size_t v = 0; v < sizeof views / sizeof views[0]; v++) {
        if (heap->by_count[views[v].when] == 0)
            continue;
        html_section(page, views[v].id, views[v].title);
        html_figure_begin(page, views[v].caption);
        draw_flame(page, heap, v);
        html_figure_table(page);
        table_of_paths(page, heap, v);
        html_figure_end(page);
    }
}
