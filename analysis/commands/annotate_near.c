/* SPDX-License-Identifier: MIT */
#include "annotate_near.h"

#include <stdio.h>
#include <string.h>

enum { NAMES_MAX = 5, LETTERS_MAX = 64, LETTERS_APART = 2 };

static unsigned least_of(unsigned a, unsigned b, unsigned c)
{
    unsigned least = a < b ? a : b;
    return least < c ? least : c;
}

/* How many letters must be put in, taken out or changed (Levenshtein's distance). */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[LETTERS_MAX + 1];
    size_t rows = strlen(a), columns = strlen(b);
    if (rows > LETTERS_MAX || columns > LETTERS_MAX)
        return LETTERS_MAX;
    for (unsigned j = 0; j <= columns; j++)
        row[j] = j;
    for (unsigned i = 1; i <= rows; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= columns; j++) {
            unsigned above = row[j];
            row[j] = least_of(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[columns];
}

static bool is_near(const char *function, const char *name, bool by_letters)
{
    if (!by_letters)
        return strcasestr(function, name);
    return strlen(name) > LETTERS_APART && distance(function, name) <= LETTERS_APART;
}

void annotate_near(const struct attributed_function *functions, size_t count, const char *name,
                   char *text, size_t bytes)
{
    size_t used = 0;
    int found = 0;
    *text = '\0';
    for (int by_letters = 0; by_letters < 2 && !found; by_letters++) {
        for (size_t i = 0; i < count && found < NAMES_MAX; i++) {
            if (!is_near(functions[i].name, name, by_letters) || used >= bytes)
                continue;
            used += (size_t)snprintf(text + used, bytes - used, "%s%s", found++ ? ", " : "",
                                     functions[i].name);
        }
    }
}
