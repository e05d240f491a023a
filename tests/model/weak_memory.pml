/* SPDX-License-Identifier: MIT */
/*
 * What the memory orders of src/remote.c, src/lock.c and src/heap.c are for. The other models have one
 * memory that all threads see alike; here each thread knows what has happened before it, and no more,
 * as C11 has it: a vector clock a thread, one that travels with each atomic word, and a plain access
 * is an error (a data race) where the access before it, by another thread, is not known to have
 * happened before.
 *
 *      release   the word takes over the thread's clock
 *      acquire   the thread takes over the word's
 *      a read-modify-write keeps what the word had: it goes on with the release sequence
 *
 * Two threads free: they take a magazine from the pool (under its lock), write a block and its slot,
 * write the link, and swap the inbox. The owner takes the inbox, reads links, slots and blocks, gives
 * the magazines to the pool, and works with its slabs; then its heap is an orphan, and one of the
 * freeing threads, which has seen that in `state` without the lock, drains it under the lock.
 *
 * Each mutation makes one order relaxed; spin must find a race in each:
 *   MUTATE_RELEASE      the compare-and-swap of push_magazine()
 *   MUTATE_ACQUIRE      the exchange of collect_magazines()
 *   MUTATE_SEQUENCE     the inbox is stored, not swapped: what earlier threads released is lost
 *   MUTATE_TRY          the compare-and-swap of try_lock(), where it succeeds
 *   MUTATE_UNLOCK       the exchange of hak_unlock()
 *   MUTATE_STATE        the orphan is drained on the word of `state` alone, without the lock
 */
#include "mutation.pmlh"
#define MUTATE_RELEASE  (broken == 1)
#define MUTATE_ACQUIRE  (broken == 2)
#define MUTATE_SEQUENCE (broken == 3)
#define MUTATE_TRY      (broken == 4)
#define MUTATE_UNLOCK   (broken == 5)
#define MUTATE_STATE    (broken == 6)

#define THREADS   3        /* 0: the owner; 1 and 2 free */
#define MAGAZINES 2
#define NONE      255
#ifndef ROUNDS
#define ROUNDS 1
#endif

typedef clock { byte at[THREADS] };

clock now_of[THREADS];     /* what each thread knows */
clock inbox_clock, pool_clock, heaps_clock;

/* Atomic words. */
byte inbox = NONE;
bit pool_lock, heaps_lock;
bool orphan;

/* Plain ones: when each was last written and by whom, and when last read by each thread. */
#define LINK(m) (m)
#define SLOT(m) (MAGAZINES + (m)) /* and the block that it names */
#define SLABS   (2 * MAGAZINES)
#define POOL    (2 * MAGAZINES + 1)
#define PLAIN   (2 * MAGAZINES + 2)
byte written_by[PLAIN], written_at[PLAIN];
typedef reads { byte at[THREADS] };
reads read_at[PLAIN];
byte link[MAGAZINES];
bool unused[MAGAZINES] = true;
byte sent, seen;

inline write(me, word)
{
    d_step {
        assert(written_at[word] <= now_of[me].at[written_by[word]]);
        assert(read_at[word].at[0] <= now_of[me].at[0]);
        assert(read_at[word].at[1] <= now_of[me].at[1]);
        assert(read_at[word].at[2] <= now_of[me].at[2]);
        written_by[word] = me;
        written_at[word] = now_of[me].at[me]
    }
}

inline read(me, word)
{
    d_step {
        assert(written_at[word] <= now_of[me].at[written_by[word]]);
        read_at[word].at[me] = now_of[me].at[me]
    }
}

#define later(a, b) ((a) > (b) -> (a) : (b))
inline join(a, b)
{
    a.at[0] = later(a.at[0], b.at[0]);
    a.at[1] = later(a.at[1], b.at[1]);
    a.at[2] = later(a.at[2], b.at[2])
}

inline release(me, word)
{
    join(word, now_of[me]);
    now_of[me].at[me] = now_of[me].at[me] + 1
}

inline hak_lock(me, word, its_clock)
{
    atomic {
        word == 0 -> word = 1;
        if
        :: MUTATE_TRY -> skip
        :: else -> join(now_of[me], its_clock)
        fi
    }
}

inline hak_unlock(me, word, its_clock)
{
    atomic {
        word = 0;
        if
        :: MUTATE_UNLOCK -> skip
        :: else -> release(me, its_clock)
        fi
    }
}

inline take_unused(me, m)
{
    hak_lock(me, pool_lock, pool_clock);
    read(me, POOL);
    m = (unused[0] -> 0 : (unused[1] -> 1 : NONE));
    if
    :: m != NONE -> write(me, POOL); unused[m] = false
    :: else -> skip
    fi;
    hak_unlock(me, pool_lock, pool_clock)
}

inline push_magazine(me, m, old)
{
    old = inbox;
    do
    :: write(me, LINK(m));
       link[m] = old;
       atomic {
           if
           :: inbox == old ->
               inbox = m;
               if
               :: MUTATE_SEQUENCE -> inbox_clock.at[0] = 0; inbox_clock.at[1] = 0; inbox_clock.at[2] = 0
               :: else -> skip
               fi;
               if
               :: MUTATE_RELEASE -> skip
               :: else -> release(me, inbox_clock)
               fi;
               sent++;
               break
           :: else -> old = inbox
           fi
       }
    od
}

inline hak_remote_collect(me, m, next)
{
    atomic {
        m = inbox;
        inbox = NONE;
        if
        :: MUTATE_ACQUIRE -> skip
        :: else -> join(now_of[me], inbox_clock)
        fi
    };
    do
    :: m == NONE -> break
    :: else ->
        read(me, LINK(m));
        next = link[m];
        read(me, SLOT(m));
        write(me, SLABS); /* the block goes back to its slab */
        hak_lock(me, pool_lock, pool_clock);
        write(me, POOL);
        unused[m] = true;
        hak_unlock(me, pool_lock, pool_clock);
        seen++;
        m = next
    od
}

proctype Owner()
{
    byte m, next;
    write(0, SLABS);
    hak_remote_collect(0, m, next);
    /* leave() */
    hak_lock(0, heaps_lock, heaps_clock);
    orphan = true;
    hak_remote_collect(0, m, next);
    hak_unlock(0, heaps_lock, heaps_clock)
}

proctype Frees(byte me)
{
    byte round, m, next, old;
    do
    :: round == ROUNDS -> break
    :: else ->
        take_unused(me, m);
        if
        :: m != NONE ->
            write(me, SLOT(m));
            push_magazine(me, m, old);
            if
            :: orphan && MUTATE_STATE -> hak_remote_collect(me, m, next)
            :: orphan && !MUTATE_STATE ->
                hak_lock(me, heaps_lock, heaps_clock);
                hak_remote_collect(me, m, next);
                hak_unlock(me, heaps_lock, heaps_clock)
            :: else -> skip
            fi
        :: else -> skip
        fi;
        round++
    od
}

init {
    byte i;
    choose_mutation();
    atomic {
        do
        :: i == THREADS -> break
        :: else -> now_of[i].at[i] = 1; i++
        od;
        run Owner();
        run Frees(1);
        run Frees(2)
    };
    _nr_pr == 1;
    assert(sent == seen || inbox != NONE)
}
