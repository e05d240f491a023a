/* SPDX-License-Identifier: MIT */
#include "lens.h"

#include <string.h>

#include "lens_rules.h"

const char *lens_name(const struct lens *lens)
{
    return lens->name;
}

const char *lens_debug_package(const struct lens *lens)
{
    return lens->debug_package;
}

bool lens_keeps_sources(const struct lens *lens)
{
    return lens->keeps_sources;
}

bool lens_text_matches(const char *pattern, const char *text)
{
    const char *star = NULL, *behind = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            behind = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star) { /* the star takes one more */
            pattern = star + 1;
            text = ++behind;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

bool lens_file_matches(const char *pattern, const char *path)
{
    const char *tail = path + strlen(path);
    size_t parts = 1;
    for (const char *c = pattern; *c; c++)
        parts += *c == '/';
    while (tail > path && (tail[-1] != '/' || --parts > 0))
        tail--;
    return lens_text_matches(pattern, tail);
}

static bool matches(const struct lens_pattern *pattern, const struct lens_scope *scope)
{
    bool is_any = strcmp(pattern->function, "*") == 0;
    if (pattern->file && (scope->file ? !lens_file_matches(pattern->file, scope->file) : is_any))
        return false;
    return is_any || (scope->function && lens_text_matches(pattern->function, scope->function));
}

bool lens_is_code(const struct lens *lens, const struct lens_scope *outermost)
{
    for (size_t i = 0; i < lens->code_count; i++) {
        if (matches(&lens->code[i], outermost))
            return true;
    }
    return false;
}

bool lens_is_unit(const struct lens *lens, const char *path)
{
    for (size_t i = 0; i < lens->unit_count; i++) {
        if (lens_file_matches(lens->units[i], path))
            return true;
    }
    return lens->unit_count == 0;
}

static enum lens_step step_of_lines(const struct lens *lens, const struct lens_scope *scope)
{
    for (size_t i = 0; scope->line > 0 && i < lens->line_count; i++) {
        const struct lens_lines *lines = &lens->lines[i];
        if (lines->declared == scope->declared && lines->first <= scope->line &&
            scope->line <= lines->last && matches(&lines->pattern, scope))
            return lines->step;
    }
    return LENS_NO_STEP;
}

enum lens_step lens_step_of(const struct lens *lens, const struct lens_scope *scope)
{
    enum lens_step step = step_of_lines(lens, scope);
    for (size_t i = 0; step == LENS_NO_STEP && i < lens->rule_count; i++) {
        if (matches(&lens->rules[i].pattern, scope))
            step = lens->rules[i].step;
    }
    return step;
}
