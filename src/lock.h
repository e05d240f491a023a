/* SPDX-License-Identifier: MIT */
/* A lock for slow paths: one word, waits in the kernel, can be reset in a forked child. */
#ifndef HAK_LOCK_H
#define HAK_LOCK_H

#include <stdint.h>

struct hak_lock {
    uint32_t state; /* 0 free, 1 held, 2 held and somebody may wait; any thread, atomically */
};

void hak_lock(struct hak_lock *lock);
void hak_unlock(struct hak_lock *lock);

#endif
