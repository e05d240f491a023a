/* SPDX-License-Identifier: MIT */
#include "heap_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "callers_words.h"
#include "text_value.h"

enum { SHOWN = 5, FUNCTIONS_SHOWN = 8, SPARK_COLUMNS = 64, INDENT = 8 };

static void print_estimate(const struct estimate *of, const struct terminal *terminal)
{
    char text[3][32];
    fprintf(terminal->stream, "%s [%s, %s]", bytes_text(of->value, text[0], sizeof text[0]),
            bytes_text(of->low, text[1], sizeof text[1]),
            bytes_text(of->high, text[2], sizeof text[2]));
}

static void print_total(const struct heap_report *report, enum heap_when when, const char *name,
                        const struct terminal *terminal)
{
    const struct heap_figures *figures = &report->when[when];
    char text[32];
    fprintf(terminal->stream, "      %-12s", name);
    print_estimate(&figures->bytes, terminal);
    fprintf(terminal->stream, " in %s blocks",
            count_words(figures->blocks.value, text, sizeof text));
    if (when == HEAP_AT_PEAK)
        fprintf(terminal->stream, ", at %.3f s", report->peak_at_s);
    fputc('\n', terminal->stream);
}

/* Live bytes over time, each column the highest of its part of it. */
static void print_spark(const struct heap_report *report, const struct terminal *terminal)
{
    uint64_t counts[SPARK_COLUMNS] = {0}, before = 0;
    size_t count = report->moment_count, column = 0;
    if (count < 2)
        return;
    double first = report->moments[0].at_s, last = report->moments[count - 1].at_s;
    for (size_t i = 0; i < count; i++) {
        const struct heap_moment *moment = &report->moments[i];
        double part = last > first ? (moment->at_s - first) / (last - first) : 0;
        size_t at = (size_t)(part * (SPARK_COLUMNS - 1));
        while (column < at)
            counts[++column] = before;
        before = moment->bytes > 0 ? (uint64_t)moment->bytes : 0;
        counts[at] = before > counts[at] ? before : counts[at];
    }
    fputs("      ", terminal->stream);
    terminal_spark(terminal, counts, SPARK_COLUMNS);
    fprintf(terminal->stream, "\n      %.3f s%*s%.3f s\n", first, SPARK_COLUMNS - 16, "", last);
}

static size_t functions_of(const struct heap_report *report, const struct heap_path *path)
{
    size_t count = 0;
    for (size_t i = 0; i < path->frame_count; i++)
        count += report->frames[path->frames[i]].line_count;
    return count;
}

/* "malloc < node_new (tree.c:12) < insert < main", as far as it is shown. */
static void print_path(const struct heap_report *report, const struct heap_path *path,
                       const struct terminal *terminal)
{
    char text[2000] = "";
    size_t used = 0, shown = 0;
#define SAY(...)                                                                                   \
    do {                                                                                           \
        int length = snprintf(text + used, sizeof text - used, __VA_ARGS__);                       \
        used += length > 0 && (size_t)length < sizeof text - used ? (size_t)length : 0;            \
        text[used] = '\0';                                                                         \
    } while (0)
    SAY("%s", path->called[0] ? path->called : "malloc");
    for (size_t f = 0; f < path->frame_count && shown < FUNCTIONS_SHOWN; f++) {
        const struct heap_frame *frame = &report->frames[path->frames[f]];
        for (size_t i = 0; i < frame->line_count && shown < FUNCTIONS_SHOWN; i++, shown++) {
            const struct heap_line *line = &frame->lines[i];
            const char *slash = line->file ? strrchr(line->file, '/') : NULL;
            SAY(" < %.200s", line->function);
            if (line->file)
                SAY(" (%.60s:%d)", slash ? slash + 1 : line->file, line->line);
        }
    }
    if (path->frame_count == 0)
        SAY(" < somebody unknown");
    if (shown < functions_of(report, path) || path->is_longer)
        SAY(" < ...");
#undef SAY
    fprintf(terminal->stream, "%*s", INDENT, "");
    terminal_wrapped(terminal, text, INDENT, INDENT);
}

static void print_list(const struct heap_report *report, enum heap_when when, const char *title,
                       const struct terminal *terminal)
{
    size_t count = report->by_count[when];
    double whole = report->when[when].bytes.value;
    if (count == 0)
        return;
    terminal_bold(terminal, true);
    fprintf(terminal->stream, "\n      %s\n", title);
    terminal_bold(terminal, false);
    for (size_t i = 0; i < count && i < SHOWN; i++) {
        const struct heap_path *path = &report->paths[report->by[when][i]];
        const struct heap_figures *figures = &path->when[when];
        char text[32];
        fprintf(terminal->stream, "      %5.1f %%  ", 100 * figures->bytes.value / whole);
        print_estimate(&figures->bytes, terminal);
        fprintf(terminal->stream, " in %s blocks\n",
                count_words(figures->blocks.value, text, sizeof text));
        print_path(report, path, terminal);
    }
    if (count > SHOWN)
        fprintf(terminal->stream, "        ... and %zu paths more (--json)\n", count - SHOWN);
}

void print_heap(const struct heap_report *report, const struct terminal *terminal)
{
    char text[2][32];
    if (!report)
        return;
    terminal_bold(terminal, true);
    fputs("\n      heap, by sampled blocks\n", terminal->stream);
    terminal_bold(terminal, false);
    print_total(report, HEAP_ALLOCATED, "handed out", terminal);
    print_total(report, HEAP_AT_PEAK, "live, peak", terminal);
    print_total(report, HEAP_AT_EXIT, "live, exit", terminal);
    print_spark(report, terminal);
    fprintf(terminal->stream, "      %" PRIu64 " blocks sampled, one for each %s on the average",
            report->when[HEAP_ALLOCATED].samples,
            bytes_text((double)report->interval, text[0], sizeof text[0]));
    if (report->last_interval > report->interval)
        fprintf(terminal->stream, ", %s in the end",
                bytes_text((double)report->last_interval, text[1], sizeof text[1]));
    fputc('\n', terminal->stream);
    print_list(report, HEAP_AT_PEAK, "live at the peak, by who asked for it", terminal);
    print_list(report, HEAP_AT_EXIT, "never given back: live when its program ended", terminal);
    print_list(report, HEAP_ALLOCATED, "handed out, by who asked for it", terminal);
    for (size_t i = 0; i < report->note_count; i++) {
        fputs("      note: ", terminal->stream);
        terminal_wrapped(terminal, report->notes[i], 12, 6);
    }
}
