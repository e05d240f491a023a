/* SPDX-License-Identifier: MIT */
#include "source_name.h"

#include <string.h>

static bool is_system_file(const char *file)
{
    return strncmp(file, "/usr/include/", 13) == 0 || strncmp(file, "/usr/lib/", 9) == 0 ||
           strncmp(file, "/usr/lib64/", 11) == 0 || file[0] == '<';
}

/* The start of the path component that ends just before `end`. */
static const char *component_before(const char *path, const char *end)
{
    while (end > path && end[-1] != '/')
        end--;
    return end;
}

static bool component_is(const char *start, const char *end, const char *text)
{
    size_t length = strlen(text);
    return (size_t)(end - start) == length && memcmp(start, text, length) == 0;
}

static bool copy(char *name, size_t bytes, const char *start, const char *end)
{
    size_t length = (size_t)(end - start);
    if (length == 0 || bytes == 0)
        return false;
    if (length >= bytes)
        length = bytes - 1;
    memcpy(name, start, length);
    name[length] = '\0';
    return true;
}

bool source_name_of(const char *file, char *name, size_t bytes, bool *is_factor)
{
    *is_factor = false;
    if (!file || is_system_file(file))
        return false;

    const char *end = file + strlen(file);
    const char *base = component_before(file, end);
    if (base - file >= 2) {
        const char *folder = component_before(file, base - 1);
        if (folder - file >= 2) {
            const char *above = component_before(file, folder - 1);
            if (component_is(above, folder - 1, "factors")) {
                *is_factor = true;
                return copy(name, bytes, folder, base - 1);
            }
        }
    }
    const char *dot = strrchr(base, '.');
    return copy(name, bytes, base, dot && dot > base ? dot : end);
}
