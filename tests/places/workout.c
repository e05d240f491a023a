/* SPDX-License-Identifier: MIT */
/*
 * A program as others are: it calls whatever allocates, in threads and children, and needs nothing
 * of this project. For places where the other tests can't go: linked in every way, with other C
 * libraries, under tools that watch.
 *
 *     workout               works; prints "worked" and ends with status 0
 *     workout free-twice    frees a block twice
 *     workout free-stack    frees what is no block
 *     workout free-inside   frees a pointer into a block
 *     workout lose N        loses N blocks of 1000 bytes, for leak checkers
 *     workout overrun       writes a byte behind a block, for memory checkers
 */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BLOCKS = 500, THREADS = 4, ROUNDS = 20 };

static void fail(const char *what)
{
    fprintf(stderr, "workout: %s\n", what);
    _exit(1);
}

static void *hidden(void *pointer)
{
    __asm__ volatile("" : "+r"(pointer));
    return pointer;
}

/* The block is of our own pattern, at an address of this alignment. */
static void *checked(void *block, size_t bytes, size_t alignment)
{
    if (!block)
        fail("no memory");
    if ((uintptr_t)block % alignment != 0)
        fail("a block is not aligned");
    if (malloc_usable_size(block) < bytes)
        fail("a block is too short");
    memset(block, (int)bytes, bytes);
    return block;
}

static size_t size_of(size_t i)
{
    return i % 50 == 0 ? i * 1000 + 1 : i * 7 + 1;
}

static void *churn(void *unused)
{
    unsigned char *blocks[BLOCKS];
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < BLOCKS; i++)
            blocks[i] = checked(malloc(size_of(i)), size_of(i), 8);
        for (size_t i = 0; i < BLOCKS; i++) {
            if (blocks[i][size_of(i) - 1] != (unsigned char)size_of(i))
                fail("a block was written over");
            blocks[i] = realloc(blocks[i], size_of(i) * 2);
            if (!blocks[i] || blocks[i][size_of(i) - 1] != (unsigned char)size_of(i))
                fail("realloc lost what was in a block");
        }
        for (size_t i = 0; i < BLOCKS; i++)
            free(blocks[i]);
    }
    return unused;
}

static void use_every_name(void)
{
    void *block = NULL;
    unsigned char *zero = calloc(100, 7);
    for (int i = 0; i < 700; i++)
        if (!zero || zero[i] != 0)
            fail("calloc gave no zeros");
    free(checked(zero, 700, 16));
    free(checked(reallocarray(NULL, 30, 40), 1200, 16));
    free(checked(aligned_alloc(256, 512), 512, 256));
    free(checked(memalign(4096, 100), 100, 4096));
    free(checked(valloc(100), 100, (size_t)getpagesize()));
    if (posix_memalign(&block, 128, 1000) != 0)
        fail("posix_memalign refuses");
    free(checked(block, 1000, 128));
    errno = 0;
    if (hidden(malloc((size_t)hidden((void *)(SIZE_MAX / 2 + 1)))) || errno != ENOMEM)
        fail("an absurd size was not refused");
    free(NULL);
}

/* Blocks that the C library allocates, or frees. */
static void use_the_library(void)
{
    char *line = NULL, *text = NULL;
    size_t room = 0, length = 0;
    free(strdup("a copy"));
    FILE *stream = open_memstream(&text, &length);
    for (int i = 0; stream && i < 10000; i++)
        fprintf(stream, "%d\n", i);
    if (!stream || fclose(stream) != 0)
        fail("a stream in memory failed");
    stream = fmemopen(text, length, "r");
    unsigned lines = 0;
    while (stream && getline(&line, &room, stream) > 0)
        lines++;
    if (lines != 10000 || fclose(stream) != 0)
        fail("a stream in memory was not read");
    free(line);
    free(text);
}

static void in_threads_and_a_child(void)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, churn, NULL) != 0)
            fail("no thread");
    pid_t pid = fork();
    if (pid == 0) {
        churn(NULL);
        _exit(0);
    }
    int status = 1;
    if (waitpid(pid, &status, 0) != pid || status != 0)
        fail("the child failed");
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static void misuse(const char *way)
{
    char on_stack[64];
    char *block = malloc(100);
    if (strcmp(way, "free-twice") == 0) {
        free(block);
        free(hidden(block));
    } else if (strcmp(way, "free-stack") == 0) {
        free(hidden(on_stack));
    } else if (strcmp(way, "free-inside") == 0) {
        free(hidden(block + 32));
    } else if (strcmp(way, "overrun") == 0) {
        ((volatile char *)hidden(block))[100] = 1;
    }
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "lose") == 0) {
        for (int i = atoi(argv[2]); i > 0; i--)
            memset(hidden(malloc(1000)), 1, 1000);
    } else if (argc == 2) {
        misuse(argv[1]);
    } else {
        use_every_name();
        use_the_library();
        churn(NULL);
        in_threads_and_a_child();
    }
    puts("worked");
    return 0;
}
