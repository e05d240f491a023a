/* SPDX-License-Identifier: MIT */
#include "callers_advice_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "callers_words.h"
#include "terminal.h"
#include "text_value.h"

static void say_reuse(const struct callers_path *path, char words[CALLERS_WORDS])
{
    char calls[32], lifetime[32];
    snprintf(words, CALLERS_WORDS,
             "keep one block, or allocate outside of the loop: %.0f %% [%.0f, %.0f] of its %s "
             "calls ask for %" PRIu64 " bytes and the same thread frees them within 16 calls "
             "(median: %s)",
             100 * path->brief.value, 100 * path->brief.low, 100 * path->brief.high,
             count_words(path->calls.value, calls, sizeof calls), path->size,
             time_words(path->lifetime_ns, lifetime, sizeof lifetime));
}

static void say_reserve(const struct callers_path *path, char words[CALLERS_WORDS])
{
    char calls[32], factor[48] = "";
    if (!isnan(path->growth))
        snprintf(factor, sizeof factor, ", each time by %.2f (median)", path->growth);
    snprintf(words, CALLERS_WORDS,
             "ask at once for what it will need: realloc grows a block %.1f times [%.1f, %.1f]%s, "
             "in %s calls; half of the blocks end at %" PRIu64 " bytes or more",
             path->grown.value, path->grown.low, path->grown.high, factor,
             count_words(path->realloc_calls, calls, sizeof calls), path->final_size);
}

static void say_remote(const struct callers_path *path, char words[CALLERS_WORDS])
{
    char blocks[32];
    snprintf(words, CALLERS_WORDS,
             "hand its blocks back to the thread they come from: other threads free %.0f %% [%.0f, "
             "%.0f] of the %s that are freed, which allocators do by a slower way",
             100 * path->remote.value, 100 * path->remote.low, 100 * path->remote.high,
             count_words(path->freed * path->calls.value, blocks, sizeof blocks));
}

static void say_padding(const struct callers_path *path, char words[CALLERS_WORDS])
{
    char wasted[32], size[128] = "";
    if (path->below)
        snprintf(size, sizeof size,
                 ": %" PRIu64 " bytes take %" PRIu64 ", %" PRIu64 " would take %" PRIu64,
                 path->size, path->usable, path->below, path->below);
    snprintf(words, CALLERS_WORDS,
             "ask for less, or use what is there: %.0f %% [%.0f, %.0f] of its calls ask for a "
             "little more than a size class has%s; %s of padding in all",
             100 * path->above.value, 100 * path->above.low, 100 * path->above.high, size,
             bytes_text(path->wasted, wasted, sizeof wasted));
}

void callers_say_cost(const struct callers_advice *advice, const struct callers_path *path,
                      char words[CALLERS_WORDS])
{
    char time[48] = "";
    if (path->time_samples)
        snprintf(time, sizeof time, "%.1f %% of malloc's time, ", 100 * path->time_share.value);
    snprintf(words, CALLERS_WORDS,
             "it makes %s%.1f %% of all calls and %.1f %% of all bytes; judged by %" PRIu64
             " samples, intervals hold with 95 %%",
             time, 100 * path->call_share.value, 100 * path->byte_share.value, advice->samples);
}

void callers_say_advice(const struct callers_advice *advice, const struct callers_path *path,
                        char words[CALLERS_WORDS])
{
    static void (*const say[])(const struct callers_path *, char[CALLERS_WORDS]) = {
        [CALLERS_REUSE] = say_reuse,
        [CALLERS_RESERVE] = say_reserve,
        [CALLERS_REMOTE] = say_remote,
        [CALLERS_PADDING] = say_padding,
    };
    say[advice->kind](path, words);
}

void callers_print_advice(const struct callers_report *report, const struct terminal *terminal)
{
    enum { INDENT = 7 };
    FILE *stream = terminal->stream;
    char words[CALLERS_WORDS];
    terminal_bold(terminal, true);
    fputs("\n  advice\n", stream);
    terminal_bold(terminal, false);
    if (report->no_advice[0]) {
        fputs("  none: ", stream);
        terminal_wrapped(terminal, report->no_advice, 8, 2);
    }
    for (size_t i = 0; i < report->advice_count; i++) {
        const struct callers_advice *advice = &report->advice[i];
        const struct callers_path *path = &report->paths[advice->path];
        fprintf(stream, "  %3zu  ", i + 1);
        callers_say_advice(advice, path, words);
        terminal_wrapped(terminal, words, INDENT, INDENT);
        print_call_path(path, INDENT, terminal);
        callers_say_cost(advice, path, words);
        fprintf(stream, "%*s", INDENT, "");
        terminal_wrapped(terminal, words, INDENT, INDENT);
    }
}
