/* SPDX-License-Identifier: MIT */
#include "trace_report.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "json_value.h"
#include "terminal.h"

static const char *const kind_names[TRACE_KINDS] = {
    [TRACE_MALLOC] = "malloc",
    [TRACE_CALLOC] = "calloc",
    [TRACE_ALIGNED] = "aligned",
    [TRACE_REALLOC] = "realloc",
    [TRACE_REALLOC_NULL] = "realloc of NULL",
    [TRACE_FREE] = "free",
    [TRACE_THREAD_END] = "thread ends",
};

static uint64_t operations(const struct trace_header *header)
{
    return header->records - header->counts[TRACE_THREAD_END];
}

static void print_notes(const struct trace_report *report, const struct terminal *terminal)
{
    if (report->stopped < 0)
        terminal_line(terminal, 2, "note: stopped at the limit of %" PRIu64 " (--limit)",
                      report->limit);
    else if (report->stopped > 0)
        terminal_line(terminal, 2,
                      "note: stopped before the program did: the raw trace could not grow: %s",
                      strerror(report->stopped));
    if (report->unknown)
        terminal_line(terminal, 2,
                      "note: %" PRIu64
                      " frees and reallocs left out: of blocks from before a fork, "
                      "or that were got in another way",
                      report->unknown);
    if (report->unseen_ends)
        terminal_line(terminal, 2,
                      "note: %" PRIu64 " frees not seen, and put where the address came again",
                      report->unseen_ends);
}

static void print_counts(const struct trace_header *header, const struct terminal *terminal)
{
    int column = 0;
    for (int i = 0; i < TRACE_KINDS; i++) {
        char text[64];
        bool is_last = true;
        for (int k = i + 1; k < TRACE_KINDS; k++)
            is_last = is_last && !header->counts[k];
        snprintf(text, sizeof text, "%s %" PRIu64 "%s", kind_names[i], header->counts[i],
                 is_last ? "" : ",");
        if (header->counts[i])
            column = terminal_piece(terminal, text, column, 1, 2);
    }
    fputc('\n', terminal->stream);
}

void trace_report_text(const struct trace_report *report, FILE *stream)
{
    const struct trace_header *header = report->header;
    struct terminal terminal;
    terminal_start(&terminal, stream);
    terminal_line(&terminal, 0,
                  "hakmem-trace: recorded %.255s (process %d, of %" PRIu64
                  " program%s the one kept) in %.512s",
                  header->program, report->pid, report->images, report->images == 1 ? "" : "s",
                  report->path);
    terminal_line(&terminal, 2,
                  "%" PRIu64 " operations of %" PRIu64 " thread%s on %" PRIu64
                  " objects, at most %.1f MiB live, %" PRIu64 " objects never freed",
                  operations(header), header->threads, header->threads == 1 ? "" : "s",
                  header->objects, (double)header->peak_bytes / (1 << 20), report->live_at_end);
    print_counts(header, &terminal);
    if (report->sharing_known && report->line_blocks)
        terminal_line(&terminal, 2,
                      "handed out into a cache line of another thread's block: %.2f %%",
                      100.0 * (double)report->line_shared / (double)report->line_blocks);
    print_notes(report, &terminal);
}

static json_t *sharing(const struct trace_report *report)
{
    if (!report->sharing_known)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "blocks", value_count(report->line_blocks));
    json_object_set_new(object, "shared", value_count(report->line_shared));
    return object;
}

int trace_report_json(const struct trace_report *report, FILE *stream)
{
    const struct trace_header *header = report->header;
    json_t *counts = json_object(), *root = json_object();
    for (int i = 0; i < TRACE_KINDS; i++)
        json_object_set_new(counts, kind_names[i], value_count(header->counts[i]));
    json_object_set_new(root, "schema", json_string("hakmem-trace/1"));
    json_object_set_new(root, "kind", json_string("record"));
    json_object_set_new(root, "command", value_texts(report->command));
    json_object_set_new(root, "trace", value_text(report->path));
    json_object_set_new(root, "program", value_text(header->program));
    json_object_set_new(root, "pid", json_integer(report->pid));
    json_object_set_new(root, "programs", value_count(report->images));
    json_object_set_new(root, "operations", value_count(operations(header)));
    json_object_set_new(root, "counts", counts);
    json_object_set_new(root, "threads", value_count(header->threads));
    json_object_set_new(root, "objects", value_count(header->objects));
    json_object_set_new(root, "peak_bytes", value_count(header->peak_bytes));
    json_object_set_new(root, "live_at_end", value_count(report->live_at_end));
    json_object_set_new(root, "unknown", value_count(report->unknown));
    json_object_set_new(root, "unseen_ends", value_count(report->unseen_ends));
    json_object_set_new(root, "line_sharing", sharing(report));
    json_object_set_new(root, "stopped",
                        report->stopped < 0   ? json_string("limit")
                        : report->stopped > 0 ? value_text(strerror(report->stopped))
                                              : json_null());
    int error = json_dumpf(root, stream, JSON_INDENT(2)) != 0 || fputc('\n', stream) == EOF;
    json_decref(root);
    if (!error)
        return 0;
    errno = errno ? errno : EIO;
    return -1;
}
