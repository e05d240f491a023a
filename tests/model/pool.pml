/* SPDX-License-Identifier: MIT */
/*
 * The shared pool of empty magazines, for spin: take_batch(), hak_magazine_stock() and
 * hak_magazine_share() of src/magazine.c. A heap with too many links BATCH of them through their link
 * words and puts the batch on the pool's list, which runs through slot 0 of each batch's first; a
 * heap with none looks, without the lock, whether there is a batch, and takes it under the lock.
 *
 * Three heaps, one with magazines enough for two batches, two with none, that take and share in any
 * order. A heap's own list is its thread's alone. Always: a magazine is in one list. At the end:
 * none is lost, every batch is BATCH long.
 *
 * Each mutation takes one guard away; spin must find an error in each:
 *   MUTATE_TAKE         a batch is taken without the lock
 *   MUTATE_SHARE        a batch is put there without the lock
 *   MUTATE_HINT         what was read without the lock is taken for the list's first
 *   MUTATE_CUT          the batch's last magazine keeps its link to those the heap keeps
 */
#include "mutation.pmlh"
#define MUTATE_TAKE  (broken == 1)
#define MUTATE_SHARE (broken == 2)
#define MUTATE_HINT  (broken == 3)
#define MUTATE_CUT   (broken == 4)

#define BATCH     2
#define MAGAZINES 5        /* two batches and one */
#define NONE      255
#ifndef ROUNDS
#define ROUNDS 2           /* takings or sharings by each heap */
#endif

byte link[MAGAZINES] = NONE;   /* the next in a heap's list or in a batch */
byte slot0[MAGAZINES] = NONE;  /* of a batch's first: the next batch */
byte batches = NONE;           /* pool.batches */
byte own[3] = NONE, own_count[3];
bit pool_lock;

inline lock()   { atomic { pool_lock == 0 -> pool_lock = 1 } }
inline unlock() { atomic { assert(pool_lock == 1); pool_lock = 0 } }

inline hak_magazine_share(heap, first, last)
{
    d_step {
        first = own[heap];
        last = link[first];
        own[heap] = link[last];
        own_count[heap] = own_count[heap] - BATCH;
        if
        :: MUTATE_CUT -> skip
        :: else -> link[last] = NONE
        fi
    };
    if
    :: MUTATE_SHARE -> skip
    :: else -> lock()
    fi;
    slot0[first] = batches;
    batches = first;
    if
    :: MUTATE_SHARE -> skip
    :: else -> unlock()
    fi
}

inline take_batch(heap, first)
{
    first = batches; /* the hint */
    if
    :: first == NONE -> skip
    :: else ->
        if
        :: MUTATE_TAKE -> skip
        :: else -> lock()
        fi;
        if
        :: MUTATE_HINT -> skip
        :: else -> first = batches
        fi;
        if
        :: first == NONE -> skip
        :: else ->
            batches = slot0[first];
            own[heap] = first;
            own_count[heap] = BATCH
        fi;
        if
        :: MUTATE_TAKE -> skip
        :: else -> unlock()
        fi
    fi
}

/* Where there is no batch the source goes on to a new chunk; here the heap does without. */
proctype Heap(byte heap)
{
    byte round, first, last;
    do
    :: round == ROUNDS -> break
    :: round < ROUNDS && own_count[heap] >= BATCH -> hak_magazine_share(heap, first, last); round++
    :: round < ROUNDS && own_count[heap] == 0 -> take_batch(heap, first); round++
    :: round < ROUNDS -> round++
    od
}

/* Every magazine stands in one list, and lists are as long as they should be. */
inline nothing_lost()
{
    byte found[MAGAZINES], at, batch, i, steps;
    d_step {
        do
        :: i == 3 -> break
        :: else ->
            at = own[i];
            steps = 0;
            do
            :: at == NONE -> break
            :: else -> found[at]++; assert(found[at] == 1); at = link[at]; steps++
            od;
            assert(steps == own_count[i]);
            i++
        od;
        batch = batches;
        do
        :: batch == NONE -> break
        :: else ->
            at = batch;
            steps = 0;
            do
            :: at == NONE -> break
            :: else -> found[at]++; assert(found[at] == 1); at = link[at]; steps++
            od;
            assert(steps == BATCH);
            batch = slot0[batch]
        od;
        i = 0;
        do
        :: i == MAGAZINES -> break
        :: else -> assert(found[i] == 1); i++
        od;
        assert(pool_lock == 0)
    }
}

init {
    byte m;
    choose_mutation();
    atomic {
        do
        :: m == MAGAZINES -> break
        :: else -> link[m] = (m + 1 == MAGAZINES -> NONE : m + 1); m++
        od;
        own[0] = 0;
        own_count[0] = MAGAZINES;
        run Heap(0);
        run Heap(1);
        run Heap(2)
    };
    _nr_pr == 1;
    nothing_lost()
}
