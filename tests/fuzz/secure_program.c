/* SPDX-License-Identifier: MIT */
/* Allocates, and says whether it runs with more rights than its caller has, and which of our
 * libraries it has. It is linked to them: nothing is preloaded into a setuid program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

int main(void)
{
    char line[4352];
    void *blocks[100];
    for (int i = 0; i < 100; i++)
        blocks[i] = malloc(100);
    for (int i = 0; i < 100; i++)
        free(blocks[i]);
    printf("%s\n", getauxval(AT_SECURE) ? "secure" : "usual");
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps)) {
        const char *name = strstr(line, "/libhakmem");
        if (name && strstr(line, " r-xp "))
            fputs(name, stdout);
    }
    return 0;
}
