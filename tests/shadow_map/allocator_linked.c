/* SPDX-License-Identifier: MIT */
/* The C++ operators are not among the un-interposed names; the preloaded runs have them. */
#include "allocator.h"

#define DECLARE(result, name, parameters) result hakmem_##name parameters;
ALLOCATOR_FUNCTIONS(DECLARE)
ALLOCATOR_EXTRAS(DECLARE)
#undef DECLARE

#define FILL(result, name, parameters) .name = hakmem_##name,
struct allocator allocator = {ALLOCATOR_FUNCTIONS(FILL) ALLOCATOR_EXTRAS(FILL).is_hakmem = true};
#undef FILL

void allocator_find(void)
{
}
