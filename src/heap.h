/* SPDX-License-Identifier: MIT */
/*
 * A heap: the slabs, magazines and inbox that one thread works with. A thread gets one at its first
 * request; when it ends, the heap is flushed and left as an orphan, and adopted whole by a later
 * thread. A heap is never freed, so its number (`owner`, from 1) in a slab's word always leads to
 * it.
 *
 * Heap number 1 is the shared heap: for threads that have none (ended, or no memory for one); it
 * is used under the heaps' lock only.
 */
#ifndef HAK_HEAP_H
#define HAK_HEAP_H

#include <stdbool.h>
#include <stdint.h>

#include "magazine.h"
#include "outbox.h"
#include "size_class.h"
#include "slab.h"
#include "thread.h"

enum {
    HAK_EMPTY_LIMIT = 32,              /* empty magazines from which on a batch goes to the pool */
    HAK_DEPOT_BYTES = 2 * 1024 * 1024, /* bound of one class's depot; what lies idle decays */
    HAK_BIG_DEPOT_BYTES = 128 * 1024,  /* the same where blocks are big */
};

#ifndef HAK_QUARANTINE_SLOTS /* blocks of a class that wait: with the measure quarantine */
#    define HAK_QUARANTINE_SLOTS 0
#endif

struct hak_bin {
    struct hak_magazine *depot; /* linked through their link words */
    uint32_t depot_bytes;       /* in them */
    uint32_t fill;              /* blocks the next refill carves; doubles up to the class's limit */
    uint32_t slabs;             /* first slab with blocks to give */
    uint32_t spare;             /* an empty slab kept back, or HAK_NO_UNIT; it is in the list too */
    uint32_t slab_count;        /* slabs of this class */
    uint32_t depot_count;       /* magazines in the depot */
    uint32_t depot_low;  /* fewest there have been since the last decay: nobody needs these */
    uint32_t operations; /* mallocs and frees up to the last decay, modulo 2^32 */
};

/* What of the thread's work is in the counters already; see tally.h. */
struct hak_tally {
    uint32_t granted;      /* the class's turn when it was last looked at */
    uint32_t held;         /* blocks in the thread's magazine then */
    uint64_t until_sample; /* mallocs from then on before the one to be sampled; see sample.h */
};

enum { HAK_SHARED_HEAP = 1 }; /* its number */

enum hak_heap_state { HAK_HEAP_OWNED, HAK_HEAP_ORPHAN, HAK_HEAP_DEAD /* lost in a fork */ };

struct hak_heap {
    /* Written by the thread that has it. */
    uint32_t owner;
    uint32_t tick; /* slow paths walked; ages the outbox */
    uint32_t busy; /* inside a slow path: a child forked now can't use this heap */
    uint32_t empty_count;
    uint32_t empty_more;        /* empty magazines it may keep beyond HAK_EMPTY_LIMIT */
    bool empty_shared;          /* some went to the pool, and none was taken back since */
    struct hak_magazine *empty; /* empty magazines, linked */
    char *chunk, *chunk_end;    /* magazines not handed out yet */
    struct hak_thread *thread;  /* whose it is, or NULL */
    struct hak_cache_words parked[HAK_CLASSES]; /* of a thread lost in a fork, or room made for the
                                                   next; else 0 */
    struct hak_bin bin[HAK_CLASSES];
    struct hak_tally tally[HAK_CLASSES];
    uint32_t turn;                            /* mallocs that a class is granted; see upkeep.h */
    uint32_t purge_class, purge_unit;         /* where hak_slab_purge goes on */
    uint32_t looked_at, armed_at, decayed_at; /* hak_os_milliseconds */
    struct {
        uint64_t interval; /* that until_sample is drawn with; 0: off */
        uint64_t random;   /* not 0 where it is on */
        double large_left; /* bytes of large blocks before the one to be sampled */
    } sample;
    uint32_t word_flags; /* of its slabs: HAK_WORD_SAMPLED, or 0. Never changes */

    /* Under the heaps' lock; `state` is read by others without it, as a hint. */
    struct hak_heap *next_orphan;
    uint32_t state;
    uint32_t thread_id; /* the kernel's, of whose it is or was; read by others as a hint */

    /* Written by any thread, atomically: magazines of freed blocks, newest first, depth in the low
     * bits; and single blocks, linked through their first word, from threads without magazines. */
    __attribute__((aligned(64))) uint64_t inbox;
    void *inbox_blocks;

    /* Written by the thread that has it: blocks that wait, NULL where a place is empty, and how
     * many of each class there are. */
    uint8_t quarantined[HAK_QUARANTINE_SLOTS ? HAK_CLASSES : 0];
    void *quarantine[HAK_CLASSES][HAK_QUARANTINE_SLOTS];

    /* Written by the thread that has it. Last, for a thread that frees nothing of others never
     * touches its pages. */
    __attribute__((aligned(64))) struct hak_outbox outbox;
} __attribute__((aligned(64)));

/* Bytes that one class's depot may hold. Few big blocks are much memory, and a way through the
 * slabs costs little beside what a program does with one. */
static inline uint32_t hak_depot_bound(size_t size_class)
{
    return size_class < HAK_SMALL_CLASSES ? HAK_DEPOT_BYTES : HAK_BIG_DEPOT_BYTES;
}

/* Gives the calling thread a heap. False: it must do with the shared heap. */
bool hak_heap_attach(void);

/* True once the locks are taken around forks, and children count for themselves: from the first
 * request on, but where the C library had no memory for that. */
bool hak_heap_watches_forks(void);

/* Every page's counters and what they are behind; safe at any time. */
void hak_heap_counters(struct hak_counter_page *sum);

/* The heap with this number, and whether there is one. */
struct hak_heap *hak_heap_of(uint32_t owner);
bool hak_heap_exists(uint32_t owner);

/* And whether it is one whose slabs' words bear the flags that this one does. */
static inline bool hak_heap_has_slabs_of(uint32_t owner, uint64_t word)
{
    return hak_heap_exists(owner) && hak_heap_of(owner)->word_flags == (word & HAK_WORD_SAMPLED);
}

/* A heap without a thread, whose slabs' words bear these flags: for who has a lock of its own for
 * it. NULL: no memory. */
struct hak_heap *hak_heap_make_apart(uint32_t word_flags);

/* Gives what the calling thread and all orphans hold unused back to slabs and arena. */
void hak_heap_trim(void);

/* A block for a thread without a heap of its own; NULL: no memory. */
void *hak_shared_malloc(size_t size_class);
/* A free by such a thread. */
void hak_shared_free(void *block, uint64_t word);

/* True while no second thread has ever had a heap: then nothing can be on its way between heaps. */
bool hak_heap_is_alone(void);

/* Empties an orphan's inbox into its slabs: for a thread that frees and finds it deep. */
void hak_heap_drain_orphan(struct hak_heap *heap);

/* Around every slow path that changes the heap: see `busy`. */
static inline void hak_heap_enter(struct hak_heap *heap)
{
    heap->busy++;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static inline void hak_heap_leave(struct hak_heap *heap)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    heap->busy--;
}

/* Every lock of the allocator, in order: around fork; see lock.h. */
void hak_heap_lock_all(void);
void hak_heap_unlock_all(void);
/* In the child, before it unlocks: heaps of other threads are orphans now, or dead where a thread
 * was inside a slow path. */
void hak_heap_forked(void);

#endif
