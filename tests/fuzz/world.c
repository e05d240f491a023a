/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collect/monitor.h"
#include "collect/process_memory.h"
#include "fuzz.h"
#include "privilege/call_filter.h"
#include "privilege/helper_process.h"
#include "privilege/limits.h"
#include "privilege/privilege.h"

enum { FILES = 4, ANSWERS_AT_ONCE = 24 };

struct part {
    const char *name;
    const uint8_t *bytes;
    size_t count;
};

static struct part memory, files[FILES];
static struct fuzz_input answers;
static int other_end = -1; /* of the reader's socket */

static void close_other_end(void)
{
    if (other_end >= 0)
        close(other_end);
    other_end = -1;
}

void world_clear(void)
{
    memory = (struct part){0};
    memset(files, 0, sizeof files);
    answers = (struct fuzz_input){0};
    close_other_end();
}

void world_set_memory(const uint8_t *bytes, size_t count)
{
    memory = (struct part){NULL, bytes, count};
}

void world_set_process_file(const char *name, const uint8_t *bytes, size_t count)
{
    for (int i = 0; i < FILES; i++) {
        if (!files[i].name || strcmp(files[i].name, name) == 0) {
            files[i] = (struct part){name, bytes, count};
            return;
        }
    }
    fuzz_check(!"too many files");
}

void world_set_answers(const uint8_t *bytes, size_t count)
{
    answers = (struct fuzz_input){bytes, count};
}

int world_file(const uint8_t *bytes, size_t count, uint64_t offset)
{
    int file = memfd_create("input", MFD_CLOEXEC);
    fuzz_check(file >= 0);
    fuzz_check(count == 0 || pwrite(file, bytes, count, (off_t)offset) == (ssize_t)count);
    return file;
}

const char *world_path(int file)
{
    static char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return path;
}

/* Processes. */

bool process_memory_read(pid_t pid, uint64_t address, void *to, size_t bytes)
{
    uint64_t into = address - WORLD_MEMORY_AT;
    if (bytes == 0)
        return true;
    if (address < WORLD_MEMORY_AT || into > memory.count || bytes > memory.count - into) {
        errno = memory.bytes ? EFAULT : ESRCH;
        return false;
    }
    memcpy(to, memory.bytes + into, bytes);
    return true;
}

void process_memory_keep(pid_t pid)
{
}

void process_memory_forget(pid_t pid)
{
}

int monitor_open_process(pid_t pid, const char *name)
{
    for (int i = 0; i < FILES && files[i].name; i++) {
        if (strcmp(files[i].name, name) == 0)
            return world_file(files[i].bytes, files[i].count, 0);
    }
    errno = ENOENT;
    return -1;
}

/* The reader: all that it will answer is there before it is asked, and an empty message, which its
 * end looks like. */

int helper_process_start(struct helper_process *helper, const char *name, int keep,
                         void (*serve)(void *, int), void *context)
{
    static const uint8_t greeting[8];
    int ends[2];
    if (!answers.left || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        errno = EAGAIN;
        return -1;
    }
    close_other_end();
    other_end = ends[1];
    send(other_end, greeting, sizeof greeting, MSG_DONTWAIT);
    for (int i = 0; i < ANSWERS_AT_ONCE && answers.left; i++) {
        size_t bytes;
        const uint8_t *part = fuzz_take_part(&answers, &bytes);
        if (bytes == 0 || send(other_end, part, bytes, MSG_DONTWAIT) < 0)
            break;
    }
    send(other_end, greeting, 0, MSG_DONTWAIT);
    *helper = (struct helper_process){getpid(), ends[0]};
    return 0;
}

int helper_process_end(struct helper_process *helper)
{
    if (helper->pid)
        close(helper->socket);
    *helper = (struct helper_process){0};
    close_other_end();
    return 0;
}

void helper_process_end_with_parent(void)
{
}

/* Rights. */

void limits_set(uint64_t address_space, unsigned descriptors)
{
}

int call_filter_set(const struct allowed_call *calls, size_t count)
{
    return 0;
}

capability_set privilege_held(void)
{
    return 0;
}

int privilege_drop(const struct privilege_user *user, capability_set keep)
{
    return 0;
}

int privilege_drop_to_invoker(capability_set keep)
{
    return 0;
}
