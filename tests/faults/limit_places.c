/* SPDX-License-Identifier: MIT */
/* How a program comes to live under a limit: called in its process before it is executed. */
#include "limit_cases.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"

#define CGROUP_BYTES "67108864" /* 64 MiB */

static bool limit(int resource, rlim_t value)
{
    struct rlimit both = {value, value};
    return setrlimit(resource, &both) == 0;
}

bool enter_data_limit(void)
{
    return limit(RLIMIT_DATA, 64 << 20);
}

bool enter_address_space_limit(void)
{
    return limit(RLIMIT_AS, (rlim_t)1536 << 20);
}

/* Root may have as many as it likes; a user of whom there is nothing else. */
bool enter_one_process(void)
{
    uid_t user = 100000 + (uid_t)getpid();
    return geteuid() == 0 && limit(RLIMIT_NPROC, 1) && setgid(user) == 0 && setuid(user) == 0;
}

static bool write_text(const char *folder, const char *file, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0)
        close(fd);
    return done;
}

static const char *cgroup_folder(bool version_2)
{
    static char folder[128];
    const char *name = getenv("HAKMEM_TEST_PLACE");
    snprintf(folder, sizeof folder, "/sys/fs/cgroup/%shakmem-test-%s", version_2 ? "" : "memory/",
             name ? name : "0");
    return folder;
}

/* Version 1, or 2 where the root hands the memory controller on. Swap would only make it slower. */
bool enter_memory_cgroup(void)
{
    char self[32];
    bool version_2 = access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0;
    const char *folder = cgroup_folder(version_2);
    if (version_2)
        write_text("/sys/fs/cgroup", "cgroup.subtree_control", "+memory");
    mkdir(folder, 0755);
    if (!write_text(folder, version_2 ? "memory.max" : "memory.limit_in_bytes", CGROUP_BYTES))
        return false;
    write_text(folder, version_2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes",
               version_2 ? "0" : CGROUP_BYTES);
    snprintf(self, sizeof self, "%d", getpid());
    return write_text(folder, "cgroup.procs", self);
}

static bool enter_own_mounts(void)
{
    return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

bool enter_without_proc(void)
{
    return enter_own_mounts() && umount2("/proc", MNT_DETACH) == 0 &&
           access("/proc/self", F_OK) != 0;
}

static const char *make_folder(void)
{
    static char folder[128];
    const char *name = getenv("HAKMEM_TEST_PLACE");
    snprintf(folder, sizeof folder, "/tmp/hakmem-test-%s", name ? name : "0");
    mkdir(folder, 0700);
    setenv("HAKMEM_COUNTERS_DIR", folder, 1);
    return folder;
}

bool enter_folder(void)
{
    return make_folder() != NULL;
}

bool enter_missing_folder(void)
{
    return setenv("HAKMEM_COUNTERS_DIR", "/tmp/hakmem-there-is-no-such-folder", 1) == 0;
}

static bool enter_mount(unsigned long flags, const char *options)
{
    const char *folder = make_folder();
    return enter_own_mounts() && mount("hakmem-test", folder, "tmpfs", flags, options) == 0;
}

bool enter_read_only_folder(void)
{
    return enter_mount(MS_RDONLY, "size=4m");
}

bool enter_full_disk(void)
{
    return enter_mount(0, "size=64k");
}

void leave_places(void)
{
    rmdir(cgroup_folder(false));
    rmdir(cgroup_folder(true));
    folder_remove(make_folder(), NULL);
}
