/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "slow_path.h"

const char *const slow_path_names[SLOW_PATH_KINDS] = {
    [SLOW_PATH_REFILL] = "refill",
    [SLOW_PATH_OVERFLOW] = "overflow",
    [SLOW_PATH_REMOTE_COLLECT] = "remote_collect",
    [SLOW_PATH_REMOTE_PUBLISH] = "remote_publish",
    [SLOW_PATH_ARENA] = "arena",
    [SLOW_PATH_PURGE] = "purge",
    [SLOW_PATH_PAGE_FAULT] = "page_fault",
    [SLOW_PATH_REMOTE_FOUND] = "remote_found",
    [SLOW_PATH_LOCK_WAIT] = "lock_wait",
    [SLOW_PATH_LOCK_OFF_CPU] = "lock_off_cpu",
    [SLOW_PATH_MALLOC] = "malloc",
    [SLOW_PATH_FREE] = "free",
    [SLOW_PATH_REALLOC] = "realloc",
};

const char *const slow_path_call_names[SLOW_PATH_CALLS] = {
    [SLOW_PATH_MMAP] = "mmap",       [SLOW_PATH_MUNMAP] = "munmap",
    [SLOW_PATH_MADVISE] = "madvise", [SLOW_PATH_MPROTECT] = "mprotect",
    [SLOW_PATH_MREMAP] = "mremap",
};

const char *const slow_path_origin_names[SLOW_PATH_ORIGINS] = {
    [SLOW_PATH_OF_ARENA] = "arena",
    [SLOW_PATH_OF_LIBRARY] = "library",
    [SLOW_PATH_OF_PROGRAM] = "program",
};

const char *const slow_path_loss_names[SLOW_PATH_LOSSES] = {
    [SLOW_PATH_LOST_PROCESSES] = "processes",
    [SLOW_PATH_LOST_THREADS] = "threads",
    [SLOW_PATH_LOST_WAITS] = "waits",
    [SLOW_PATH_LOST_SIZES] = "sizes",
};

void slow_path_forget(struct slow_path_report *report)
{
    free(report->sizes);
    report->sizes = NULL;
    report->size_count = 0;
}
