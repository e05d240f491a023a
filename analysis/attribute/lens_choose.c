/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "lens_rules.h"
#include "symbols.h"

/* Read when first asked for, and kept. */
static struct lens *lenses;

static const struct lens *lens_at(size_t at)
{
    char why[128];
    if (!lenses)
        lenses = calloc(lens_text_count, sizeof *lenses);
    if (!lenses)
        return NULL;
    struct lens *lens = &lenses[at];
    if (!lens->name) {
        char *text = strdup(lens_texts[at].text);
        if (!text || !lens_parse(lens, lens_texts[at].name, text, why, sizeof why)) {
            free(text); /* a test reads them all: memory is out */
            memset(lens, 0, sizeof *lens);
            return NULL;
        }
    }
    return lens;
}

static const struct lens *of_file(const char *path)
{
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
    for (size_t i = 0; i < lens_text_count; i++) {
        const struct lens *lens = lens_at(i);
        for (size_t f = 0; lens && f < lens->file_count; f++) {
            if (lens_text_matches(lens->files[f], file))
                return lens;
        }
    }
    return NULL;
}

static bool has_symbols(const struct lens *lens, const struct symbols *symbols)
{
    for (size_t i = 0; i < lens->symbol_count; i++) {
        if (symbols_listed_name(symbols, lens->symbols[i]))
            return true;
    }
    return false;
}

static const struct lens *of_symbols(const struct symbols *symbols)
{
    for (size_t i = 0; i < lens_text_count; i++) {
        const struct lens *lens = lens_at(i);
        if (lens && has_symbols(lens, symbols))
            return lens;
    }
    return NULL;
}

struct lens_choice lens_choose(const char *path, const struct symbols *symbols, bool is_allocators)
{
    const struct lens *lens = of_file(path);
    if (lens)
        return (struct lens_choice){lens, lens->is_part,
                                    lens->is_part && !has_symbols(lens, symbols)};
    lens = of_symbols(symbols);
    return (struct lens_choice){lens, lens && (lens->is_part || !is_allocators), false};
}

bool lens_knows_file(const char *path)
{
    return of_file(path);
}

unsigned lens_number(const struct lens *lens)
{
    return lens ? (unsigned)(lens - lenses) + 1 : 0;
}

const struct lens *lens_numbered(unsigned number)
{
    return number && number <= lens_text_count ? lens_at(number - 1) : NULL;
}
