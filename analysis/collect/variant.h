/* SPDX-License-Identifier: MIT */
/*
 * libhakmem with other levels of its factors, as `--with` names it: `phase10`, or FACTOR=LEVEL with
 * commas between them, in any order, where a factor that is not named is at its modern level. All
 * words are those of src/factors/README.md. Each is a library of its own in src/variants of the
 * build.
 */
#ifndef ANALYSIS_VARIANT_H
#define ANALYSIS_VARIANT_H

#include <stdbool.h>
#include <stddef.h>

#include "counter_layout.h"

enum { VARIANT_LEVELS_MAX = 3, VARIANT_MODERN = 0, VARIANT_PHASE10 = 1 };

/* Levels in the order modern, Phase 10, third; NULL ends. */
struct variant_factor {
    const char *name;
    const char *levels[VARIANT_LEVELS_MAX + 1];
};

/* In the order of enum hak_factor. */
extern const struct variant_factor variant_factors[HAK_FACTOR_END];

struct variant {
    unsigned char level[HAK_FACTOR_END]; /* indexes of `levels` */
};

/* Does this name a variant, well or badly? */
bool variant_is_named(const char *name);

/* False with one line in `why`. */
bool variant_parse(const char *name, struct variant *variant, char *why, size_t why_bytes);

/* libhakmem-none-magazine-... .so; `again`: the second copy that the ends of the scale have. */
void variant_file(const struct variant *variant, bool again, char *file, size_t bytes);

/* phase10, modern, or the factors that are at another than the modern level, as variant_parse takes
 * them. */
void variant_name(const struct variant *variant, char *name, size_t bytes);

/* Cuts the next allocator off a list with commas; NULL: none is left. FACTOR=LEVEL that follow each
 * other name one variant, until a factor comes again. */
char *variant_next_in_list(char **list);

#endif
