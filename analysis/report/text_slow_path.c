/* SPDX-License-Identifier: MIT */
#include "text_slow_path.h"

#include <stdlib.h>
#include <string.h>

#include "text_value.h"

enum { CLASSES_SHOWN = 3, SIZES_SHOWN = 8, FIGURES_WIDTH = 64 };

static void print_header(const struct terminal *terminal, const char *name, const char *events,
                         const char *median, const char *p99, const char *total)
{
    fputc('\n', terminal->stream);
    terminal_bold(terminal, true);
    fprintf(terminal->stream, "  %-17s %12s %9s %9s %11s\n", name, events, median, p99, total);
    terminal_bold(terminal, false);
}

static void print_buckets(const struct report_latency *latency, const struct terminal *terminal)
{
    size_t first = 0, end = REPORT_BUCKETS;
    while (first < end && !latency->buckets[first])
        first++;
    while (end > first && !latency->buckets[end - 1])
        end--;
    /* With " from 2^39 (in part)"; left out where it is too wide for the terminal. */
    if (first == end || FIGURES_WIDTH + (int)(end - first) + 20 > terminal->width)
        return;
    terminal_spark(terminal, latency->buckets + first, end - first);
    fprintf(terminal->stream, " from 2^%zu", first);
}

static void print_figures(const struct report_latency *latency, const char *name,
                          const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    char text[2][32];
    fprintf(stream, "  %-17s %12llu", name, (unsigned long long)latency->count);
    if (!*latency->unit || latency->count == 0)
        return;
    fprintf(stream, " %9s %9s", number_text(latency->median, "%.0f", text[0], sizeof text[0]),
            number_text(latency->p99, "%.0f", text[1], sizeof text[1]));
    if (strcmp(latency->unit, "ns") == 0)
        fprintf(stream, " %11.3f  ", (double)latency->total / 1e6);
    else
        fprintf(stream, " %11s  ", latency->unit);
}

static int by_total(const void *a, const void *b)
{
    uint64_t x = (*(const struct report_class_latency *const *)a)->total;
    uint64_t y = (*(const struct report_class_latency *const *)b)->total;
    return (x < y) - (x > y);
}

/* The size classes that took most of the time. */
static void print_dearest(const struct report_slow_path *slow_path, const char *kind, FILE *stream)
{
    const struct report_class_latency *rows[REPORT_CLASS_LATENCIES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < slow_path->by_class_count; i++) {
        if (strcmp(slow_path->by_class[i].kind, kind) == 0)
            rows[count++] = &slow_path->by_class[i];
    }
    qsort(rows, count, sizeof rows[0], by_total);
    for (size_t i = 0; i < count && i < CLASSES_SHOWN; i++) {
        char name[24];
        snprintf(name, sizeof name, rows[i]->bytes ? "%llu bytes" : "class %llu",
                 (unsigned long long)(rows[i]->bytes ? rows[i]->bytes : rows[i]->class));
        fprintf(stream, "    %-15s %12llu %19s %11.3f  mean %llu\n", name,
                (unsigned long long)rows[i]->count, "", (double)rows[i]->total / 1e6,
                (unsigned long long)(rows[i]->total / rows[i]->count));
    }
}

static bool is_of_every_call(const struct report_latency *latency)
{
    return strcmp(latency->name, "malloc") == 0 || strcmp(latency->name, "free") == 0 ||
           strcmp(latency->name, "realloc") == 0;
}

static void print_kinds(const struct report_slow_path *slow_path, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    char text[32];
    print_header(terminal, "slow path", "events", "median ns", "p99 ns", "total ms");
    for (size_t i = 0; i < slow_path->kind_count; i++) {
        const struct report_latency *latency = &slow_path->kinds[i];
        if (is_of_every_call(latency))
            continue;
        print_figures(latency, latency->name, terminal);
        print_buckets(latency, terminal);
        fputs(latency->cut_short ? " (in part)\n" : "\n", stream);
        if (latency->bytes)
            fprintf(stream, "    of %s\n", bytes_text((double)latency->bytes, text, sizeof text));
        print_dearest(slow_path, latency->name, stream);
    }
}

static void print_calls(const struct report_slow_path *slow_path, const struct terminal *terminal)
{
    char name[40], text[32];
    bool begun = false;
    for (size_t i = 0; i < slow_path->call_count; i++) {
        const struct report_latency *call = &slow_path->calls[i];
        if (call->count == 0 && !call->cut_short)
            continue;
        if (!begun)
            print_header(terminal, "system call of", "calls", "median ns", "p99 ns", "total ms");
        begun = true;
        snprintf(name, sizeof name, "%-8s %s", call->name, call->of);
        print_figures(call, name, terminal);
        const char *bytes = bytes_text((double)call->bytes, text, sizeof text);
        fprintf(terminal->stream, "%9s\n", call->cut_short ? "(in part)" : bytes);
    }
}

static int by_count(const void *a, const void *b)
{
    uint64_t x = ((const struct report_size *)a)->count, y = ((const struct report_size *)b)->count;
    return (x < y) - (x > y);
}

static void print_sizes(const struct report_slow_path *slow_path, uint64_t mallocs,
                        const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    struct report_size *sorted = calloc(slow_path->size_count + 1, sizeof *sorted);
    if (!sorted)
        return;
    memcpy(sorted, slow_path->sizes, slow_path->size_count * sizeof *sorted);
    qsort(sorted, slow_path->size_count, sizeof *sorted, by_count);
    for (size_t i = 0; i < slow_path->size_count && i < SIZES_SHOWN; i++) {
        double share = mallocs ? (double)sorted[i].count / (double)mallocs : 0;
        fprintf(stream, "    %-15llu %12llu %6.1f %%  ", (unsigned long long)sorted[i].bytes,
                (unsigned long long)sorted[i].count, 100 * share);
        terminal_bar(terminal, share, terminal->width - 60);
        fputc('\n', stream);
    }
    fprintf(stream, "    %zu sizes in all\n", slow_path->size_count);
    free(sorted);
}

static void print_every_call(const struct report_slow_path *slow_path,
                             const struct terminal *terminal)
{
    if (!slow_path->every_call)
        return;
    print_header(terminal, "every call", "calls", "median", "p99", "");
    for (size_t i = 0; i < slow_path->kind_count; i++) {
        const struct report_latency *latency = &slow_path->kinds[i];
        if (!is_of_every_call(latency))
            continue;
        print_figures(latency, latency->name, terminal);
        print_buckets(latency, terminal);
        fputc('\n', terminal->stream);
        if (strcmp(latency->name, "malloc") == 0)
            print_sizes(slow_path, latency->count, terminal);
    }
}

static bool is_any_in_part(const struct report_slow_path *slow_path)
{
    for (size_t i = 0; i < slow_path->kind_count; i++) {
        if (slow_path->kinds[i].cut_short)
            return true;
    }
    for (size_t i = 0; i < slow_path->call_count; i++) {
        if (slow_path->calls[i].cut_short)
            return true;
    }
    return false;
}

void print_slow_path(const struct report_slow_path *slow_path, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    if (!slow_path->watched)
        return;
    print_kinds(slow_path, terminal);
    print_calls(slow_path, terminal);
    print_every_call(slow_path, terminal);
    if (is_any_in_part(slow_path))
        fputs("  in part: watched for as long as that stayed within the budget\n", stream);
    fprintf(stream, "  watched by eBPF for %.3f s, %llu events lost", slow_path->seconds,
            (unsigned long long)slow_path->lost);
    const char *between = " for want of room in its maps: ";
    for (size_t i = 0; i < slow_path->loss_count; i++) {
        if (slow_path->lost_by[i].count == 0)
            continue;
        fprintf(stream, "%s%s %llu", between, slow_path->lost_by[i].name,
                (unsigned long long)slow_path->lost_by[i].count);
        between = ", ";
    }
    fputc('\n', stream);
}
