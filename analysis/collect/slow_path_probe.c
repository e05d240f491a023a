/* SPDX-License-Identifier: MIT */
#include "slow_path_probe.h"

#include <dirent.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "slow_path_holder.h"

enum { DESCRIPTORS = 4096 };

/* Which descriptors are open; those of the listing itself may be among them. */
static void list_open(bool open[DESCRIPTORS])
{
    memset(open, 0, DESCRIPTORS * sizeof *open);
    DIR *folder = opendir("/proc/self/fd");
    if (!folder)
        return;
    for (struct dirent *entry; (entry = readdir(folder));) {
        int descriptor = atoi(entry->d_name);
        if (descriptor > 0 && descriptor < DESCRIPTORS && descriptor != dirfd(folder))
            open[descriptor] = true;
    }
    closedir(folder);
}

/* What a program is attached to. Without `library`: to a tracepoint where there is a `tracepoint`,
 * else to what the program names itself. */
struct place {
    const char *library, *probe;
    int tracepoint; /* its number */
    uint64_t cookie;
};

/* A number the kernel gave a tracepoint, not a name: names are told in tracefs, which may not be
 * mounted. */
static struct bpf_link *link_to_tracepoint(const struct bpf_program *program,
                                           const struct place *place)
{
    LIBBPF_OPTS(bpf_perf_event_opts, options, .bpf_cookie = place->cookie);
    struct perf_event_attr attr = {
        .type = PERF_TYPE_TRACEPOINT,
        .size = sizeof attr,
        .config = (__u64)place->tracepoint,
        .sample_period = 1,
    };
    int event = (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
    if (event < 0)
        return NULL;
    struct bpf_link *link = bpf_program__attach_perf_event_opts(program, event, &options);
    if (!link)
        close(event);
    return link;
}

static struct bpf_link *link_to(const struct bpf_program *program, const struct place *place)
{
    LIBBPF_OPTS(bpf_usdt_opts, usdt, .usdt_cookie = place->cookie);
    if (place->library)
        return bpf_program__attach_usdt(program, -1, place->library, "hakmem", place->probe, &usdt);
    if (place->tracepoint)
        return link_to_tracepoint(program, place);
    return bpf_program__attach(program);
}

static struct probe attach(const struct bpf_program *program, const struct place *place)
{
    static bool before[DESCRIPTORS], after[DESCRIPTORS];
    struct probe probe = {.count = 0};
    list_open(before);
    errno = 0;
    probe.link = link_to(program, place);
    int error = errno;
    list_open(after);
    for (int i = 0; i < DESCRIPTORS && probe.count < PROBE_DESCRIPTORS; i++) {
        if (after[i] && !before[i])
            probe.descriptors[probe.count++] = i;
    }
    errno = error;
    return probe;
}

struct probe probe_attach(const struct bpf_program *program, const char *library, const char *name,
                          int kind)
{
    struct place place = {.library = library, .probe = name, .cookie = (uint64_t)kind};
    return attach(program, &place);
}

struct probe probe_attach_kernel(const struct bpf_program *program)
{
    struct place place = {.library = NULL};
    return attach(program, &place);
}

struct probe probe_attach_tracepoint(const struct bpf_program *program, int number, int cookie)
{
    struct place place = {.tracepoint = number, .cookie = (uint64_t)cookie};
    return attach(program, &place);
}

void probe_detach(struct probe *probe)
{
    if (!probe->link)
        return;
    int holder = holder_start(probe->descriptors, probe->count);
    bpf_link__destroy(probe->link);
    holder_release(holder);
    probe->link = NULL;
}
