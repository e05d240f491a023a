/* SPDX-License-Identifier: MIT */
#include "heap.h"

#include <pthread.h>
#include <string.h>

#include "counters.h"
#include "depot.h"
#include "factors.h"
#include "hakmem_probes.h"
#include "huge.h"
#include "lock.h"
#include "misuse.h"
#include "os.h"
#include "choices.h"
#include "refill.h"
#include "remote.h"
#include "sample.h"
#include "secret.h"
#include "tally.h"
#include "upkeep.h"

enum {
    FIRST_FILL = 4,   /* blocks of a class's first refill */
    WARM_ORPHANS = 8, /* orphans that keep an empty slab a class for the thread that adopts them */
    COMMIT_STEP = HAK_PAGE_BYTES_MAX, /* heaps are committed by so many bytes */
};

__thread struct hak_thread hak_thread
    __attribute__((tls_model("initial-exec"))) = {.key = HAK_NO_KEY};

static struct {
    struct hak_lock lock;
    bool has_key;
    bool forks_watched;
    uint32_t count; /* heaps made; numbers 1 ... count */
    uint32_t apart; /* of these, that no thread ever has, besides the shared one */
    size_t committed;
    struct hak_heap *orphans;
    pthread_key_t key; /* its destructor tells that a thread ends */
} heaps;

struct hak_heap *hak_heap_of(uint32_t owner)
{
    return (struct hak_heap *)hak_arena.heaps + (owner - 1);
}

bool hak_heap_exists(uint32_t owner)
{
    return owner - 1 < __atomic_load_n(&heaps.count, __ATOMIC_RELAXED);
}

/* Under the lock. */
static struct hak_heap *create(void)
{
    size_t end = (heaps.count + 1) * sizeof(struct hak_heap);
    if (heaps.count == hak_arena.heap_capacity)
        return NULL;
    while (heaps.committed < end) {
        if (!hak_os_commit(hak_arena.heaps + heaps.committed, COMMIT_STEP))
            return NULL;
        heaps.committed += COMMIT_STEP;
        hak_count_metadata(COMMIT_STEP);
    }
    struct hak_heap *heap = hak_heap_of(heaps.count + 1);
    heap->owner = heaps.count + 1;
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        heap->bin[c].slabs = HAK_NO_UNIT;
        heap->bin[c].spare = HAK_NO_UNIT;
        heap->bin[c].fill = FIRST_FILL;
    }
    __atomic_store_n(&heaps.count, heap->owner, __ATOMIC_RELAXED);
    hak_count(HAK_COUNT_heaps_created);
    HAK_PROBE1(heap_create, heap->owner);
    return heap;
}

/* Threads that come and go find the slabs their predecessors touched; of a crowd that has gone for
 * good, only the last few heaps keep any. Under the lock. */
static void cool_orphans(void)
{
    struct hak_heap *heap = heaps.orphans;
    for (int warm = 0; heap && warm < WARM_ORPHANS; warm++)
        heap = heap->next_orphan;
    if (heap)
        hak_slab_trim(heap);
}

struct hak_heap *hak_heap_make_apart(uint32_t word_flags)
{
    hak_lock(&heaps.lock);
    struct hak_heap *heap = hak_arena.reserved != 0 ? create() : NULL;
    if (heap) {
        heap->word_flags = word_flags;
        heap->state = HAK_HEAP_ORPHAN; /* but in no list of them */
        __atomic_store_n(&heaps.apart, heaps.apart + 1, __ATOMIC_RELAXED);
    }
    hak_unlock(&heaps.lock);
    return heap;
}

/* Flushes a heap whose thread ends. Its counters stay the thread's until it has none. */
static void leave(struct hak_thread *thread, struct hak_heap *heap)
{
    hak_heap_enter(heap);
    hak_remote_publish_all(heap);
    hak_refill_flush(thread, heap);
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        hak_tally(thread, heap, c);
        cache_close(thread, heap, c);
        heap->bin[c].fill = FIRST_FILL;
    }
    hak_lock(&heaps.lock);
    __atomic_store_n(&heap->state, HAK_HEAP_ORPHAN, __ATOMIC_RELAXED);
    if (hak_remote_pending(heap))
        hak_remote_collect(heap);
    heap->thread = NULL;
    hak_heap_leave(heap);
    heap->next_orphan = heaps.orphans;
    heaps.orphans = heap;
    cool_orphans();
    hak_count(HAK_COUNT_heaps_orphaned);
    HAK_PROBE1(heap_orphan, heap->owner);
    thread->counters = NULL;
    hak_unlock(&heaps.lock);
}

/* Leaves the thread without a heap, in this state. */
static void part(struct hak_thread *thread, enum hak_thread_state state)
{
    thread->state = state;
    thread->key = HAK_NO_KEY;
    leave(thread, thread->heap);
    thread->heap = NULL;
}

/* The destructor of our key. Other keys' destructors may allocate after it, so it asks to be called
 * once more in the next round, when most of them are done; what comes later is the shared heap's.
 */
static void thread_ends(void *first_round)
{
    struct hak_thread *thread = &hak_thread;
    if (!thread->heap || (first_round == thread && pthread_setspecific(heaps.key, &heaps) == 0))
        return;
    part(thread, HAK_THREAD_ENDED);
}

static void start_measures(void)
{
    zero_start();
    if (HAK_CANARY_ROOM > 0)
        hak_secret_draw();
}

/* Of the calling thread, which has a heap. */
static void start_choices(void)
{
    if (HAK_SLOTS_RANDOM || HAK_QUARANTINE_SPANS > 0)
        hak_random_start();
}

/* Under the lock. Makes the counters, the arena and the shared heap. False: something is missing;
 * the next request tries again. */
static bool start(void)
{
    if (heaps.count >= HAK_SHARED_HEAP)
        return true;
    hak_counters_start();
    start_measures();
    if ((hak_arena.reserved == 0 && !hak_arena_reserve(sizeof(struct hak_heap))) || !create())
        return false;
    hak_heap_of(HAK_SHARED_HEAP)->state = HAK_HEAP_ORPHAN;
    return true;
}

/* Under the lock. A process has only so many keys, and without one nobody says that a thread ends:
 * then no thread gets a heap. */
static bool make_key(void)
{
    if (!heaps.has_key)
        heaps.has_key = pthread_key_create(&heaps.key, thread_ends) == 0;
    return heaps.has_key;
}

/* Each class with blocks of this heap about needs room, for a free finds it without looking. False:
 * no memory for it. */
static bool open_caches(struct hak_thread *thread, struct hak_heap *heap)
{
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        if (heap->parked[c].top == 0 && heap->bin[c].slab_count > 0 &&
            !cache_open(heap, &heap->parked[c].top))
            return false;
    }
    for (size_t c = 0; c < HAK_CLASSES; c++)
        hak_cache_unpark(thread, c, &heap->parked[c]);
    memset(heap->parked, 0, sizeof heap->parked);
    return true;
}

/* Under the lock: an orphan, else a new heap. */
static struct hak_heap *find_heap(struct hak_thread *thread)
{
    struct hak_heap *heap = heaps.orphans;
    if (heap) {
        hak_must_hold(heap->state == HAK_HEAP_ORPHAN && hak_heap_exists(heap->owner) &&
                          heap == hak_heap_of(heap->owner),
                      heap, "a heap's record");
        thread->counters = hak_counters_page(heap->owner);
        if (!open_caches(thread, heap)) {
            thread->counters = NULL;
            return NULL;
        }
        heaps.orphans = heap->next_orphan;
        __atomic_store_n(&heap->state, HAK_HEAP_OWNED, __ATOMIC_RELAXED);
        hak_count(HAK_COUNT_heaps_adopted);
        HAK_PROBE1(heap_adopt, heap->owner);
        return heap;
    }
    heap = create();
    if (heap)
        thread->counters = hak_counters_page(heap->owner);
    return heap;
}

static void forked_child(void)
{
    hak_heap_forked();
    hak_heap_unlock_all();
}

/* Threads without heaps have locks as well. May allocate. */
static bool watch_forks(void)
{
    if (pthread_atfork(hak_heap_lock_all, hak_heap_unlock_all, forked_child) == 0)
        return true;
    hak_lock(&heaps.lock);
    heaps.forks_watched = false;
    hak_unlock(&heaps.lock);
    return false;
}

bool hak_heap_watches_forks(void)
{
    return __atomic_load_n(&heaps.forks_watched, __ATOMIC_RELAXED);
}

bool hak_heap_attach(void)
{
    struct hak_thread *thread = &hak_thread;
    if (thread->state != HAK_THREAD_NEW)
        return thread->state == HAK_THREAD_ATTACHED;
    hak_lock(&heaps.lock);
    struct hak_heap *heap = start() && make_key() ? find_heap(thread) : NULL;
    bool watched = heaps.forks_watched;
    heaps.forks_watched = true;
    if (heap) {
        hak_upkeep_begin(thread, heap);
        heap->thread = thread;
        __atomic_store_n(&heap->thread_id, hak_os_thread_id(), __ATOMIC_RELAXED);
    }
    hak_unlock(&heaps.lock);
    if (heap) {
        start_choices();
        thread->heap = heap;
        thread->key = (uint64_t)heap->owner << 8;
        thread->state = HAK_THREAD_ATTACHED;
    }
    watched = watched || watch_forks();
    if (!heap || (watched && pthread_setspecific(heaps.key, thread) == 0)) /* may allocate, too */
        return heap != NULL;
    part(thread, HAK_THREAD_NEW);
    return false;
}

/* Under the lock: a heap that no thread has. */
static void trim_idle(struct hak_heap *heap)
{
    hak_remote_collect(heap);
    hak_slab_trim(heap);
}

void hak_heap_trim(void)
{
    struct hak_thread *thread = &hak_thread;
    if (thread->heap) {
        hak_heap_enter(thread->heap);
        hak_remote_publish_all(thread->heap);
        hak_remote_collect(thread->heap);
        hak_refill_flush(thread, thread->heap);
        hak_slab_trim(thread->heap);
        hak_heap_leave(thread->heap);
    }
    hak_sample_trim();
    hak_lock(&heaps.lock);
    for (struct hak_heap *heap = heaps.orphans; heap; heap = heap->next_orphan)
        trim_idle(heap);
    if (heaps.count >= HAK_SHARED_HEAP)
        trim_idle(hak_heap_of(HAK_SHARED_HEAP));
    hak_unlock(&heaps.lock);
}

void *hak_shared_malloc(size_t size_class)
{
    void *block = NULL;
    hak_lock(&heaps.lock);
    if (start()) {
        struct hak_heap *shared = hak_heap_of(HAK_SHARED_HEAP);
        if (hak_remote_pending(shared))
            hak_remote_collect(shared);
        hak_slab_take(shared, size_class, &block, 1);
        if (block)
            hak_count_malloc(size_class);
    }
    hak_unlock(&heaps.lock);
    return block;
}

void hak_shared_free(void *block, uint64_t word)
{
    struct hak_heap *owner = hak_heap_of((uint32_t)(word >> 8));
    hak_lock(&heaps.lock);
    hak_count_free(word & 0xff);
    if (owner->state == HAK_HEAP_ORPHAN) {
        hak_slab_give(owner, block);
    } else {
        hak_remote_free(hak_heap_of(HAK_SHARED_HEAP), block, word);
        hak_remote_publish_all(hak_heap_of(HAK_SHARED_HEAP));
    }
    hak_unlock(&heaps.lock);
}

bool hak_heap_is_alone(void)
{
    return __atomic_load_n(&heaps.count, __ATOMIC_RELAXED) <=
           HAK_SHARED_HEAP + 1 + __atomic_load_n(&heaps.apart, __ATOMIC_RELAXED);
}

void hak_heap_drain_orphan(struct hak_heap *heap)
{
    hak_lock(&heaps.lock);
    if (heap->state == HAK_HEAP_ORPHAN)
        hak_remote_collect(heap);
    hak_unlock(&heaps.lock);
}

void hak_heap_lock_all(void)
{
    hak_sample_lock_for_fork();
    hak_lock_for_fork(&heaps.lock);
    hak_magazine_lock_for_fork();
    hak_arena_lock_for_fork();
    hak_huge_lock_for_fork();
}

void hak_heap_unlock_all(void)
{
    hak_huge_unlock_after_fork();
    hak_arena_unlock_after_fork();
    hak_magazine_unlock_after_fork();
    hak_unlock_after_fork(&heaps.lock);
    hak_sample_unlock_after_fork();
}

/* Under the lock, which a thread that ends takes, so its storage stays; or where there is no other
 * thread. */
static void add_pending(struct hak_counter_page *sum)
{
    for (uint32_t owner = HAK_SHARED_HEAP + 1; owner <= heaps.count; owner++) {
        const struct hak_heap *heap = hak_heap_of(owner);
        if (heap->state == HAK_HEAP_OWNED && heap->thread)
            hak_tally_pending(heap->thread, heap, sum);
    }
}

void hak_heap_counters(struct hak_counter_page *sum)
{
    if (hak_thread.heap)
        hak_tally_all(&hak_thread, hak_thread.heap);
    hak_counters_sum(sum);
    hak_lock(&heaps.lock);
    add_pending(sum);
    hak_unlock(&heaps.lock);
}

static void forked_counters(void)
{
    struct hak_counter_page pending = {0};
    add_pending(&pending);
    hak_counters_forked(&pending);
    for (uint32_t owner = HAK_SHARED_HEAP + 1; owner <= heaps.count; owner++) {
        struct hak_heap *heap = hak_heap_of(owner);
        if (heap->state == HAK_HEAP_OWNED && heap->thread)
            hak_tally_forget(heap->thread, heap);
    }
    if (hak_thread.heap) {
        hak_thread.counters = hak_counters_page(hak_thread.heap->owner);
        hak_thread.heap->thread_id = hak_os_thread_id();
    }
}

void hak_heap_forked(void)
{
    forked_counters();
    start_choices();
    hak_sample_forked(hak_thread.heap);
    /* Fork came from a signal handler, and something is half done: what others had stays as it is.
     */
    if (!hak_lock_is_for_fork(&heaps.lock))
        return;
    for (uint32_t owner = HAK_SHARED_HEAP + 1; owner <= heaps.count; owner++) {
        struct hak_heap *heap = hak_heap_of(owner);
        /* `thread` knows it a little before the thread does, see hak_heap_attach. */
        if (heap->thread == &hak_thread || heap->state != HAK_HEAP_OWNED)
            continue;
        if (heap->busy || !heap->thread) {
            heap->state = HAK_HEAP_DEAD;
            continue;
        }
        for (size_t c = 0; c < HAK_CLASSES; c++)
            hak_cache_park(heap->thread, c, &heap->parked[c]);
        heap->thread = NULL;
        heap->state = HAK_HEAP_ORPHAN;
        heap->next_orphan = heaps.orphans;
        heaps.orphans = heap;
    }
}
