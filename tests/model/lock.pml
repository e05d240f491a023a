/* SPDX-License-Identifier: MIT */
/*
 * The futex lock, for spin: try_lock(), wait_for(), hak_lock() and hak_unlock() of src/lock.c line by
 * line. A futex wait compares the word and goes to sleep in one step of the kernel; a wake takes any
 * one sleeper.
 *
 * Three threads take the lock ROUNDS times each. Always: one of them at the most has it. Nobody
 * sleeps for ever, and every run ends: the only loop without end would be one that spins while
 * nobody holds the lock.
 *
 * Each mutation takes one guard away; spin must find an error in each:
 *   MUTATE_TRY          try_lock reads the word and stores 1 in two steps
 *   MUTATE_WAITED       a waiter takes the lock as 1 (held), not as 2 (held and somebody may wait)
 *   MUTATE_COMPARE      the wait sleeps without comparing the word
 *   MUTATE_EXCHANGE     unlock reads the word and stores 0 in two steps
 *   MUTATE_WAKE         unlock wakes nobody
 *   MUTATE_ONE          unlock wakes where it finds 1 instead of 2
 */
#include "mutation.pmlh"
#define MUTATE_TRY      (broken == 1)
#define MUTATE_WAITED   (broken == 2)
#define MUTATE_COMPARE  (broken == 3)
#define MUTATE_EXCHANGE (broken == 4)
#define MUTATE_WAKE     (broken == 5)
#define MUTATE_ONE      (broken == 6)

#ifndef THREADS
#define THREADS 3
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif

byte state;             /* 0 free, 1 held, 2 held and somebody may wait */
bool asleep[THREADS];   /* in the kernel */
byte inside;

inline try_lock(got)
{
    if
    :: MUTATE_TRY ->
        got = (state == 0);
        if
        :: got -> state = 1
        :: else -> skip
        fi
    :: else ->
        d_step { got = (state == 0); if :: got -> state = 1 :: else -> skip fi }
    fi
}

inline hak_os_wait(me)
{
    d_step { if :: state == 2 || MUTATE_COMPARE -> asleep[me] = true :: else -> skip fi };
    !asleep[me]
}

inline hak_os_wake()
{
    atomic {
        if
        :: asleep[0] -> asleep[0] = false
        :: asleep[1] -> asleep[1] = false
        :: asleep[2] -> asleep[2] = false
        :: else -> skip
        fi
    }
}

/* The spins before are tries that may as well come later; one or none stands for all. */
inline wait_for(me, got, old)
{
    if
    :: try_lock(got)
    :: got = false
    fi;
    do
    :: got -> break
    :: else ->
        d_step {
            old = state;
            if
            :: MUTATE_WAITED && old == 0 -> state = 1
            :: else -> state = 2
            fi;
            got = (old == 0)
        };
        if
        :: got -> skip
        :: else -> hak_os_wait(me)
        fi
    od
}

inline hak_unlock(old)
{
    if
    :: MUTATE_EXCHANGE -> old = state; state = 0
    :: else -> d_step { old = state; state = 0 }
    fi;
    if
    :: MUTATE_ONE && old == 1 -> hak_os_wake()
    :: !MUTATE_ONE && !MUTATE_WAKE && old == 2 -> hak_os_wake()
    :: else -> skip
    fi
}

proctype Thread(byte me)
{
    byte old, round;
    bool got;
    do
    :: round == ROUNDS -> break
    :: else ->
        try_lock(got);
        if
        :: got -> skip
        :: else -> wait_for(me, got, old)
        fi;
        atomic { inside++; assert(inside == 1) };
        atomic { inside--; assert(state != 0) };
        hak_unlock(old);
        round++
    od
}

init {
    byte i;
    choose_mutation();
    atomic {
        do
        :: i == THREADS -> break
        :: else -> run Thread(i); i++
        od
    };
    _nr_pr == 1;
    assert(state == 0)
}
