/* SPDX-License-Identifier: MIT */
#include "process_tree.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "process_state.h"

struct pair {
    pid_t pid, parent;
};

/* The number that a name of /proc is; 0: none. */
static pid_t number_of(const char *name)
{
    char *end;
    long number = strtol(name, &end, 10);
    return *end == '\0' && number > 0 ? (pid_t)number : 0;
}

/* All processes with their parents; the list is the caller's. */
static struct pair *list_all(size_t *count)
{
    struct pair *pairs = NULL;
    size_t capacity = 0;
    struct process_state state;
    DIR *folder = opendir("/proc");
    *count = 0;
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        pid_t pid = number_of(entry->d_name);
        if (!pid || !process_state_read(pid, &state))
            continue;
        if (*count == capacity) {
            capacity = 2 * capacity + 256;
            struct pair *more = reallocarray(pairs, capacity, sizeof *pairs);
            if (!more)
                break;
            pairs = more;
        }
        pairs[(*count)++] = (struct pair){pid, state.parent};
    }
    if (folder)
        closedir(folder);
    return pairs;
}

size_t process_tree_list(pid_t root, pid_t *processes, size_t capacity)
{
    size_t pair_count, count = 0;
    struct pair *pairs = list_all(&pair_count);
    if (capacity)
        processes[count++] = root;
    for (size_t i = 0; i < count; i++) {
        for (size_t p = 0; p < pair_count && count < capacity; p++) {
            if (pairs[p].parent == processes[i] && pairs[p].pid != root)
                processes[count++] = pairs[p].pid;
        }
    }
    free(pairs);
    return count;
}

void process_tree_each_thread(pid_t pid, void (*take)(void *, pid_t, pid_t), void *context)
{
    char name[32];
    snprintf(name, sizeof name, "/proc/%d/task", pid);
    DIR *folder = opendir(name);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        pid_t tid = number_of(entry->d_name);
        if (tid)
            take(context, pid, tid);
    }
    if (folder)
        closedir(folder);
}
