/* SPDX-License-Identifier: MIT */
#include "collapsed.h"

#include <inttypes.h>

#include "clean_text.h"

struct line {
    FILE *stream;
    const char *between;
};

static void print_function(void *context, const struct stacks_line *of)
{
    struct line *line = context;
    char name[CLEAN_TEXT_BYTES];
    fprintf(line->stream, "%s%s", line->between, clean_text(of->function, ";", name));
    line->between = ";";
}

int collapsed_print(const struct stacks *stacks, size_t type, FILE *stream)
{
    for (size_t i = 0; i < stacks->path_count; i++) {
        const struct stacks_path *path = &stacks->paths[i];
        struct line line = {stream, ""};
        if (path->values[type] <= 0)
            continue;
        stacks_walk(stacks, path, print_function, &line);
        fprintf(stream, " %" PRId64 "\n", path->values[type]);
    }
    return ferror(stream) ? -1 : 0;
}
