/* SPDX-License-Identifier: MIT */
/*
 * malloc works before main: in a preloaded library's constructor, in this program's, in an IFUNC
 * resolver's time, in atfork handlers set there; and after main, in destructors.
 */
#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BLOCKS = 300 };

static char *early[BLOCKS];
static unsigned forks_seen;
static void *in_fork;

extern char **early_library_blocks(void);

static void before_fork(void)
{
    free(in_fork);
    in_fork = malloc(1234);
    forks_seen++;
}

static void fill(char **blocks)
{
    for (int i = 0; i < BLOCKS; i++) {
        size_t size = (size_t)i * i + 1;
        blocks[i] = i % 3 ? malloc(size) : i % 2 ? calloc(1, size) : aligned_alloc(64, size);
        if (blocks[i])
            memset(blocks[i], i, size);
    }
}

static bool is_whole(char **blocks)
{
    for (int i = 0; i < BLOCKS; i++) {
        size_t size = (size_t)i * i + 1;
        if (!blocks[i] || blocks[i][0] != (char)i || blocks[i][size - 1] != (char)i)
            return false;
    }
    return true;
}

__attribute__((constructor(101))) static void construct(void)
{
    pthread_atfork(before_fork, NULL, NULL);
    fill(early);
}

__attribute__((destructor(101))) static void destruct(void)
{
    char *blocks[BLOCKS];
    fill(blocks);
    if (!is_whole(blocks))
        _exit(9);
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
}

/* Chosen while the program is being relocated. */
static int answer(void)
{
    return 42;
}

__attribute__((used)) static int (*choose(void))(void)
{
    return answer;
}

int indirect_answer(void) __attribute__((ifunc("choose")));

static void child(void *unused)
{
    (void)unused;
    fill(early);
    if (!is_whole(early) || forks_seen == 0)
        _exit(3);
    exit(0);
}

int main(void)
{
    under_hakmem();
    promise(is_whole(early), "blocks of this program's constructor are whole");
    promise(is_whole(early_library_blocks()), "blocks of a library's constructor are whole");
    promise(indirect_answer() == 42, "indirect functions resolve");
    for (int i = 0; i < BLOCKS; i++)
        free(early[i]);
    for (int i = 0; i < BLOCKS; i++)
        free(early_library_blocks()[i]);
    struct child_end end = child_run(child, NULL, 20);
    promise(end.exit_status == 0,
            "a child through atfork handlers of a constructor, and its destructors: %s",
            child_describe(&end));
    return promises_end();
}
