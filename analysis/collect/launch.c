/* SPDX-License-Identifier: MIT */
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "monitor.h"

/* Signals that would end this process and lose the report; and the child's end. */
static void watched_signals(sigset_t *set)
{
    static const int passed_on[] = {SIGINT,  SIGQUIT, SIGTERM, SIGHUP, SIGUSR1,
                                    SIGUSR2, SIGALRM, SIGCONT, SIGCHLD};
    sigemptyset(set);
    for (size_t i = 0; i < sizeof passed_on / sizeof passed_on[0]; i++)
        sigaddset(set, passed_on[i]);
}

static int watch_signals(struct launch *launch)
{
    sigset_t set;
    struct sigaction plain = {.sa_handler = SIG_DFL};
    watched_signals(&set);
    sigaction(SIGCHLD, &plain, &launch->child_before); /* ignored, it would take the exit status */
    sigprocmask(SIG_BLOCK, &set, &launch->mask_before);
    launch->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return launch->signals < 0 ? -1 : 0;
}

static _Noreturn void be_the_command(const struct launch *launch, int go, int refused,
                                     char *const *arguments, char *const *environment)
{
    char byte;
    sigaction(SIGCHLD, &launch->child_before, NULL);
    sigprocmask(SIG_SETMASK, &launch->mask_before, NULL);
    while (read(go, &byte, 1) != 1) {
        if (errno != EINTR)
            _exit(125); /* the parent is gone */
        errno = 0;
    }
    execvpe(arguments[0], arguments, environment);
    int error = errno;
    while (write(refused, &error, sizeof error) < 0 && errno == EINTR)
        continue;
    _exit(error == ENOENT ? 127 : 126);
}

int launch_prepare(struct launch *launch, char *const *arguments, char *const *environment)
{
    int go[2], refused[2];
    if (pipe2(go, O_CLOEXEC) != 0)
        return -1;
    if (pipe2(refused, O_CLOEXEC) != 0 || watch_signals(launch) != 0)
        return -1;
    launch->pid = fork();
    if (launch->pid < 0)
        return -1;
    if (launch->pid == 0) {
        close(go[1]);
        errno = 0;
        be_the_command(launch, go[0], refused[1], arguments, environment);
    }
    close(go[0]);
    close(refused[1]);
    launch->go = go[1];
    launch->refused = refused[0];
    return 0;
}

int launch_go(struct launch *launch)
{
    int error = 0;
    ssize_t got;
    launch->start = clock_seconds();
    if (write(launch->go, "", 1) != 1)
        error = errno;
    close(launch->go);
    do
        got = read(launch->refused, &error, sizeof error);
    while (got < 0 && errno == EINTR);
    close(launch->refused);
    if (error)
        waitpid(launch->pid, NULL, 0);
    return error;
}

void launch_abandon(struct launch *launch)
{
    close(launch->go);
    close(launch->refused);
    waitpid(launch->pid, NULL, 0);
}

static bool asks_to_end(int signal)
{
    return signal == SIGINT || signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT;
}

/* A code above 0 is the kernel's: a key on the terminal, which the command has got too. */
static void take_signals(struct launch *launch, bool passing_on)
{
    struct signalfd_siginfo signal;
    while (read(launch->signals, &signal, sizeof signal) == (ssize_t)sizeof signal) {
        if (asks_to_end((int)signal.ssi_signo))
            launch->taken = (int)signal.ssi_signo;
        if (passing_on && signal.ssi_signo != SIGCHLD && signal.ssi_code <= 0)
            monitor_signal(launch->pid, (int)signal.ssi_signo);
    }
}

static bool has_ended(const struct launch *launch, struct launch_end *end)
{
    pid_t pid;
    do
        pid = wait4(launch->pid, &end->status, WNOHANG, &end->usage);
    while (pid < 0 && errno == EINTR);
    return pid == launch->pid;
}

void launch_wait(struct launch *launch, int (*tick)(void *), void *context, struct launch_end *end)
{
    double due = launch->start;
    for (;;) {
        if (has_ended(launch, end))
            break;
        double left = due - clock_seconds();
        struct pollfd signals = {.fd = launch->signals, .events = POLLIN};
        if (left > 0 && poll(&signals, 1, (int)(left * 1e3) + 1) > 0)
            take_signals(launch, true);
        if (clock_seconds() >= due) {
            int interval = tick(context);
            due = clock_seconds() + interval * 1e-3;
        }
    }
    end->seconds = clock_seconds() - launch->start;
    take_signals(launch, false); /* those that came with its end */
}

void launch_finish(struct launch *launch)
{
    close(launch->signals);
    sigprocmask(SIG_SETMASK, &launch->mask_before, NULL);
    sigaction(SIGCHLD, &launch->child_before, NULL);
}

int launch_exit_code(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
