/* SPDX-License-Identifier: MIT */
#include "decay.h"

#include "counters.h"
#include "depot.h"
#include "heap.h"
#include "magazine.h"
#include "refill.h"
#include "slab.h"
#include "slab_purge.h"
#include "tally.h"

/* The magazines that lay below all use of the depot. */
static void decay_depot(struct hak_heap *heap, size_t size_class)
{
    struct hak_bin *bin = &heap->bin[size_class];
    struct hak_magazine *magazine;
    uint32_t count = 0;
    for (uint32_t unused = bin->depot_low; unused > 0; unused--) {
        magazine = hak_depot_pop(heap, size_class, &count);
        hak_slab_give_all(heap, magazine->slot, count);
        hak_magazine_give(heap, magazine);
    }
    bin->depot_low = bin->depot_count;
}

static bool is_idle(struct hak_thread *thread, struct hak_heap *heap, size_t size_class)
{
    struct hak_bin *bin = &heap->bin[size_class];
    hak_tally(thread, heap, size_class);
    const struct hak_counter_page *counters = thread->counters;
    uint32_t operations = (uint32_t)(counters->mallocs[size_class] + counters->frees[size_class]);
    bool idle = operations == bin->operations;
    bin->operations = operations;
    return idle;
}

void hak_decay(struct hak_thread *thread, struct hak_heap *heap)
{
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        if (heap->bin[c].slab_count == 0)
            continue;
        decay_depot(heap, c);
        if (is_idle(thread, heap, c)) {
            hak_refill_flush_top(thread, heap, c);
            hak_slab_trim_class(heap, c);
        }
    }
    hak_slab_purge(heap);
}
