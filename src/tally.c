/* SPDX-License-Identifier: MIT */
#include "tally.h"

#include "counters.h"
#include "factors.h"

struct difference {
    uint64_t mallocs, frees;
};

HAK_RACY static struct difference since_last(const struct hak_thread *thread,
                                             const struct hak_tally *tally, size_t size_class)
{
    uint64_t mallocs = tally->granted - thread->turn[size_class];
    return (struct difference){mallocs, mallocs + cache_count(thread, size_class) - tally->held};
}

static void forget(const struct hak_thread *thread, struct hak_tally *tally, size_t size_class)
{
    tally->granted = thread->turn[size_class];
    tally->held = cache_count(thread, size_class);
}

void hak_tally_forget(struct hak_thread *thread, struct hak_heap *heap)
{
    for (size_t c = 0; c < HAK_CLASSES; c++)
        forget(thread, &heap->tally[c], c);
}

void hak_tally(struct hak_thread *thread, struct hak_heap *heap, size_t size_class)
{
    struct hak_tally *tally = &heap->tally[size_class];
    struct difference made = since_last(thread, tally, size_class);
    thread->counters->mallocs[size_class] += made.mallocs;
    thread->counters->frees[size_class] += made.frees;
    forget(thread, tally, size_class);
}

void hak_tally_all(struct hak_thread *thread, struct hak_heap *heap)
{
    for (size_t c = 0; c < HAK_CLASSES; c++)
        hak_tally(thread, heap, c);
}

void hak_tally_replace(struct hak_thread *thread, struct hak_heap *heap, size_t size_class,
                       uintptr_t top)
{
    hak_tally(thread, heap, size_class);
    thread->stack[size_class] = top;
    heap->tally[size_class].held = cache_count(thread, size_class);
}

void hak_tally_grant(struct hak_thread *thread, struct hak_heap *heap, size_t size_class,
                     uint32_t mallocs)
{
    hak_tally(thread, heap, size_class);
    thread->turn[size_class] = heap->tally[size_class].granted = mallocs;
}

HAK_RACY void hak_tally_pending(const struct hak_thread *thread, const struct hak_heap *heap,
                                struct hak_counter_page *sum)
{
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        struct difference made = since_last(thread, &heap->tally[c], c);
        sum->mallocs[c] += made.mallocs;
        sum->frees[c] += made.frees;
    }
}
