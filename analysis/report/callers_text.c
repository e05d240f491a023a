/* SPDX-License-Identifier: MIT */
#include "callers_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>

#include "callers_advice_text.h"
#include "callers_words.h"
#include "terminal.h"
#include "text_command.h"
#include "text_value.h"

static void print_time_headline(const struct callers_report *report,
                                const struct terminal *terminal)
{
    const struct estimate *share = &report->malloc_share;
    if (!report->event || isnan(share->value))
        return;
    terminal_bold(terminal, true);
    fprintf(terminal->stream, "malloc took %.1f %% [%.1f, %.1f] of %.3f s CPU", 100 * share->value,
            100 * share->low, 100 * share->high, report->cpu_seconds);
    terminal_bold(terminal, false);
    fprintf(terminal->stream, "\n  %" PRIu64 " samples of %s at %u Hz, %" PRIu64 " in malloc\n",
            report->time_samples, report->event, report->frequency, report->malloc_samples);
}

static void print_call_headline(const struct callers_report *report,
                                const struct terminal *terminal)
{
    char text[6][32];
    if (!report->samples)
        return;
    const struct estimate *bytes = &report->bytes, *calls = &report->calls;
    fprintf(terminal->stream, "  %s [%s, %s] asked for\n  in %s calls [%s, %s], of which %" PRIu64,
            bytes_text(bytes->value, text[0], sizeof text[0]),
            bytes_text(bytes->low, text[1], sizeof text[1]),
            bytes_text(bytes->high, text[2], sizeof text[2]),
            count_words(calls->value, text[3], sizeof text[3]),
            count_words(calls->low, text[4], sizeof text[4]),
            count_words(calls->high, text[5], sizeof text[5]), report->samples);
    fprintf(terminal->stream, " were sampled in %" PRIu64 " program%s\n", report->programs,
            report->programs == 1 ? "" : "s");
}

/* A line of figures, made of parts. */
struct line {
    char words[400];
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void say(struct line *line, const char *format, ...)
{
    va_list arguments;
    size_t room = sizeof line->words - line->used;
    va_start(arguments, format);
    int length = vsnprintf(line->words + line->used, room, format, arguments);
    va_end(arguments);
    line->used += length > 0 && (size_t)length < room ? (size_t)length : 0;
    line->words[line->used] = '\0';
}

static void print_line(const struct line *line, const struct terminal *terminal)
{
    enum { INDENT = 6 };
    fprintf(terminal->stream, "%*s", INDENT, "");
    terminal_wrapped(terminal, line->words, INDENT, INDENT);
}

static void print_sizes(const struct callers_path *path, const struct terminal *terminal)
{
    struct line line = {.used = 0};
    char text[2][32];
    say(&line, "%s in %s calls of %" PRIu64 " bytes",
        bytes_text(path->bytes.value, text[0], sizeof text[0]),
        count_words(path->calls.value, text[1], sizeof text[1]), path->size);
    if (path->size_low != path->size_high)
        say(&line, " (%" PRIu64 " to %" PRIu64 ")", path->size_low, path->size_high);
    if (path->usable > path->size)
        say(&line, ", in blocks of %" PRIu64, path->usable);
    print_line(&line, terminal);
}

static void print_ends(const struct callers_path *path, const struct terminal *terminal)
{
    struct line line = {.used = 0};
    char text[32];
    say(&line, "freed %.0f %%", 100 * path->freed);
    if (!isnan(path->lifetime_ns))
        say(&line, " after %s", time_words(path->lifetime_ns, text, sizeof text));
    if (!isnan(path->lifetime_calls))
        say(&line, " (%.0f other call%s)", path->lifetime_calls,
            path->lifetime_calls == 1 ? "" : "s");
    if (path->remote.value > 0)
        say(&line, ", %.0f %% of them by other threads", 100 * path->remote.value);
    say(&line, "; live at the end %.0f %%", 100 * path->live);
    print_line(&line, terminal);
}

/* Where so few grow that the interval begins at nothing, nothing is known of it. */
static void print_growth(const struct callers_path *path, const struct terminal *terminal)
{
    struct line line = {.used = 0};
    if (!(path->grown.low > 0))
        return;
    say(&line, "grown by realloc %.1f times a block [%.1f, %.1f], to %" PRIu64 " bytes",
        path->grown.value, path->grown.low, path->grown.high, path->final_size);
    if (!isnan(path->growth))
        say(&line, ", each time by %.2f", path->growth);
    print_line(&line, terminal);
}

static void print_list(const struct callers_report *report, bool by_time,
                       const struct terminal *terminal)
{
    const size_t *list = by_time ? report->by_time : report->by_bytes;
    size_t count = by_time ? report->by_time_count : report->by_bytes_count;
    FILE *stream = terminal->stream;
    if (count == 0)
        return;
    terminal_bold(terminal, true);
    fprintf(stream, "\n  call paths by %s\n", by_time ? "malloc's time" : "bytes asked for");
    terminal_bold(terminal, false);
    for (size_t i = 0; i < count && i < report->top; i++) {
        const struct callers_path *path = &report->paths[list[i]];
        struct estimate share = by_time ? path->time_share : path->byte_share;
        fprintf(stream, "  %3zu  %5.1f %% [%.1f, %.1f]  ", i + 1, 100 * share.value,
                100 * share.low, 100 * share.high);
        uint64_t samples = by_time ? path->time_samples : path->samples;
        fprintf(stream, "%" PRIu64 " sample%s\n", samples, samples == 1 ? "" : "s");
        print_call_path(path, 6, terminal);
        if (path->samples)
            print_sizes(path, terminal);
        if (by_time)
            continue;
        print_ends(path, terminal);
        print_growth(path, terminal);
    }
    if (count > report->top)
        fprintf(stream, "       ... and %zu more (--top)\n", count - report->top);
}

void callers_print_text(const struct callers_report *report, FILE *stream)
{
    struct terminal terminal;
    terminal_start(&terminal, stream);
    print_command(&terminal, report->command, report->allocator, report->exit_code, report->signal);
    print_time_headline(report, &terminal);
    print_call_headline(report, &terminal);
    print_list(report, true, &terminal);
    print_list(report, false, &terminal);
    callers_print_advice(report, &terminal);
    for (size_t i = 0; i < report->note_count; i++) {
        fputs(i ? "  note: " : "\n  note: ", stream);
        terminal_wrapped(&terminal, report->notes[i], 8, 2);
    }
}
