/* SPDX-License-Identifier: MIT */
/* A plugin that allocates, and may have been linked with an allocator of its own. */
#include <stdlib.h>
#include <string.h>

void *plugin_allocate(size_t bytes);
void plugin_free(void *block);
int plugin_work(void);

void *plugin_allocate(size_t bytes)
{
    return malloc(bytes);
}

void plugin_free(void *block)
{
    free(block);
}

int plugin_work(void)
{
    for (size_t i = 1; i < 20000; i++) {
        char *block = malloc(i * 5);
        if (!block)
            return 0;
        memset(block, 1, i * 5);
        block = realloc(block, i * 10);
        if (!block || block[i * 5 - 1] != 1)
            return 0;
        free(block);
    }
    return 1;
}
