/* SPDX-License-Identifier: MIT */
/*
 * Which block is handed out is chosen at random, and not the one freed last. By numbers that only
 * one of 10^12 runs of a random order reaches; the default library, as the control, is far beyond.
 *
 *     choices hardened|default
 */
#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { FRESH = 200, BYTES = 48, ROUNDS = 2000 };

static uint32_t *seen; /* shared with the children */

/* Blocks of a new slab: how many lie right behind the one before. */
static void take_fresh(void *unused)
{
    char *last = malloc(BYTES);
    seen[0] = 0;
    for (int i = 1; i <= FRESH; i++) {
        char *p = malloc(BYTES);
        seen[0] += p - last > 0 && p - last < 2 * BYTES;
        seen[i] = (uint32_t)((uintptr_t)p & 0xffff);
        last = p;
    }
}

/* Freed in order, then handed out again: how many come as the last one freed that is left. */
static void take_again(void *unused)
{
    static void *freed[64];
    seen[0] = 0;
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 64; i++)
            freed[i] = malloc(BYTES);
        for (int i = 0; i < 64; i++)
            free(freed[i]);
        for (int i = 63; i >= 0; i--)
            seen[0] += malloc(BYTES) == freed[i];
    }
}

/* How often the next malloc gets the block just freed. */
static void take_back(void *unused)
{
    void *held[ROUNDS];
    for (int i = 0; i < ROUNDS; i++)
        held[i] = malloc(BYTES);
    seen[0] = 0;
    for (int i = 0; i < ROUNDS; i++) {
        uintptr_t before = (uintptr_t)held[i];
        free(held[i]);
        held[i] = malloc(BYTES);
        seen[0] += (uintptr_t)held[i] == before;
    }
}

static uint32_t count(void (*body)(void *))
{
    struct child_end end = child_run(body, NULL, 20);
    promise(end.exit_status == 0, "a child ends: %s", child_describe(&end));
    return seen[0];
}

int main(int argc, char **argv)
{
    static uint32_t first[FRESH + 1];
    bool hardened = argc == 2 && strcmp(argv[1], "hardened") == 0;
    if (argc != 2 || (!hardened && strcmp(argv[1], "default") != 0)) {
        fprintf(stderr, "usage: choices hardened|default\n");
        return 2;
    }
    under_hakmem();
    seen = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const char *who = hardened ? "" : "control: ";

    /* A slab has some 1,000 such blocks: by chance each has one in 500 to lie beside the last. */
    uint32_t beside = count(take_fresh);
    promise(hardened ? beside < 15 : beside > FRESH / 2, "%s%u of %d new blocks lie side by side",
            who, beside, FRESH);
    memcpy(first, seen, sizeof first);
    count(take_fresh);
    uint32_t alike = 0;
    for (int i = 1; i <= FRESH; i++)
        alike += first[i] == seen[i];
    promise(hardened ? alike < 15 : alike > FRESH / 2,
            "%s%u of %d new blocks lie where they did in another process", who, alike, FRESH);

    uint32_t in_order = count(take_again);
    promise(hardened ? in_order < 20 * 64 / 4 : in_order > 20 * 64 / 2,
            "%s%u of %d blocks come back last in, first out", who, in_order, 20 * 64);

    /* None: it has just begun to wait. */
    uint32_t at_once = count(take_back);
    promise(hardened ? at_once == 0 : at_once > ROUNDS / 2,
            "%s%u of %d blocks are handed out right after they were freed", who, at_once, ROUNDS);
    return promises_end();
}
