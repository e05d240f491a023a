/* SPDX-License-Identifier: MIT */
/*
 * fork, for spin: hak_heap_lock_all(), hak_heap_forked() and `busy` of src/heap.c, with what other
 * threads may be at: the pushes and pops of factors/cache/magazine.h, hak_slab_take() and give() of
 * src/slab.c, hak_remote_fast_free() and publish() of src/remote.c, hak_heap_attach() and leave().
 *
 * In the child the memory is as one moment left it, each of the other threads between two of its
 * steps, and they are gone. So one process of the model forks at any moment: either it goes on as the
 * parent, or all others stop for good and it goes on as the child, looks at what they left, and works
 * with it.
 *
 * Thread 0 has heap 0 with two blocks, one of them the program's, hands them out and takes them back,
 * with its magazine and its slab; thread 1 starts, frees blocks of heap 0 and ends; thread 2 forks.
 *
 * Always, in the child: no block of a heap that may be adopted is in two places, or in one while the
 * program has it; such a heap's slab counts as many free blocks as it has bits; what a lock protects
 * is whole, and the lock can be had. A block in nobody's hands when the fork comes may be lost: it
 * counts as taken for ever.
 *
 * Each mutation takes one guard away; spin must find an error in each:
 *   MUTATE_BUSY         the child adopts the heap of a thread that was inside a slow path
 *   MUTATE_ENTER        a slow path does not say that it is one
 *   MUTATE_LEFT         a slow path says that it is over before it is
 *   MUTATE_PUT          a free moves the magazine's top before it writes the slot
 *   MUTATE_OUTBOX       a remote free moves the outbox's top before it writes the slot
 *   MUTATE_POP          malloc reads the block and hands it out before it moves the top
 *   MUTATE_HEAPS        fork does not take the heaps' lock
 *   MUTATE_POOL         fork does not take the pool's lock
 *   MUTATE_ARENA        fork does not take the arena's lock
 *   MUTATE_UNLOCK       the child leaves the locks as they are
 *   MUTATE_OWN          the child makes an orphan of its own heap, too
 *   MUTATE_ENDED        a thread that ends keeps its heap listed as its own (state stays)
 */
#include "mutation.pmlh"
#define MUTATE_BUSY   (broken == 1)
#define MUTATE_ENTER  (broken == 2)
#define MUTATE_LEFT   (broken == 3)
#define MUTATE_PUT    (broken == 4)
#define MUTATE_OUTBOX (broken == 5)
#define MUTATE_POP    (broken == 6)
#define MUTATE_HEAPS  (broken == 7)
#define MUTATE_POOL   (broken == 8)
#define MUTATE_ARENA  (broken == 9)
#define MUTATE_UNLOCK (broken == 10)
#define MUTATE_OWN    (broken == 11)
#define MUTATE_ENDED  (broken == 12)

#ifndef ROUNDS
#define ROUNDS 2           /* mallocs and frees of thread 0 */
#endif
#define BLOCKS 2
#define NONE   255

mtype = { OWNED, ORPHAN, DEAD };
mtype state[3] = OWNED;
byte thread_of[3] = NONE;
byte busy[3];
byte orphans = NONE, next_orphan[3] = NONE;

/* Locks, and whether what they protect is whole. */
#define HEAPS 0
#define POOL  1
#define ARENA 2
bit lock[3];
bool half_done[3];

/* Heap 0's slab and its thread's magazine; heap 1's outbox; heap 0's inbox. */
bool bit_set[BLOCKS];
byte back;
byte slot[BLOCKS] = NONE, top;
byte out[BLOCKS], out_top;
bool in_inbox[BLOCKS];

bool held[BLOCKS];         /* by the program */
bool child;                /* the others are gone */

inline hak_lock(l)   { atomic { lock[l] == 0 -> lock[l] = 1 } }
inline hak_unlock(l) { atomic { assert(lock[l] == 1); lock[l] = 0 } }

/* Something under a lock that takes more than one step. */
inline under_lock(l)
{
    hak_lock(l);
    d_step { assert(!half_done[l]); half_done[l] = true };
    half_done[l] = false;
    hak_unlock(l)
}

inline enter(h) { if :: MUTATE_ENTER -> skip :: else -> busy[h]++ fi }
inline leave(h) { if :: MUTATE_ENTER || MUTATE_LEFT -> skip :: else -> busy[h]-- fi }
inline left(h)  { if :: MUTATE_LEFT -> busy[h]-- :: else -> skip fi }

inline slab_give(b)
{
    bit_set[b] = true;
    back++
}

/* cache_push() */
inline push(b)
{
    if
    :: MUTATE_PUT -> top++; slot[top - 1] = b
    :: else -> slot[top] = b; top++
    fi
}

/* cache_pop(): the top moves, then malloc returns and the program has the block. */
inline pop(b)
{
    if
    :: MUTATE_POP -> b = slot[top - 1]; held[b] = true; top--
    :: else -> top--; b = slot[top]; held[b] = true
    fi
}

inline collect(b)
{
    d_step { b = (in_inbox[0] -> 0 : (in_inbox[1] -> 1 : NONE)); if :: b != NONE -> in_inbox[b] = false :: else -> skip fi };
    if
    :: b != NONE -> slab_give(b)
    :: else -> skip
    fi
}

/* refill(): the inbox, then the slab, or another slab from the arena. */
inline hak_refill(b)
{
    enter(0);
    left(0);
    collect(b);
    if
    :: bit_set[0] || bit_set[1] ->
        b = (bit_set[0] -> 0 : 1);
        bit_set[b] = false;
        back--;
        slot[0] = b; /* in the magazine's place, where nothing counts until the top says so */
        top = 1
    :: else -> under_lock(ARENA)
    fi;
    leave(0)
}

/* hak_decay() and hak_overflow(): blocks leave the magazine, then come into the slab. */
inline give_to_slabs(b)
{
    enter(0);
    left(0);
    top--;
    b = slot[top];
    slab_give(b);
    leave(0)
}

proctype Works()
{
    byte round, b;
    {
    do
    :: round == ROUNDS -> break
    :: round < ROUNDS && top > 0 -> pop(b); round++
    :: round < ROUNDS && top == 0 -> hak_refill(b); round++
    :: round < ROUNDS && top > 0 -> give_to_slabs(b); round++
    :: atomic { round < ROUNDS && held[0] -> held[0] = false }; push(0); round++
    :: atomic { round < ROUNDS && held[1] -> held[1] = false }; push(1); round++
    od
    } unless { child }
}

/* The rest of leave() and publish(): the magazine leaves the outbox, then stands in the inbox. */
inline publish(b, count)
{
    d_step { count = out_top; b = out[0] };
    out_top = 0;
    d_step {
        if
        :: count > 0 -> in_inbox[b] = true
        :: else -> skip
        fi;
        if
        :: count > 1 -> in_inbox[out[1]] = true
        :: else -> skip
        fi
    }
}

/* A block of the program's, for heap 0. The outbox's magazine has been begun, so no slow path. */
inline hak_remote_fast_free(b)
{
    if
    :: atomic { held[0] -> held[0] = false; b = 0 }
    :: atomic { held[1] -> held[1] = false; b = 1 }
    :: b = NONE
    fi;
    if
    :: b == NONE -> skip
    :: b != NONE && MUTATE_OUTBOX -> out_top++; out[out_top - 1] = b
    :: else -> out[out_top] = b; out_top++
    fi
}

proctype Comes_and_goes()
{
    byte b, count;
    {
    /* hak_heap_attach(): heap 1 is made, or found */
    hak_lock(HEAPS);
    half_done[HEAPS] = true;
    state[1] = OWNED;
    thread_of[1] = 1;
    half_done[HEAPS] = false;
    hak_unlock(HEAPS);
    enter(1);
    left(1);
    under_lock(POOL); /* begin(): a magazine for the outbox */
    leave(1);
    hak_remote_fast_free(b);
    hak_remote_fast_free(b);
    /* leave() */
    enter(1);
    publish(b, count);
    hak_lock(HEAPS);
    half_done[HEAPS] = true;
    if
    :: MUTATE_ENDED -> skip
    :: else -> state[1] = ORPHAN; thread_of[1] = NONE
    fi;
    leave(1);
    left(1);
    next_orphan[1] = orphans;
    orphans = 1;
    half_done[HEAPS] = false;
    hak_unlock(HEAPS)
    } unless { child }
}

inline lock_unless(l, without)
{
    if
    :: without -> skip
    :: else -> hak_lock(l)
    fi
}

inline unlock_unless(l, without)
{
    if
    :: without -> skip
    :: else -> hak_unlock(l)
    fi
}

/* hak_heap_forked(), by the only thread there is. */
inline hak_heap_forked(h)
{
    d_step {
        h = 0;
        do
        :: h == 3 -> break
        :: h < 3 && ((h == 2 && !MUTATE_OWN) || state[h] != OWNED) -> h++
        :: h < 3 && (h != 2 || MUTATE_OWN) && state[h] == OWNED ->
            if
            :: (busy[h] > 0 && !MUTATE_BUSY) || thread_of[h] == NONE -> state[h] = DEAD
            :: else ->
                thread_of[h] = NONE;
                state[h] = ORPHAN;
                next_orphan[h] = orphans;
                orphans = h
            fi;
            h++
        od
    }
}

/* How often the block can be handed out, or given to a slab, from now on. */
#define in_magazine(b) ((top > 0 && slot[0] == b) + (top > 1 && slot[1] == b))
#define in_outbox(b)   ((out_top > 0 && out[0] == b) + (out_top > 1 && out[1] == b))
#define places(b)      (bit_set[b] + in_magazine(b) + in_inbox[b] + (state[1] == DEAD -> 0 : in_outbox(b)))

inline look(h)
{
    d_step {
        assert(!half_done[HEAPS] && !half_done[POOL] && !half_done[ARENA]);
        if
        :: state[0] != DEAD ->
            assert(places(0) + held[0] <= 1 && places(1) + held[1] <= 1);
            assert(back == bit_set[0] + bit_set[1])
        :: else -> skip
        fi;
        assert(state[2] == OWNED && thread_of[2] == 2);
        h = orphans;
        do
        :: h == NONE -> break
        :: else -> assert(listed[h] == 0 && state[h] == ORPHAN); listed[h]++; h = next_orphan[h]
        od
    }
}

proctype Forks()
{
    byte h, listed[3];
    hak_lock(HEAPS);
    d_step { thread_of[2] = 2; state[2] = OWNED };
    hak_unlock(HEAPS);
    lock_unless(HEAPS, MUTATE_HEAPS);
    lock_unless(POOL, MUTATE_POOL);
    lock_unless(ARENA, MUTATE_ARENA);
    if
    :: child = true; hak_heap_forked(h)
    :: skip
    fi;
    unlock_unless(ARENA, MUTATE_ARENA || (child && MUTATE_UNLOCK));
    unlock_unless(POOL, MUTATE_POOL || (child && MUTATE_UNLOCK));
    unlock_unless(HEAPS, MUTATE_HEAPS || (child && MUTATE_UNLOCK));
    if
    :: child ->
        look(h);
        under_lock(HEAPS);
        under_lock(POOL);
        under_lock(ARENA)
    :: else -> skip
    fi
}

init {
    choose_mutation();
    atomic {
        thread_of[0] = 0;
        held[0] = true;
        slot[0] = 1;
        top = 1;
        out[1] = 1;        /* what an earlier magazine left there */
        state[1] = ORPHAN; /* not made yet: nobody's */
        run Works();
        run Comes_and_goes();
        run Forks()
    };
    _nr_pr == 1
}
