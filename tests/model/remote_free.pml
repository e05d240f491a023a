/* SPDX-License-Identifier: MIT */
/*
 * The remote-free protocol, for spin: begin(), publish() and push_magazine(), collect_magazines() and
 * give() of src/remote.c and src/slab.c, leave(), find_heap() and hak_heap_drain_orphan() of
 * src/heap.c.
 *
 * An owner thread hands out blocks of its heap and ends; two others free them. A freeing thread
 * gathers blocks in a magazine of its outbox and publishes it: it reads the inbox, writes the link
 * and swaps the inbox from what it read to the magazine with one compare-and-swap. The owner takes
 * the whole inbox with one exchange. When the owner ends it leaves its heap as an orphan, under the
 * heaps' lock; a new thread adopts the orphan whole, under the lock; a freeing thread that finds an
 * orphan's inbox deep empties it, under the lock, after it has looked again that it is an orphan.
 *
 * Always: no block is in two places; a heap's slabs are touched by one thread at a time; a slab is
 * released only when none of its blocks is out. At the end: every block is back in its slab or
 * can be found in the inbox; none is lost.
 *
 * Each mutation takes one guard away; spin must find an error in each:
 *   MUTATE_COLLECT      the owner reads the inbox and clears it in two steps instead of an exchange
 *   MUTATE_PUBLISH      publishing stores the magazine instead of a compare-and-swap
 *   MUTATE_LINK         the magazine is linked after the swap instead of before
 *   MUTATE_DRAIN        a freeing thread drains the orphan without the lock
 *   MUTATE_RECHECK      it takes the lock, but does not look again whether the heap is an orphan
 *   MUTATE_ADOPT        a new thread adopts without the lock
 *   MUTATE_RELEASE      a slab is released while blocks are in flight (they do not count as taken)
 */

#include "mutation.pmlh"
#define MUTATE_COLLECT (broken == 1)
#define MUTATE_PUBLISH (broken == 2)
#define MUTATE_LINK    (broken == 3)
#define MUTATE_DRAIN   (broken == 4)
#define MUTATE_RECHECK (broken == 5)
#define MUTATE_ADOPT   (broken == 6)
#define MUTATE_RELEASE (broken == 7)

#define BLOCKS 2            /* one block in each magazine: a magazine is named by its block */
#define NONE   255
#define DEEP   1            /* magazines in an orphan's inbox before it is drained */

mtype = { IN_SLAB, WITH_PROGRAM, IN_OUTBOX, IN_FLIGHT };
mtype place[BLOCKS];        /* where the block is, as the truth has it */

mtype = { OWNED, ORPHAN };
mtype state = OWNED;

byte inbox = NONE;          /* newest magazine, or NONE */
byte depth;                 /* travels with the inbox in one word */
byte link_of[BLOCKS];
bool linked[BLOCKS];        /* the link has been written since the magazine was last taken */

bit lock;
byte inside;                /* threads touching the heap's slabs */
bool slab_released;
byte threads_done;
bool handed_out;            /* the program has given its blocks to the freeing threads */
bool adopted_once;

inline take_lock() { atomic { lock == 0 -> lock = 1 } }
inline give_lock() { atomic { assert(lock == 1); lock = 0 } }

inline enter() { atomic { inside++; assert(inside == 1) } }
inline leave() { atomic { assert(inside == 1); inside-- } }

/* A block of the magazine goes back to its slab. */
inline give_back(b)
{
    d_step {
        assert(place[b] == IN_FLIGHT);
        assert(!slab_released);
        place[b] = IN_SLAB;
    }
}

/* Takes the inbox whole and gives its blocks back. `m` and `next` are the caller's. */
inline collect(m, next)
{
    enter();
    if
    :: MUTATE_COLLECT -> m = inbox; d_step { inbox = NONE; depth = 0 }
    :: else -> d_step { m = inbox; inbox = NONE; depth = 0 }
    fi;
    do
    :: m == NONE -> break
    :: else ->
        assert(linked[m]);
        d_step { next = link_of[m]; linked[m] = false }
        give_back(m);
        m = next
    od;
    leave()
}

/* Releases the slab where it is empty: no block is taken. In flight counts as taken. */
inline release_if_empty()
{
    enter();
    d_step {
        if
        :: MUTATE_RELEASE && (place[0] == IN_SLAB || place[0] == IN_FLIGHT) &&
           (place[1] == IN_SLAB || place[1] == IN_FLIGHT) -> slab_released = true
        :: !MUTATE_RELEASE && place[0] == IN_SLAB && place[1] == IN_SLAB -> slab_released = true
        :: else -> skip
        fi
    };
    leave()
}

/* The thread that made the heap: hands its blocks out, collects, ends; then, as a new thread, may
 * adopt the heap and collect again. */
proctype Owner()
{
    byte m, next;
    d_step { place[0] = WITH_PROGRAM; place[1] = WITH_PROGRAM; handed_out = true };
    if
    :: collect(m, next)
    :: skip
    fi;
    /* The end of the thread: see leave() in heap.c. */
    take_lock();
    state = ORPHAN;
    if
    :: inbox != NONE -> collect(m, next)
    :: else -> skip
    fi;
    give_lock();
    threads_done++
}

/* Takes over the orphan, if there is one, works with it, and leaves it again. */
proctype Adopter()
{
    byte m, next;
    bool mine = false;
    if
    :: MUTATE_ADOPT -> skip
    :: else -> take_lock()
    fi;
    if
    :: state == ORPHAN -> state = OWNED; mine = true
    :: else -> skip
    fi;
    if
    :: MUTATE_ADOPT -> skip
    :: else -> give_lock()
    fi;
    if
    :: mine ->
        adopted_once = true;
        collect(m, next);
        release_if_empty();
        take_lock();
        state = ORPHAN;
        give_lock()
    :: else -> skip
    fi;
    threads_done++
}

/* Frees one block that the program got from the owner. */
proctype Freer(byte b)
{
    byte m, next, seen, seen_depth, my_depth;
    handed_out;
    d_step { assert(place[b] == WITH_PROGRAM); place[b] = IN_OUTBOX };
    /* publish: see push_magazine() in remote.c */
    d_step { seen = inbox; seen_depth = depth };
    do
    :: if
       :: MUTATE_LINK -> skip
       :: else -> d_step { link_of[b] = seen; linked[b] = true }
       fi;
       atomic {
           if
           :: MUTATE_PUBLISH || (inbox == seen && depth == seen_depth) ->
               place[b] = IN_FLIGHT; inbox = b; my_depth = seen_depth + 1; depth = my_depth;
               break
           :: else -> seen = inbox; seen_depth = depth
           fi
       }
    od;
    if
    :: MUTATE_LINK -> d_step { link_of[b] = seen; linked[b] = true }
    :: else -> skip
    fi;
    /* drain: see hak_heap_drain_orphan() in heap.c */
    if
    :: my_depth > DEEP && state == ORPHAN ->
        if
        :: MUTATE_DRAIN -> skip
        :: else -> take_lock()
        fi;
        if
        :: state == ORPHAN || MUTATE_DRAIN || MUTATE_RECHECK -> collect(m, next)
        :: else -> skip
        fi;
        if
        :: MUTATE_DRAIN -> skip
        :: else -> give_lock()
        fi
    :: else -> skip
    fi;
    threads_done++
}

/* At rest every block is in its slab, or stands in the inbox exactly once. */
inline nothing_lost()
{
    byte found[BLOCKS], at, steps;
    d_step {
        at = inbox;
        steps = 0;
        do
        :: at == NONE -> break
        :: else ->
            assert(steps < BLOCKS);
            assert(linked[at]);
            assert(place[at] == IN_FLIGHT);
            found[at]++;
            steps++;
            at = link_of[at]
        od;
        assert(place[0] == IN_SLAB || (place[0] == IN_FLIGHT && found[0] == 1));
        assert(place[1] == IN_SLAB || (place[1] == IN_FLIGHT && found[1] == 1));
        assert(!slab_released || (place[0] == IN_SLAB && place[1] == IN_SLAB));
        assert(lock == 0 && inside == 0)
    }
}

init {
    choose_mutation();
    atomic {
        place[0] = IN_SLAB;
        place[1] = IN_SLAB;
        run Owner();
        run Freer(0);
        run Freer(1);
        run Adopter()
    };
    threads_done == 4;
    nothing_lost()
}
