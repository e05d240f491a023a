/* SPDX-License-Identifier: MIT */
#include "tally.h"

#include "counters.h"

void hak_tally_forget(struct hak_thread *thread, struct hak_heap *heap)
{
    for (size_t c = 0; c < HAK_CLASSES; c++)
        hak_tally_forget_class(thread, heap, c);
}

void hak_tally_all(struct hak_thread *thread, struct hak_heap *heap)
{
    for (size_t c = 0; c < HAK_CLASSES; c++)
        hak_tally(thread, heap, c);
}

void hak_tally_grant(struct hak_thread *thread, struct hak_heap *heap, size_t size_class,
                     uint32_t mallocs)
{
    hak_tally(thread, heap, size_class);
    uint64_t before_sample = heap->tally[size_class].until_sample;
    if (mallocs > before_sample + 1)
        mallocs = (uint32_t)before_sample + 1;
    thread->rest[size_class].turn = (uint16_t)mallocs;
    heap->tally[size_class].granted = mallocs;
}

HAK_RACY void hak_tally_pending(const struct hak_thread *thread, const struct hak_heap *heap,
                                struct hak_counter_page *sum)
{
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        struct hak_tally_difference made = hak_tally_since(thread, heap, c);
        sum->mallocs[c] += made.mallocs;
        sum->frees[c] += made.frees;
    }
}
