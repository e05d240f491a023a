/* SPDX-License-Identifier: MIT */
/*
 * A misuse is told with the birth of its block, where that was sampled: run with
 * HAKMEM_HEAP_SAMPLE=1, on hakmem by preload, or linked statically.
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

__attribute__((noinline)) static void *born_here(void)
{
    void *volatile block = malloc(100);
    return block;
}

static void twice(void *argument)
{
    free(argument);
    free(argument);
}

static void once(void *argument)
{
    free(argument);
}

static void inside(void *argument)
{
    free((char *)argument + 16);
}

/* The offset of the first caller in this program: within the function that asked. */
static bool names_birth(const struct child_end *end, const char *program)
{
    char wanted[200];
    snprintf(wanted, sizeof wanted, " for 100 bytes, called from %s+0x", program);
    return strstr(end->text, wanted) != NULL;
}

int main(int count, char **arguments)
{
    const char *program = basename(arguments[0]);
    void *block = born_here();
    struct child_end end = child_run(twice, block, 10);
    promise(child_accused(&end, block) && strstr(end.text, "hakmem: double free"), "%s",
            child_describe(&end));
    promise(names_birth(&end, program), "a double free says who allocated");
    promise(!strstr(end.text, "never handed out"), "and that it was handed out");
    end = child_run(inside, block, 10);
    promise(child_accused(&end, (char *)block + 16) && names_birth(&end, program), "%s",
            child_describe(&end));
    block = malloc(3000000);
    free(block);
    end = child_run(once, block, 10);
    promise(child_accused(&end, block) && !strstr(end.text, "called from"),
            "of a large block that is gone nothing is said: %s", child_describe(&end));
    return promises_end();
}
