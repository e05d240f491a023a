/* SPDX-License-Identifier: MIT */
#include "variant.h"

#include <stdio.h>
#include <string.h>

const struct variant_factor variant_factors[HAK_FACTOR_END] = {
    [HAK_FACTOR_HEADER] = {"header", {"none", "inline"}},
    [HAK_FACTOR_CACHE] = {"cache", {"magazine", "unified", "tcache"}},
    [HAK_FACTOR_METADATA] = {"metadata", {"flat", "indirect"}},
    [HAK_FACTOR_CLASSIFY] = {"classify", {"direct", "routed"}},
    [HAK_FACTOR_FREELIST] = {"freelist", {"bitmap", "tagged", "linked"}},
    [HAK_FACTOR_CHECK] = {"check", {"key", "none"}},
};

static const char phase10[] = "phase10", modern[] = "modern";

/* The factor that FACTOR=... names, up to a comma or the end; HAK_FACTOR_END: none. */
static size_t factor_of(const char *item)
{
    size_t f = 0;
    for (; f < HAK_FACTOR_END; f++) {
        size_t length = strlen(variant_factors[f].name);
        if (strncmp(item, variant_factors[f].name, length) == 0 && item[length] == '=')
            break;
    }
    return f;
}

bool variant_is_named(const char *name)
{
    return strcmp(name, phase10) == 0 || strcmp(name, modern) == 0 ||
           (strchr(name, '=') && !strchr(name, '/'));
}

static void list_levels(const struct variant_factor *factor, char *text, size_t bytes)
{
    size_t used = 0;
    for (size_t i = 0; factor->levels[i]; i++)
        used +=
            (size_t)snprintf(text + used, bytes - used, "%s%s", i ? ", " : "", factor->levels[i]);
}

/* One FACTOR=LEVEL of `length` characters. */
static bool take_item(const char *item, size_t length, struct variant *variant, char *why,
                      size_t why_bytes)
{
    char levels[64];
    size_t f = factor_of(item);
    if (f == HAK_FACTOR_END) {
        snprintf(why, why_bytes,
                 "%.*s: not FACTOR=LEVEL; factors are header, cache, metadata, classify, freelist, "
                 "check",
                 (int)length, item);
        return false;
    }
    const struct variant_factor *factor = &variant_factors[f];
    const char *level = item + strlen(factor->name) + 1;
    size_t level_length = length - (size_t)(level - item);
    for (unsigned i = 0; factor->levels[i]; i++) {
        if (strlen(factor->levels[i]) == level_length &&
            strncmp(level, factor->levels[i], level_length) == 0) {
            variant->level[f] = (unsigned char)i;
            return true;
        }
    }
    list_levels(factor, levels, sizeof levels);
    snprintf(why, why_bytes, "%.*s: no such level; levels of %s are %s", (int)length, item,
             factor->name, levels);
    return false;
}

bool variant_parse(const char *name, struct variant *variant, char *why, size_t why_bytes)
{
    *variant = (struct variant){{0}};
    if (strcmp(name, modern) == 0)
        return true;
    if (strcmp(name, phase10) == 0) {
        for (size_t f = 0; f < HAK_FACTOR_CHECK; f++)
            variant->level[f] = VARIANT_PHASE10;
        return true;
    }
    for (const char *item = name;; item++) {
        size_t length = strcspn(item, ",");
        if (!take_item(item, length, variant, why, why_bytes))
            return false;
        item += length;
        if (!*item)
            return true;
    }
}

void variant_file(const struct variant *variant, bool again, char *file, size_t bytes)
{
    size_t used = (size_t)snprintf(file, bytes, "libhakmem");
    for (size_t f = 0; f < HAK_FACTOR_CHECK && used < bytes; f++)
        used += (size_t)snprintf(file + used, bytes - used, "-%s",
                                 variant_factors[f].levels[variant->level[f]]);
    if (used < bytes)
        snprintf(file + used, bytes - used, "%s%s.so",
                 variant->level[HAK_FACTOR_CHECK] ? "-unchecked" : "", again ? "-again" : "");
}

void variant_name(const struct variant *variant, char *name, size_t bytes)
{
    size_t used = 0, at_phase10 = 0;
    for (size_t f = 0; f < HAK_FACTOR_CHECK; f++)
        at_phase10 += variant->level[f] == VARIANT_PHASE10;
    if (at_phase10 == HAK_FACTOR_CHECK && !variant->level[HAK_FACTOR_CHECK]) {
        snprintf(name, bytes, "%s", phase10);
        return;
    }
    for (size_t f = 0; f < HAK_FACTOR_END && used < bytes; f++) {
        if (variant->level[f])
            used += (size_t)snprintf(name + used, bytes - used, "%s%s=%s", used ? "," : "",
                                     variant_factors[f].name,
                                     variant_factors[f].levels[variant->level[f]]);
    }
    if (used == 0)
        snprintf(name, bytes, "%s", modern);
}

char *variant_next_in_list(char **list)
{
    bool named[HAK_FACTOR_END + 1] = {false};
    char *first = *list;
    if (!first)
        return NULL;
    for (char *item = first;;) {
        size_t f = factor_of(item);
        char *comma = strchr(item, ',');
        named[f] = true;
        if (!comma) {
            *list = NULL;
            return first;
        }
        size_t next = factor_of(comma + 1);
        if (f == HAK_FACTOR_END || next == HAK_FACTOR_END || named[next]) {
            *comma = '\0';
            *list = comma + 1;
            return first;
        }
        item = comma + 1;
    }
}
