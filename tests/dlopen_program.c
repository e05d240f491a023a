/* SPDX-License-Identifier: MIT */
/* Loads the library into a program that runs on another malloc: it works, or fails with a message.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    void *before = malloc(100);
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        printf("refused: %s\n", dlerror());
        return 0;
    }
    void *(*its_malloc)(size_t) = dlsym(library, "malloc");
    void (*its_free)(void *) = dlsym(library, "free");
    for (int i = 0; i < 10000; i++) {
        char *p = its_malloc((size_t)i * 7 + 1);
        if (!p)
            return 1;
        memset(p, 1, (size_t)i * 7 + 1);
        its_free(p);
    }
    free(before);
    free(malloc(1000));
    puts("loaded, and used beside the program's own malloc");
    return dlclose(library);
}
