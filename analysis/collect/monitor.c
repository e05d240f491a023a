/* SPDX-License-Identifier: MIT */
#include "monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "monitor_protocol.h"
#include "privilege/helper_process.h"
#include "privilege/privilege.h"

/* One for the process: what asks knows nothing of it. */
static struct helper_process monitor;
static struct monitor_task task;

int monitor_start(const struct monitor_task *wanted)
{
    task = *wanted;
    if (privilege_held() == 0)
        return 0;
    return helper_process_start(&monitor, "hakmem-monitor", task.folder, monitor_serve, &task);
}

void monitor_end(void)
{
    helper_process_end(&monitor);
}

/* The descriptor that came with the answer, or -1. */
static int receive(struct monitor_answer *answer)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {answer, sizeof *answer};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    int descriptor = -1;
    if (recvmsg(monitor.socket, &message, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof *answer)
        return -1; /* it is gone */
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len == CMSG_LEN(sizeof descriptor))
        memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
    return descriptor;
}

/* Asks where a try has failed for want of rights; else errno stays what it is. */
static int ask(enum monitor_wish wish, int number, const char *name)
{
    struct monitor_request request = {.wish = wish, .number = number};
    struct monitor_answer answer = {errno}; /* where no other comes */
    if (!monitor.pid || (errno != EACCES && errno != EPERM) || strlen(name) >= sizeof request.name)
        return -1;
    strcpy(request.name, name);
    int descriptor = -1;
    if (send(monitor.socket, &request, sizeof request, MSG_NOSIGNAL) >= 0)
        descriptor = receive(&answer);
    errno = answer.error;
    if (wish == MONITOR_OPEN_PROCESS || wish == MONITOR_OPEN_COUNTERS)
        return descriptor;
    return answer.error ? -1 : 0;
}

int monitor_open_process(pid_t pid, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    return file >= 0 ? file : ask(MONITOR_OPEN_PROCESS, pid, name);
}

int monitor_open_counters(int folder, const char *name)
{
    int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    return file >= 0 ? file : ask(MONITOR_OPEN_COUNTERS, 0, name);
}

int monitor_signal(pid_t command, int signal)
{
    return kill(command, signal) == 0 ? 0 : ask(MONITOR_SIGNAL, signal, "");
}

static int output_of(const char *temporary)
{
    for (int i = 0; i < MONITOR_OUTPUTS; i++) {
        const char *known = task.outputs[i].temporary;
        if (known && strcmp(known, temporary) == 0)
            return i;
    }
    return -1;
}

int monitor_rename(const char *temporary, const char *target)
{
    int output = output_of(temporary);
    return rename(temporary, target) == 0 ? 0 : ask(MONITOR_RENAME, output, "");
}

int monitor_unlink(const char *temporary)
{
    int output = output_of(temporary);
    return unlink(temporary) == 0 ? 0 : ask(MONITOR_UNLINK, output, "");
}

int monitor_rmdir(const char *folder_path)
{
    return rmdir(folder_path) == 0 ? 0 : ask(MONITOR_RMDIR, 0, "");
}
