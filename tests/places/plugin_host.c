/* SPDX-License-Identifier: MIT */
/*
 * Loads the plugin and lets blocks cross between it and this program.
 *
 *     plugin_host PLUGIN work     each frees its own; says whose malloc the plugin has
 *     plugin_host PLUGIN take     this program frees a block of the plugin's
 *     plugin_host PLUGIN give     the plugin frees a block of this program's
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *find(void *plugin, const char *name)
{
    void *symbol = dlsym(plugin, name);
    if (!symbol) {
        fprintf(stderr, "plugin_host: %s\n", dlerror());
        exit(3);
    }
    return symbol;
}

int main(int argc, char **argv)
{
    void *plugin = argc == 3 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    if (!plugin) {
        fprintf(stderr, "plugin_host: refused: %s\n", argc == 3 ? dlerror() : "usage");
        return 3;
    }
    void *(*allocate)(size_t) = (void *(*)(size_t))find(plugin, "plugin_allocate");
    void (*plugin_free)(void *) = (void (*)(void *))find(plugin, "plugin_free");
    int (*work)(void) = (int (*)(void))find(plugin, "plugin_work");
    if (strcmp(argv[2], "take") == 0) {
        free(allocate(100));
    } else if (strcmp(argv[2], "give") == 0) {
        plugin_free(malloc(100));
    } else {
        if (!work())
            return 1;
        free(malloc(1000));
        plugin_free(allocate(100));
    }
    puts("worked");
    return 0;
}
