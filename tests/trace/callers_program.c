/* SPDX-License-Identifier: MIT */
/*
 * Call paths that callers.py knows. Everything is asked for by functions of their own that are
 * inlined nowhere; each call's result is used after it, so no call is a jump.
 *   callers_program PART ROUNDS [fork|kill]
 * prints the bytes asked for by the path in question, and the calls. Does it twice, in a child too,
 * or kills itself in the end.
 */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../support/apart.h"

enum { LOOP_BYTES = 4992, ABOVE_BYTES = 5000, REMOTE_BYTES = 700, DEEP_BYTES = 320, KEPT = 4096 };

static void *volatile touched;
static uint64_t bytes_asked, calls_made;

static APART void *ask(size_t bytes)
{
    void *block = malloc(bytes);
    touched = block;
    bytes_asked += bytes;
    calls_made++;
    return block;
}

/* One size, allocated and freed in a loop. */
static APART void loop_body(void)
{
    void *block = ask(LOOP_BYTES);
    memset(block, 1, 64);
    free(block);
    touched = NULL;
}

static APART void run_loop(long rounds)
{
    for (long i = 0; i < rounds; i++)
        loop_body();
    touched = NULL;
}

/* A vector that grows by realloc, a little each time. */
static APART void vector_push(char **items, size_t *capacity)
{
    *capacity += 512;
    *items = realloc(*items, *capacity);
    bytes_asked += *capacity;
    calls_made++;
    touched = *items;
}

static APART void run_vector(long rounds)
{
    for (long i = 0; i < rounds; i++) {
        char *items = NULL;
        size_t capacity = 0;
        for (int push = 0; push < 40; push++)
            vector_push(&items, &capacity);
        free(items);
    }
    touched = NULL;
}

/* One thread allocates, another frees. */
static void *mailbox;
static sem_t is_full, is_empty;

static APART void *consume(void *rounds)
{
    for (long i = 0; i < (long)(intptr_t)rounds; i++) {
        sem_wait(&is_full);
        free(mailbox);
        sem_post(&is_empty);
    }
    return NULL;
}

static APART void produce(void)
{
    void *block = ask(REMOTE_BYTES);
    sem_wait(&is_empty);
    mailbox = block;
    sem_post(&is_full);
}

static APART void run_remote(long rounds)
{
    pthread_t consumer;
    sem_init(&is_full, 0, 0);
    sem_init(&is_empty, 0, 1);
    pthread_create(&consumer, NULL, consume, (void *)(intptr_t)rounds);
    for (long i = 0; i < rounds; i++)
        produce();
    pthread_join(consumer, NULL);
}

/* Blocks of several sizes that live long: nothing to advise. Or all just above a class. */
static void *kept[KEPT];

static APART void keep(long i, size_t bytes)
{
    free(kept[i % KEPT]);
    kept[i % KEPT] = ask(bytes);
}

static APART void run_kept(long rounds)
{
    for (long i = 0; i < rounds; i++)
        keep(i, (size_t)(64 + i % 7 * 64));
    touched = NULL;
}

static APART void run_above(long rounds)
{
    for (long i = 0; i < rounds; i++)
        keep(i, ABOVE_BYTES);
    touched = NULL;
}

/* The C library asks for the memory, and is a part of the path. */
static APART void copy_text(void)
{
    static char text[2000];
    memset(text, 'x', sizeof text - 1);
    touched = strdup(text);
    bytes_asked += sizeof text;
    calls_made++;
    free(touched);
}

static APART void run_copies(long rounds)
{
    for (long i = 0; i < rounds; i++)
        copy_text();
    touched = NULL;
}

/* Deeper than the copy of a stack. */
static APART void descend(int depth, long i)
{
    volatile char room[200];
    room[0] = (char)depth;
    if (depth > 0)
        descend(depth - 1, i);
    else
        keep(i, DEEP_BYTES);
    touched = (void *)(uintptr_t)room[0];
}

static APART void run_deep(long rounds)
{
    for (long i = 0; i < rounds; i++)
        descend((int)(i % 100), i);
    touched = NULL;
}

static void run_part(const char *name, long rounds)
{
    static const struct {
        const char *name;
        void (*run)(long rounds);
    } parts[] = {{"loop", run_loop},     {"vector", run_vector}, {"remote", run_remote},
                 {"copies", run_copies}, {"kept", run_kept},     {"above", run_above},
                 {"deep", run_deep}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strcmp(name, parts[i].name) == 0)
            parts[i].run(rounds);
    }
}

int main(int argc, char **argv)
{
    const char *how = argc > 3 ? argv[3] : "";
    if (argc < 3)
        return 2;
    touched = malloc(16); /* so that a child takes over what was begun */
    free(touched);
    pid_t child = strcmp(how, "fork") == 0 ? fork() : -1;
    run_part(argv[1], atol(argv[2]));
    if (child == 0)
        _exit(0);
    if (child > 0)
        waitpid(child, NULL, 0);
    printf("%ju %ju\n", (uintmax_t)bytes_asked, (uintmax_t)calls_made);
    if (fflush(stdout) == 0 && strcmp(how, "kill") == 0)
        kill(getpid(), SIGKILL);
    return 0;
}
