/* SPDX-License-Identifier: MIT */
#include "advise_text.h"

#include <math.h>
#include <string.h>

#include "advise_verdict.h"
#include "terminal.h"
#include "text_value.h"

/* Of the processor time. */
#define STAYS_SHOWN 0.01

enum { TRIED_SHOWN = 5, NAME_SHOWN = 28, INDENT = 2 };

struct screen {
    struct terminal terminal;
    int lines;
};

static void say(struct screen *screen, const char *words)
{
    fprintf(screen->terminal.stream, "%*s", INDENT, "");
    screen->lines += terminal_wrapped(&screen->terminal, words, INDENT, INDENT);
}

static void say_heading(struct screen *screen, const char *heading)
{
    fputc('\n', screen->terminal.stream);
    terminal_bold(&screen->terminal, true);
    fprintf(screen->terminal.stream, "%*s%s\n", INDENT, "", heading);
    terminal_bold(&screen->terminal, false);
    screen->lines += 2;
}

/* Of a text that somebody else wrote, what fits, with an ellipsis where that is not all. */
static const char *cut(const char *text, size_t columns, char *place)
{
    size_t length = strlen(text);
    if (length <= columns)
        snprintf(place, columns + 1, "%s", text);
    else
        snprintf(place, columns + 1, "%.*s...", (int)columns - 3, text);
    return place;
}

/* The command, cut where the line ends. */
static void print_title(const struct advise_report *report, struct screen *screen)
{
    char words[512] = "", place[512];
    size_t used = 0;
    for (char *const *word = report->command; *word && used < sizeof words - 1; word++)
        used += (size_t)snprintf(words + used, sizeof words - used, "%s%s", used ? " " : "", *word);
    fputs("hakmem-trace: advice on ", screen->terminal.stream);
    for (char *c = words; *c; c++)
        *c = *c == '\n' ? ' ' : *c;
    terminal_text(&screen->terminal, cut(words, (size_t)screen->terminal.width - 24, place));
    fputc('\n', screen->terminal.stream);
    screen->lines++;
}

static void print_verdict(const struct advise_report *report, struct screen *screen)
{
    char words[ADVISE_WORDS];
    advise_verdict_words(report, words);
    terminal_bold(&screen->terminal, true);
    say(screen, words);
    terminal_bold(&screen->terminal, false);
    if (report->verdict != ADVISE_SWITCH)
        return;
    fprintf(screen->terminal.stream, "%*sTo use it, start the program with\n%*sLD_PRELOAD=", INDENT,
            "", 2 * INDENT, "");
    terminal_text(&screen->terminal, report->tried[report->best].library);
    fputc('\n', screen->terminal.stream);
    screen->lines += 2;
}

/* " (Go 12.1 %, which stays when another is preloaded; glibc 0.5 %)". */
static void list_allocators(const struct advise_report *report, char *words, size_t size)
{
    bool is_one = report->allocator_count == 1;
    char share[32];
    size_t used = 0;
    snprintf(words, size, "%s", report->is_of_hakmem ? " (when it runs on libhakmem)" : "");
    for (size_t i = 0; i < report->allocator_count && !report->is_of_hakmem && used + 1 < size;
         i++) {
        const struct advise_allocator *of = &report->allocators[i];
        snprintf(share, sizeof share, " %.1f %%", 100 * of->share);
        used += (size_t)snprintf(words + used, size - used, "%s%s%s", i ? "; " : " (", of->name,
                                 is_one ? "" : share);
        if (report->is_replaced && of->stays > STAYS_SHOWN && used + 1 < size)
            used += (size_t)snprintf(words + used, size - used,
                                     ", of which %.1f %% stay when another is preloaded",
                                     100 * of->stays);
    }
    if (used && used + 1 < size)
        snprintf(words + used, size - used, ")");
}

static void print_now(const struct advise_report *report, struct screen *screen)
{
    char memory[32], allocators[300], words[ADVISE_WORDS];
    const struct advise_measured *of = &report->measured;
    double wall_s = isnan(of->alone_s) ? report->wall_s : of->alone_s;
    if (isnan(report->wall_s))
        return;
    int used = snprintf(words, sizeof words, "Now: %.2f s, %s; ", wall_s,
                        bytes_text(1024 * report->max_rss_kb, memory, sizeof memory));
    size_t left = sizeof words - (size_t)used;
    list_allocators(report, allocators, sizeof allocators);
    if (isnan(report->malloc.value))
        snprintf(words + used, left, "malloc's share of that was not measured.");
    else
        snprintf(words + used, left,
                 "malloc%s is %.1f %% [%.1f, %.1f] of the processor time, the kernel %.1f %%.",
                 allocators, 100 * report->malloc.value, 100 * report->malloc.low,
                 100 * report->malloc.high, 100 * report->system_s / report->cpu_s);
    say(screen, words);
}

static bool is_before(const struct advise_tried *a, const struct advise_tried *b)
{
    if (isnan(a->faster) || isnan(b->faster))
        return !isnan(a->faster);
    return a->faster > b->faster;
}

/* How many stand before it, the fastest first and what failed last. */
static size_t rank_of(const struct advise_report *report, size_t which)
{
    size_t rank = 0;
    for (size_t i = 0; i < report->tried_count; i++) {
        bool is_earlier = is_before(&report->tried[i], &report->tried[which]);
        bool is_later = is_before(&report->tried[which], &report->tried[i]);
        rank += is_earlier || (!is_later && i < which);
    }
    return rank;
}

static void print_row(const struct advise_tried *of, struct screen *screen)
{
    FILE *stream = screen->terminal.stream;
    char name[NAME_SHOWN + 1], failure[40];
    fprintf(stream, "%*s", INDENT, "");
    terminal_text(&screen->terminal, cut(of->name, NAME_SHOWN, name));
    fprintf(stream, "%*s", NAME_SHOWN - (int)strlen(name), "");
    if (of->failure[0]) {
        fputs("  fails: ", stream);
        terminal_text(&screen->terminal, cut(of->failure, sizeof failure - 1, failure));
    } else {
        fprintf(stream, "%+9.1f %%%+12.1f %%", 100 * (of->faster - 1), 100 * (of->memory - 1));
    }
    fputc('\n', stream);
    screen->lines++;
}

static void print_tried(const struct advise_report *report, struct screen *screen)
{
    char heading[128];
    if (!report->choice_rounds || report->verdict == ADVISE_NOT_AGAIN)
        return;
    snprintf(heading, sizeof heading, "%-*s%11s%14s", NAME_SHOWN, "to choose the best", "speed",
             "memory");
    say_heading(screen, heading);
    for (size_t rank = 0; rank < TRIED_SHOWN; rank++) {
        for (size_t i = 0; i < report->tried_count; i++) {
            if (rank_of(report, i) == rank)
                print_row(&report->tried[i], screen);
        }
    }
}

static void print_site(const struct advise_site *site, struct screen *screen)
{
    static const char *const what[] = {
        [ADVISE_SITE_BUSY] = "",
        [ADVISE_SITE_REUSE] = ": keep one block",
        [ADVISE_SITE_RESERVE] = ": ask at once for all",
        [ADVISE_SITE_REMOTE] = ": free where allocated",
        [ADVISE_SITE_PADDING] = ": ask for a little less",
    };
    FILE *stream = screen->terminal.stream;
    char place[416], shown[80];
    snprintf(place, sizeof place, site->file[0] ? "%s (%s:%d)" : "%s", site->path, site->file,
             site->line);
    if (isnan(site->time))
        fprintf(stream, "%*s%5s   ", INDENT, "", "-");
    else
        fprintf(stream, "%*s%5.1f %% ", INDENT, "", 100 * site->time);
    terminal_text(&screen->terminal, cut(place, 78 - INDENT - 8 - strlen(what[site->kind]), shown));
    fprintf(stream, "%s\n", what[site->kind]);
    screen->lines++;
}

static void print_sites(const struct advise_report *report, struct screen *screen)
{
    if (report->site_count)
        say_heading(screen, "who asks for memory, of malloc's time");
    for (size_t i = 0; i < report->site_count; i++)
        print_site(&report->sites[i], screen);
}

/* As many as there is room for; JSON has them all. */
static void print_notes(const struct advise_report *report, struct screen *screen)
{
    char words[ADVISE_NOTE_BYTES + 32];
    struct terminal counting = screen->terminal;
    counting.stream = NULL;
    for (size_t i = 0; i < report->note_count; i++) {
        snprintf(words, sizeof words, "Note: %s.", report->notes[i]);
        if (screen->lines + terminal_wrapped(&counting, words, INDENT, INDENT) <= ADVISE_LINES)
            say(screen, words);
    }
}

void advise_print_text(const struct advise_report *report, FILE *stream)
{
    struct screen screen = {.lines = 0};
    char words[ADVISE_WORDS];
    terminal_start(&screen.terminal, stream);
    screen.terminal.width = screen.terminal.width > 80 ? 80 : screen.terminal.width;
    print_title(report, &screen);
    print_verdict(report, &screen);
    print_now(report, &screen);
    print_tried(report, &screen);
    print_sites(report, &screen);
    advise_sureness_words(report, words);
    if (words[0]) {
        fputc('\n', stream);
        screen.lines++;
        say(&screen, words);
    }
    print_notes(report, &screen);
}
