/* SPDX-License-Identifier: MIT */
#include "html_colour.h"

#include <string.h>

struct colour {
    const char *name, *class;
};

static const struct colour sources[] = {
    {"application", "c-application"},
    {"header", "c-header"},
    {"cache", "c-cache"},
    {"metadata", "c-metadata"},
    {"classify", "c-classify"},
    {"freelist", "c-freelist"},
    {"check", "c-check"},
    {"entry", "c-entry"},
    {"counting", "c-counting"},
    {"slow_path", "c-slow"},
    {"lock", "c-lock"},
    {"unknown", "c-unknown"},
    {"kernel: page faults", "c-faults"},
    {"kernel: system calls", "c-calls"},
    {"kernel: other", "c-kernel"},
    {"kernel: application", "c-kernel"},
    {"kernel", "c-kernel"},
    {"fast_path", "c-entry"},
    {"refill", "c-file-0"},
    {"heap", "c-file-1"},
    {"slab", "c-file-2"},
    {"arena", "c-file-3"},
};

static const struct colour allocators[] = {
    {"hakmem", "c-1"},   {"glibc", "c-0"},    {"mimalloc", "c-2"}, {"jemalloc", "c-3"},
    {"tcmalloc", "c-4"}, {"rpmalloc", "c-5"}, {"snmalloc", "c-6"}, {"musl", "c-7"},
};

static const char *const files[] = {"c-file-0", "c-file-1", "c-file-2", "c-file-3"};
static const char *const series[] = {"c-1", "c-2", "c-3", "c-4", "c-5", "c-6", "c-7", "c-0"};

/* Spread evenly enough over few classes. */
static size_t sum_of(const char *name)
{
    size_t sum = 5381;
    for (; *name; name++)
        sum = 33 * sum + (unsigned char)*name;
    return sum;
}

const char *html_source_class(const char *name)
{
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        if (strcmp(name, sources[i].name) == 0)
            return sources[i].class;
    }
    return files[sum_of(name) % (sizeof files / sizeof files[0])];
}

const char *html_allocator_class(const char *name)
{
    for (size_t i = 0; i < sizeof allocators / sizeof allocators[0]; i++) {
        if (strncmp(name, allocators[i].name, strlen(allocators[i].name)) == 0)
            return allocators[i].class;
    }
    return html_series_class(sum_of(name));
}

const char *html_series_class(size_t index)
{
    return series[index % (sizeof series / sizeof series[0])];
}
