/* SPDX-License-Identifier: MIT */
/*
 * A library for lenses.c, of which a part is an allocator. Files and lines are those that #line
 * says: the lens in lenses.c speaks of them. Each mark is one instruction.
 */
#include "../fixture/mark.h"

#define INLINE static inline __attribute__((always_inline))

/* clang-format off */
#line 10 "store/helper.h"
INLINE int helper(int n) { MARK(helper_in_box); return n + 1; }
#line 20 "store/helper.h"
INLINE int late_helper(int n) { MARK(helper_at_line); return n + 1; }
#line 30 "store/helper.h"
INLINE int lost_helper(int n) { MARK(helper_in_drifted); return n + 1; }
#line 10 "store/link.h"
INLINE int follow(int n) { MARK(link_in_box); return n + 2; }

#line 10 "store/box.h"
INLINE int box_take(int n)
{
    MARK(box_before);
    n = helper(n);
    n = follow(n);
    MARK(box_after);
    return n;
}

#line 100 "store/mixed.h"
INLINE int mixed(int n)
{
    MARK(mixed_first);
    MARK(mixed_second);
    n = late_helper(n);
    MARK(mixed_other);
    return n;
}

#line 200 "store/drifted.h"
INLINE int drifted(int n)
{
    MARK(drifted);
    return lost_helper(n);
}

#line 10 "store/unspoken.h"
INLINE int unspoken(int n) { MARK(unspoken); return n + 3; }

#line 10 "program/box.h"
INLINE int box_of_program(int n) { MARK(other_file); return n + 4; }

#line 10 "store/malloc.c"
int fixture_take(int n);
int fixture_take(int n)
{
    MARK(take);
    n = box_take(n);
    n = mixed(n);
    n = drifted(n);
    return box_of_program(n);
}

int fixture_silent(int n);
int fixture_silent(int n)
{
    return unspoken(n);
}

#line 10 "program/main.c"
INLINE int shared(int n) { MARK(program_inside); return n; }
int fixture_program(int n);
int fixture_program(int n)
{
    MARK(program);
    return shared(n);
}
