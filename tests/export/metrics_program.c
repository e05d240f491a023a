/* SPDX-License-Identifier: MIT */
/*
 * Makes a known number of calls, and ends in a known way. Two runs with other numbers differ by
 * these alone.
 *
 *     metrics_program N [fork | raw | wait | closed | large | name NAME]
 *
 * N times malloc(100) and free, N times malloc(1000), calloc(1, 40); fork: a child makes N more of
 * malloc(1000) and ends before the program; raw: ends by _exit; wait: says a line and waits until
 * its standard input is closed; closed: ends with standard error closed; large: has a large and a
 * huge block; name: calls itself NAME.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void make(long count)
{
    for (long i = 0; i < count; i++) {
        *(volatile char *)malloc(1000) = 1;
    }
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 0;
    const char *how = argc > 2 ? argv[2] : "";
    for (long i = 0; i < count; i++) {
        char *volatile block = malloc(100);
        free(block);
        *(volatile char *)calloc(1, 40) = 1;
    }
    make(count);
    if (strcmp(how, "fork") == 0) {
        pid_t child = fork();
        if (child == 0) {
            make(count);
            exit(0);
        }
        waitpid(child, NULL, 0);
    } else if (strcmp(how, "raw") == 0) {
        _exit(0);
    } else if (strcmp(how, "wait") == 0) {
        char byte;
        if (write(STDOUT_FILENO, "ready\n", 6) != 6 || read(STDIN_FILENO, &byte, 1) != 0)
            return 1;
    } else if (strcmp(how, "closed") == 0) {
        close(STDERR_FILENO);
    } else if (strcmp(how, "large") == 0) {
        *(volatile char *)malloc(200000) = *(volatile char *)malloc((size_t)1 << 30) = 1;
    } else if (strcmp(how, "name") == 0 && argc > 3) {
        prctl(PR_SET_NAME, argv[3]);
    }
    return 0;
}
