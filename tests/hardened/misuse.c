/* SPDX-License-Identifier: MIT */
/*
 * The hardened library stops each misuse as it promises, and the default one, as the control, does
 * not: one child a case.
 *
 *     misuse hardened|light|default
 */
#include "cases.h"
#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

static void **victim; /* shared with the children */

void case_victim(void *pointer)
{
    *victim = pointer;
}

void case_use_up(size_t size)
{
    static void *blocks[600];
    int count = size > 8192 ? 60 : 600;
    for (int round = 0; round < 6; round++) {
        for (int i = 0; i < count; i++)
            *(volatile char *)(blocks[i] = malloc(size)) = 1;
        for (int i = 0; i < count; i++)
            free(blocks[i]);
    }
    for (int i = 0; i < 7 * count; i++)
        *(volatile char *)malloc(size) = 1;
}

static void run(void *argument)
{
    const struct hardened_case *c = argument;
    c->body(c->size);
}

static bool ends_so(const struct hardened_case *c, const struct child_end *end)
{
    switch (c->ending) {
    case ENDING_NAMED:
        return child_accused(end, *victim) && strstr(end->text, c->says);
    case ENDING_FAULT:
        return end->signal == SIGSEGV;
    case ENDING_CLEAN:
        return end->exit_status == 0;
    }
    return false;
}

enum mode { HARDENED, LIGHT, DEFAULT, MODES };

static void try(const struct hardened_case *c, enum mode mode)
{
    *victim = NULL;
    struct child_end end = child_run(run, (void *)c, 20);
    bool so = ends_so(c, &end);
    if (mode == LIGHT && c->whole)
        note("not seen by the light library: %s, %zu bytes: %s", c->name, c->size,
             child_describe(&end));
    else if (mode != DEFAULT)
        promise(so, "%s, %zu bytes: %s", c->name, c->size, child_describe(&end));
    else if (c->control == CONTROL_EITHER)
        note("control: %s, %zu bytes: %s", c->name, c->size, child_describe(&end));
    else
        promise(so == (c->control == CONTROL_ALIKE), "control: %s, %zu bytes: %s", c->name, c->size,
                child_describe(&end));
}

int main(int argc, char **argv)
{
    static const struct hardened_case *const all[] = {bounds_cases, after_free_cases,
                                                      double_free_cases, sized_cases};
    static const char *const modes[MODES] = {"hardened", "light", "default"};
    enum mode mode = 0;
    while (mode < MODES && (argc != 2 || strcmp(argv[1], modes[mode]) != 0))
        mode++;
    if (mode == MODES) {
        fprintf(stderr, "usage: misuse hardened|light|default\n");
        return 2;
    }
    under_hakmem();
    victim = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (const struct hardened_case *c = all[i]; c->name; c++)
            try(c, mode);
    return promises_end();
}
