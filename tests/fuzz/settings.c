/* SPDX-License-Identifier: MIT */
/*
 * Small files of the kernel and of whoever runs a container: doctor/cgroup, setting. The input is a
 * list of control groups, and what stands in each of their files.
 *
 *     list | text of every file
 */
#include <sys/stat.h>
#include <unistd.h>

#include "doctor/cgroup.h"
#include "doctor/setting.h"
#include "fuzz.h"
#include "world.h"

static char folder[] = "/tmp/hakmem-fuzz-XXXXXX";
static const char *const names[] = {"cgroup.controllers",
                                    "cpu.max",
                                    "memory.max",
                                    "cpu",
                                    "cpu/cpu.cfs_quota_us",
                                    "cpu/cpu.cfs_period_us",
                                    "memory",
                                    "memory/memory.limit_in_bytes"};
enum { NAMES = sizeof names / sizeof names[0] };

static void path_of(char *path, size_t bytes, const char *name)
{
    snprintf(path, bytes, "%s/%s", folder, name);
}

static bool is_folder(const char *name)
{
    return strcmp(name, "cpu") == 0 || strcmp(name, "memory") == 0;
}

static void remove_folder(void)
{
    char path[128];
    for (size_t i = NAMES; i-- > 0;) {
        path_of(path, sizeof path, names[i]);
        remove(path);
    }
    rmdir(folder);
}

/* Links to the file of the input, so that writing that is enough. */
static void make_folder(const char *text)
{
    char path[128];
    fuzz_check(mkdtemp(folder));
    atexit(remove_folder);
    for (size_t i = 0; i < NAMES; i++) {
        path_of(path, sizeof path, names[i]);
        fuzz_check((is_folder(names[i]) ? mkdir(path, 0700) : symlink(text, path)) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    static int list = -1, text = -1;
    struct fuzz_input input = {bytes, count};
    struct cgroup_limits limits;
    size_t list_bytes;
    char path[64], line[32];
    long long number;
    if (list < 0) {
        list = world_file(NULL, 0, 0);
        text = world_file(NULL, 0, 0);
        make_folder(world_path(text));
    }
    const uint8_t *part = fuzz_take_part(&input, &list_bytes);
    fuzz_check(ftruncate(list, 0) == 0 && ftruncate(text, 0) == 0);
    fuzz_check(pwrite(list, part, list_bytes, 0) == (ssize_t)list_bytes);
    fuzz_check(pwrite(text, input.at, input.left, 0) == (ssize_t)input.left);
    snprintf(path, sizeof path, "%s", world_path(list));
    cgroup_read(path, folder, &limits);
    fuzz_check(limits.processors >= 0 && limits.memory_bytes >= 0 && limits.version <= 2);
    cgroup_engine(path);
    snprintf(path, sizeof path, "%s", world_path(text));
    if (setting_choice(path, line, sizeof line))
        fuzz_check(strlen(line) < sizeof line);
    setting_number(path, &number);
    return 0;
}

static void keep_texts(fuzz_keep *keep, const char *name, const char *list, const char *text)
{
    static struct fuzz_output output;
    output.count = 0;
    fuzz_put_part(&output, list, strlen(list));
    fuzz_put(&output, text, strlen(text));
    keep(name, output.bytes, output.count);
}

void fuzz_seeds(fuzz_keep *keep)
{
    keep_texts(keep, "v2", "0::/../cpu\n", "150000 100000\n");
    keep_texts(keep, "v1", "3:cpu,cpuacct:/docker/a\n4:cpu:/\n5:memory:/a/b/c\n", "50000\n");
    keep_texts(keep, "root", "0::\n4:cpu:\n5:memory:\n", "50000 0\n");
    keep_texts(keep, "choice", "0::/\n", "always [madvise] never\n");
    keep_texts(keep, "no_limit", "0::/\nx\n1:name=a:/\n", "max 100000\n");
    keep_texts(keep, "nan", "0::/\n4:cpu:\n", "nan -1e999\n");
}
