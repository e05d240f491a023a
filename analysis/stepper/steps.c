/* SPDX-License-Identifier: MIT */
#include "steps.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "own_process.h"
#include "recorder/own_files.h"

static struct {
    struct step_header *header; /* NULL: not started; not mapped in children */
    uint64_t *words;            /* STEP_BYTES_MAX of addresses, usable as far as `mapped` */
    uint64_t used, mapped;      /* words */
    char path[PATH_MAX];
} steps;

bool steps_start(const char *folder)
{
    snprintf(steps.path, sizeof steps.path, "%s/" STEP_FILE, folder);
    steps.words = own_memory(STEP_BYTES_MAX, PROT_NONE);
    if (steps.words)
        steps.header = own_map(steps.path, O_CREAT | O_EXCL, NULL, 0, STEP_WORDS_AT);
    if (!steps.header)
        return false;
    struct step_header *header = steps.header;
    header->version = STEP_VERSION;
    header->pid = (int32_t)syscall(SYS_getpid);
    own_executable(header->program, sizeof header->program);
    header->map_bytes = (uint32_t)own_code_maps((char *)header + STEP_MAPS_AT, STEP_MAPS_BYTES);
    memcpy(header->magic, STEP_MAGIC, sizeof header->magic);
    return true;
}

/* In place of a part of what was reserved, so that nothing of the program's moves. */
static bool grow(void)
{
    uint64_t bytes = steps.mapped * sizeof *steps.words;
    if (bytes == STEP_BYTES_MAX) {
        steps_stop(STEP_FULL);
        return false;
    }
    if (!own_map(steps.path, 0, steps.words + steps.mapped, STEP_WORDS_AT + bytes,
                 STEP_WINDOW_BYTES)) {
        steps_stop(errno ? errno : EIO);
        return false;
    }
    steps.mapped += STEP_WINDOW_BYTES / sizeof *steps.words;
    return true;
}

bool steps_add(uint64_t address)
{
    if (steps.used == steps.mapped && !grow())
        return false;
    steps.words[steps.used++] = address;
    return true;
}

bool steps_begin(enum step_kind kind, size_t bytes)
{
    steps.used = steps.header->words;
    return !steps_have_stopped() && steps_add(step_call_word(kind, bytes));
}

void steps_end(void)
{
    if (steps_have_stopped())
        return;
    steps.header->words = steps.used;
    steps.header->calls++;
}

void steps_stop(int why)
{
    steps.header->stopped = why;
}

bool steps_have_stopped(void)
{
    return steps.header->stopped;
}

uint64_t steps_calls(void)
{
    return steps.header->calls;
}
