/* SPDX-License-Identifier: MIT */
#include "environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool set(struct environment *environment, const char *name, const char *value)
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

bool environment_make(struct environment *environment, const struct allocator *allocator,
                      const char *folder)
{
    size_t count = 0;
    while (environ[count])
        count++;
    *environment = (struct environment){.list = calloc(count + 3, sizeof(char *)), .count = count};
    if (!environment->list)
        return false;
    memcpy(environment->list, environ, count * sizeof(char *));
    if (!set(environment, "HAKMEM_COUNTERS_DIR", folder))
        return false;
    if (!allocator->preload)
        return true;
    char *value = allocator_preload(allocator, folder, getenv("LD_PRELOAD"));
    bool done = set(environment, "LD_PRELOAD", value);
    free(value);
    return done;
}
