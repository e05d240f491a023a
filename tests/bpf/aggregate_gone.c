/* SPDX-License-Identifier: MIT */
/* Nothing of the programs stays in the kernel when a watcher has ended, or was killed. */
#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collect/sampler.h"
#include "support/process.h"
#include "support/promise.h"
#include "watched_run.h"

enum { PROGRAMS = 64, EXPECTED = 6 };

/* The numbers of the programs that a process holds, by what the kernel says of its descriptors. */
static size_t programs_of(pid_t pid, unsigned ids[PROGRAMS])
{
    char path[512], line[256];
    size_t count = 0;
    snprintf(path, sizeof path, "/proc/%d/fdinfo", pid);
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        snprintf(path, sizeof path, "/proc/%d/fdinfo/%s", pid, entry->d_name);
        FILE *file = fopen(path, "r");
        while (file && count < PROGRAMS && fgets(line, sizeof line, file))
            count += sscanf(line, "prog_id: %u", &ids[count]) == 1;
        if (file)
            fclose(file);
    }
    if (folder)
        closedir(folder);
    return count;
}

static size_t still_there(const unsigned *ids, size_t count)
{
    size_t there = 0;
    for (size_t i = 0; i < count; i++) {
        int program = bpf_prog_get_fd_by_id(ids[i]);
        there += program >= 0 || errno != ENOENT;
        if (program >= 0)
            close(program);
    }
    return there;
}

/* The kernel takes them away some time after the last descriptor was closed. */
static void expect_gone(const char *what, const unsigned *ids, size_t count)
{
    double end = seconds_now() + 20;
    while (still_there(ids, count) && seconds_now() < end)
        usleep(10000);
    promise(still_there(ids, count) == 0, "%s: all %zu programs are gone", what, count);
}

static void take(void *context, const struct time_sample *sample)
{
}

/* A sampler of this very process at work. */
static struct sampler *start(char why[256])
{
    struct perf_choice choice;
    struct sampler_sink sink = {.sample = take};
    if (!perf_event_choose(getpid(), 997, &choice, why, 256))
        return NULL;
    struct aggregate *aggregate = aggregate_load(256, why);
    struct sampler *sampler =
        aggregate ? sampler_open(getpid(), &choice, aggregate, &sink, why, 256) : NULL;
    if (sampler)
        sampler_start(sampler);
    return sampler;
}

static void expect_killed(void)
{
    unsigned ids[PROGRAMS];
    char why[256], byte = 0;
    int ready[2];
    if (pipe(ready) != 0)
        abort();
    pid_t child = fork();
    if (child == 0) {
        byte = start(why) ? 1 : 0;
        if (write(ready[1], &byte, 1) == 1)
            pause();
        _exit(1);
    }
    ssize_t got = read(ready[0], &byte, 1);
    size_t count = programs_of(child, ids);
    promise(got == 1 && byte == 1 && count >= EXPECTED && still_there(ids, count) == count,
            "a watcher holds %zu programs", count);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    expect_gone("killed", ids, count);
}

int main(void)
{
    unsigned ids[PROGRAMS];
    char why[256] = "";
    struct sampler *sampler = start(why);
    if (!sampler && is_not_permitted(why)) {
        note("%s", why);
        return TEST_SKIPPED;
    }
    if (!promise(sampler != NULL, "a sampler starts %s", why))
        return promises_end();
    size_t count = programs_of(getpid(), ids);
    promise(count >= EXPECTED, "it holds %zu programs", count);
    sampler_close(sampler);
    expect_gone("closed", ids, count);
    expect_killed();
    return promises_end();
}
