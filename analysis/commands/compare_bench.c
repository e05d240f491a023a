/* SPDX-License-Identifier: MIT */
#include "compare_bench.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/own_folder.h"
#include "commands.h"

int compare_bench_file(const char *name, char path[PATH_MAX])
{
    char found[PATH_MAX];
    const char *named = getenv("HAKMEM_BENCH");
    if (named && *named) {
        if (snprintf(path, PATH_MAX, "%s/%s", named, name) < PATH_MAX)
            return 0;
        complain("HAKMEM_BENCH: the path is too long");
        return EXIT_USAGE;
    }
    own_file("../bench", "hakmem/bench", name, found);
    if (!realpath(found, path))
        strcpy(path, found);
    return 0;
}
