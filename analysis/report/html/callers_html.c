/* SPDX-License-Identifier: MIT */
#include "callers_html.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../callers_advice_text.h"
#include "../callers_words.h"
#include "html_flame.h"
#include "html_table.h"
#include "html_text.h"

enum { ROWS_MAX = 300, FIGURE = 48, PATH_WORDS = 2048 };

/* Which of the two lists: paths by malloc's time, or by the bytes they ask for. */
struct list {
    const char *id, *title, *caption, *all;
    bool by_time;
    svg_tick_text *text;
};

static const char *samples_text(double samples, char *text, size_t size)
{
    snprintf(text, size, "%.0f samples", samples);
    return text;
}

static void flame_path(struct html_flame_path *to, const struct callers_path *path, bool by_time)
{
    *to = (struct html_flame_path){
        .value = by_time ? (double)path->time_samples : path->bytes.value,
    };
    if (path->is_longer)
        to->frames[to->depth++] = "(…)";
    for (size_t i = path->frame_count; i-- > 0;)
        to->frames[to->depth++] = path->frames[i].function;
    if (path->frame_count == 0)
        to->frames[to->depth++] = "(no caller that is known)";
    to->frames[to->depth++] = path->called[0] ? path->called : "(malloc)";
}

static void draw_flame(struct html_page *page, const struct callers_report *report,
                       const struct list *list)
{
    const size_t *order = list->by_time ? report->by_time : report->by_bytes;
    size_t count = list->by_time ? report->by_time_count : report->by_bytes_count;
    struct html_flame_path *paths = calloc(count, sizeof *paths);
    for (size_t i = 0; paths && i < count; i++)
        flame_path(&paths[i], &report->paths[order[i]], list->by_time);
    if (!paths || html_flame(page, list->title,
                             "A flame graph: the outermost function above, what it calls below it, "
                             "as wide as its part of the whole.",
                             list->all, paths, count, list->text) != 0)
        html_note(page, "There was no memory to draw it.");
    free(paths);
}

static void say(char *text, size_t size, const char *words)
{
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s", words);
}

/* "malloc ← node_new (tree.c:12) ← insert ← main" */
static void say_path(const struct callers_path *path, char text[PATH_WORDS])
{
    snprintf(text, PATH_WORDS, "%s", path->called[0] ? path->called : "(malloc)");
    for (size_t i = 0; i < path->frame_count; i++) {
        char frame[256];
        snprintf(frame, sizeof frame, " ← %.200s%s", path->frames[i].function,
                 path->frames[i].is_recursive ? " (recursive)" : "");
        say(text, PATH_WORDS, frame);
        if (i == 0 && path->source) {
            const char *slash = strrchr(path->source, '/');
            snprintf(frame, sizeof frame, " (%.200s:%d)", slash ? slash + 1 : path->source,
                     path->line);
            say(text, PATH_WORDS, frame);
        }
    }
    if (path->frame_count == 0)
        say(text, PATH_WORDS, ", of no caller that is known");
    if (path->is_longer)
        say(text, PATH_WORDS, " ← …");
}

static void row(struct html_table *table, const struct callers_path *path, size_t rank,
                bool by_time)
{
    const struct estimate *share = by_time ? &path->time_share : &path->byte_share;
    char words[PATH_WORDS];
    bool sampled = path->samples != 0;
    say_path(path, words);
    html_row_begin(table);
    html_cell_count(table, rank);
    html_cell_share(table, share->value);
    html_cell_interval(table, share->low, share->high, 100, 1);
    html_cell_count(table, by_time ? path->time_samples : path->samples);
    html_cell_text(table, words);
    html_cell_number(table, path->calls.value, 0);
    html_cell_bytes(table, path->bytes.value);
    html_cell_number(table, sampled ? (double)path->size : NAN, 0);
    html_cell_share(table, path->freed);
    html_cell_share(table, path->live);
    html_cell_number(table, path->lifetime_ns, 0);
    html_cell_share(table, path->remote.value);
    html_cell_number(table, path->grown.value, 1);
    html_row_end(table);
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
    html_table_begin(&table, page, list->title, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count && i < ROWS_MAX; i++)
        row(&table, &report->paths[order[i]], i + 1, list->by_time);
    html_table_end(&table);
    if (count > ROWS_MAX)
        html_note(page, "And %zu more; the JSON report has all.", count - ROWS_MAX);
}

static void put_list(struct html_page *page, const struct callers_report *report,
                     const struct list *list)
{
    if ((list->by_time ? report->by_time_count : report->by_bytes_count) == 0)
        return;
    html_section(page, list->id, list->title);
    html_figure_begin(page, list->caption);
    draw_flame(page, report, list);
    html_figure_table(page);
    table_of_paths(page, report, list);
    html_figure_end(page);
}

static void put_advice(struct html_page *page, const struct callers_report *report)
{
    char words[CALLERS_WORDS], path[PATH_WORDS];
    html_section(page, "advice", "Advice");
    if (report->no_advice[0])
        html_paragraph(page, "None: %s", report->no_advice);
    for (size_t i = 0; i < report->advice_count; i++) {
        const struct callers_advice *advice = &report->advice[i];
        say_path(&report->paths[advice->path], path);
        html_heading(page, path);
        callers_say_advice(advice, &report->paths[advice->path], words);
        html_paragraph(page, "%c%s.", words[0] - 'a' + 'A', words + 1);
        callers_say_cost(advice, &report->paths[advice->path], words);
        html_note(page, "%c%s.", words[0] - 'a' + 'A', words + 1);
    }
}

static void put_estimate(struct html_table *table, const char *name,
                         const struct estimate *estimate)
{
    html_row_begin(table);
    html_cell_text(table, name);
    html_cell_significant(table, estimate->value, 6);
    html_cell_significant(table, estimate->low, 6);
    html_cell_significant(table, estimate->high, 6);
    html_row_end(table);
}

static void put_count(struct html_table *table, const char *name, double value)
{
    html_row_begin(table);
    html_cell_text(table, name);
    html_cell_significant(table, value, 9);
    html_row_end(table);
}

static void put_totals(struct html_page *page, const struct callers_report *report)
{
    static const struct html_column columns[] = {
        {"figure", false}, {"value", true}, {"95 % interval, from", true}, {"to", true}};
    struct html_table table;
    html_section(page, "totals", "Totals");
    html_table_begin(&table, page, "All call paths together", columns, 4);
    put_count(&table, "processor time, s", report->cpu_seconds);
    if (report->event) {
        put_estimate(&table, "malloc’s share of processor time", &report->malloc_share);
        put_count(&table, "samples of time", (double)report->time_samples);
        put_count(&table, "of them in malloc", (double)report->malloc_samples);
        put_count(&table, "samples a second", report->frequency);
        put_count(&table, "samples lost", (double)report->lost);
    }
    put_estimate(&table, "calls that ask for memory", &report->calls);
    put_estimate(&table, "bytes asked for", &report->bytes);
    put_count(&table, "sampled calls", (double)report->samples);
    put_count(&table, "bytes between samples", (double)report->mean);
    put_count(&table, "programs that left samples", (double)report->programs);
    html_table_end(&table);
    for (size_t i = 0; i < report->note_count; i++)
        html_note(page, "%s", report->notes[i]);
}

static void say_verdict(const struct callers_report *report, char *text, size_t size)
{
    char bytes[FIGURE], calls[FIGURE];
    if (report->event && !isnan(report->malloc_share.value))
        snprintf(text, size,
                 "malloc took %.1f\u00a0%% of %.3f\u00a0s of processor time, from %zu call paths",
                 100 * report->malloc_share.value, report->cpu_seconds, report->path_count);
    else
        snprintf(text, size, "%s asked for in %s calls, from %zu call paths",
                 html_bytes_text(report->bytes.value, bytes, sizeof bytes),
                 count_words(report->calls.value, calls, sizeof calls), report->path_count);
}

static void put_sections(struct html_page *page, const struct callers_report *report)
{
    static const struct list by_time = {"time",
                                        "Call paths by malloc’s time",
                                        "Who spends malloc’s time: click a frame for a closer look",
                                        "malloc’s time",
                                        true,
                                        samples_text};
    static const struct list by_bytes = {"bytes",
                                         "Call paths by bytes asked for",
                                         "Who asks for memory: click a frame for a closer look",
                                         "bytes asked for",
                                         false,
                                         html_bytes_text};
    put_list(page, report, &by_time);
    put_list(page, report, &by_bytes);
    put_advice(page, report);
    put_totals(page, report);
}

int callers_print_html(const struct callers_report *report, FILE *stream)
{
    struct html_page page;
    char verdict[256], title[256], subject[PATH_WORDS] = "", figures[4][FIGURE];
    struct html_head head = {
        .kind = "callers", .title = title, .verdict = verdict, .subject = subject};
    if (html_begin(&page) != 0)
        return -1;
    say_verdict(report, verdict, sizeof verdict);
    snprintf(title, sizeof title, "%.180s: call paths – hakmem-trace", report->command[0]);
    for (size_t i = 0; report->command[i]; i++) {
        say(subject, sizeof subject, i ? " " : "");
        say(subject, sizeof subject, report->command[i]);
    }
    say(subject, sizeof subject, " on ");
    say(subject, sizeof subject, report->allocator);
    if (report->samples) {
        head.key[head.key_count].name = "asked for, estimated";
        head.key[head.key_count++].value = html_bytes_text(report->bytes.value, figures[0], FIGURE);
        head.key[head.key_count].name = "calls, estimated";
        head.key[head.key_count++].value = count_words(report->calls.value, figures[1], FIGURE);
    }
    snprintf(figures[2], FIGURE, "%.3f\u00a0s", report->cpu_seconds);
    head.key[head.key_count].name = "processor time";
    head.key[head.key_count++].value = figures[2];
    put_sections(&page, report);
    return html_end(&page, &head, stream);
}
