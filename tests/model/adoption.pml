/* SPDX-License-Identifier: MIT */
/*
 * Heaps change hands, and threads have none, for spin: leave(), find_heap(), hak_heap_attach(),
 * hak_heap_trim(), hak_shared_malloc(), hak_shared_free(), hak_heap_drain_orphan() and add_pending() of
 * src/heap.c. How a block gets into an inbox and out again is remote_free.pml's and inbox.pml's
 * business; here both are one step.
 *
 * Thread 0 has heap 0 and ends: its heap becomes an orphan, then the destructors of other keys free
 * and allocate with the shared heap, then its storage is gone. Thread 1 starts: it adopts the orphan
 * or makes heap 1, works with it, and ends. Thread 2 does ROUNDS things of these, in any order: frees a
 * block of heap 0 for it, and drains it where it finds an orphan; frees and allocates as a thread
 * without a heap; trims the orphans; adds up what threads have not told the counters yet.
 *
 * Always: a heap's slabs are touched by one thread at a time, the storage that is read is still
 * there, no block comes home twice. At the end: every heap stands once in the list of orphans, every
 * freed block is home or in the inbox, nobody waits.
 *
 * Each mutation takes one guard away; spin must find an error in each:
 *   MUTATE_LEAVE        a thread that ends makes its heap an orphan without the lock
 *   MUTATE_FLUSH        it flushes the heap after it has unlocked
 *   MUTATE_ADOPT        a thread that starts looks for an orphan without the lock
 *   MUTATE_TRIM         orphans are trimmed without the lock
 *   MUTATE_DRAIN        an orphan is drained without the lock
 *   MUTATE_RECHECK      it is drained without another look at `state`, under the lock
 *   MUTATE_SHARED       the shared heap is used without the lock
 *   MUTATE_STATE        a free without a heap goes to the slab whoever has it
 *   MUTATE_EARLY        it looks at `state` before it takes the lock
 *   MUTATE_PENDING      the storage of threads is read without the lock
 *   MUTATE_OWNED        it is read whatever `state` is, and leave() keeps `thread`
 */
#include "mutation.pmlh"
#define MUTATE_LEAVE   (broken == 1)
#define MUTATE_FLUSH   (broken == 2)
#define MUTATE_ADOPT   (broken == 3)
#define MUTATE_TRIM    (broken == 4)
#define MUTATE_DRAIN   (broken == 5)
#define MUTATE_RECHECK (broken == 6)
#define MUTATE_SHARED  (broken == 7)
#define MUTATE_STATE   (broken == 8)
#define MUTATE_EARLY   (broken == 9)
#define MUTATE_PENDING (broken == 10)
#define MUTATE_OWNED   (broken == 11)

#ifndef ROUNDS
#define ROUNDS 1
#endif
#define SHARED 2
#define HEAPS  3
#define NONE   255
#define BLOCKS 4           /* of heap 0, with the program; block 3 is thread 0's last */

mtype = { OWNED, ORPHAN };
mtype state[HEAPS] = OWNED;
byte thread_of[HEAPS] = NONE;      /* heap->thread */
byte next_orphan[HEAPS] = NONE;
byte orphans = NONE;
bool made;                         /* heap 1 has been created */
bit heaps_lock;

byte inside[HEAPS];                /* threads at the heap's slabs */
bool storage[2] = true;            /* the thread's own, with what is pending */
bool in_inbox[BLOCKS], home[BLOCKS], freed[BLOCKS];
byte depth;                        /* of heap 0's inbox */

inline hak_lock(without)
{
    if
    :: without -> skip
    :: else -> atomic { heaps_lock == 0 -> heaps_lock = 1 }
    fi
}

inline hak_unlock(without)
{
    if
    :: without -> skip
    :: else -> atomic { assert(heaps_lock == 1); heaps_lock = 0 }
    fi
}

inline touch(heap)
{
    d_step { inside[heap]++; assert(inside[heap] == 1) };
    inside[heap]--
}

inline come_home(block)
{
    d_step { assert(!home[block]); home[block] = true }
}

inline hak_remote_collect(heap, b)
{
    d_step { inside[heap]++; assert(inside[heap] == 1) };
    if
    :: heap == 0 ->
        d_step {
            b = 0;
            do
            :: b == BLOCKS -> break
            :: b < BLOCKS && in_inbox[b] -> in_inbox[b] = false; assert(!home[b]); home[b] = true; b++
            :: b < BLOCKS && !in_inbox[b] -> b++
            od;
            b = 0;
            depth = 0
        }
    :: else -> skip
    fi;
    inside[heap]--
}

inline leave(me, heap, b)
{
    if
    :: MUTATE_FLUSH -> skip
    :: else -> touch(heap)
    fi;
    hak_lock(MUTATE_LEAVE);
    state[heap] = ORPHAN;
    if
    :: heap == 0 && depth > 0 -> hak_remote_collect(heap, b)
    :: else -> skip
    fi;
    if
    :: MUTATE_OWNED -> skip
    :: else -> thread_of[heap] = NONE
    fi;
    next_orphan[heap] = orphans;
    orphans = heap;
    touch(orphans); /* cool_orphans() */
    hak_unlock(MUTATE_LEAVE);
    if
    :: MUTATE_FLUSH -> touch(heap)
    :: else -> skip
    fi
}

inline hak_heap_attach(me, heap)
{
    hak_lock(MUTATE_ADOPT);
    heap = orphans;
    if
    :: heap != NONE -> orphans = next_orphan[heap]; state[heap] = OWNED
    :: else -> heap = 1; made = true
    fi;
    thread_of[heap] = me;
    hak_unlock(MUTATE_ADOPT)
}

inline push(block)
{
    d_step { in_inbox[block] = true; depth++ }
}

/* One magazine counts as deep here. */
inline hak_heap_drain_orphan(b)
{
    hak_lock(MUTATE_DRAIN);
    if
    :: state[0] == ORPHAN || MUTATE_RECHECK -> hak_remote_collect(0, b)
    :: else -> skip
    fi;
    hak_unlock(MUTATE_DRAIN)
}

inline publish(block, scratch)
{
    push(block);
    if
    :: depth > 0 && state[0] == ORPHAN -> hak_heap_drain_orphan(scratch) /* a hint, read without the lock */
    :: else -> skip
    fi
}

inline hak_shared_malloc()
{
    hak_lock(MUTATE_SHARED);
    touch(SHARED);
    hak_unlock(MUTATE_SHARED)
}

inline hak_shared_free(block, scratch)
{
    freed[block] = true;
    orphan = (state[0] == ORPHAN);
    hak_lock(false);
    if
    :: MUTATE_EARLY -> skip
    :: else -> orphan = (state[0] == ORPHAN)
    fi;
    if
    :: orphan || MUTATE_STATE -> touch(0); come_home(block)
    :: else -> touch(SHARED); publish(block, scratch) /* by the shared heap's outbox */
    fi;
    hak_unlock(false)
}

inline hak_heap_trim(heap, b)
{
    hak_lock(MUTATE_TRIM);
    heap = orphans;
    do
    :: heap == NONE -> break
    :: else -> hak_remote_collect(heap, b); touch(heap); heap = next_orphan[heap]
    od;
    hak_unlock(MUTATE_TRIM)
}

inline look_at(heap, reader)
{
    if
    :: state[heap] == OWNED || MUTATE_OWNED ->
        reader = thread_of[heap];
        if
        :: reader < 2 -> assert(storage[reader])
        :: else -> skip
        fi
    :: else -> skip
    fi
}

inline add_pending(reader)
{
    hak_lock(MUTATE_PENDING);
    look_at(0, reader);
    if
    :: made -> look_at(1, reader)
    :: else -> skip
    fi;
    hak_unlock(MUTATE_PENDING)
}

proctype Ends()
{
    byte b;
    bool orphan;
    leave(0, 0, b);
    hak_shared_malloc();
    hak_shared_free(3, b);
    storage[0] = false
}

proctype Starts()
{
    byte heap, b;
    hak_heap_attach(1, heap);
    hak_remote_collect(heap, b);
    touch(heap);
    leave(1, heap, b);
    storage[1] = false
}

proctype Other()
{
    byte round, heap, b;
    bool orphan;
    do
    :: round == ROUNDS -> break
    :: round < ROUNDS ->
        if
        :: round < 3 -> freed[round] = true; publish(round, b)
        :: round < 3 -> hak_shared_free(round, b); hak_shared_malloc()
        :: true -> hak_heap_trim(heap, b)
        :: true -> add_pending(b)
        fi;
        round++
    od
}

inline nothing_lost()
{
    byte i, at, listed[HEAPS];
    d_step {
        at = orphans;
        do
        :: at == NONE -> break
        :: else -> listed[at]++; assert(listed[at] == 1); at = next_orphan[at]
        od;
        assert(listed[0] == 1 && state[0] == ORPHAN);
        assert(listed[1] == made);
        i = 0;
        do
        :: i == BLOCKS -> break
        :: else -> assert(freed[i] == (home[i] + in_inbox[i])); i++
        od;
        assert(heaps_lock == 0)
    }
}

init {
    choose_mutation();
    atomic {
        state[SHARED] = ORPHAN;
        thread_of[0] = 0;
        run Ends();
        run Starts();
        run Other()
    };
    _nr_pr == 1;
    nothing_lost()
}
