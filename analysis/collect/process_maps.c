/* SPDX-License-Identifier: MIT */
#include "process_maps.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "monitor.h"

/* The kernel writes a line feed of a path as \012, and nothing else in that way. */
static void restore_line_feeds(char *path)
{
    static const char written[] = "\\012";
    for (char *found = path; (found = strstr(found, written));) {
        *found++ = '\n';
        memmove(found, found + 3, strlen(found + 3) + 1);
    }
}

static bool parse(char *line, struct process_mapping *mapping)
{
    unsigned long long start, end, offset, inode;
    char rights[5];
    int path = 0;
    if (sscanf(line, "%llx-%llx %4s %llx %*s %llu %n", &start, &end, rights, &offset, &inode,
               &path) < 5 ||
        path == 0 || end <= start)
        return false;
    line[strcspn(line, "\n")] = '\0';
    restore_line_feeds(line + path);
    *mapping = (struct process_mapping){
        start, end, offset, inode, strchr(rights, 'x') != NULL, line + path,
    };
    return true;
}

int process_maps_each(pid_t pid, bool (*take)(void *, const struct process_mapping *),
                      void *context)
{
    char *line = NULL;
    size_t capacity = 0;
    struct process_mapping mapping;
    int descriptor = monitor_open_process(pid, "maps");
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "r");
    if (!file) {
        if (descriptor >= 0)
            close(descriptor);
        return -1;
    }
    errno = 0;
    while (getline(&line, &capacity, file) > 0) {
        if (parse(line, &mapping) && !take(context, &mapping))
            break;
    }
    int error = ferror(file) ? errno : 0;
    free(line);
    fclose(file);
    errno = error;
    return error ? -1 : 0;
}
