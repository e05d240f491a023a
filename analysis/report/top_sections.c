/* SPDX-License-Identifier: MIT */
#include "top_sections.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "top_value.h"

/* A name, a figure, and how it was before. */
static void draw_figure(const struct top_area *area, int row, const char *name,
                        struct top_text value, const double *history, size_t count)
{
    enum { NAME = 11, VALUE = 12 };
    size_t stride = sizeof((struct top_history *)0)->moments[0] / sizeof(double);
    top_put(area, row, 0, TOP_PLAIN, "%s", name);
    top_put_right(area, row, NAME + VALUE, TOP_BOLD, "%s", value.text);
    if (history)
        top_spark(area, row, NAME + VALUE + 1, area->columns - NAME - VALUE - 2, history, count,
                  stride);
}

static struct top_text per_second(double value)
{
    struct top_text text = top_rate(value);
    if (!isnan(value))
        strcat(text.text, "/s");
    return text;
}

static void draw_memory(const struct top_area *area, const struct top_moment *moment,
                        const struct top_history *history)
{
    size_t count = history->count;
    double unknown = moment->counted ? 0 : NAN;
    draw_figure(area, 0, "operations", per_second(moment->operations),
                &history->moments[0].operations, count);
    draw_figure(area, 1, "malloc", top_percent(moment->malloc_share),
                &history->moments[0].malloc_share, count);
    draw_figure(area, 2, "live", top_bytes((double)moment->live + unknown),
                &history->moments[0].live, count);
    draw_figure(area, 3, "retained", top_bytes((double)moment->retained + unknown),
                &history->moments[0].retained, count);
    draw_figure(area, 4, "mapped", top_bytes((double)moment->mapped + unknown),
                &history->moments[0].mapped, count);
}

static void draw_process(const struct top_area *area, const struct top_moment *moment,
                         const struct top_history *history)
{
    struct top_text cores, threads;
    snprintf(cores.text, sizeof cores.text, "%.2f cores", moment->cores);
    snprintf(threads.text, sizeof threads.text, "%u", moment->threads);
    draw_figure(area, 0, "processor", cores, &history->moments[0].cores, history->count);
    draw_figure(area, 1, "resident", top_bytes((double)moment->resident),
                &history->moments[0].resident, history->count);
    draw_figure(area, 2, "page faults", per_second(moment->minor_faults), NULL, 0);
    draw_figure(area, 3, "from disk", per_second(moment->major_faults), NULL, 0);
    draw_figure(area, 4, "threads", threads, NULL, 0);
    if (moment->thread_count)
        top_put(area, 4, 25, TOP_DIM, "busiest %.2f", moment->thread[0].cores);
}

void top_draw_overview(const struct top_area *area, const struct top_moment *moment,
                       const struct top_history *history)
{
    bool is_wide = area->columns >= 78;
    int left = is_wide ? area->columns / 2 : area->columns;
    struct top_area part = top_area_part(area, 0, 0, area->rows, left);
    draw_memory(&part, moment, history);
    part = is_wide ? top_area_part(area, 0, left, area->rows, area->columns - left)
                   : top_area_part(area, TOP_OVERVIEW_ROWS, 0, area->rows, area->columns);
    draw_process(&part, moment, history);
}

static enum top_style style_of(enum report_group group)
{
    if (group == REPORT_APPLICATION)
        return TOP_GOOD;
    return group == REPORT_KERNEL || group == REPORT_KERNEL_MALLOC ? TOP_KERNEL : TOP_BAD;
}

void top_draw_sources(const struct top_area *area, const struct top_target *target,
                      const struct top_moment *moment)
{
    enum { NAME = 20, SHARE = 8 };
    int bar = area->columns - NAME - SHARE - 2;
    top_put(area, 0, 0, TOP_TITLE, "time by source");
    if (!target->event || moment->source_count == 0) {
        top_put(area, 1, 0, TOP_DIM, "%s",
                target->event ? "no samples yet: it uses no time" : "not sampled: see the notes");
        return;
    }
    top_put_right(area, 0, area->columns - 1, TOP_DIM, "%llu in %.0f s",
                  (unsigned long long)moment->samples, moment->window_s);
    for (size_t i = 0; i < moment->source_count; i++) {
        const struct top_source *source = &moment->sources[i];
        int row = 1 + (int)i;
        struct top_area name = top_area_part(area, row, 0, 1, NAME);
        top_put(&name, 0, 0, TOP_PLAIN, "%s", source->name);
        top_put_right(area, row, NAME + SHARE, TOP_BOLD, "%s", top_percent(source->share).text);
        top_bar(area, row, NAME + SHARE + 1, bar, style_of(source->group), source->share);
    }
}

void top_draw_classes(const struct top_area *area, const struct top_moment *moment,
                      enum top_order order)
{
    enum { NAME = 8, RATE = 19, BLOCKS = 28, LIVE = 38 };
    static const int columns[TOP_ORDERS] = {
        [TOP_BY_OPERATIONS] = RATE, [TOP_BY_LIVE] = LIVE, [TOP_BY_SIZE] = NAME};
    for (enum top_order i = 0; i < TOP_ORDERS; i++)
        top_put_right(area, 0, columns[i], TOP_TITLE, "%s%s", i == order ? "*" : "",
                      top_order_names[i]);
    top_put_right(area, 0, BLOCKS, TOP_TITLE, "blocks");
    if (!moment->counted) {
        top_put(area, 1, 0, TOP_DIM, "not counted: see the notes");
        return;
    }
    struct top_moment sorted = *moment;
    top_sort_classes(&sorted, order);
    for (size_t i = 0; i < sorted.class_count; i++) {
        const struct top_class *class = &sorted.classes[i];
        int row = 1 + (int)i;
        top_put_right(area, row, NAME, TOP_PLAIN, "%s", class->name);
        top_put_right(area, row, RATE, TOP_BOLD, "%s", top_rate(class->operations).text);
        top_put_right(area, row, BLOCKS, TOP_PLAIN, "%s", top_rate((double)class->blocks).text);
        top_put_right(area, row, LIVE, TOP_BOLD, "%s", top_bytes(class->live).text);
    }
}

/* A size in blocks is no time. `~`: of the past. */
static void draw_latency(const struct top_area *area, int row, int column,
                         const struct top_event *event, double value)
{
    bool is_time = strcmp(event->unit, "ns") == 0, is_known = !isnan(value);
    top_put_right(area, row, column, event->past ? TOP_DIM : TOP_PLAIN, "%s%s%s",
                  event->past && is_known ? "~" : "",
                  is_time ? top_time(value).text : top_rate(value).text,
                  is_known && !is_time ? " b" : "");
}

void top_draw_events(const struct top_area *area, const struct top_target *target,
                     const struct top_moment *moment)
{
    enum { RATE = 22, MEAN = 31, P99 = 39 };
    top_put(area, 0, 0, TOP_TITLE, "slow path");
    top_put_right(area, 0, RATE, TOP_TITLE, "per s");
    top_put_right(area, 0, MEAN, TOP_TITLE, "mean");
    top_put_right(area, 0, P99, TOP_TITLE, "99 %%");
    int row = 1;
    for (size_t i = 0; i < moment->event_count; i++, row++) {
        const struct top_event *event = &moment->events[i];
        top_put(area, row, 0, TOP_PLAIN, "%s", event->name);
        top_put_right(area, row, RATE, TOP_BOLD, "%s", top_rate(event->per_s).text);
        draw_latency(area, row, MEAN, event, event->mean);
        draw_latency(area, row, P99, event, event->p99);
    }
    if (moment->event_count == 0)
        top_put(area, row, 0, TOP_DIM, "not watched: see the notes");
    else if (!target->latencies)
        top_put(area, row, 0, TOP_DIM, "no latencies: see the notes");
}

void top_draw_threads(const struct top_area *area, const struct top_moment *moment)
{
    enum { TID = 8, CORES = 29, BAR = 30 };
    top_put_right(area, 0, TID, TOP_TITLE, "thread");
    top_put_right(area, 0, CORES, TOP_TITLE, "cores");
    for (size_t i = 0; i < moment->thread_count; i++) {
        const struct top_thread *thread = &moment->thread[i];
        int row = 1 + (int)i;
        top_put_right(area, row, TID, TOP_PLAIN, "%d", thread->tid);
        struct top_area name = top_area_part(area, row, TID + 1, 1, 15);
        top_put(&name, 0, 0, TOP_PLAIN, "%s", thread->name);
        top_put_right(area, row, CORES, TOP_BOLD, "%.2f", thread->cores);
        top_bar(area, row, BAR, area->columns - BAR - 1, TOP_GOOD, thread->cores);
    }
}

/* Long notes are broken at blanks. */
static int draw_note(const struct top_area *area, int row, const char *text)
{
    size_t width = area->columns > 12 ? (size_t)area->columns - 3 : 10;
    const char *bullet = "-";
    while (*text) {
        size_t length = strlen(text);
        if (length > width) {
            length = width;
            while (length > 1 && text[length] != ' ')
                length--;
            if (length == 1)
                length = width;
        }
        top_put(area, row, 0, TOP_PLAIN, "%s", bullet);
        top_put(area, row++, 2, TOP_PLAIN, "%.*s", (int)length, text);
        bullet = " ";
        text += length;
        text += strspn(text, " ");
    }
    return row;
}

void top_draw_notes(const struct top_area *area, const struct top_target *target)
{
    int row = 1;
    top_put(area, 0, 0, TOP_TITLE, "notes");
    for (size_t i = 0; i < target->note_count; i++)
        row = draw_note(area, row, target->notes[i].text);
    if (target->note_count == 0)
        top_put(area, 1, 0, TOP_DIM, "nothing is missing");
}
