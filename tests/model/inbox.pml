/* SPDX-License-Identifier: MIT */
/*
 * The inbox, for spin, with magazines that come back: push_magazine() and collect_magazines() of
 * src/remote.c. remote_free.pml follows blocks through the lives of a heap; here the question is
 * what happens when a magazine that some thread has read out of the inbox is emptied, handed to
 * another thread and pushed again, with the same depth, before that thread's compare-and-swap (ABA).
 *
 * Two freeing threads send ROUNDS magazines each; one thread takes the inbox, and with MUTATE_POP two
 * (they are the owner and who drains an orphan; that these exclude each other is remote_free.pml's
 * business). There are three magazines, so each is used again and again. A magazine's link word stands apart from the
 * inbox word, which is address and depth in one. Always: every block arrives, once, and the inbox is
 * as deep as it says.
 *
 * Why the swap may not mind: it writes only that the magazine below is the one that is on top at
 * that moment, whatever has become of it in between. A pop of one magazine would have to know what
 * is below the top, and that is where ABA bites; so nobody pops one.
 *
 * Each mutation takes one guard away; spin must find an error in each:
 *   MUTATE_POP          a taker takes the newest magazine by a compare-and-swap, not all of them
 *   MUTATE_LINK         a push that has to try again keeps the link it wrote first
 *   MUTATE_NEXT         a taker gives a magazine away before it reads its link
 *   MUTATE_RELOAD       a push that has to try again does not look at the inbox again
 */
#include "mutation.pmlh"
#define MUTATE_POP    (broken == 1)
#define MUTATE_LINK   (broken == 2)
#define MUTATE_NEXT   (broken == 3)
#define MUTATE_RELOAD (broken == 4)

#ifndef ROUNDS
#define ROUNDS 2
#endif
#define BLOCKS    (2 * ROUNDS)
#define MAGAZINES 3
#define NONE      255

byte inbox = NONE, depth;      /* one word: read and swapped together */
byte link[MAGAZINES];          /* the magazine below */
byte slot[MAGAZINES];          /* the block in it */
bool unused[MAGAZINES] = true;  /* to be had; the pool is pool.pml's business */
byte arrived[BLOCKS];
byte all;

inline take_unused(m, block)
{
    atomic {
        if
        :: unused[0] -> m = 0
        :: unused[1] -> m = 1
        :: unused[2] -> m = 2
        fi;
        unused[m] = false;
        slot[m] = block
    }
}

proctype Freer(byte first)
{
    byte round, m, old, old_depth;
    bool done, linked;
    do
    :: round == ROUNDS -> break
    :: else ->
        take_unused(m, first + round);
        d_step { old = inbox; old_depth = depth; linked = false; done = false };
        do
        :: done -> break
        :: else ->
            if
            :: MUTATE_LINK && linked -> skip
            :: else -> link[m] = old; linked = true
            fi;
            d_step {
                if
                :: inbox == old && depth == old_depth ->
                    inbox = m; depth = old_depth + 1; done = true
                :: else ->
                    if
                    :: MUTATE_RELOAD -> skip
                    :: else -> old = inbox; old_depth = depth
                    fi
                fi
            }
        od;
        round++
    od
}

/* The magazine's block goes home, and it may be used again. */
inline empty_out(m)
{
    d_step {
        assert(arrived[slot[m]] == 0 && !unused[m]);
        arrived[slot[m]]++;
        all++;
        unused[m] = true
    }
}

proctype Taker()
{
    byte m, next, old_depth, found;
    do
    :: all == BLOCKS -> break
    :: inbox != NONE && MUTATE_POP ->
        d_step { m = inbox; old_depth = depth };
        if
        :: m == NONE -> skip
        :: else ->
            next = link[m];
            d_step {
                if
                :: inbox == m && depth == old_depth -> inbox = next; depth = old_depth - 1
                :: else -> m = NONE
                fi
            };
            if
            :: m == NONE -> skip
            :: else -> empty_out(m)
            fi
        fi
    :: inbox != NONE && !MUTATE_POP ->
        d_step { m = inbox; old_depth = depth; inbox = NONE; depth = 0; found = 0 };
        do
        :: m == NONE -> break
        :: else ->
            found++;
            if
            :: MUTATE_NEXT -> empty_out(m); next = link[m]
            :: else -> next = link[m]; empty_out(m)
            fi;
            m = next
        od;
        assert(found == old_depth)
    od
}

init {
    choose_mutation();
    atomic {
        run Taker();
        if
        :: MUTATE_POP -> run Taker()
        :: else -> skip
        fi;
        run Freer(0);
        run Freer(ROUNDS)
    };
    _nr_pr == 1;
    assert(inbox == NONE && depth == 0 && all == BLOCKS)
}
