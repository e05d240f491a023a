/* SPDX-License-Identifier: MIT */
/*
 * A signal handler that forks while it interrupts the allocator, and handlers of pthread_atfork that
 * allocate while fork holds the locks, for spin: hak_lock(), hak_unlock(), hak_lock_for_fork() and
 * hak_unlock_after_fork() of src/lock.c, and hak_heap_forked() of src/heap.c.
 *
 * Two locks that are taken in this order, as the heaps' and the arena's are. Thread 0 takes both or
 * the second alone; between any two of its steps, once, its signal handler forks, and an atfork
 * handler registered before ours takes the second lock in between. Thread 1 takes both, thread 2 the
 * second alone. The lock itself is lock.pml's business: here taking one is one step, and so is giving
 * it back.
 *
 * Always: what a lock protects is whole when somebody gets it, and when the child looks at it.
 * Nobody waits for ever: in the parent all threads end; in the child the handler ends, and then what
 * it interrupted. A fork that can't have a lock goes on without, after a while (`timeout`: nothing else
 * can go on).
 *
 * Each mutation takes one guard away; spin must find an error in each:
 *   MUTATE_INSIDE       fork waits for its locks as ever, whatever it interrupted
 *   MUTATE_BEFORE       a thread says that it is inside only once it has the lock
 *   MUTATE_RELEASE      after fork all locks are released, also those it did not take
 *   MUTATE_LOCK         the thread that forks waits for locks that fork holds for it
 *   MUTATE_UNLOCK       it releases them in between
 *   MUTATE_FORKED       the child changes the list of orphans whether it has the heaps' lock or not
 */
#include "mutation.pmlh"
#define MUTATE_INSIDE  (broken == 1)
#define MUTATE_BEFORE  (broken == 2)
#define MUTATE_RELEASE (broken == 3)
#define MUTATE_LOCK    (broken == 4)
#define MUTATE_UNLOCK  (broken == 5)
#define MUTATE_FORKED  (broken == 6)

#define NOBODY   255
#define FOR_FORK 128       /* or'ed to the holder */
#define HEAPS    0
#define ARENA    1
#ifndef ROUNDS
#define ROUNDS 1           /* of thread 0 */
#endif

bit state[2];
byte holder[2] = NOBODY;
bool half_done[2];
byte inside_locks;         /* thread 0's */
bool handling, child;

inline hak_lock(me, l)
{
    if
    :: holder[l] == (me | FOR_FORK) && !MUTATE_LOCK -> skip
    :: else ->
        if
        :: me == 0 && !MUTATE_BEFORE -> inside_locks++
        :: else -> skip
        fi;
        atomic { state[l] == 0 -> state[l] = 1 };
        if
        :: me == 0 && MUTATE_BEFORE -> inside_locks++
        :: else -> skip
        fi;
        holder[l] = me
    fi
}

inline hak_unlock(me, l)
{
    if
    :: holder[l] == (me | FOR_FORK) && !MUTATE_UNLOCK -> skip
    :: else ->
        holder[l] = NOBODY;
        d_step { assert(state[l] == 1); state[l] = 0 };
        if
        :: me == 0 -> inside_locks--
        :: else -> skip
        fi
    fi
}

inline change(l)
{
    d_step { assert(!half_done[l]); half_done[l] = true };
    half_done[l] = false
}

inline take_both(me)
{
    hak_lock(me, HEAPS);
    d_step { assert(!half_done[HEAPS]); half_done[HEAPS] = true };
    hak_lock(me, ARENA);
    change(ARENA);
    hak_unlock(me, ARENA);
    half_done[HEAPS] = false;
    hak_unlock(me, HEAPS)
}

inline take_second(me)
{
    hak_lock(me, ARENA);
    change(ARENA);
    hak_unlock(me, ARENA)
}

proctype Main() provided (!handling)
{
    byte round;
    do
    :: round == ROUNDS || child -> break /* the child ends, or executes another program */
    :: round < ROUNDS && !child -> take_both(0); round++
    :: round < ROUNDS && !child -> take_second(0); round++
    od
}

proctype Both()
{
    { take_both(1) } unless { child }
}

proctype Second()
{
    { take_second(2) } unless { child }
}

inline hak_lock_for_fork(l, inside)
{
    if
    :: holder[l] == 0 || holder[l] == (0 | FOR_FORK) -> skip
    :: else ->
        inside = inside_locks;
        inside_locks++;
        if
        :: inside == 0 || MUTATE_INSIDE ->
            atomic { state[l] == 0 -> state[l] = 1; holder[l] = (0 | FOR_FORK) }
        :: else ->
            if
            :: atomic { state[l] == 0 -> state[l] = 1; holder[l] = (0 | FOR_FORK) }
            :: timeout -> skip
            fi
        fi;
        inside_locks--
    fi
}

inline hak_unlock_after_fork(l)
{
    if
    :: holder[l] != (0 | FOR_FORK) && !MUTATE_RELEASE -> skip
    :: else -> inside_locks++; holder[l] = NOBODY; state[l] = 0; inside_locks--
    fi
}

/* Thread 0 again, in a signal handler. */
proctype Handler()
{
    byte inside;
    handling = true;
    hak_lock_for_fork(HEAPS, inside);
    hak_lock_for_fork(ARENA, inside);
    if
    :: holder[ARENA] == (0 | FOR_FORK) -> take_second(0) /* an atfork handler registered before ours */
    :: else -> skip
    fi;
    if
    :: child = true;
       if
       :: holder[HEAPS] == (0 | FOR_FORK) || MUTATE_FORKED -> change(HEAPS)
       :: else -> skip
       fi
    :: skip
    fi;
    hak_unlock_after_fork(ARENA);
    hak_unlock_after_fork(HEAPS);
    handling = false
}

init {
    choose_mutation();
    atomic {
        run Main();
        run Both();
        run Second();
        run Handler()
    };
    _nr_pr == 1;
    assert(child || (state[HEAPS] == 0 && state[ARENA] == 0 && inside_locks == 0))
}
