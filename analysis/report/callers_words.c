/* SPDX-License-Identifier: MIT */
#include "callers_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "terminal.h"

static const char *with_unit(double value, double step, const char *const *units, size_t count,
                             char *text, size_t size)
{
    size_t unit = 0;
    while (value >= step && unit + 1 < count) {
        value /= step;
        unit++;
    }
    snprintf(text, size, value < 100 && unit ? "%.1f%s" : "%.0f%s", value, units[unit]);
    return text;
}

const char *count_words(double count, char *text, size_t size)
{
    static const char *const units[] = {"", " k", " M", " G", " T"};
    return count < 10000 ? with_unit(count, 10000, units, 1, text, size)
                         : with_unit(count, 1000, units, 5, text, size);
}

const char *time_words(double ns, char *text, size_t size)
{
    static const char *const units[] = {" ns", " us", " ms", " s"};
    return with_unit(ns, 1000, units, 4, text, size);
}

/* Names hold no spaces here, so that lines break between functions alone. */
static void add_words(char *text, size_t size, const char *words, bool is_name)
{
    size_t used = strlen(text);
    for (; *words && used + 1 < size; words++)
        text[used++] = (char)(is_name && *words == ' ' ? '_' : *words);
    text[used] = '\0';
}

/* Templates have names of hundreds of letters; the JSON has them whole. */
static void add_name(char *text, size_t size, const char *name)
{
    enum { LONGEST = 60 };
    char cut[LONGEST + 1];
    bool is_whole = strlen(name) <= LONGEST;
    snprintf(cut, sizeof cut, is_whole ? "%s" : "%.57s...", name);
    add_words(text, size, cut, true);
}

static void add_place(char *text, size_t size, const struct callers_path *path)
{
    char place[256];
    const char *slash = strrchr(path->source, '/');
    snprintf(place, sizeof place, " (%.200s:%d)", slash ? slash + 1 : path->source, path->line);
    add_words(text, size, place, false);
}

void print_call_path(const struct callers_path *path, int indent, const struct terminal *terminal)
{
    char text[2048] = "";
    fprintf(terminal->stream, "%*s", indent, "");
    add_words(text, sizeof text, path->called[0] ? path->called : "(malloc)", false);
    if (path->frame_count == 0)
        add_words(text, sizeof text, ", of no caller that is known", false);
    for (size_t i = 0; i < path->frame_count; i++) {
        add_words(text, sizeof text, " < ", false);
        add_name(text, sizeof text, path->frames[i].function);
        if (path->frames[i].is_recursive)
            add_words(text, sizeof text, " (recursive)", false);
        if (i == 0 && path->source)
            add_place(text, sizeof text, path);
    }
    if (path->is_longer)
        add_words(text, sizeof text, " < ...", false);
    terminal_wrapped(terminal, text, indent, indent + 2);
}
