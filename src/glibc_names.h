/* SPDX-License-Identifier: MIT */
/* What glibc's malloc.h has and musl's lacks: mallopt(3), mallinfo(3). Programs built against glibc
 * never meet these; those built against musl may ask for them by the same numbers. */
#ifndef HAK_GLIBC_NAMES_H
#define HAK_GLIBC_NAMES_H

#include <malloc.h>
#include <stddef.h>

#ifndef M_MXFAST
#    define M_MXFAST         1
#    define M_TRIM_THRESHOLD (-1)
#    define M_TOP_PAD        (-2)
#    define M_MMAP_THRESHOLD (-3)
#    define M_MMAP_MAX       (-4)
#    define M_CHECK_ACTION   (-5)
#    define M_PERTURB        (-6)
#    define M_ARENA_TEST     (-7)
#    define M_ARENA_MAX      (-8)

struct mallinfo {
    int arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
};

struct mallinfo2 {
    size_t arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
};
#endif

#endif
