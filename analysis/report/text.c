/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "heap_text.h"
#include "terminal.h"
#include "text_command.h"
#include "text_memory.h"
#include "text_slow_path.h"
#include "text_value.h"

enum { CLASSES_SHOWN = 8, CLASSES_SHOWN_WIDE = 16, PIECE_BYTES = 96, WIDE = 120 };

static void print_headline(const struct report *report, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    terminal_bold(terminal, true);
    if (!report->event || !report->samples) {
        fprintf(stream, "malloc's share of %.3f s CPU was not measured", report->cpu_s);
    } else if (!report->allocator_separated) {
        fprintf(stream, "malloc's share of %.3f s CPU can't be told from the application's",
                report->cpu_s);
    } else {
        fprintf(stream, "malloc took %.1f %% [%.1f, %.1f] of %.3f s CPU",
                100 * report->malloc_share, 100 * report->malloc_low, 100 * report->malloc_high,
                report->cpu_s);
        if (!isnan(report->malloc_ns_per_op))
            fprintf(stream, ": %.2f ns per operation", report->malloc_ns_per_op);
        if (!report->kernel_separated)
            fprintf(stream, ", without the kernel's work for it");
    }
    terminal_bold(terminal, false);
    fputc('\n', stream);
}

/* One of several in a line, which goes on below where it is full. */
__attribute__((format(printf, 3, 4))) static int print_piece(const struct terminal *terminal,
                                                             int column, const char *format, ...)
{
    char text[PIECE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return terminal_piece(terminal, text, column, 3, 2);
}

static void print_totals(const struct report *report, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    char text[2][32];
    int column = 0;
    fprintf(stream, "  wall %.3f s   CPU %.3f s (user %.3f, system %.3f)   max RSS %s\n",
            report->wall_s, report->cpu_s, report->user_s, report->system_s,
            bytes_text(1024.0 * (double)report->max_rss_kb, text[0], sizeof text[0]));
    if (!report->counted) {
        fputs("  operations not counted\n", stream);
        return;
    }
    const char *rate =
        number_text(report->operations_per_cpu_s / 1e6, "%.2f", text[0], sizeof text[0]);
    column = print_piece(terminal, column, "operations %.0f", report->operations);
    column = print_piece(terminal, column, "%s M per second of CPU", rate);
    column = print_piece(terminal, column, "%s handed out",
                         bytes_text(report->bytes, text[1], sizeof text[1]));
    print_piece(terminal, column, "programs %llu", (unsigned long long)report->processes);
    fputc('\n', stream);
}

static void print_source(const struct report_source *source, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    char interval[40] = "", samples[24] = "", ns[24];
    if (!isnan(source->ci_low)) {
        snprintf(samples, sizeof samples, "%llu", (unsigned long long)source->samples);
        snprintf(interval, sizeof interval, "[%.1f, %.1f]", 100 * source->ci_low,
                 100 * source->ci_high);
    }
    fputs("  ", stream);
    size_t length = strlen(source->name);
    if (source->other)
        length += (size_t)fprintf(stream, "%s: ", source->other);
    terminal_text(terminal, source->name);
    fprintf(stream, "%*s %8s %6.1f %% %15s %9s  ", length < 22 ? (int)(22 - length) : 0, "",
            samples, 100 * source->share, interval,
            number_text(source->ns_per_op, "%.2f", ns, sizeof ns));
    terminal_bar(terminal, source->share, terminal->width - 72);
    fputc('\n', stream);
}

static void print_sources(const struct report *report, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    if (!report->event || !report->samples)
        return;
    fputc('\n', stream);
    terminal_bold(terminal, true);
    fprintf(stream, "  %-22s %8s %8s %15s %9s\n", "time by source", "samples", "share",
            "95 % interval", "ns per op");
    terminal_bold(terminal, false);
    for (size_t i = 0; i < report->source_count; i++)
        print_source(&report->sources[i], terminal);
    fprintf(stream, "  %llu samples of %s at %u Hz%s%s %llu lost, %llu times throttled\n",
            (unsigned long long)report->samples, report->event, report->frequency,
            report->kernel_sampled ? "" : " outside the kernel",
            report->aggregated ? ", aggregated in the kernel;\n " : ",",
            (unsigned long long)report->lost, (unsigned long long)report->throttled);
}

enum { COUNTER_COLUMNS = 22, COUNT_COLUMNS = 13, PER_OP_COLUMNS = 9 };

static const char *per_op_format(double per_op)
{
    return per_op == 0 || per_op >= 0.001 ? "%.4f" : "%.2e";
}

static void print_counters(const struct report *report, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    char per_op[32];
    fputc('\n', stream);
    terminal_bold(terminal, true);
    fprintf(stream, "  %-*s %*s %*s\n", COUNTER_COLUMNS, "counter", COUNT_COLUMNS, "count",
            PER_OP_COLUMNS, "per op");
    terminal_bold(terminal, false);
    for (size_t i = 0; i < report->counter_count; i++) {
        const struct report_counter *counter = &report->counters[i];
        if (counter->value == 0 && i >= 3)
            continue; /* the first three are what the hypotheses are about */
        int column = fprintf(
            stream, "  %-*s %*llu %*s  ", COUNTER_COLUMNS, counter->name, COUNT_COLUMNS,
            (unsigned long long)counter->value, PER_OP_COLUMNS,
            number_text(counter->per_op, per_op_format(counter->per_op), per_op, sizeof per_op));
        terminal_wrapped(terminal, counter->text, column, column);
    }
}

static void print_levels(const struct report *report, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    int column = terminal_piece(terminal, "factors:", 0, 0, 2);
    for (size_t i = 0; i < report->level_count; i++) {
        char text[PIECE_BYTES];
        snprintf(text, sizeof text, "%s=%s", report->levels[i].factor, report->levels[i].level);
        column = terminal_piece(terminal, text, column, 1, 4);
    }
    fputc('\n', stream);
}

static bool is_shown(const struct report *report, size_t which, size_t most)
{
    size_t greater = 0;
    for (size_t i = 0; i < report->class_count; i++) {
        if (report->classes[i].mallocs > report->classes[which].mallocs ||
            (report->classes[i].mallocs == report->classes[which].mallocs && i < which))
            greater++;
    }
    return report->classes[which].mallocs != 0 && greater < most;
}

static void print_classes(const struct report *report, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    fputc('\n', stream);
    terminal_bold(terminal, true);
    fprintf(stream, "  %-12s %15s %15s %8s\n", "size class", "handed out", "taken back", "share");
    size_t most = terminal->width >= WIDE ? CLASSES_SHOWN_WIDE : CLASSES_SHOWN;
    terminal_bold(terminal, false);
    for (size_t i = 0; i < report->class_count; i++) {
        const struct report_class *class = &report->classes[i];
        if (!is_shown(report, i, most))
            continue;
        fprintf(stream, "  %-12s %15llu %15llu %6.1f %%  ", class->name,
                (unsigned long long)class->mallocs, (unsigned long long)class->frees,
                100 * class->share);
        terminal_bar(terminal, class->share, terminal->width - 60);
        fputc('\n', stream);
    }
}

static void print_overhead(const struct report *report, const struct terminal *terminal)
{
    const struct report_overhead *overhead = &report->overhead;
    fputc('\n', terminal->stream);
    terminal_line(
        terminal, 2,
        "watching cost %.2f %% of the CPU time: sampling %.2f %%, slow path %.2f %%, this "
        "tool %.2f %% (looks at memory %.2f %%); its budget is %g %%",
        100 * overhead->total, 100 * overhead->sampling, 100 * overhead->slow_path,
        100 * overhead->tool, 100 * overhead->looks, 100 * overhead->budget);
}

static void print_process(const struct terminal *terminal, const struct report *report)
{
    char begin[PIECE_BYTES], end[4 * PIECE_BYTES];
    snprintf(begin, sizeof begin, "hakmem-trace: process %d:", report->attached.pid);
    snprintf(end, sizeof end, "(on %.256s, %s)", report->allocator,
             report->attached.has_ended ? "ended meanwhile" : "runs on");
    int column = print_words(terminal, begin, report->command);
    terminal_piece(terminal, end, column, 1, 2);
    fputc('\n', terminal->stream);
}

static void print_attaching(const struct report *report, FILE *stream)
{
    fprintf(stream,
            "  attaching took %.0f ms, detaching %.0f ms; the process was not stopped for it\n",
            report->attached.attach_ms, report->attached.detach_ms);
}

void report_print_text(const struct report *report, FILE *stream)
{
    struct terminal terminal;
    terminal_start(&terminal, stream);
    if (report->attached.pid)
        print_process(&terminal, report);
    else
        print_command(&terminal, report->command, report->allocator, report->exit_code,
                      report->signal);
    print_headline(report, &terminal);
    print_totals(report, &terminal);
    print_sources(report, &terminal);
    if (report->counted) {
        print_counters(report, &terminal);
        print_memory_at_end(report, &terminal);
        print_levels(report, &terminal);
        print_classes(report, &terminal);
        print_resident(report, &terminal);
    }
    print_heap(report->heap, &terminal);
    print_slow_path(&report->slow_path, &terminal);
    if (report->overhead_measured)
        print_overhead(report, &terminal);
    if (report->attached.pid)
        print_attaching(report, stream);
    for (size_t i = 0; i < report->note_count; i++) {
        fputs("  note: ", stream);
        terminal_wrapped(&terminal, report->notes[i], 8, 8);
    }
}
