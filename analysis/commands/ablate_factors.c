/* SPDX-License-Identifier: MIT */
#include "ablate_factors.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "report/ablate_model.h"

#define FACTORS_DEFAULT "header,cache,metadata,classify,freelist"

_Static_assert((int)HAK_FACTOR_END <= (int)FACTORIAL_FACTORS_MAX, "a bit for each factor");

/* NAME or NAME=LEVEL as variant_parse takes it: with a level. */
static bool complete(const char *item, size_t length, char text[64])
{
    size_t name = strcspn(item, "=,");
    for (size_t f = 0; f < HAK_FACTOR_END && name == length; f++) {
        const struct variant_factor *factor = &variant_factors[f];
        if (strlen(factor->name) == length && strncmp(item, factor->name, length) == 0)
            return snprintf(text, 64, "%s=%s", factor->name, factor->levels[VARIANT_PHASE10]) < 64;
    }
    return snprintf(text, 64, "%.*s", (int)length, item) < 64;
}

static int refuse(const char *item, size_t length, const char *why)
{
    complain("ablate: --factors: %.*s: %s", (int)length, item, why);
    return EXIT_USAGE;
}

static int take_item(const char *item, size_t length, struct ablate_options *options)
{
    char text[64], why[256];
    struct variant variant;
    if (!length)
        return refuse(item, length, "an empty name");
    if (!complete(item, length, text))
        return refuse(item, length, "too long");
    if (!variant_parse(text, &variant, why, sizeof why)) {
        complain("ablate: --factors: %s", why);
        return EXIT_USAGE;
    }
    for (size_t f = 0; f < HAK_FACTOR_END; f++) {
        if (strncmp(text, variant_factors[f].name, strcspn(text, "=")) != 0)
            continue;
        if (!variant.level[f])
            return refuse(item, length, "that is the modern level");
        if (options->far.level[f])
            return refuse(item, length, "the factor is named twice");
        options->far.level[f] = variant.level[f];
        options->factors[options->factor_count++] = f;
    }
    return 0;
}

int ablate_factors_take(const char *list, struct ablate_options *options)
{
    for (const char *item = list ? list : FACTORS_DEFAULT;; item++) {
        size_t length = strcspn(item, ",");
        int error = take_item(item, length, options);
        if (error)
            return error;
        item += length;
        if (!*item)
            break;
    }
    if (options->factor_count >= 2)
        return 0;
    complain("ablate: --factors %s: one factor alone: name 2 to %d, or use compare", list,
             HAK_FACTOR_END);
    return EXIT_USAGE;
}

int ablate_design_take(const char *name, struct ablate_options *options)
{
    int design = options->factor_count > FACTORIAL_HALF_MIN ? FACTORIAL_HALF : FACTORIAL_FULL;
    if (name) {
        for (design = FACTORIAL_FULL; design <= FACTORIAL_ONE; design++) {
            if (strcmp(name, ablate_design_names[design]) == 0)
                break;
        }
    }
    options->design = (enum factorial_design)design;
    if (design > FACTORIAL_ONE) {
        complain("ablate: --design %s: neither full nor half nor one", name);
        return EXIT_USAGE;
    }
    if (design != FACTORIAL_HALF || options->factor_count >= FACTORIAL_HALF_MIN)
        return 0;
    complain("ablate: --design half needs 5 or 6 factors: half the combinations of %zu don't tell "
             "interactions of two factors apart",
             options->factor_count);
    return EXIT_USAGE;
}
