/* SPDX-License-Identifier: MIT */
#include "attachment.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "process_state.h"

/* What a file of /proc/PID begins with. -1 with errno. */
static ssize_t read_of(pid_t pid, const char *file, void *to, size_t bytes)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return -1;
    ssize_t got = read(descriptor, to, bytes);
    int error = errno;
    close(descriptor);
    errno = error;
    return got;
}

/* /proc/TID is there for each thread, too. */
static pid_t process_of(pid_t tid)
{
    char text[2048] = "";
    int process = tid;
    if (read_of(tid, "status", text, sizeof text - 1) > 0) {
        const char *line = strstr(text, "\nTgid:");
        if (line)
            sscanf(line, "\nTgid: %d", &process);
    }
    return process;
}

static bool has_a_program(pid_t pid, char *why, size_t why_bytes)
{
    unsigned char ident[EI_NIDENT] = {0};
    char byte;
    if (read_of(pid, "maps", &byte, 1) < 0) {
        snprintf(why, why_bytes, "process %d: %s%s", pid, strerror(errno),
                 errno == EACCES || errno == EPERM
                     ? ": it belongs to another user or is protected; run as root, or with "
                       "CAP_SYS_PTRACE and CAP_PERFMON"
                     : "");
        return false;
    }
    if (read_of(pid, "exe", ident, sizeof ident) == sizeof ident && ident[EI_CLASS] == ELFCLASS32) {
        snprintf(why, why_bytes,
                 "process %d runs a 32-bit program: only 64-bit ones are understood", pid);
        return false;
    }
    return true;
}

static bool can_be_watched(pid_t pid, char *why, size_t why_bytes)
{
    struct process_state state;
    if (pid == getpid())
        snprintf(why, why_bytes, "process %d is hakmem-trace itself", pid);
    else if (!process_state_read(pid, &state))
        snprintf(why, why_bytes, "there is no process %d", pid);
    else if (state.is_kernel_thread)
        snprintf(why, why_bytes, "process %d is a thread of the kernel: it has no malloc", pid);
    else if (process_of(pid) != pid)
        snprintf(why, why_bytes, "%d is a thread of process %d", pid, process_of(pid));
    else if (state.state == 'Z' || state.state == 'X')
        snprintf(why, why_bytes, "process %d has ended already and waits for its parent (a zombie)",
                 pid);
    else
        return has_a_program(pid, why, why_bytes);
    return false;
}

/* The name of the program where a process shows no arguments. */
static void read_command(struct attachment *attachment)
{
    char *text = attachment->text;
    size_t words = 0, bytes = sizeof attachment->text - 1;
    ssize_t got = read_of(attachment->pid, "cmdline", text, bytes);
    if (got <= 0 || !text[0]) {
        got = read_of(attachment->pid, "comm", text, bytes);
        if (got > 0 && text[got - 1] == '\n')
            text[--got] = '\0';
    }
    while (got > 0 && (text[got - 1] == ' ' || text[got - 1] == '\0'))
        got--; /* a program that writes its title over its arguments leaves such behind it */
    text[got > 0 ? got : 0] = '\0';
    for (char *word = text, *end = text + (got > 0 ? got : 0);
         (word < end || words == 0) && words < ATTACHMENT_WORDS; word += strlen(word) + 1)
        attachment->command[words++] = word;
    attachment->command[words] = NULL;
}

static int watch_signals(void)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        sigaddset(&set, ends[i]);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

bool attachment_open(struct attachment *attachment, pid_t pid, char *why, size_t why_bytes)
{
    *attachment = (struct attachment){.pid = pid, .descriptor = -1, .signals = -1};
    if (!can_be_watched(pid, why, why_bytes))
        return false;
    attachment->descriptor = (int)syscall(SYS_pidfd_open, pid, 0);
    attachment->signals = watch_signals();
    read_command(attachment);
    return true;
}

static bool has_ended(const struct attachment *attachment)
{
    struct process_state state;
    struct pollfd process = {.fd = attachment->descriptor, .events = POLLIN};
    if (attachment->descriptor >= 0)
        return poll(&process, 1, 0) > 0;
    return !process_state_read(attachment->pid, &state) || state.state == 'Z';
}

void attachment_wait(struct attachment *attachment, double seconds, int (*tick)(void *),
                     void *context, struct attachment_end *end)
{
    double start = clock_seconds(), due = start, last = seconds > 0 ? start + seconds : 1e300;
    struct signalfd_siginfo signal;
    while (!has_ended(attachment) && clock_seconds() < last) {
        struct pollfd events[] = {{.fd = attachment->signals, .events = POLLIN},
                                  {.fd = attachment->descriptor, .events = POLLIN}};
        double left = (due < last ? due : last) - clock_seconds();
        if (left > 0)
            poll(events, 2, (int)(left * 1e3) + 1);
        if (attachment->signals >= 0 &&
            read(attachment->signals, &signal, sizeof signal) == (ssize_t)sizeof signal)
            break;
        if (clock_seconds() >= due)
            due = clock_seconds() + tick(context) * 1e-3;
    }
    *end = (struct attachment_end){start, clock_seconds() - start, has_ended(attachment)};
}

void attachment_close(struct attachment *attachment)
{
    if (attachment->descriptor >= 0)
        close(attachment->descriptor);
    if (attachment->signals >= 0)
        close(attachment->signals);
    attachment->descriptor = attachment->signals = -1;
}
