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
#include "os.h"
#include "choices.h"
#include "refill.h"
#include "remote.h"
#include "secret.h"
#include "tally.h"
#include "upkeep.h"

enum {
    SHARED = 1,       /* the shared heap's number */
    FIRST_FILL = 4,   /* blocks of a class's first refill */
    WARM_ORPHANS = 8, /* orphans that keep an empty slab a class for the thread that adopts them */
};

#define COMMIT_STEP                                                                                \
    (64u * 1024u) /* heaps are committed by so many bytes, a multiple of any page size */

__thread struct hak_thread hak_thread
    __attribute__((tls_model("initial-exec"))) = {.key = HAK_NO_KEY};

static struct {
    struct hak_lock lock;
    bool started, failed;
    bool forks_watched;
    uint32_t count; /* heaps made; numbers 1 ... count */
    size_t committed;
    struct hak_heap *orphans;
    pthread_key_t key; /* its destructor tells that a thread ends */
} heaps;

struct hak_heap *hak_heap_of(uint32_t owner)
{
    return (struct hak_heap *)hak_arena.heaps + (owner - 1);
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

/* The destructor of our key. Other keys' destructors may allocate after it, so it asks to be called
 * once more in the next round, when most of them are done; what comes later is the shared heap's.
 */
static void thread_ends(void *first_round)
{
    struct hak_thread *thread = &hak_thread;
    if (first_round == thread && pthread_setspecific(heaps.key, &heaps) == 0)
        return;
    thread->state = HAK_THREAD_ENDED;
    thread->key = HAK_NO_KEY;
    leave(thread, thread->heap);
    thread->heap = NULL;
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

/* Under the lock. Makes the arena, the counters and the shared heap; once. */
static bool start(void)
{
    if (heaps.started)
        return true;
    if (heaps.failed)
        return false;
    hak_counters_start();
    start_measures();
    heaps.failed = !hak_arena_reserve(sizeof(struct hak_heap)) || !create() ||
                   pthread_key_create(&heaps.key, thread_ends) != 0;
    if (heaps.failed)
        return false;
    hak_heap_of(SHARED)->state = HAK_HEAP_ORPHAN;
    heaps.started = true;
    return true;
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
    hak_heap_unlock_all();
    hak_heap_forked();
}

bool hak_heap_attach(void)
{
    struct hak_thread *thread = &hak_thread;
    if (thread->state != HAK_THREAD_NEW)
        return thread->state == HAK_THREAD_ATTACHED;
    hak_lock(&heaps.lock);
    struct hak_heap *heap = start() ? find_heap(thread) : NULL;
    bool watch_forks = heap && !heaps.forks_watched;
    heaps.forks_watched |= watch_forks;
    if (heap) {
        hak_upkeep_begin(thread, heap);
        heap->thread = thread;
    }
    hak_unlock(&heaps.lock);
    if (!heap)
        return false;
    start_choices();
    thread->heap = heap;
    thread->key = (uint64_t)heap->owner << 8;
    thread->state = HAK_THREAD_ATTACHED;
    /* Both may allocate: only now. */
    if (watch_forks)
        pthread_atfork(hak_heap_lock_all, hak_heap_unlock_all, forked_child);
    pthread_setspecific(heaps.key, thread);
    return true;
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
    hak_lock(&heaps.lock);
    for (struct hak_heap *heap = heaps.orphans; heap; heap = heap->next_orphan) {
        hak_remote_collect(heap);
        hak_slab_trim(heap);
    }
    hak_unlock(&heaps.lock);
}

void *hak_shared_malloc(size_t size_class)
{
    void *block = NULL;
    hak_lock(&heaps.lock);
    if (start()) {
        struct hak_heap *shared = hak_heap_of(SHARED);
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
        hak_remote_free(hak_heap_of(SHARED), block, word);
        hak_remote_publish_all(hak_heap_of(SHARED));
    }
    hak_unlock(&heaps.lock);
}

bool hak_heap_is_alone(void)
{
    return __atomic_load_n(&heaps.count, __ATOMIC_RELAXED) <= SHARED + 1;
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
    hak_lock(&heaps.lock);
    hak_magazine_lock();
    hak_arena_lock();
    hak_huge_lock();
}

void hak_heap_unlock_all(void)
{
    hak_huge_unlock();
    hak_arena_unlock();
    hak_magazine_unlock();
    hak_unlock(&heaps.lock);
}

static void add_pending(struct hak_counter_page *sum)
{
    hak_lock(&heaps.lock); /* a thread that ends takes it, so its storage stays */
    for (uint32_t owner = SHARED + 1; owner <= heaps.count; owner++) {
        const struct hak_heap *heap = hak_heap_of(owner);
        if (heap->state == HAK_HEAP_OWNED && heap->thread)
            hak_tally_pending(heap->thread, heap, sum);
    }
    hak_unlock(&heaps.lock);
}

void hak_heap_counters(struct hak_counter_page *sum)
{
    if (hak_thread.heap)
        hak_tally_all(&hak_thread, hak_thread.heap);
    hak_counters_sum(sum);
    add_pending(sum);
}

static void forked_counters(void)
{
    struct hak_counter_page pending = {0};
    add_pending(&pending);
    hak_counters_forked(&pending);
    for (uint32_t owner = SHARED + 1; owner <= heaps.count; owner++) {
        struct hak_heap *heap = hak_heap_of(owner);
        if (heap->state == HAK_HEAP_OWNED && heap->thread)
            hak_tally_forget(heap->thread, heap);
    }
    if (hak_thread.heap)
        hak_thread.counters = hak_counters_page(hak_thread.heap->owner);
}

void hak_heap_forked(void)
{
    forked_counters();
    start_choices();
    for (uint32_t owner = SHARED + 1; owner <= heaps.count; owner++) {
        struct hak_heap *heap = hak_heap_of(owner);
        if (heap == hak_thread.heap || heap->state != HAK_HEAP_OWNED)
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
