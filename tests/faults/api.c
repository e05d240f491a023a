/* SPDX-License-Identifier: MIT */
/* api_probe's cases, whose answers stay what they are while calls fail; see surviving.h. */
#include "api_cases.h"

#include <stdio.h>
#include <string.h>

#include "scenario.h"

/* What asks the C library's own malloc, resident memory, fits in no int, or takes seconds. */
static const char *const left_out[] = {"realloc(p, 0)",
                                       "realloc keeps contents, any size to any",
                                       "realloc keeps contents of aligned blocks",
                                       "calloc zeroes reused memory",
                                       "and of aligned blocks",
                                       "free_sized frees",
                                       "free_aligned_sized frees",
                                       "cfree frees",
                                       "__libc_malloc mixes with free, and so on",
                                       "malloc_info(0)",
                                       "mallinfo",
                                       "every usable byte may be written"};

static bool is_left_out(const char *name)
{
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (strcmp(name, left_out[i]) == 0)
            return true;
    return false;
}

static void ask(const struct api_case *list)
{
    for (const struct api_case *c = list; c->name; c++) {
        char answer[API_ANSWER_BYTES] = "no answer";
        if (is_left_out(c->name))
            continue;
        c->ask(answer, c->word);
        if (!strstr(c->promise, answer)) {
            fprintf(stderr, "%s: %s instead of %s\n", c->name, answer, c->promise);
            broken("an answer of the API stays what it is", 0);
        }
    }
}

static void run_api(void)
{
    ask(api_blocks);
    ask(api_refusals);
    ask(api_reports);
}

const struct scenario scenario_api = {.name = "api", .run = run_api, .leaks = true, .weight = 2};
