/* SPDX-License-Identifier: MIT */
#include "setting.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool setting_text(const char *path, char *text, size_t bytes)
{
    FILE *file = fopen(path, "re");
    text[0] = '\0';
    if (!file)
        return false;
    bool done = fgets(text, (int)bytes, file) != NULL;
    fclose(file);
    text[strcspn(text, "\n")] = '\0';
    return done;
}

bool setting_number(const char *path, long long *value)
{
    char text[64], *end;
    if (!setting_text(path, text, sizeof text))
        return false;
    *value = strtoll(text, &end, 10);
    return end != text;
}

bool setting_choice(const char *path, char *text, size_t bytes)
{
    if (!setting_text(path, text, bytes))
        return false;
    char *open = strchr(text, '['), *close = open ? strchr(open, ']') : NULL;
    if (close) {
        *close = '\0';
        memmove(text, open + 1, (size_t)(close - open));
    }
    return true;
}

bool setting_of_process(const char *name, char *text, size_t bytes)
{
    char line[256];
    FILE *file = fopen("/proc/self/status", "re");
    bool found = false;
    text[0] = '\0';
    while (file && !found && fgets(line, sizeof line, file)) {
        found = strncmp(line, name, strlen(name)) == 0;
        if (found) {
            const char *value = line + strlen(name) + strspn(line + strlen(name), " \t");
            snprintf(text, bytes, "%.*s", (int)strcspn(value, "\n"), value);
        }
    }
    if (file)
        fclose(file);
    return found;
}

bool setting_has_capability(const char *set, unsigned capability)
{
    char text[64];
    return setting_of_process(set, text, sizeof text) && strtoull(text, NULL, 16) >> capability & 1;
}

const char *setting_own_path(void)
{
    static char path[PATH_MAX];
    return realpath("/proc/self/exe", path) ? path : "hakmem-trace";
}
