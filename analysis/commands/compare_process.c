/* SPDX-License-Identifier: MIT */
#include "compare_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collect/clock.h"

enum { TICK_MS = 500 };

/* What the child tells: when it executes the command, and then that it could not. */
struct message {
    double start;
    int error;
};

struct channels {
    int output[2], errors[2], told[2];
};

static bool capture_start(struct compare_capture *capture, size_t capacity)
{
    *capture = (struct compare_capture){.bytes = malloc(capacity + 1), .capacity = capacity};
    return capture->bytes;
}

static void capture_add(struct compare_capture *capture, const char *bytes, size_t count)
{
    if (count > capture->capacity) {
        bytes += count - capture->capacity;
        count = capture->capacity;
    }
    if (capture->used + count > capture->capacity) {
        size_t kept = (capture->capacity - count) / 2; /* half: not moved for every line */
        kept = kept < capture->used ? kept : capture->used;
        memmove(capture->bytes, capture->bytes + capture->used - kept, kept);
        capture->used = kept;
    }
    memcpy(capture->bytes + capture->used, bytes, count);
    capture->used += count;
    capture->bytes[capture->used] = '\0';
}

static void capture_clear(struct compare_capture *capture)
{
    capture->used = 0;
    capture->bytes[0] = '\0';
}

int compare_process_start(struct compare_process *process, int core)
{
    static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD};
    sigset_t set;
    size_t count = 0;
    while (environ[count])
        count++;
    *process = (struct compare_process){.core = core, .signals = -1, .patience_s = 1};
    process->environment = calloc(count + 3, sizeof(char *));
    if (!process->environment || !capture_start(&process->output, COMPARE_OUTPUT_BYTES) ||
        !capture_start(&process->tail, COMPARE_TAIL_BYTES))
        return -1;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++)
        sigaddset(&set, watched[i]);
    signal(SIGCHLD, SIG_DFL); /* ignored, it would take the exit status */
    sigprocmask(SIG_BLOCK, &set, &process->mask);
    process->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return process->signals < 0 ? -1 : 0;
}

void compare_process_finish(struct compare_process *process)
{
    if (process->signals >= 0)
        close(process->signals);
    free(process->environment);
    free(process->output.bytes);
    free(process->tail.bytes);
}

/* A fork's child has one thread and its own memory: it may do as it likes. */
static _Noreturn void be_the_command(const struct compare_process *process,
                                     const struct channels *channels, char *const *command,
                                     char **environment)
{
    struct message message = {0};
    cpu_set_t one;
    int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    setpgid(0, 0);
    dup2(input, STDIN_FILENO);
    dup2(channels->output[1], STDOUT_FILENO);
    dup2(channels->errors[1], STDERR_FILENO);
    if (process->core >= 0) {
        CPU_ZERO(&one);
        CPU_SET(process->core, &one);
        sched_setaffinity(0, sizeof one, &one);
    }
    sigprocmask(SIG_SETMASK, &process->mask, NULL);
    message.start = clock_seconds();
    if (write(channels->told[1], &message, sizeof message) == (ssize_t)sizeof message)
        execvpe(command[0], command, environment);
    message.error = errno;
    _exit(write(channels->told[1], &message, sizeof message) < 0 ? 125 : 127);
}

/* False when nothing more will come. */
static bool drain(int file, struct compare_process *process, bool is_output)
{
    char bytes[16384];
    ssize_t got;
    while ((got = read(file, bytes, sizeof bytes)) > 0) {
        capture_add(&process->tail, bytes, (size_t)got);
        if (is_output)
            capture_add(&process->output, bytes, (size_t)got);
        if (got < (ssize_t)sizeof bytes)
            return true;
    }
    return got < 0 && (errno == EAGAIN || errno == EINTR);
}

/* The first signal asks the command to end, the second one, or too long a wait, makes it. */
static void take_signals(struct compare_process *process, pid_t pid)
{
    struct signalfd_siginfo signal;
    while (read(process->signals, &signal, sizeof signal) == (ssize_t)sizeof signal) {
        if (signal.ssi_signo == SIGCHLD)
            continue;
        kill(-pid, process->taken ? SIGKILL : (int)signal.ssi_signo);
        if (!process->taken)
            process->taken = (int)signal.ssi_signo;
    }
}

static bool has_ended(pid_t pid, struct compare_end *end)
{
    pid_t got;
    do
        got = wait4(pid, &end->status, WNOHANG, &end->usage);
    while (got < 0 && errno == EINTR);
    return got == pid;
}

static double wait_for_end(struct compare_process *process, pid_t pid,
                           const struct channels *channels, struct compare_end *end)
{
    struct pollfd files[] = {{process->signals, POLLIN, 0},
                             {channels->output[0], POLLIN, 0},
                             {channels->errors[0], POLLIN, 0}};
    double asked = 0;
    while (!has_ended(pid, end)) {
        if (poll(files, 3, TICK_MS) == 0 && process->tick)
            process->tick(process->context);
        if (files[0].revents)
            take_signals(process, pid);
        for (int i = 1; i <= 2; i++) {
            if (files[i].revents && !drain(files[i].fd, process, i == 1))
                files[i].fd = -1;
        }
        if (process->taken && asked == 0)
            asked = clock_seconds();
        if (asked > 0 && clock_seconds() - asked > process->patience_s)
            kill(-pid, SIGKILL);
    }
    return clock_seconds();
}

static int open_channels(struct channels *channels)
{
    int *const pairs[] = {channels->output, channels->errors, channels->told};
    for (int i = 0; i < 3; i++) {
        if (pipe2(pairs[i], O_CLOEXEC) == 0)
            continue;
        int error = errno;
        while (i-- > 0) {
            close(pairs[i][0]);
            close(pairs[i][1]);
        }
        errno = error;
        return -1;
    }
    fcntl(channels->output[0], F_SETFL, O_NONBLOCK);
    fcntl(channels->errors[0], F_SETFL, O_NONBLOCK);
    return 0;
}

static char **fill_environment(struct compare_process *process, char *preload, char *padding)
{
    char **list = process->environment;
    size_t kept = 0;
    for (size_t i = 0; environ[i]; i++) {
        if (!preload || strncmp(environ[i], "LD_PRELOAD=", 11) != 0)
            list[kept++] = environ[i];
    }
    if (preload)
        list[kept++] = preload;
    list[kept++] = padding;
    list[kept] = NULL;
    return list;
}

/* Reads what the child tells until its exec has closed the pipe, or until it has failed. */
static double read_start(int told, struct compare_end *end)
{
    struct message message = {0}, last = {0};
    ssize_t got;
    while ((got = read(told, &message, sizeof message)) != 0) {
        if (got == (ssize_t)sizeof message)
            last = message;
        else if (errno != EINTR)
            break;
    }
    end->exec_error = last.error;
    return last.start;
}

static int run(struct compare_process *process, char *const *command, char **environment,
               struct compare_end *end)
{
    struct channels channels;
    if (open_channels(&channels) != 0)
        return -1;
    pid_t pid = fork();
    int error = errno;
    if (pid == 0)
        be_the_command(process, &channels, command, environment);
    close(channels.output[1]);
    close(channels.errors[1]);
    close(channels.told[1]);
    if (pid > 0) {
        setpgid(pid, pid); /* the child does too: whoever comes first */
        double start = read_start(channels.told[0], end);
        end->seconds = wait_for_end(process, pid, &channels, end) - start;
        drain(channels.errors[0], process, false);
        while (drain(channels.output[0], process, true) && errno != EAGAIN)
            continue;
        if (process->taken)
            kill(-pid, SIGKILL); /* what the command has left behind */
    }
    close(channels.output[0]);
    close(channels.errors[0]);
    close(channels.told[0]);
    errno = error;
    return pid < 0 ? -1 : 0;
}

int compare_process_run(struct compare_process *process, char *const *command, const char *preload,
                        size_t padding, struct compare_end *end)
{
    char *variable = NULL, *filler = NULL;
    int result = -1;
    *end = (struct compare_end){0};
    capture_clear(&process->output);
    capture_clear(&process->tail);
    if (preload && asprintf(&variable, "LD_PRELOAD=%s", preload) < 0)
        variable = NULL;
    if (asprintf(&filler, "HAKMEM_TRACE_PADDING=%*s", (int)padding, "") < 0)
        filler = NULL;
    if (filler && (variable || !preload))
        result = run(process, command, fill_environment(process, variable, filler), end);
    free(variable);
    free(filler);
    return result;
}
