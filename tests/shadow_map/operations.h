/* SPDX-License-Identifier: MIT */
/* Operations on a shadow, and which of them comes next. */
#ifndef TESTS_OPERATIONS_H
#define TESTS_OPERATIONS_H

#include "shadow.h"

enum operation {
    OPERATION_TOGGLE, /* allocate where nothing is, else free */
    OPERATION_RESIZE,
    OPERATION_CHECK,
    OPERATION_ALLOCATE_MANY,
    OPERATION_RELEASE_MANY,
    OPERATION_PASS_TIME,
    OPERATION_TRIM,
    OPERATION_ASK_ABOUT_ITSELF, /* mallinfo and the like */
    OPERATION_IMPOSSIBLE,       /* requests that must be refused */
    OPERATION_FORK,
    OPERATION_SWITCH_THREAD, /* these two are the caller's */
    OPERATION_END_THREAD,
};

/* What the operations need; once, before any. */
void operations_start(void);

enum operation operation_choose(struct choices *from);
void operation_do(struct shadow *s, struct choices *from, enum operation what);

/* Requests beyond all memory, in every form: refused, with ENOMEM or, for a bad alignment, EINVAL.
 */
void impossible_requests(struct shadow_block *b, struct choices *from);

#endif
