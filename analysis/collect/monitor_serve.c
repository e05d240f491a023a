/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "monitor.h"
#include "monitor_protocol.h"
#include "process_state.h"
#include "privilege/call_filter.h"
#include "privilege/helper_process.h"
#include "privilege/limits.h"
#include "privilege/privilege.h"

#define ADDRESS_SPACE ((uint64_t)1 << 30)
enum { DESCRIPTORS = 16, FOLDER = 1 };

/* To look into other processes, to signal one, and to put files where root may. */
#define KEPT                                                                                       \
    (CAPABILITY(CAP_SYS_PTRACE) | CAPABILITY(CAP_KILL) | CAPABILITY(CAP_FOWNER) |                  \
     CAPABILITY(CAP_DAC_OVERRIDE) | CAPABILITY(CAP_DAC_READ_SEARCH))

static const struct allowed_call calls[] = {
    {SYS_recvfrom, 0, 0},
    {SYS_sendmsg, 0, 0},
    {SYS_openat, 2, OPEN_FOR_MORE},
    {SYS_read, 0, 0},
    {SYS_close, 0, 0},
#ifdef SYS_renameat
    {SYS_renameat, 0, 0},
#endif
    {SYS_renameat2, 0, 0},
    {SYS_unlinkat, 0, 0},
    {SYS_pidfd_send_signal, 0, 0},
    {SYS_brk, 0, 0},
    {SYS_mmap, 2, PROT_EXEC},
    {SYS_munmap, 0, 0},
    {SYS_restart_syscall, 0, 0},
    {SYS_rt_sigreturn, 0, 0},
    {SYS_exit_group, 0, 0},
};

struct monitor {
    const struct monitor_task *task;
    int command;              /* a descriptor of our command, or -1 */
    uint64_t watched_started; /* in ticks since the machine did */
};

/* 0 where it can't be read. */
static uint64_t start_of(pid_t pid)
{
    struct process_state state;
    return process_state_read(pid, &state) ? state.started : 0;
}

/* The watched process, or one that began after it: never one that was there before. */
static int open_process(const struct monitor *monitor, pid_t pid, const char *name)
{
    static const char *const names[] = {"maps", "mem", "pagemap", "smaps"};
    char path[64];
    bool is_known = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        is_known = is_known || strcmp(names[i], name) == 0;
    if (!is_known || pid <= 0 || start_of(pid) < monitor->watched_started) {
        errno = EPERM;
        return -1;
    }
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static int open_counters(const struct monitor *monitor, const char *name)
{
    static const char end[] = ".counters";
    size_t length = strlen(name);
    if (monitor->task->folder < 0 || strchr(name, '/') || length < sizeof end ||
        strcmp(name + length - (sizeof end - 1), end) != 0) {
        errno = EPERM;
        return -1;
    }
    return openat(FOLDER, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
}

static int place_output(const struct monitor_task *task, enum monitor_wish wish, int which)
{
    const char *temporary =
        which < 0 || which >= MONITOR_OUTPUTS ? NULL : task->outputs[which].temporary;
    if (!temporary || !*temporary) {
        errno = EPERM;
        return -1;
    }
    if (wish == MONITOR_UNLINK)
        return unlinkat(AT_FDCWD, temporary, 0);
    return renameat(AT_FDCWD, temporary, AT_FDCWD, task->outputs[which].target);
}

/* A descriptor, 0, or -1 with errno. */
static int fulfil(const struct monitor *monitor, const struct monitor_request *request)
{
    switch (request->wish) {
    case MONITOR_OPEN_PROCESS:
        return open_process(monitor, request->number, request->name);
    case MONITOR_OPEN_COUNTERS:
        return open_counters(monitor, request->name);
    case MONITOR_SIGNAL:
        return (int)syscall(SYS_pidfd_send_signal, monitor->command, request->number, NULL, 0);
    case MONITOR_RENAME:
    case MONITOR_UNLINK:
        return place_output(monitor->task, (enum monitor_wish)request->wish, request->number);
    case MONITOR_RMDIR:
        return unlinkat(AT_FDCWD, monitor->task->folder_path, AT_REMOVEDIR);
    default:
        errno = EINVAL;
        return -1;
    }
}

static bool reply(int socket, int error, int descriptor)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {.bytes = {0}};
    struct monitor_answer answer = {error};
    struct iovec part = {&answer, sizeof answer};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor >= 0) {
        control.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof descriptor),
                                          .cmsg_level = SOL_SOCKET,
                                          .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL) >= 0;
}

static bool give_up(void)
{
    const struct privilege_user user = {geteuid(), getegid()};
    capability_set held = privilege_held();
    /* Without CAP_SYS_PTRACE one must have what the other process has to look into it. */
    capability_set kept = held & CAPABILITY(CAP_SYS_PTRACE) ? KEPT : held;
    limits_set(ADDRESS_SPACE, DESCRIPTORS);
    if (privilege_drop(&user, kept) != 0)
        return false;
    helper_process_end_with_parent();
    call_filter_set(calls, sizeof calls / sizeof calls[0]);
    return true;
}

void monitor_serve(void *context, int socket)
{
    struct monitor monitor = {
        .task = context, .command = -1, .watched_started = ULLONG_MAX /* no process is younger */};
    struct monitor_request request;
    if (monitor.task->watched)
        monitor.watched_started = start_of(monitor.task->watched);
    if (monitor.task->watched && monitor.task->is_ours)
        monitor.command = (int)syscall(SYS_pidfd_open, monitor.task->watched, 0);
    if (monitor.watched_started == 0 || !give_up())
        return;
    while (recv(socket, &request, sizeof request, 0) == (ssize_t)sizeof request) {
        request.name[sizeof request.name - 1] = '\0';
        errno = 0;
        int result = fulfil(&monitor, &request);
        bool opened = result >= 0 && request.wish <= MONITOR_OPEN_COUNTERS;
        if (!reply(socket, result < 0 ? errno : 0, opened ? result : -1))
            return;
        if (opened)
            close(result);
    }
}
