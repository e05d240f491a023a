/* SPDX-License-Identifier: MIT */
#include "callers_html_paths.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "html_flame.h"
#include "html_table.h"

enum { ROWS_MAX = 300, CALL_PATH_COLUMN = 4 };

/* Which of the two lists: paths by malloc's time, or by the bytes they ask for. */
struct list {
    const char *title, *caption, *all;
    bool by_time;
    svg_tick_text *text;
};

static const char *samples_text(double samples, char *text, size_t size)
{
    snprintf(text, size, "%.0f samples", samples);
    return text;
}

/* From malloc outwards: paths are cut at their outer end, so that is where they are alike. */
static void flame_path(struct html_flame_path *to, const struct callers_path *path, bool by_time)
{
    *to = (struct html_flame_path){
        .value = by_time ? (double)path->time_samples : path->bytes.value,
    };
    to->frames[to->depth++] = path->called[0] ? path->called : "(malloc)";
    for (size_t i = 0; i < path->frame_count; i++)
        to->frames[to->depth++] = path->frames[i].function;
    if (path->frame_count == 0)
        to->frames[to->depth++] = "(no caller that is known)";
    else if (path->is_longer)
        to->frames[to->depth++] = "(…)";
}

static void draw_flame(struct html_page *page, const struct callers_report *report,
                       const struct list *list)
{
    const size_t *order = list->by_time ? report->by_time : report->by_bytes;
    size_t count = list->by_time ? report->by_time_count : report->by_bytes_count;
    struct html_flame_path *paths = calloc(count, sizeof *paths);
    for (size_t i = 0; paths && i < count; i++)
        flame_path(&paths[i], &report->paths[order[i]], list->by_time);
    if (!paths ||
        html_flame(page, list->title,
                   "A flame graph, from malloc outwards: the function that was called above, "
                   "who called it below, as wide as its part of the whole.",
                   list->all, paths, count, list->text) != 0)
        html_note(page, "There was no memory to draw it.");
    free(paths);
}

static void say(char *text, size_t size, const char *words)
{
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s", words);
}

void callers_html_say_path(const struct callers_path *path, char text[CALLERS_PATH_WORDS])
{
    snprintf(text, CALLERS_PATH_WORDS, "%s", path->called[0] ? path->called : "(malloc)");
    for (size_t i = 0; i < path->frame_count; i++) {
        char frame[256];
        snprintf(frame, sizeof frame, " ← %.200s%s", path->frames[i].function,
                 path->frames[i].is_recursive ? " (recursive)" : "");
        say(text, CALLERS_PATH_WORDS, frame);
        if (i == 0 && path->source) {
            const char *slash = strrchr(path->source, '/');
            snprintf(frame, sizeof frame, " (%.200s:%d)", slash ? slash + 1 : path->source,
                     path->line);
            say(text, CALLERS_PATH_WORDS, frame);
        }
    }
    if (path->frame_count == 0)
        say(text, CALLERS_PATH_WORDS, ", of no caller that is known");
    if (path->is_longer)
        say(text, CALLERS_PATH_WORDS, " ← …");
}

static void row(struct html_table *table, const struct callers_path *path, size_t rank,
                bool by_time)
{
    const struct estimate *share = by_time ? &path->time_share : &path->byte_share;
    char words[CALLERS_PATH_WORDS];
    bool sampled = path->samples != 0;
    callers_html_say_path(path, words);
    html_cell_count(table, rank);
    html_cell_share(table, share->value);
    html_cell_interval(table, share->low, share->high, 100, 1);
    html_cell_count(table, by_time ? path->time_samples : path->samples);
    html_cell_text(table, words);
    if (table->column == table->column_count)
        return; /* calls were not sampled */
    html_cell_number(table, path->calls.value, 0);
    html_cell_bytes(table, path->bytes.value);
    html_cell_number(table, sampled ? (double)path->size : NAN, 0);
    html_cell_share(table, path->freed);
    html_cell_share(table, path->live);
    html_cell_number(table, path->lifetime_ns, 0);
    html_cell_share(table, path->remote.value);
    html_cell_number(table, path->grown.value, 1);
}

static void table_of_paths(struct html_page *page, const struct callers_report *report,
                           const struct list *list)
{
    static const struct html_column columns[] = {{"", true},
                                                 {"share", true},
                                                 {"95 % interval", true},
                                                 {"samples", true},
                                                 {"call path", false},
                                                 {"calls", true},
                                                 {"asked for", true},
                                                 {"bytes, median", true},
                                                 {"freed", true},
                                                 {"live at end", true},
                                                 {"lifetime, ns", true},
                                                 {"freed by others", true},
                                                 {"grown", true}};
    const size_t *order = list->by_time ? report->by_time : report->by_bytes;
    size_t count = list->by_time ? report->by_time_count : report->by_bytes_count;
    struct html_table table;
    html_table_begin(&table, page, list->title, columns,
                     report->samples ? sizeof columns / sizeof columns[0] : CALL_PATH_COLUMN + 1);
    for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
        html_row_begin(&table);
        row(&table, &report->paths[order[i]], i + 1, list->by_time);
        html_row_end(&table);
    }
    html_table_end(&table);
    if (count > ROWS_MAX)
        html_note(page, "And %zu more; the JSON report has all.", count - ROWS_MAX);
}

static void put_list(struct html_page *page, const struct callers_report *report,
                     const struct list *list)
{
    html_figure_begin(page, list->caption);
    draw_flame(page, report, list);
    html_figure_table(page);
    table_of_paths(page, report, list);
    html_figure_end(page);
}

void callers_html_by_time(struct html_page *page, const struct callers_report *report)
{
    static const struct list list = {
        "Call paths by malloc’s time",
        "Who spends malloc’s time: what was called above, its callers below", "malloc’s time", true,
        samples_text};
    put_list(page, report, &list);
}

void callers_html_by_bytes(struct html_page *page, const struct callers_report *report)
{
    static const struct list list = {
        "Call paths by bytes asked for",
        "Who asks for memory: what was called above, its callers below", "bytes asked for", false,
        html_bytes_text};
    put_list(page, report, &list);
}
