/* SPDX-License-Identifier: MIT */
/*
 * A known number of operations in the program and in its threads and children.
 *
 *     churn ROUNDS             that many malloc and free pairs, in each of four places:
 *                              the program, a thread, a forked child, and the child's thread
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static long rounds;

static void *churn(void *unused)
{
    for (long i = 0; i < rounds; i++) {
        void *volatile block = malloc((size_t)(i & 511) + 1);
        free(block);
    }
    return unused;
}

static int churn_twice(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, churn, NULL) != 0)
        return 1;
    churn(NULL);
    return pthread_join(thread, NULL) != 0;
}

int main(int argc, char **argv)
{
    int status = 0;
    rounds = argc > 1 ? atol(argv[1]) : 100000;
    pid_t child = fork();
    if (child == 0)
        return churn_twice();
    if (child < 0 || churn_twice() != 0 || waitpid(child, &status, 0) != child)
        return 1;
    return status != 0;
}
