/* SPDX-License-Identifier: MIT */
/*
 * The monitor, which keeps rights, asked by a hakmem-trace that has been taken over:
 * collect/monitor_serve. Whatever it is asked, it opens nothing but what it may, and removes and
 * renames nothing but the outputs. The input is requests, one after the other.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/monitor.h"
#include "collect/monitor_protocol.h"
#include "fuzz.h"

enum { REQUESTS_MOST = 16 };

static char folder[] = "/tmp/hakmem-fuzz-XXXXXX";
static char output[64], target[64], bystander[64], counters[64];

static void make_file(char *path, size_t bytes, const char *name)
{
    snprintf(path, bytes, "%s/%s", folder, name);
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    fuzz_check(file >= 0);
    close(file);
}

static void remove_folder(void)
{
    const char *const paths[] = {output, target, bystander, counters};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        unlink(paths[i]);
    rmdir(folder);
}

static void make_folder(void)
{
    fuzz_check(mkdtemp(folder));
    make_file(bystander, sizeof bystander, "bystander");
    make_file(counters, sizeof counters, "1.0.counters");
    snprintf(target, sizeof target, "%s/target", folder);
    atexit(remove_folder);
}

/* False: that was the last answer. */
static bool receive(int socket, int *descriptor)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct monitor_answer answer;
    struct iovec part = {&answer, sizeof answer};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    *descriptor = -1;
    if (recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) != (ssize_t)sizeof answer)
        return false;
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header)
        memcpy(descriptor, CMSG_DATA(header), sizeof *descriptor);
    fuzz_check(*descriptor < 0 || answer.error == 0);
    return true;
}

/* Of a process that began after this one did, or a counter file of the folder. */
static void check_opened(int descriptor)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    fuzz_check(length > 0);
    path[length] = '\0';
    const char *last = strrchr(path, '/');
    bool is_process = strncmp(path, "/proc/", 6) == 0 && last &&
                      (strcmp(last, "/maps") == 0 || strcmp(last, "/mem") == 0 ||
                       strcmp(last, "/pagemap") == 0 || strcmp(last, "/smaps") == 0);
    fuzz_check(is_process || strcmp(path, counters) == 0);
    fuzz_check((fcntl(descriptor, F_GETFL) & O_ACCMODE) == O_RDONLY);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    struct monitor_request request;
    int ends[2], opened;
    if (!*target)
        make_folder();
    make_file(output, sizeof output, "output.XXXXXX");
    struct monitor_task task = {.watched = getpid(),
                                .folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                                .folder_path = "/nosuch",
                                .outputs = {{NULL, NULL}, {output, target}}};
    fuzz_check(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
    for (int i = 0; i < REQUESTS_MOST && input.left; i++) {
        size_t length = input.left < sizeof request ? input.left : sizeof request;
        fuzz_take(&input, &request, sizeof request);
        fuzz_check(send(ends[0], &request, length, MSG_DONTWAIT) == (ssize_t)length);
    }
    shutdown(ends[0], SHUT_WR);
    int usual = dup(1);
    fuzz_check(usual >= 0 && dup2(task.folder, 1) == 1); /* where the monitor has it */
    monitor_serve(&task, ends[1]);
    fuzz_check(dup2(usual, 1) == 1);
    close(usual);
    while (receive(ends[0], &opened)) {
        if (opened < 0)
            continue;
        check_opened(opened);
        close(opened);
    }
    close(ends[0]);
    close(ends[1]);
    close(task.folder);
    fuzz_check(access(bystander, F_OK) == 0 && access(counters, F_OK) == 0);
    return 0;
}

static struct fuzz_output made;

static void put(enum monitor_wish wish, int number, const char *name)
{
    struct monitor_request request = {.wish = wish, .number = number};
    strncpy(request.name, name, sizeof request.name - 1);
    fuzz_put(&made, &request, sizeof request);
}

void fuzz_seeds(fuzz_keep *keep)
{
    made.count = 0;
    put(MONITOR_OPEN_COUNTERS, 0, "1.0.counters");
    put(MONITOR_OPEN_COUNTERS, 0, "../1.0.counters");
    put(MONITOR_OPEN_COUNTERS, 0, "bystander");
    put(MONITOR_OPEN_COUNTERS, 0, ".counters");
    put(MONITOR_OPEN_PROCESS, 1, "maps");
    put(MONITOR_OPEN_PROCESS, -1, "maps");
    put(MONITOR_SIGNAL, 9, "");
    put(MONITOR_RENAME, 1, "");
    put(MONITOR_RMDIR, 0, "");
    keep("every_wish", made.bytes, made.count);
    made.count = 0;
    put(MONITOR_UNLINK, 1, "");
    put(MONITOR_UNLINK, 0, "");
    put(MONITOR_RENAME, 99, "");
    put(MONITOR_RENAME, -7, "");
    put(99, 0, "environ");
    put(MONITOR_OPEN_PROCESS, 1, "../../etc/shadow");
    keep("others", made.bytes, made.count);
    memset(made.bytes, 'x', sizeof made.bytes);
    keep("noise", made.bytes, 3 * sizeof(struct monitor_request) + 5);
}
