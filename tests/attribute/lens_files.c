/* SPDX-License-Identifier: MIT */
/*
 * Every lens of the build is read, its patterns are patterns, and each of its rules can be the one
 * that holds: none stands behind one that takes all that it would. And what is no lens is refused.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/lens_rules.h"
#include "support/promise.h"

static struct lens lens;

static const char *text_of(const struct lens_pattern *pattern)
{
    static char texts[4][256];
    static int at;
    char *text = texts[at++ % 4];
    snprintf(text, sizeof texts[0], "%s%s%s", pattern->file ? pattern->file : "",
             pattern->file ? ":" : "", pattern->function);
    return text;
}

/* Both are patterns: `*` stands for itself in the second, which misses nothing but `?`. */
static bool covers(const struct lens_pattern *one, const struct lens_pattern *other)
{
    if (strchr(one->function, '?') || (one->file && strchr(one->file, '?')))
        return false;
    if (one->file && (!other->file || !lens_file_matches(one->file, other->file)))
        return false;
    return fnmatch(one->function, other->function, 0) == 0;
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_*?"

/* Functions are names without classes; a template's have arguments, "dealloc<*", Go's their package
 * and type, "runtime.(*mspan).*", a copy why it is one, "refill.constprop*". */
static bool is_well_formed(const struct lens_pattern *pattern)
{
    const char *file = pattern->file, *function = pattern->function;
    if (!function[0] || function[strspn(function, LETTERS "<.()")] || strstr(function, "**"))
        return false;
    if (!file)
        return strcmp(function, "*") != 0;
    return file[0] && file[0] != '/' && !file[strspn(file, LETTERS "./+-")] && strpbrk(file, "./");
}

static void expect_patterns(const char *name)
{
    for (size_t i = 0; i < lens.rule_count; i++) {
        const struct lens_rule *rule = &lens.rules[i];
        if (!is_well_formed(&rule->pattern))
            promise(false, "%s: %s is a pattern", name, text_of(&rule->pattern));
        for (size_t before = 0; before < i; before++) {
            if (covers(&lens.rules[before].pattern, &rule->pattern))
                promise(false, "%s: %s (%s) is not behind %s (%s)", name, text_of(&rule->pattern),
                        lens_step_names[rule->step], text_of(&lens.rules[before].pattern),
                        lens_step_names[lens.rules[before].step]);
        }
    }
}

static bool overlap(const struct lens_lines *a, const struct lens_lines *b)
{
    return a->declared == b->declared && a->first <= b->last && b->first <= a->last &&
           covers(&a->pattern, &b->pattern);
}

static void expect_lines(const char *name)
{
    for (size_t i = 0; i < lens.line_count; i++) {
        const struct lens_lines *lines = &lens.lines[i];
        promise(is_well_formed(&lines->pattern) && lines->first >= lines->declared - 1,
                "%s: lines %d-%d are of %s@%d", name, lines->first, lines->last,
                text_of(&lines->pattern), lines->declared);
        for (size_t before = 0; before < i; before++) {
            if (overlap(&lens.lines[before], lines))
                promise(false, "%s: lines %d-%d of %s are said once", name, lines->first,
                        lines->last, text_of(&lines->pattern));
        }
    }
}

static void expect_whole(const char *name)
{
    promise(lens.file_count + lens.symbol_count > 0, "%s: can be chosen", name);
    promise(!lens.symbol_count || lens.code_count,
            "%s: says what is its own in a program that it is linked into", name);
    for (size_t i = 0; i < lens.code_count; i++)
        promise(is_well_formed(&lens.code[i]), "%s: code %s", name, text_of(&lens.code[i]));
}

static void expect_refused(void)
{
    static const char *const rows[] = {
        "file a.so\nstep nothing x",
        "step",
        "symbol_before step\n",
        "step cache\nlines a.c:f\n",
        "lines a.c:f@x",
        "lines a.c:f@0",
        "lines a.c:f@10 11 cache",
        "lines a.c:f@10\n 12-11 cache",
        "lines a.c:f@10\n 11-x cache",
        "lines a.c:f@10\n 11-12",
        "lines a.c:f@10\n 11-12 cach",
        "lines a.c:f@10\n 11 cache lock",
        "lines a.c:f@10\n 0 cache",
        "debug-package",
    };
    char why[128];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = strdup(rows[i]);
        why[0] = '\0';
        promise(!lens_parse(&lens, "bad", text, why, sizeof why) &&
                    strncmp(why, "line ", strlen("line ")) == 0,
                "no lens: %s", why);
        free(text);
    }
}

int main(void)
{
    char why[128] = "";
    promise(lens_text_count >= 2, "the build has lenses: %zu", lens_text_count);
    for (size_t i = 0; i < lens_text_count; i++) {
        const char *name = lens_texts[i].name;
        char *text = strdup(lens_texts[i].text);
        if (promise(lens_parse(&lens, name, text, why, sizeof why), "%s is read: %s", name, why)) {
            expect_whole(name);
            expect_patterns(name);
            expect_lines(name);
        }
        free(text);
        why[0] = '\0';
    }
    expect_refused();
    return promises_end();
}
