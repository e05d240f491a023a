/* SPDX-License-Identifier: MIT */
#include "process_state.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define KERNEL_THREAD 0x00200000u /* PF_KTHREAD of the kernel's sched.h */

bool process_state_parse(const char *text, struct process_state *state)
{
    const char *after_name = strrchr(text, ')'); /* a name may hold anything */
    unsigned flags;
    unsigned long user, system, minor, major;
    unsigned long long started, pages;
    unsigned threads;
    int parent;
    char letter;
    if (!after_name || sscanf(after_name,
                              ") %c %d %*d %*d %*d %*d %u %lu %*u %lu %*u %lu %lu %*d %*d %*d %*d "
                              "%u %*d %llu %*u %llu",
                              &letter, &parent, &flags, &minor, &major, &user, &system, &threads,
                              &started, &pages) != 10)
        return false;
    double tick = 1.0 / (double)sysconf(_SC_CLK_TCK);
    *state = (struct process_state){
        .state = letter,
        .is_kernel_thread = flags & KERNEL_THREAD,
        .parent = parent,
        .user_s = (double)user * tick,
        .system_s = (double)system * tick,
        .minor_faults = minor,
        .major_faults = major,
        .threads = threads,
        .resident = pages * (uint64_t)sysconf(_SC_PAGESIZE),
        .started = started,
    };
    return true;
}

bool process_state_read(pid_t pid, struct process_state *state)
{
    char text[1024];
    snprintf(text, sizeof text, "/proc/%d/stat", pid);
    int file = open(text, O_RDONLY | O_CLOEXEC);
    ssize_t got = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0)
        close(file);
    if (got <= 0)
        return false;
    text[got] = '\0';
    return process_state_parse(text, state);
}

void process_state_name(pid_t pid, char name[PROCESS_NAME])
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/comm", pid);
    FILE *file = fopen(path, "re");
    size_t length = file ? fread(name, 1, PROCESS_NAME - 1, file) : 0;
    if (file)
        fclose(file);
    if (length > 0 && name[length - 1] == '\n')
        length--;
    name[length] = '\0';
}
