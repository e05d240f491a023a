/* SPDX-License-Identifier: MIT */
/*
 * A program with a mistake for each sanitizer to find, or none.
 *
 *     sanitized none|overrun|after-free|leak|race|undefined|unwritten
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int shared;

static void *hidden(void *pointer)
{
    __asm__ volatile("" : "+r"(pointer));
    return pointer;
}

static void *count(void *unused)
{
    for (int i = 0; i < 100000; i++)
        shared++;
    return unused;
}

/* Right: every block is written before it is read, by one thread at a time. */
static void *work(void *unused)
{
    for (size_t i = 1; i < 3000; i++) {
        char *block = malloc(i);
        memset(block, 1, i);
        block = realloc(block, i * 3);
        free(strdup("a copy"));
        free(block);
    }
    return unused;
}

static void in_threads(void *(*body)(void *))
{
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, body, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
    const char *mistake = argc == 2 ? argv[1] : "none";
    volatile char *block = hidden(malloc(100));
    if (strcmp(mistake, "overrun") == 0) {
        block[100] = 1;
    } else if (strcmp(mistake, "after-free") == 0) {
        free((void *)block);
        block[0] = 1;
        return 0;
    } else if (strcmp(mistake, "leak") == 0) {
        memset(hidden(malloc(1000)), 1, 1000);
    } else if (strcmp(mistake, "race") == 0) {
        in_threads(count);
    } else if (strcmp(mistake, "undefined") == 0) {
        int *far = hidden(&(int){0x7fffffff});
        printf("%d\n", *far + 1);
    } else if (strcmp(mistake, "unwritten") == 0) {
        if (block[10] == 3)
            puts("three");
    }
    in_threads(work);
    free((void *)block);
    puts("worked");
    return 0;
}
