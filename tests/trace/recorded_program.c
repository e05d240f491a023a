/* SPDX-License-Identifier: MIT */
/*
 * A program whose memory operations are known by their sizes, which nothing else asks for. It
 * prints nothing: printing allocates. record_replay.py knows the sizes and how often each comes.
 *   recorded_program exit|_exit|kill|exec|fork|vfork|many
 */
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 3, ROUNDS = 200, SWAPS = 4000, SLOTS = 1, MANY = 400000 };

struct post {
    void *to_thread[ROUNDS], *to_main[ROUNDS], *grows[ROUNDS];
};

/* Asked for in vain; not known to the compiler, which would warn of it. */
static volatile size_t too_much = SIZE_MAX / 2;

static void *slots[SLOTS];
static pthread_key_t at_end;
static void *early;

__attribute__((constructor)) static void start_early(void)
{
    early = malloc(5035);
}

static void own_blocks(void)
{
    void *block;
    free(malloc(5001));
    free(calloc(1, 5003));
    if (posix_memalign(&block, 64, 5005) == 0)
        free(block);
    free(aligned_alloc(128, 5120));
    free(memalign(256, 5007));
    free(valloc(5009));
    block = realloc(malloc(5011), 5013);
    free(reallocarray(block, 5, 1003));
    block = realloc(NULL, 5017);
    block = realloc(block, 0);
    free(block);
    block = malloc(5019);
    if (malloc(too_much) || realloc(block, too_much) || calloc(too_much, 3))
        abort();
    free(block);
}

/* One thread frees what another one is about to be given again. */
static void swap_blocks(void)
{
    for (int i = 0; i < SWAPS; i++)
        free(__atomic_exchange_n(&slots[i % SLOTS], malloc(5039), __ATOMIC_ACQ_REL));
}

static void *work(void *argument)
{
    struct post *post = argument;
    pthread_setspecific(at_end, malloc(5029));
    for (int i = 0; i < ROUNDS; i++) {
        own_blocks();
        free(post->to_thread[i]);
        post->to_main[i] = malloc(5023);
        post->grows[i] = realloc(post->grows[i], 5027);
    }
    swap_blocks();
    return NULL;
}

static void run_threads(void)
{
    static struct post posts[THREADS];
    pthread_t threads[THREADS];
    pthread_key_create(&at_end, free);
    for (int t = 0; t < THREADS; t++) {
        for (int i = 0; i < ROUNDS; i++) {
            posts[t].to_thread[i] = malloc(5021);
            posts[t].grows[i] = malloc(5025);
        }
        if (pthread_create(&threads[t], NULL, work, &posts[t]) != 0)
            abort();
    }
    for (int t = 0; t < THREADS; t++) {
        pthread_join(threads[t], NULL);
        for (int i = 0; i < ROUNDS; i++) {
            free(posts[t].to_main[i]);
            free(posts[t].grows[i]);
        }
    }
    for (int i = 0; i < SLOTS; i++)
        free(slots[i]);
}

/* The child does the most, and frees what is its parent's. */
static void run_fork(void)
{
    void *of_parent = malloc(5033);
    pid_t child = fork();
    if (child == 0) {
        free(of_parent);
        for (int i = 0; i < 200 * ROUNDS; i++)
            free(malloc(5031));
        _exit(0);
    }
    waitpid(child, NULL, 0);
    free(of_parent);
}

static void run_vfork(void)
{
    pid_t child = vfork();
    if (child == 0)
        _exit(0);
    waitpid(child, NULL, 0);
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "exit";
    free(early);
    run_threads();
    if (strcmp(mode, "_exit") == 0)
        _exit(3);
    if (strcmp(mode, "kill") == 0)
        raise(SIGKILL);
    if (strcmp(mode, "exec") == 0)
        execl(argv[0], argv[0], "exit", (char *)NULL);
    if (strcmp(mode, "fork") == 0)
        run_fork();
    if (strcmp(mode, "vfork") == 0)
        run_vfork();
    for (int i = 0; i < MANY && strcmp(mode, "many") == 0; i++)
        free(malloc(5037));
    return 0;
}
