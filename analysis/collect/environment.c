/* SPDX-License-Identifier: MIT */
#include "environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool environment_set(struct environment *environment, const char *name, const char *value)
{
    char **list = environment->list, *entry;
    size_t length = strlen(name), kept = 0;
    if (!value || asprintf(&entry, "%s=%s", name, value) < 0)
        return false;
    for (size_t i = 0; i < environment->count; i++) {
        if (strncmp(list[i], name, length) != 0 || list[i][length] != '=')
            list[kept++] = list[i];
    }
    list[kept++] = entry;
    list[kept] = NULL;
    environment->count = kept;
    environment->ours[environment->our_count++] = entry;
    return true;
}

void environment_free(struct environment *environment)
{
    for (size_t i = 0; i < environment->our_count; i++)
        free(environment->ours[i]);
    free(environment->list);
}

bool environment_copy(struct environment *environment)
{
    size_t count = 0;
    while (environ[count])
        count++;
    *environment = (struct environment){
        .list = calloc(count + 1 + ENVIRONMENT_OURS_MAX, sizeof(char *)), .count = count};
    if (environment->list)
        memcpy(environment->list, environ, count * sizeof(char *));
    return environment->list;
}

bool environment_preload(struct environment *environment, const struct allocator *allocator,
                         const char *folder, const char *before)
{
    char *value = allocator_preload(allocator, folder, before);
    bool done = environment_set(environment, "LD_PRELOAD", value);
    free(value);
    return done;
}

bool environment_make(struct environment *environment, const struct allocator *allocator,
                      const char *folder)
{
    if (!environment_copy(environment) ||
        !environment_set(environment, "HAKMEM_COUNTERS_DIR", folder))
        return false;
    return !allocator->preload ||
           environment_preload(environment, allocator, folder, getenv("LD_PRELOAD"));
}
