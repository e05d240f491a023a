/* SPDX-License-Identifier: MIT */
/*
 * What a thread keeps in its own storage: everything malloc and free need on their fast paths, in
 * one initial-exec TLS block. Until the thread has a heap, its key matches no slab's owner and its
 * stack pointers, 0, count as empty: a new thread falls into the slow paths by construction.
 */
#ifndef HAK_THREAD_H
#define HAK_THREAD_H

#include <stddef.h>
#include <stdint.h>

#include "compiler.h"
#include "counter_layout.h"
#include "size_class.h"

struct hak_heap;

#define HAK_NO_KEY UINT64_MAX

enum hak_thread_state {
    HAK_THREAD_NEW,      /* no heap yet */
    HAK_THREAD_ATTACHED, /* has a heap */
    HAK_THREAD_ENDED, /* its heap is left behind; what it still asks for comes from the shared heap
                       */
};

struct hak_thread {
    uintptr_t top[HAK_CLASSES]; /* the cache factor's word; 0: nothing there, and no room yet */
    struct {
        uint16_t turn;    /* mallocs up to the class's next turn in the slow path */
        uint16_t mask;    /* the cache factor's bound; 0 before there is a heap */
        uint32_t inverse; /* hak_class_inverse */
    } rest[HAK_CLASSES];
    uint64_t key;                      /* owner << 8 of its heap; HAK_NO_KEY: none */
    struct hak_counter_page *counters; /* its heap's; NULL: none */
    struct hak_heap *heap;
    enum hak_thread_state state;
    uint32_t
        inside_locks; /* locks it has, or is about to take or has just given back; see lock.h */
    uint64_t more[HAK_CACHE_WORDS > 1 ? HAK_CLASSES : 0]; /* for cache levels of two words */
};

extern HAK_HIDDEN __thread struct hak_thread hak_thread __attribute__((tls_model("initial-exec")));

/*
 * What the fast path needs of one class, seen from its top. Both arrays above have elements of
 * eight bytes, so from each top it is equally far to the rest:
 *
 *      top[0] ... top[c] ... | rest[0] ... rest[c] ...
 *                 ^ front -------------->  front->turn
 */
struct hak_front {
    uintptr_t top;
    uintptr_t others[HAK_CLASSES - 1];
    uint16_t turn, mask;
    uint32_t inverse;
};

_Static_assert(offsetof(struct hak_front, turn) == offsetof(struct hak_thread, rest) &&
                   sizeof(((struct hak_thread *)0)->rest[0]) == sizeof(uintptr_t),
               "the same distance for every class");

/* The address is put in a register, and all that follows is at fixed distances from it: processors
 * hand a value just stored on to such a load at once (about 1 cycle on Golden Cove), to one whose
 * address is added up of two registers only by way of the store buffer (7 cycles). Every malloc
 * waits for the top that the call before it left. */
static inline struct hak_front *hak_front(struct hak_thread *thread, size_t size_class)
{
    uintptr_t *top = &thread->top[size_class];
    __asm__("" : "+r"(top)); /* or the compiler puts the sum into each access again */
    return (struct hak_front *)(void *)top;
}

/* A child finds another thread's words as a fork left them, between any two stores: a block must be
 * in its slot before the word that counts it says so. (Of one thread's stores a child sees the
 * first ones, in the order of its instructions: the kernel stops each thread at the first page that
 * it has taken away.) */
static inline void hak_before_fork_sees(void)
{
    __atomic_signal_fence(__ATOMIC_RELEASE);
}

/* A class's words, where no thread has them. */
struct hak_cache_words {
    uintptr_t top;
    uint64_t more[HAK_CACHE_WORDS - 1];
};

static inline void hak_cache_park(const struct hak_thread *thread, size_t size_class,
                                  struct hak_cache_words *words)
{
    words->top = thread->top[size_class];
    for (int i = 0; i < HAK_CACHE_WORDS - 1; i++)
        words->more[i] = thread->more[size_class];
}

static inline void hak_cache_unpark(struct hak_thread *thread, size_t size_class,
                                    const struct hak_cache_words *words)
{
    thread->top[size_class] = words->top;
    for (int i = 0; i < HAK_CACHE_WORDS - 1; i++)
        thread->more[size_class] = words->more[i];
}

/* The second word of a class, from the same register. */
static inline uint64_t *hak_front_more(struct hak_front *front)
{
    return (uint64_t *)(void *)((char *)front + offsetof(struct hak_thread, more));
}

#endif
