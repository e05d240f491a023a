/* SPDX-License-Identifier: MIT */
#include "count_chain_text.h"

#include <inttypes.h>

/* Paths stand by kind, the most frequent first. */
static const struct count_path *most_frequent(const struct count_report *report,
                                              enum count_kind kind)
{
    for (size_t i = 0; i < report->path_count; i++) {
        if (report->paths[i].kind == kind)
            return &report->paths[i];
    }
    return NULL;
}

static void print_chain(const struct count_path *path, const struct terminal *terminal)
{
    fprintf(terminal->stream, "%s %" PRIu64, count_kind_names[path->kind], path->chains.least);
    if (path->chains.most != path->chains.least)
        fprintf(terminal->stream, " to %" PRIu64, path->chains.most);
    fputs(" (", terminal->stream);
    terminal_text(terminal, path->name);
    fputc(')', terminal->stream);
}

void count_print_chains(const struct count_report *report, const struct terminal *terminal)
{
    static const enum count_kind kinds[] = {COUNT_MALLOC, COUNT_FREE};
    const char *before = "\n  loads one after another, each needing the one before:\n    ";
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && report->disassembled; i++) {
        const struct count_path *path = most_frequent(report, kinds[i]);
        if (!path)
            continue;
        fputs(before, terminal->stream);
        print_chain(path, terminal);
        before = "; ";
    }
    if (*before == ';')
        fputc('\n', terminal->stream);
}
