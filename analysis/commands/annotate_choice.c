/* SPDX-License-Identifier: MIT */
#include "annotate_choice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "annotate_near.h"

static int by_offset(const void *a, const void *b)
{
    const struct attributed_function *x = a, *y = b;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

bool annotate_choice_start(struct annotate_choice *choice, struct attributor *attributor)
{
    *choice = (struct annotate_choice){0};
    choice->all = attributor_functions(attributor, &choice->all_count);
    if (choice->all)
        qsort(choice->all, choice->all_count, sizeof *choice->all, by_offset);
    return choice->all;
}

void annotate_choice_finish(struct annotate_choice *choice)
{
    for (size_t i = 0; i < choice->count; i++)
        free(choice->chosen[i].parts);
    free(choice->chosen);
    free(choice->all);
    *choice = (struct annotate_choice){0};
}

static bool is_piece(const char *function, const char *name)
{
    size_t length = strlen(name);
    return strncmp(function, name, length) == 0 && function[length] == '.';
}

static size_t count_named(const struct annotate_choice *choice, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < choice->all_count; i++)
        count += strcmp(choice->all[i].name, name) == 0;
    return count;
}

static bool is_chosen(const struct annotate_choice *choice, size_t entry)
{
    for (size_t i = 0; i < choice->count; i++) {
        if (choice->chosen[i].parts[0] == entry)
            return true;
    }
    return false;
}

static bool add_part(struct annotate_chosen *chosen, size_t part)
{
    size_t *wider = reallocarray(chosen->parts, chosen->part_count + 1, sizeof *chosen->parts);
    if (!wider)
        return false;
    chosen->parts = wider;
    chosen->parts[chosen->part_count++] = part;
    return true;
}

/* The function that begins with `entry`, with the pieces of that name: NULL: none. */
static bool choose(struct annotate_choice *choice, size_t entry, const char *pieces_of)
{
    struct annotate_chosen chosen = {0};
    struct annotate_chosen *wider;
    if (is_chosen(choice, entry))
        return true;
    bool done = add_part(&chosen, entry);
    for (size_t i = 0; done && pieces_of && i < choice->all_count; i++) {
        if (i != entry && is_piece(choice->all[i].name, pieces_of))
            done = add_part(&chosen, i);
    }
    wider = done ? reallocarray(choice->chosen, choice->count + 1, sizeof chosen) : NULL;
    if (!wider) {
        free(chosen.parts);
        return false;
    }
    choice->chosen = wider;
    choice->chosen[choice->count++] = chosen;
    return true;
}

/* Index of the first piece of a function that has no symbol of its own name. */
static size_t first_piece(const struct annotate_choice *choice, const char *name)
{
    size_t i = 0;
    while (i < choice->all_count && !is_piece(choice->all[i].name, name))
        i++;
    return i;
}

static void explain(const struct annotate_choice *choice, const char *name, char *why,
                    size_t why_bytes)
{
    char near[256];
    annotate_near(choice->all, choice->all_count, name, near, sizeof near);
    snprintf(why, why_bytes, "no function '%s' in the library%s%s; --list shows the hottest", name,
             *near ? "; near: " : "", near);
}

bool annotate_choice_add(struct annotate_choice *choice, struct attributor *attributor,
                         const char *name, char *why, size_t why_bytes)
{
    const char *listed = attributor_listed_name(attributor, name);
    size_t named = listed ? count_named(choice, listed) : 0;
    bool done = true;
    for (size_t i = 0; named && done && i < choice->all_count; i++) {
        if (strcmp(choice->all[i].name, listed) == 0)
            done = choose(choice, i, named == 1 ? listed : NULL);
    }
    if (!named) {
        size_t piece = first_piece(choice, name);
        if (piece == choice->all_count) {
            explain(choice, name, why, why_bytes);
            return false;
        }
        done = choose(choice, piece, name);
    }
    if (!done)
        snprintf(why, why_bytes, "%s", strerror(ENOMEM));
    return done;
}

size_t annotate_choice_at(const struct annotate_choice *choice, uint64_t offset)
{
    size_t low = 0, high = choice->all_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (choice->all[middle].offset <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return SIZE_MAX;
    const struct attributed_function *function = &choice->all[low - 1];
    return offset - function->offset < function->bytes ? low - 1 : SIZE_MAX;
}
