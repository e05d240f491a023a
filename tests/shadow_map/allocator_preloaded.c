/* SPDX-License-Identifier: MIT */
#include "allocator.h"

#include "support/process.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

struct allocator allocator;

static bool find(void *entry, const char *name)
{
    void *symbol = dlsym(RTLD_DEFAULT, name);
    memcpy(entry, &symbol, sizeof symbol);
    return symbol != NULL;
}

/* m: size_t, Pv: pointer, St11align_val_t: alignment, RKSt9nothrow_t: std::nothrow. */
static bool find_operators(struct allocator_operators *found, bool array)
{
    const struct {
        void *entry;
        const char *names[2];
    } rows[] = {
        {&found->new_plain, {"_Znwm", "_Znam"}},
        {&found->new_nothrow, {"_ZnwmRKSt9nothrow_t", "_ZnamRKSt9nothrow_t"}},
        {&found->new_aligned, {"_ZnwmSt11align_val_t", "_ZnamSt11align_val_t"}},
        {&found->new_aligned_nothrow,
         {"_ZnwmSt11align_val_tRKSt9nothrow_t", "_ZnamSt11align_val_tRKSt9nothrow_t"}},
        {&found->delete_plain, {"_ZdlPv", "_ZdaPv"}},
        {&found->delete_nothrow, {"_ZdlPvRKSt9nothrow_t", "_ZdaPvRKSt9nothrow_t"}},
        {&found->delete_sized, {"_ZdlPvm", "_ZdaPvm"}},
        {&found->delete_aligned, {"_ZdlPvSt11align_val_t", "_ZdaPvSt11align_val_t"}},
        {&found->delete_aligned_nothrow,
         {"_ZdlPvSt11align_val_tRKSt9nothrow_t", "_ZdaPvSt11align_val_tRKSt9nothrow_t"}},
        {&found->delete_aligned_sized, {"_ZdlPvmSt11align_val_t", "_ZdaPvmSt11align_val_t"}},
    };
    bool all = true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        all &= find(rows[i].entry, rows[i].names[array]);
    return all;
}

void allocator_find(void)
{
    bool all = true;
#define FIND(result, name, parameters) all &= find(&allocator.name, #name);
    ALLOCATOR_FUNCTIONS(FIND)
    if (!all) {
        fprintf(stderr, "shadow_map: the allocator lacks a function\n");
        exit(1);
    }
    ALLOCATOR_EXTRAS(FIND)
#undef FIND
    bool plain = find_operators(&allocator.operators[0], false),
         arrays = find_operators(&allocator.operators[1], true);
    allocator.has_operators = plain && arrays;
    allocator.is_hakmem = under_hakmem();
}
