/* SPDX-License-Identifier: MIT */
#include "advise_read.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SITE_FRAMES = 3 };

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static const char *text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value ? value : "";
}

static bool is_malloc(const json_t *source)
{
    const char *group = text(source, "group");
    return strcmp(group, "factor") == 0 || strcmp(group, "allocator") == 0;
}

/* Of the sources that are another allocator's than the report's: its entry. NULL: there is none and
 * no room for one. */
static struct advise_allocator *allocator_of(struct advise_report *report, const char *name)
{
    for (size_t i = 0; i < report->allocator_count; i++) {
        if (strcmp(report->allocators[i].name, name) == 0)
            return &report->allocators[i];
    }
    if (report->allocator_count == ADVISE_ALLOCATORS_MAX)
        return NULL;
    struct advise_allocator *new = &report->allocators[report->allocator_count++];
    *new = (struct advise_allocator){.stays = NAN};
    snprintf(new->name, sizeof new->name, "%s", name);
    return new;
}

static int by_share(const void *a, const void *b)
{
    double first = ((const struct advise_allocator *)a)->share;
    double second = ((const struct advise_allocator *)b)->share;
    return (first < second) - (first > second);
}

static void read_share(const json_t *root, struct advise_report *report)
{
    const json_t *share = json_object_get(root, "malloc");
    double samples = number(json_object_get(root, "sampling"), "samples");
    report->samples = isnan(samples) ? 0 : samples;
    if (report->samples > 0)
        report->malloc = (struct estimate){number(share, "share"), number(share, "ci_low"),
                                           number(share, "ci_high")};
}

static void read_allocators(const json_t *sources, struct advise_report *report)
{
    size_t i;
    json_t *source;
    json_array_foreach(sources, i, source)
    {
        const char *name = text(source, "other");
        struct advise_allocator *of =
            is_malloc(source) && *name ? allocator_of(report, name) : NULL;
        if (of)
            of->share += number(source, "share");
    }
    qsort(report->allocators, report->allocator_count, sizeof report->allocators[0], by_share);
}

int advise_read_run(const json_t *root, struct advise_report *report)
{
    double signal = number(root, "signal");
    report->exit_code = (int)json_integer_value(json_object_get(root, "exit_code"));
    report->wall_s = number(root, "wall_s");
    report->cpu_s = number(root, "cpu_s");
    report->system_s = number(root, "system_s");
    report->max_rss_kb = number(root, "max_rss_kb");
    read_share(root, report);
    read_allocators(json_object_get(root, "sources"), report);
    return signal > 0 && signal < NSIG ? (int)signal : 0;
}

void advise_read_replaced(const json_t *root, struct advise_report *report)
{
    size_t i;
    json_t *source;
    /* Counters tell for certain, samples may be missing. */
    report->is_replaced = json_is_number(json_object_get(root, "programs"));
    if (json_is_true(json_object_get(json_object_get(root, "sampling"), "kernel_for_malloc")))
        report->kernel_for_malloc = 0;
    report->is_of_hakmem = isnan(report->malloc.value) && report->is_replaced;
    if (report->is_of_hakmem)
        read_share(root, report);
    for (i = 0; i < report->allocator_count; i++)
        report->allocators[i].stays = 0;
    json_array_foreach(json_object_get(root, "sources"), i, source)
    {
        const char *name = text(source, "other");
        if (strcmp(text(source, "group"), "kernel for malloc") == 0)
            report->kernel_for_malloc += number(source, "share");
        for (size_t k = 0; k < report->allocator_count && is_malloc(source); k++) {
            if (strcmp(report->allocators[k].name, name) == 0)
                report->allocators[k].stays += number(source, "share");
        }
    }
}

static enum advise_site_kind kind_of(const char *name)
{
    for (int kind = ADVISE_SITE_REUSE; kind <= ADVISE_SITE_PADDING; kind++) {
        if (strcmp(advise_site_names[kind], name) == 0)
            return (enum advise_site_kind)kind;
    }
    return ADVISE_SITE_BUSY;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The innermost is often but the program's own way to ask for memory: its callers say more. */
static void read_path(const json_t *frames, struct advise_site *site)
{
    size_t i, used = 0;
    json_t *frame;
    json_array_foreach(frames, i, frame)
    {
        if (i == SITE_FRAMES || used + 1 >= sizeof site->path)
            return;
        used += (size_t)snprintf(site->path + used, sizeof site->path - used, "%s%s",
                                 i ? " < " : "", text(frame, "function"));
    }
}

/* Advice for a path, and its place among the costliest, are one site. */
static bool is_known(const struct advise_report *report, const struct advise_site *site)
{
    for (size_t i = 0; i < report->site_count; i++) {
        const struct advise_site *of = &report->sites[i];
        if (strcmp(of->path, site->path) == 0 && strcmp(of->file, site->file) == 0 &&
            of->line == site->line)
            return true;
    }
    return false;
}

static void add_site(struct advise_report *report, const json_t *path, enum advise_site_kind kind)
{
    struct advise_site site = {.kind = kind};
    read_path(json_object_get(path, "frames"), &site);
    if (report->site_count == ADVISE_SITES_MAX || !site.path[0])
        return;
    snprintf(site.file, sizeof site.file, "%s", last_part(text(path, "file")));
    site.line = (int)json_integer_value(json_object_get(path, "line"));
    site.time = number(json_object_get(path, "time_share"), "value");
    site.calls = number(json_object_get(path, "call_share"), "value");
    if (!is_known(report, &site))
        report->sites[report->site_count++] = site;
}

void advise_read_callers(const json_t *root, struct advise_report *report)
{
    size_t i;
    json_t *advice, *index;
    const json_t *paths = json_object_get(root, "paths");
    json_array_foreach(json_object_get(root, "advice"), i, advice)
    {
        json_int_t path = json_integer_value(json_object_get(advice, "path"));
        add_site(report, json_array_get(paths, (size_t)path), kind_of(text(advice, "kind")));
    }
    json_array_foreach(json_object_get(root, "by_time"), i, index)
    {
        add_site(report, json_array_get(paths, (size_t)json_integer_value(index)),
                 ADVISE_SITE_BUSY);
    }
}
