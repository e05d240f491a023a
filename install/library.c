/* SPDX-License-Identifier: MIT */
#include "library.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/own_folder.h"

bool library_find(const char *soname, char path[PATH_MAX], char *why, size_t why_bytes)
{
    const char *named = soname ? NULL : secure_getenv("HAKMEM_LIBRARY");
    const char *file = soname ? soname : "libhakmem.so." HAKMEM_ABI;
    char found[PATH_MAX];
    if (named && *named) {
        if (realpath(named, path))
            return true;
        snprintf(why, why_bytes, "%s (named by HAKMEM_LIBRARY): %s", named, strerror(errno));
        return false;
    }
    if (own_file("../src", ".", file, found) && realpath(found, path))
        return true;
    snprintf(why, why_bytes, "%s not found beside this program nor in " HAKMEM_LIBRARY_FOLDER,
             file);
    return false;
}

/* "first:rest", in memory that the program's environment keeps. */
static bool put_before(const char *variable, const char *first, const char *rest)
{
    char *value = NULL;
    bool more = rest && *rest;
    bool done = asprintf(&value, "%s%s%s", first, more ? ":" : "", more ? rest : "") >= 0 &&
                setenv(variable, value, 1) == 0;
    free(value);
    return done;
}

/* A libhakmem that is in LD_PRELOAD already goes: two would both count and report. In place. */
static void drop_ours(char *list)
{
    char *to = list;
    for (char *item = list; *item;) {
        size_t length = strcspn(item, ": ");
        char *slash = memrchr(item, '/', length);
        const char *name = slash ? slash + 1 : item;
        bool more = item[length] != '\0';
        if (length > 0 && strncmp(name, "libhakmem.so", 12) != 0 &&
            strncmp(name, "libhakmem-", 10) != 0) {
            memmove(to, item, length + more);
            to += length + more;
        }
        item += length + more;
    }
    *to = '\0';
    if (to > list && strchr(": ", to[-1]))
        to[-1] = '\0';
}

/* LD_PRELOAD parts its list at blanks and colons: such a path goes by way of LD_LIBRARY_PATH, which
 * parts its own at colons and semicolons only. */
bool library_preload(char *path, char *why, size_t why_bytes)
{
    const char *set = getenv("LD_PRELOAD");
    char *before = strdup(set ? set : "");
    bool done = before;
    if (strpbrk(path, ":;")) {
        snprintf(why, why_bytes, "%s: the dynamic linker can't preload a path with ':' or ';'",
                 path);
        free(before);
        return false;
    }
    if (before)
        drop_ours(before);
    if (done && strchr(path, ' ')) {
        char *slash = strrchr(path, '/');
        *slash = '\0';
        done = put_before("LD_LIBRARY_PATH", path, getenv("LD_LIBRARY_PATH"));
        path = slash + 1;
    }
    done = done && put_before("LD_PRELOAD", path, before);
    free(before);
    if (!done)
        snprintf(why, why_bytes, "no memory for the environment");
    return done;
}
