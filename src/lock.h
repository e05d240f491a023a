/* SPDX-License-Identifier: MIT */
/*
 * A lock for slow paths: one word, waits in the kernel, and can be held across a fork. While a fork
 * holds it, the thread that forks passes through it as if it were its own, for handlers of
 * pthread_atfork that were registered before ours allocate in between.
 */
#ifndef HAK_LOCK_H
#define HAK_LOCK_H

#include <stdbool.h>
#include <stdint.h>

struct hak_lock {
    uint32_t state; /* 0 free, 1 held, 2 held and somebody may wait; any thread, atomically */
    /* Address of the holder's struct hak_thread, and 1 or'ed to it where a fork of that thread took
     * the lock; 0: nobody, or about to be. Written by the holder, and told by others from their own
     * name only. */
    uintptr_t holder;
};

void hak_lock(struct hak_lock *lock);
void hak_unlock(struct hak_lock *lock);

/*
 * Before a fork, and after it in both processes. Where fork is called by a signal handler that
 * interrupted the allocator, the lock may be this thread's already: then it stays as it is, for
 * what was interrupted goes on, in the child as well. Or another thread may have it and wait for
 * one of ours: then fork gives up after a while, and the child, where that thread is not, must do
 * without what the lock protects: it can execute a program or end. (In a program of
 * several threads glibc's fork may wait for ever in both cases.)
 */
void hak_lock_for_fork(struct hak_lock *lock);
void hak_unlock_after_fork(struct hak_lock *lock);

/* True while a fork of this thread's holds the lock. */
bool hak_lock_is_for_fork(const struct hak_lock *lock);

#endif
