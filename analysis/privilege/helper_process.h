/* SPDX-License-Identifier: MIT */
/*
 * A process of ours that answers messages on a socket, and has nothing else open. It ends when its
 * parent does, ignores what keys on the terminal send, and leaves no core.
 */
#ifndef ANALYSIS_HELPER_PROCESS_H
#define ANALYSIS_HELPER_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

struct helper_process {
    pid_t pid;  /* 0: there is none */
    int socket; /* SOCK_SEQPACKET */
};

/* Forks; the new process calls `serve(context, socket)`, where `keep` (-1: none) is open too, and
 * ends when that returns. `name` is what ps shows. -1 with errno. */
int helper_process_start(struct helper_process *helper, const char *name, int keep,
                         void (*serve)(void *context, int socket), void *context);

/* To be called in the helper when its identity has changed, which takes the tie to its parent. */
void helper_process_end_with_parent(void);

/* Ends it and gives what waitpid told; 0 where there was none. One that has ended by itself, which
 * its closed socket shows, is told by that end; any other is killed, it might not want to. */
int helper_process_end(struct helper_process *helper);

#endif
