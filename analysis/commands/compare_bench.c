/* SPDX-License-Identifier: MIT */
#include "compare_bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "collect/own_folder.h"
#include "commands.h"

int compare_bench_file(const char *name, char path[PATH_MAX])
{
    char folder[PATH_MAX];
    const char *named = getenv("HAKMEM_BENCH");
    bool is_named = named && *named;
    int length = is_named ? snprintf(path, PATH_MAX, "%s/%s", named, name)
                 : own_folder(folder, sizeof folder)
                     ? snprintf(path, PATH_MAX, "%s/../bench/%s", folder, name)
                     : -1;
    if (length > 0 && length < PATH_MAX)
        return 0;
    complain("the workloads' folder can't be told; name it in HAKMEM_BENCH");
    return EXIT_TOOL_FAILED;
}
