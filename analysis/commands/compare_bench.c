/* SPDX-License-Identifier: MIT */
#include "compare_bench.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/own_folder.h"
#include "commands.h"

static bool find_folder(char folder[PATH_MAX])
{
    char own[PATH_MAX - 16], beside[PATH_MAX];
    const char *named = getenv("HAKMEM_BENCH");
    if (named && *named)
        return snprintf(folder, PATH_MAX, "%s", named) < PATH_MAX;
    if (!own_folder(own, sizeof own))
        return false;
    snprintf(beside, sizeof beside, "%s/../bench", own);
    if (!realpath(beside, folder))
        strcpy(folder, beside);
    return true;
}

int compare_bench_file(const char *name, char path[PATH_MAX])
{
    char folder[PATH_MAX];
    if (find_folder(folder) && snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX)
        return 0;
    complain("the workloads' folder can't be told; name it in HAKMEM_BENCH");
    return EXIT_USAGE;
}
