/* SPDX-License-Identifier: MIT */
#include "compare_allocators.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect/variant.h"
#include "commands.h"
#include "compare_bench.h"

const struct compare_allocator *compare_allocator_of(const struct compare_allocators *allocators,
                                                     size_t row)
{
    return &allocators->list[row > COMPARE_CONTROL ? row - 1 : 0];
}

static int make_folder(char *folder, size_t bytes)
{
    const char *parent = getenv("TMPDIR");
    snprintf(folder, bytes, "%.3000s/hakmem-trace-XXXXXX", parent && *parent ? parent : "/tmp");
    if (mkdtemp(folder))
        return 0;
    folder[0] = '\0';
    return -1;
}

int compare_allocator_prepare(struct compare_allocator *allocator)
{
    if (!allocator->found.preload)
        return 0;
    if ((!strpbrk(allocator->found.library, " :") ||
         make_folder(allocator->folder, sizeof allocator->folder) == 0) &&
        (allocator->preload =
             allocator_preload(&allocator->found, allocator->folder, getenv("LD_PRELOAD"))))
        return 0;
    complain("%s: %s", allocator->found.library, strerror(errno));
    return EXIT_TOOL_FAILED;
}

static int add(struct compare_allocators *allocators, const char *name, char *why, size_t why_bytes)
{
    if (!allocator_find(name, &allocators->list[allocators->count].found, why, why_bytes))
        return EXIT_USAGE;
    return compare_allocator_prepare(&allocators->list[allocators->count++]);
}

static int add_named(struct compare_allocators *allocators, char *with)
{
    char why[512];
    for (char *name; (name = variant_next_in_list(&with)) != NULL;) {
        why[0] = '\0';
        if (!*name)
            snprintf(why, sizeof why, "--with: an empty name");
        else if (allocators->count == COMPARE_ALLOCATORS_MAX)
            snprintf(why, sizeof why, "--with: more than %d allocators", COMPARE_ALLOCATORS_MAX);
        int error = why[0] ? EXIT_USAGE : add(allocators, name, why, sizeof why);
        if (error == EXIT_USAGE)
            complain("%s", why);
        if (error)
            return error;
    }
    return 0;
}

static int add_installed(struct compare_allocators *allocators, struct compare_report *report)
{
    static const char *const names[] = {"hakmem", "glibc", "jemalloc", "mimalloc", "tcmalloc"};
    char why[512];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        int error = add(allocators, names[i], why, sizeof why);
        if (error == EXIT_USAGE && i < 2) {
            complain("%s", why);
            return EXIT_TOOL_FAILED;
        }
        if (error == EXIT_USAGE)
            compare_note(report, "%s", why);
        else if (error)
            return error;
    }
    return 0;
}

/* Libraries of one name in several folders are told apart by their paths. */
static void name_row(struct compare_row *row, const struct compare_allocators *allocators, size_t i)
{
    const struct allocator *own = &allocators->list[i].found;
    bool is_taken = false;
    for (size_t other = 0; other < allocators->count; other++) {
        const struct allocator *found = &allocators->list[other].found;
        is_taken |= strcmp(found->name, own->name) == 0 && strcmp(found->library, own->library);
    }
    if (!is_taken)
        snprintf(row->name, sizeof row->name, "%s", own->name);
    else
        snprintf(row->name, sizeof row->name, "%.255s", own->library);
}

static void add_row(struct compare_report *report, const struct compare_allocators *allocators,
                    size_t i)
{
    struct compare_row *row = &report->rows[report->row_count++];
    name_row(row, allocators, i);
    row->library = allocators->list[i].found.preload ? allocators->list[i].found.library : NULL;
}

static void add_rows(struct compare_report *report, const struct compare_allocators *allocators)
{
    for (size_t i = 0; i < allocators->count; i++) {
        add_row(report, allocators, i);
        if (i == 0)
            add_row(report, allocators, i); /* the control */
    }
}

/* A row like the others, but for its name. */
static int add_floor(struct compare_allocators *allocators)
{
    char path[PATH_MAX], why[512];
    struct allocator *found = &allocators->list[allocators->count].found;
    int error = compare_bench_file("libfloor.so", path);
    if (error)
        return error;
    error = add(allocators, path, why, sizeof why);
    if (error == EXIT_USAGE)
        complain("compare: --floor: %s; HAKMEM_BENCH names the folder that holds it", why);
    strcpy(found->name, "floor");
    return error;
}

int compare_allocators_find(struct compare_allocators *allocators, char *with, bool floor,
                            struct compare_report *report)
{
    int error = with ? add_named(allocators, with) : add_installed(allocators, report);
    if (!error && floor)
        error = add_floor(allocators);
    if (error)
        return error;
    add_rows(report, allocators);
    report->floor = floor ? report->row_count - 1 : 0;
    return 0;
}

int compare_allocators_take(struct compare_allocators *allocators, char *const *names,
                            struct compare_report *report)
{
    char why[512];
    for (; *names; names++) {
        int error = add(allocators, *names, why, sizeof why);
        if (error == EXIT_USAGE)
            complain("%s", why);
        if (error)
            return error;
    }
    add_rows(report, allocators);
    return 0;
}

void compare_allocator_finish(struct compare_allocator *allocator)
{
    char link[PATH_MAX + 16];
    free(allocator->preload);
    allocator->preload = NULL;
    if (!allocator->folder[0])
        return;
    snprintf(link, sizeof link, "%s/allocator.so", allocator->folder);
    unlink(link);
    rmdir(allocator->folder);
}

void compare_allocators_finish(struct compare_allocators *allocators)
{
    for (size_t i = 0; i < sizeof allocators->list / sizeof allocators->list[0]; i++)
        compare_allocator_finish(&allocators->list[i]);
}
