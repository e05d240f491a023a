/* SPDX-License-Identifier: MIT */
#include "child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long milliseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads until the other end closes or the time is over. */
static void read_text(int fd, struct child_end *end, long deadline)
{
    char rest[512];
    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        long left = deadline - milliseconds_now();
        if (left <= 0)
            break;
        if (poll(&ready, 1, (int)left) <= 0)
            continue;
        size_t room = sizeof end->text - 1 - end->length;
        ssize_t n =
            room > 0 ? read(fd, end->text + end->length, room) : read(fd, rest, sizeof rest);
        if (n <= 0)
            break;
        if (room > 0)
            end->length += (size_t)n;
    }
    end->text[end->length] = 0;
}

static void reap(pid_t pid, struct child_end *end, long deadline)
{
    int status;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (milliseconds_now() < deadline) {
            usleep(200);
            continue;
        }
        end->timed_out = true;
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        break;
    }
    end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    end->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* qemu-user tells of a guest's death on the guest's own standard error. */
static void cut_emulator_line(struct child_end *end)
{
    char *line = strstr(end->text, "\nqemu: uncaught target signal");
    if (line) {
        line[1] = 0;
        end->length = (size_t)(line + 1 - end->text);
    }
}

static void no_core_dump(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}

struct child_end child_run(void (*body)(void *), void *argument, unsigned seconds)
{
    struct child_end end = {.exit_status = -1};
    long deadline = milliseconds_now() + 1000L * seconds;
    int ends[2];
    if (pipe(ends) != 0)
        return end;
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        dup2(ends[1], STDERR_FILENO);
        close(ends[1]);
        no_core_dump();
        body(argument);
        _exit(0);
    }
    close(ends[1]);
    if (pid > 0) {
        read_text(ends[0], &end, deadline);
        reap(pid, &end, deadline);
        if (getenv("HAKMEM_TEST_RUNNER"))
            cut_emulator_line(&end);
    }
    close(ends[0]);
    return end;
}

/* A program of another processor's is started by HAKMEM_TEST_RUNNER, a program of this one's. */
static _Noreturn void start(char *const *arguments, char *const *environment)
{
    const char *runner = getenv("HAKMEM_TEST_RUNNER");
    char *with_runner[16] = {(char *)runner};
    if (!runner || arguments[0][0] != '/' || strncmp(arguments[0], "/bin/", 5) == 0)
        execve(arguments[0], arguments, environment);
    for (int i = 0; i < 14 && arguments[i]; i++)
        with_runner[i + 1] = arguments[i];
    execve(runner, with_runner, environment);
    _exit(127);
}

struct child_end child_start(char *const *arguments, char *const *environment, unsigned seconds)
{
    struct child_end end = {.exit_status = -1};
    long deadline = milliseconds_now() + 1000L * seconds;
    int ends[2];
    if (pipe(ends) != 0)
        return end;
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        dup2(ends[1], STDOUT_FILENO);
        close(ends[1]);
        start(arguments, environment);
    }
    close(ends[1]);
    if (pid > 0) {
        read_text(ends[0], &end, deadline);
        reap(pid, &end, deadline);
    }
    close(ends[0]);
    return end;
}

bool child_accused(const struct child_end *end, const void *pointer)
{
    char name[32];
    snprintf(name, sizeof name, "pointer %p", pointer);
    const char *line_end = strchr(end->text, '\n');
    const char *found = strstr(end->text, name);
    /* The number must end where the name ends: 0x10 is not named by 0x100. */
    bool named = found && !strchr("0123456789abcdef", found[strlen(name)]);
    return !end->timed_out && end->signal == SIGABRT && strncmp(end->text, "hakmem: ", 8) == 0 &&
           line_end && line_end[1] == 0 && named;
}

/* sigabbrev_np, which not every C library has. */
static const char *signal_name(int signal)
{
    switch (signal) {
    case SIGABRT:
        return "ABRT";
    case SIGALRM:
        return "ALRM";
    case SIGBUS:
        return "BUS";
    case SIGKILL:
        return "KILL";
    case SIGSEGV:
        return "SEGV";
    default:
        return strsignal(signal);
    }
}

const char *child_describe(const struct child_end *end)
{
    static char line[256];
    if (end->timed_out)
        return "timed out";
    if (end->signal)
        snprintf(line, sizeof line, "SIG%s: %.200s", signal_name(end->signal),
                 end->length ? end->text : "(silent)");
    else
        snprintf(line, sizeof line, "exit %d: %.200s", end->exit_status,
                 end->length ? end->text : "(silent)");
    for (char *c = line; *c; c++)
        if (*c == '\n')
            *c = c[1] ? '|' : 0;
    return line;
}

bool child_wait_clean(int pid, unsigned seconds)
{
    struct child_end end = {.exit_status = -1};
    if (pid <= 0)
        return false;
    reap(pid, &end, milliseconds_now() + 1000L * seconds);
    return !end.timed_out && end.exit_status == 0;
}
