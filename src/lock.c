/* SPDX-License-Identifier: MIT */
/* The three-state futex lock of Drepper, "Futexes are tricky" (2011), section 6, with a short spin.
 * Its models for spin: tests/model/lock.pml and fork_signal.pml. */
#include "lock.h"

#include "counters.h"
#include "hakmem_probes.h"
#include "os.h"

enum {
    SPINS = 100, /* a held lock is mostly free again within this; beyond it, sleep */
    FOR_FORK = 1,
    FORK_MS = 100,     /* a fork that may not wait for ever does so long for each other holder */
    FORK_TRIES = 1000, /* and for so many */
};

static void pause_briefly(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static bool try_lock(struct hak_lock *lock)
{
    uint32_t expected = 0;
    return __atomic_compare_exchange_n(&lock->state, &expected, 1, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

/* A function of its own: the uncontended way keeps no registers for it. */
static __attribute__((noinline)) void wait_for(struct hak_lock *lock)
{
    for (int spin = 0; spin < SPINS; spin++) {
        pause_briefly();
        if (__atomic_load_n(&lock->state, __ATOMIC_RELAXED) == 0 && try_lock(lock))
            return;
    }
    while (__atomic_exchange_n(&lock->state, 2, __ATOMIC_ACQUIRE) != 0)
        hak_os_wait(&lock->state, 2);
}

static uintptr_t own_name(void)
{
    return (uintptr_t)&hak_thread;
}

static uintptr_t holder(const struct hak_lock *lock)
{
    return __atomic_load_n(&lock->holder, __ATOMIC_RELAXED);
}

static void set_holder(struct hak_lock *lock, uintptr_t name)
{
    __atomic_store_n(&lock->holder, name, __ATOMIC_RELAXED);
}

/* From before it asks for a lock until after it has given it back: what interrupts it in between
 * learns that it may have one. */
static void enter(void)
{
    hak_thread.inside_locks++;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static void leave(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    hak_thread.inside_locks--;
}

static void take(struct hak_lock *lock)
{
    hak_count(HAK_COUNT_locks);
    if (try_lock(lock))
        return;
    hak_count(HAK_COUNT_locks_contended);
    HAK_PROBE1(lock_wait_begin, (uintptr_t)lock);
    wait_for(lock);
    HAK_PROBE1(lock_wait_end, (uintptr_t)lock);
}

static void give_back(struct hak_lock *lock)
{
    set_holder(lock, 0);
    if (__atomic_exchange_n(&lock->state, 0, __ATOMIC_RELEASE) == 2)
        hak_os_wake(&lock->state);
}

void hak_lock(struct hak_lock *lock)
{
    if (HAK_UNLIKELY(hak_lock_is_for_fork(lock)))
        return;
    enter();
    take(lock);
    set_holder(lock, own_name());
}

void hak_unlock(struct hak_lock *lock)
{
    if (HAK_UNLIKELY(hak_lock_is_for_fork(lock)))
        return;
    give_back(lock);
    leave();
}

bool hak_lock_is_for_fork(const struct hak_lock *lock)
{
    return holder(lock) == (own_name() | FOR_FORK);
}

/* False: it was not to be had. */
static bool take_soon(struct hak_lock *lock)
{
    for (int tries = 0; tries < FORK_TRIES; tries++) {
        if (__atomic_exchange_n(&lock->state, 2, __ATOMIC_ACQUIRE) == 0)
            return true;
        if (!hak_os_wait_briefly(&lock->state, 2, FORK_MS))
            return false;
    }
    return false;
}

void hak_lock_for_fork(struct hak_lock *lock)
{
    bool interrupted = hak_thread.inside_locks != 0, taken = true;
    if ((holder(lock) & ~(uintptr_t)FOR_FORK) == own_name())
        return;
    enter();
    if (interrupted)
        taken = take_soon(lock);
    else
        take(lock);
    if (taken)
        set_holder(lock, own_name() | FOR_FORK);
    leave();
}

void hak_unlock_after_fork(struct hak_lock *lock)
{
    if (!hak_lock_is_for_fork(lock))
        return;
    enter();
    give_back(lock);
    leave();
}
