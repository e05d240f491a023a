/* SPDX-License-Identifier: MIT */
/* The three-state futex lock of Drepper, "Futexes are tricky" (2011), section 6, with a short spin.
 */
#include "lock.h"

#include "counters.h"
#include "hakmem_probes.h"
#include "os.h"

enum { SPINS = 100 }; /* a held lock is mostly free again within this; beyond it, sleep */

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

void hak_lock(struct hak_lock *lock)
{
    hak_count(HAK_COUNT_locks);
    if (try_lock(lock))
        return;
    hak_count(HAK_COUNT_locks_contended);
    HAK_PROBE1(lock_wait_begin, (uintptr_t)lock);
    wait_for(lock);
    HAK_PROBE1(lock_wait_end, (uintptr_t)lock);
}

void hak_unlock(struct hak_lock *lock)
{
    if (__atomic_exchange_n(&lock->state, 0, __ATOMIC_RELEASE) == 2)
        hak_os_wake(&lock->state);
}
