/* SPDX-License-Identifier: MIT */
#include "compare_short_name.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 64 };

/* The part that many parts before the end, 0 the last. False: there is none. */
static bool part_of(const char *path, int before_end, char part[COMPARE_SHORT_BYTES])
{
    const char *end = path + strlen(path);
    for (;; before_end--) {
        const char *start = end;
        while (start > path && start[-1] != '/')
            start--;
        if (before_end == 0) {
            snprintf(part, COMPARE_SHORT_BYTES, "%.*s", (int)(end - start), start);
            return true;
        }
        if (start == path)
            return false;
        end = start - 1;
    }
}

/* True where no other row of that file's name has the same part in its path. */
static bool tells(const struct compare_report *report, size_t row, int before_end, const char *part)
{
    char file[COMPARE_SHORT_BYTES], other[COMPARE_SHORT_BYTES];
    part_of(report->rows[row].name, 0, file);
    for (size_t i = 0; i < report->row_count; i++) {
        const char *name = report->rows[i].name;
        if (i == COMPARE_CONTROL || i == row || !strchr(name, '/'))
            continue;
        part_of(name, 0, other);
        if (strcmp(file, other) == 0 && part_of(name, before_end, other) &&
            strcmp(part, other) == 0)
            return false;
    }
    return true;
}

static void without_affixes(const char *file, char name[COMPARE_SHORT_BYTES])
{
    const char *end = strstr(file, ".so");
    bool is_libc = strncmp(file, "libc.so", 7) == 0; /* "c" would say nothing */
    size_t skipped = end && strncmp(file, "lib", 3) == 0 && end - file > 3 && !is_libc ? 3 : 0;
    int length = end && end > file ? (int)(end - file - (ptrdiff_t)skipped) : (int)strlen(file);
    snprintf(name, COMPARE_SHORT_BYTES, "%.*s", length, file + skipped);
}

/* Two versions of a library, .so.2 and .so.3, keep their whole names. */
static bool is_taken(const struct compare_report *report, size_t row, const char *name)
{
    char file[COMPARE_SHORT_BYTES], other[COMPARE_SHORT_BYTES];
    for (size_t i = 0; i < report->row_count; i++) {
        if (i == COMPARE_CONTROL || i == row || strchr(report->rows[i].name, '/') ||
            strcmp(report->rows[i].name, report->rows[row].name) == 0)
            continue;
        part_of(report->rows[i].name, 0, file);
        without_affixes(file, other);
        if (strcmp(name, other) == 0)
            return true;
    }
    return false;
}

void compare_short_name(const struct compare_report *report, size_t row,
                        char name[COMPARE_SHORT_BYTES])
{
    const char *whole = report->rows[row].name;
    if (strchr(whole, '/')) {
        for (int before_end = 1; before_end < DEPTH_MAX; before_end++) {
            if (!part_of(whole, before_end, name))
                break;
            if (*name && tells(report, row, before_end, name))
                return;
        }
    }
    char file[COMPARE_SHORT_BYTES];
    part_of(whole, 0, file);
    without_affixes(file, name);
    if (is_taken(report, row, name))
        snprintf(name, COMPARE_SHORT_BYTES, "%s", file);
}
