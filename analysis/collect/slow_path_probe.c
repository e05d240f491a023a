/* SPDX-License-Identifier: MIT */
#include "slow_path_probe.h"

#include <dirent.h>
#include <errno.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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

/* `library` NULL: the program knows itself what it attaches to. */
static struct probe attach(const struct bpf_program *program, const char *library, const char *name,
                           int kind)
{
    static bool before[DESCRIPTORS], after[DESCRIPTORS];
    LIBBPF_OPTS(bpf_usdt_opts, options, .usdt_cookie = (__u64)kind);
    struct probe probe = {.count = 0};
    list_open(before);
    errno = 0;
    probe.link = library ? bpf_program__attach_usdt(program, -1, library, "hakmem", name, &options)
                         : bpf_program__attach(program);
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
    return attach(program, library, name, kind);
}

struct probe probe_attach_tracepoint(const struct bpf_program *program)
{
    return attach(program, NULL, NULL, 0);
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
