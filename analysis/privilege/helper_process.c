/* SPDX-License-Identifier: MIT */
#include "helper_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SOCKET = 0, KEPT = 1 }; /* descriptors in the helper */

static void close_from(int first)
{
    if (syscall(SYS_close_range, (unsigned)first, ~0u, 0) == 0)
        return;
    for (int i = first, end = getdtablesize(); i < end; i++)
        close(i);
}

/* The two go above all places they are moved to, so that none overwrites the other. */
static void keep_two(int socket, int keep)
{
    int high_socket = fcntl(socket, F_DUPFD, 10),
        high_keep = keep < 0 ? -1 : fcntl(keep, F_DUPFD, 10);
    dup2(high_socket, SOCKET);
    if (high_keep >= 0)
        dup2(high_keep, KEPT);
    close_from(high_keep >= 0 ? KEPT + 1 : SOCKET + 1);
}

void helper_process_end_with_parent(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static _Noreturn void be_the_helper(const char *name, int socket, int keep,
                                    void (*serve)(void *, int), void *context)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    prctl(PR_SET_NAME, name);
    helper_process_end_with_parent();
    keep_two(socket, keep);
    serve(context, SOCKET);
    _exit(0);
}

int helper_process_start(struct helper_process *helper, const char *name, int keep,
                         void (*serve)(void *context, int socket), void *context)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0)
        be_the_helper(name, ends[1], keep, serve, context);
    int error = errno;
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        errno = error;
        return -1;
    }
    *helper = (struct helper_process){pid, ends[0]};
    return 0;
}

int helper_process_end(struct helper_process *helper)
{
    int status = 0;
    if (!helper->pid)
        return 0;
    kill(helper->pid, SIGKILL);
    close(helper->socket);
    while (waitpid(helper->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    *helper = (struct helper_process){0};
    return status;
}
